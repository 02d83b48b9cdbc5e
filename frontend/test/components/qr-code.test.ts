import jsQR from "jsqr";
import { expect, test } from "vitest";
import "../../src/components/qr-code.js";
import { flushPromises } from "../house.js";
import { all, only } from "../mount.js";

/** Pixels per module, because the reader needs several. */
const SCALE = 4;

/** Return a link with the given number of bytes. */
const linkOf = (length: number): string => "https://getscreen.me/".padEnd(length, "x").slice(0, length);

const draw = async (link: string, label = ""): Promise<HTMLElement> => {
  const element = document.body.appendChild(Object.assign(document.createElement("getscreen-qr-code"), { link, label }));
  await flushPromises();
  return element;
};

/** Return the drawn modules, including the white border; true is dark. */
const modulesOf = (element: HTMLElement): boolean[][] => {
  const size = Number(only(element, "svg").getAttribute("viewBox")?.split(" ")[2]);
  const modules = Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
  let path = only(element, "path").getAttribute("d") ?? "";
  path = path.replace(/M(\d+) (\d+)h1v1h-1z/g, (_, x: string, y: string) => {
    const row = modules[Number(y)];
    if (row?.[Number(x)] !== false) throw new Error(`${x} ${y} is outside, or drawn twice`);
    row[Number(x)] = true;
    return "";
  });
  if (path) throw new Error(`What is ${path}?`);
  return modules;
};

/** Return the text that a phone reads; undefined if it reads none. */
const read = (modules: boolean[][]): string | undefined => {
  const width = modules.length * SCALE;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  modules.forEach((row, top) => {
    row.forEach((isDark, left) => {
      if (!isDark) return;
      for (let y = top * SCALE; y < (top + 1) * SCALE; y++) {
        for (let x = left * SCALE; x < (left + 1) * SCALE; x++) pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
      }
    });
  });
  return jsQR(pixels, width, width)?.data;
};

// The longest link of each QR code version.
test.each([13, 26, 42, 62, 84, 106, 122, 152, 180, 213].map((length, index) => [length, 21 + 4 * index]))(
  "The code of a link of %i bytes is %i modules wide within its border, and a phone can read it",
  async (length, width) => {
    const link = linkOf(length);
    const modules = modulesOf(await draw(link));
    expect(modules).toHaveLength(width + 8);
    const isBorder = (index: number): boolean => index < 4 || index >= width + 4;
    expect(modules.some((row, y) => row.some((isDark, x) => isDark && (isBorder(x) || isBorder(y))))).toBe(false);
    expect(read(modules)).toBe(link);
  },
);

test.each([
  ["too long", linkOf(214)],
  ["empty", ""],
])("Nothing is shown for a link that is %s", async (_, link) => {
  expect(all(await draw(link), "svg")).toEqual([]);
});

test("A changed link changes the code", async () => {
  const element = await draw("https://getscreen.me/1");
  Object.assign(element, { link: "https://getscreen.me/2" });
  await flushPromises();
  expect(read(modulesOf(element))).toBe("https://getscreen.me/2");
});

test("Screen readers read its label", async () => {
  const picture = only(await draw(linkOf(42), "QR code of the invite link"), "svg");
  expect([picture.getAttribute("role"), picture.getAttribute("aria-label")]).toEqual(["img", "QR code of the invite link"]);
});
