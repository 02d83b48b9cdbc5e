// The development server: Home Assistant's demo with the cards from esbuild, which builds them again when a source changes.
//
//   npm run dev -- [what scripts/demo takes]
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = dirname(dirname(fileURLToPath(import.meta.url)));
// The demo's and esbuild's addresses differ in the port, so the browser asks esbuild whether the page may read its answers.
const PAGES = ["http://127.0.0.1:*", "http://localhost:*"];

if (spawnSync("scripts/setup", ["demo"], { cwd: REPOSITORY, stdio: "inherit" }).status !== 0) process.exit(1);
// Not before: scripts/setup installs what these import.
const { context } = await import("esbuild");
const { BUNDLE, FRONTEND, OPTIONS } = await import("./bundle.mjs");

const esbuild = await context({ ...OPTIONS, minify: false, logLevel: "info" });
try {
  await esbuild.watch();
  const { port } = await esbuild.serve({ host: "127.0.0.1", cors: { origin: PAGES } });
  await writeFile(BUNDLE, stub(port));
  // Older than every source, so scripts/frontend never takes it for a build.
  await utimes(BUNDLE, 0, 0);
  process.exitCode = await demo(process.argv.slice(2));
} finally {
  // In a new process: the terminal's Ctrl-C ended the esbuild of this one.
  spawnSync(process.execPath, ["build.mjs"], { cwd: FRONTEND, stdio: "inherit" });
}
// Else an esbuild that is still serving would keep this process running.
process.exit();

/** Return a module that has the browser load the cards from esbuild at a port, and again after each change. */
function stub(port) {
  return `// Written by npm run dev, until it ends.
const server = \`http://\${location.hostname}:${port}\`;
new EventSource(\`\${server}/esbuild\`).addEventListener("change", () => location.reload());
await import(\`\${server}/getscreen.js\`);
`;
}

/** Run the demo until it ends, and return its exit code. */
async function demo(options) {
  // In a process group of its own: the terminal's Ctrl-C reaches it from here alone, once.
  const child = spawn(".venv-demo/bin/python", ["-m", "demo", ...options], { cwd: REPOSITORY, stdio: "inherit", detached: true });
  let ending = false;
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      if (!ending) child.kill(signal);
      ending = true;
    });
  }
  const [code] = await once(child, "exit");
  return code;
}
