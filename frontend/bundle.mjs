// Builds the sources into the files that the integration serves.
import { mkdir, readFile, rename, utimes, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export const FRONTEND = dirname(fileURLToPath(import.meta.url));
export const BUNDLE = join(FRONTEND, "../custom_components/getscreen/cards/getscreen.js");
const LICENSES = `${BUNDLE}.LEGAL.txt`;

export const OPTIONS = {
  absWorkingDir: FRONTEND,
  entryPoints: ["src/getscreen.ts"],
  outfile: BUNDLE,
  bundle: true,
  format: "esm",
  charset: "utf8",
  // The oldest browsers that Home Assistant's frontend supports.
  target: ["chrome67", "firefox98", "safari15.4"],
  // Lit uses globalThis, which Chrome 67 lacks.
  define: { globalThis: "window" },
  minify: true,
  sourcemap: "linked",
  legalComments: "none",
  footer: { js: `/*! The licenses of the libraries in this file: ${basename(LICENSES)} */` },
  metafile: true,
  write: false,
  logLevel: "warning",
};

/** Build the cards. Throws if the build fails; the files of an earlier build then stay unchanged. */
export async function bundle() {
  const begin = new Date();
  const { metafile, outputFiles } = await build(OPTIONS);
  const [map, code] = outputFiles.sort((a, b) => b.path.length - a.path.length);
  await mkdir(dirname(BUNDLE), { recursive: true });
  await write(LICENSES, await licenses(Object.keys(metafile.inputs)), begin);
  await write(map.path, map.contents, begin);
  // Written last: for scripts/frontend, this file marks a complete build of the sources that existed at its modification time.
  await write(code.path, code.contents, begin);
}

/** Return the license texts of all bundled packages; packages with the same text share one entry. */
async function licenses(files) {
  const names = files.flatMap((file) => file.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1] ?? []);
  const packages = new Map();
  for (const name of [...new Set(names)].sort()) {
    const text = await readFile(join(FRONTEND, "node_modules", name, "LICENSE"), "utf8");
    packages.set(text, [...(packages.get(text) ?? []), name]);
  }
  return [...packages].map(([text, found]) => `${found.join(", ")}\n\n${text.trim()}\n`).join("\n\n");
}

/** Write a file atomically, so that no reader sees a part of it. */
async function write(path, content, time) {
  const part = join(dirname(path), `.${basename(path)}.${process.pid}`);
  await writeFile(part, content);
  await utimes(part, time, time);
  await rename(part, path);
}
