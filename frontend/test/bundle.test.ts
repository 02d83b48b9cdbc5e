import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const FRONTEND = join(import.meta.dirname, "..");
const FILES = ["getscreen.js", "getscreen.js.LEGAL.txt", "getscreen.js.map"];
// The sources, and the files and packages that the build needs.
const PARTS = [
  ...["src", "build.mjs", "bundle.mjs", "package.json", "tsconfig.json"],
  ...["@esbuild", "@lit", "@tanstack", "esbuild", "lit", "lit-element", "lit-html", "uqr"].map((name) => join("node_modules", name)),
];
let folder: string;

// Copying and building takes seconds, or longer on a slow machine.
vi.setConfig({ testTimeout: 60_000 });

/** A copy of the repository for builds, so that the real one stays unchanged. */
class Copy {
  constructor(readonly name: string) {}

  get cards(): string {
    return join(folder, this.name, "custom_components/getscreen/cards");
  }

  path(name: string): string {
    return join(folder, this.name, "frontend", name);
  }

  async prepare(): Promise<this> {
    for (const part of PARTS) await cp(join(FRONTEND, part), this.path(part), { recursive: true });
    return this;
  }

  async build(): Promise<Map<string, string>> {
    await promisify(execFile)(process.execPath, ["build.mjs"], { cwd: this.path("") });
    return this.read();
  }

  async read(): Promise<Map<string, string>> {
    const names = (await readdir(this.cards)).sort();
    return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(this.cards, name), "utf8")] as const)));
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "getscreen-"));
});

afterAll(() => rm(folder, { recursive: true }));

test("The same sources give the same bytes, wherever and however often they are built", async () => {
  const [one, other] = [await new Copy("one").prepare(), await new Copy("another/deep").prepare()];
  const built = await one.build();
  expect([...built.keys()]).toEqual(FILES);
  expect(await one.build()).toEqual(built);
  expect(await other.build()).toEqual(built);
});

test("The bundle names its source map and licenses, and uses nothing that Chrome 67 lacks", async () => {
  const built = await (await new Copy("content").prepare()).build();
  const code = built.get("getscreen.js") ?? "";
  expect(code.split("\n").slice(-3)).toEqual([
    "/*! The licenses of the libraries in this file: getscreen.js.LEGAL.txt */",
    "//# sourceMappingURL=getscreen.js.map",
    "",
  ]);
  expect(code).not.toContain("globalThis");
  const licenses = built.get("getscreen.js.LEGAL.txt");
  for (const name of ["lit", "lit-html", "lit-element", "@lit/reactive-element", "uqr"]) expect(licenses).toContain(name);
  expect(JSON.parse(built.get("getscreen.js.map") ?? "").sources).toContain("../../../frontend/src/components/computers-card.ts");
});

test("A build that fails leaves the earlier one unchanged", async () => {
  const copy = await new Copy("failing").prepare();
  const built = await copy.build();
  await writeFile(copy.path("src/getscreen.ts"), "const = 1;");
  await expect(copy.build()).rejects.toThrow("Expected identifier");
  expect(await copy.read()).toEqual(built);
});
