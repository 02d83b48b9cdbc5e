// The development server: runs the demo with cards that esbuild serves and rebuilds whenever a source changes.
//
//   npm run dev -- [options of scripts/demo]
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = dirname(dirname(fileURLToPath(import.meta.url)));
// The demo and esbuild use different ports, so the browser loads the cards only if esbuild allows these origins (CORS).
const PAGES = ["http://127.0.0.1:*", "http://localhost:*"];

if (spawnSync("scripts/setup", ["demo"], { cwd: REPOSITORY, stdio: "inherit" }).status !== 0) process.exit(1);
// Imported only now, because scripts/setup installs the packages that these need.
const { context } = await import("esbuild");
const { BUNDLE, FRONTEND, OPTIONS } = await import("./bundle.mjs");

const esbuild = await context({ ...OPTIONS, minify: false, logLevel: "info" });
try {
  await esbuild.watch();
  const { port } = await esbuild.serve({ host: "127.0.0.1", cors: { origin: PAGES } });
  await writeFile(BUNDLE, stub(port));
  // Make the file older than every source, so that scripts/frontend never takes it for a build.
  await utimes(BUNDLE, 0, 0);
  process.exitCode = await demo(process.argv.slice(2));
} finally {
  // Build in a new process, because Ctrl-C in the terminal has ended esbuild in this one.
  spawnSync(process.execPath, ["build.mjs"], { cwd: FRONTEND, stdio: "inherit" });
}
// Without this, an esbuild that is still serving would keep the process running.
process.exit();

/** Return the source of a module that loads the cards from esbuild at a port and reloads the page after each rebuild. */
function stub(port) {
  return `// Written by npm run dev, until it ends.
const server = \`http://\${location.hostname}:${port}\`;
new EventSource(\`\${server}/esbuild\`).addEventListener("change", () => location.reload());
await import(\`\${server}/getscreen.js\`);
`;
}

/** Run the demo until it ends, and return its exit code. */
async function demo(options) {
  // In its own process group, so that Ctrl-C in the terminal reaches it only once, through the handlers below.
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
