import { beforeEach, describe, expect, test } from "vitest";
import { record } from "../fleet-bench.js";
import { focused } from "../focus.js";
import { scrollPage } from "../layout.js";
import { all, only, textOf } from "../mount.js";
import { ComputersBench, many } from "./computers-bench.js";

let bench: ComputersBench;

/** Three groups with two computers each: Office with 1 and 4, Shop with 2 and 5, and others with 3 and 6. */
const SIX = many(6);

beforeEach(() => {
  bench = new ComputersBench();
});

/** Show the computers in lines or as tiles. */
const show = async (isCompact = true, computers = SIX, config: Record<string, unknown> = {}): Promise<void> => {
  await bench.show({ toolbar: true, ...config }, computers);
  await bench.resize(isCompact ? 400 : 900);
};

const tabStops = (): string[] =>
  all(only(bench.card, "getscreen-computers-list"), '[tabindex="0"]').map((control) => textOf(control).split(" ").slice(0, 2).join(" "));

/** Press keys, and return the name of the focused computer or group after each. */
const walk = async (...keys: string[]): Promise<(string | undefined)[]> => {
  const names: (string | undefined)[] = [];
  for (const key of keys) {
    await bench.press(key);
    names.push(bench.focusedName);
  }
  return names;
};

describe("The Tab key", () => {
  test("enters the list at one element, at first its beginning", async () => {
    await show();
    expect(tabStops()).toEqual(["Office 0"]);
  });

  test("returns to the last focused element", async () => {
    await show();
    bench.head("PC 2").focus();
    await bench.drawn();
    expect(tabStops()).toEqual(["PC 2"]);
  });

  test("enters a list without groups at the first computer", async () => {
    await show(true, [record({ group: null })]);
    expect(tabStops()).toEqual(["Desk Online"]);
  });

  test("enters at the beginning if the last element has gone", async () => {
    await show();
    bench.head("PC 2").focus();
    await bench.search("PC 6");
    expect(tabStops()).toEqual(["Other computers"]);
  });
});

describe("The arrow keys", () => {
  test("move through headings and computers and stop at the ends", async () => {
    await show();
    bench.head("PC 4").focus();
    expect(await walk("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp", "ArrowUp")).toEqual([
      "Shop",
      "PC 2",
      "Shop",
      "PC 4",
      "PC 1",
      "Office",
      "Office",
    ]);
    expect(await walk("End", "ArrowDown", "Home", "PageDown", "PageUp")).toEqual(["PC 6", "PC 6", "Office", "PC 6", "Office"]);
  });

  test("keep the same button on the next computer, or move to its name if it has none", async () => {
    await show(true, [
      record({ device_id: "a", name: "A" }),
      record({ device_id: "b", name: "B" }),
      record({ device_id: "c", name: "C", online: false }),
    ]);
    only(bench.row("A"), "[data-action=reboot]").focus();
    await bench.press("ArrowDown");
    expect(focused()).toBe(only(bench.row("B"), "[data-action=reboot]"));
    await bench.press("ArrowDown");
    expect(focused()).toBe(bench.head("C"));
  });

  test.each([
    ["ltr", "ArrowRight", "ArrowLeft"],
    ["rtl", "ArrowLeft", "ArrowRight"],
  ])("move sideways through the buttons of a computer, %s", async (direction, forward, back) => {
    await show();
    (bench.card as HTMLElement).style.direction = direction;
    const list = only(bench.card, "getscreen-computers-list");
    list.style.direction = direction;
    bench.head("PC 2").focus();
    const labels: (string | null | undefined)[] = [];
    for (const key of [forward, forward, forward, back, back, back]) {
      await bench.press(key);
      labels.push(focused()?.getAttribute("aria-label"));
    }
    expect(labels).toEqual(["Connect, PC 2", "Reboot, PC 2", "Reboot, PC 2", "Connect, PC 2", null, null]);
  });

  test("move from the last button to the next tile and back, and down to the tile below", async () => {
    const tiles = many(5).map((computer) => ({ ...computer, group: null }));
    await show(false, tiles);
    bench.head("PC 1").focus();
    // A line has three tiles.
    expect(await walk("ArrowDown", "ArrowDown")).toEqual(["PC 4", "PC 4"]);
    only(bench.row("PC 4"), "[data-action=wake]").focus();
    await bench.press("ArrowRight");
    expect(focused()).toBe(bench.head("PC 5"));
    await bench.press("ArrowLeft");
    expect(focused()).toBe(only(bench.row("PC 4"), "[data-action=wake]"));
    only(bench.row("PC 3"), ".head").focus();
    // The last line has no third tile.
    expect(await walk("ArrowDown")).toEqual(["PC 5"]);
  });

  test("move through a heading to its menu, and sideways through headings of collapsed groups", async () => {
    await show(false, SIX, { collapsed: true });
    all(bench.card, ".toggle")[0]?.focus();
    await bench.press("ArrowRight");
    expect(focused()?.getAttribute("aria-label")).toBe("Actions for Office");
    expect(await walk("ArrowRight", "ArrowDown")).toEqual(["Shop", "Other computers"]);
    expect(bench.rows).toEqual([]);
  });

  test("ignore key presses that have no meaning here", async () => {
    await show();
    bench.head("PC 2").focus();
    expect([await bench.press("x"), await bench.press("Escape"), await bench.press("Tab"), await bench.press("a")]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(await bench.press("ArrowDown")).toBe(false);
  });
});

describe("The keyboard", () => {
  test("selects and deselects a computer with Space, once also in Firefox", async () => {
    await show();
    bench.head("PC 2").focus();
    expect([await bench.press(" "), bench.selected]).toEqual([false, ["PC 2"]]);
    const up = new KeyboardEvent("keyup", { key: " ", bubbles: true, composed: true, cancelable: true });
    expect(bench.head("PC 2").dispatchEvent(up)).toBe(false);
    await bench.press(" ");
    expect(bench.selected).toEqual([]);
  });

  test("presses buttons and expands groups with Space", async () => {
    await show();
    only(bench.row("PC 2"), "[data-action=connect]").focus();
    expect(await bench.press(" ")).toBe(true);
    all(bench.card, ".toggle")[0]?.focus();
    expect([await bench.press(" "), bench.selected]).toEqual([true, []]);
  });

  test("selects a range across headings with Shift and the arrow keys", async () => {
    await show();
    bench.head("PC 4").focus();
    for (let count = 0; count < 3; count++) await bench.press("ArrowDown", { shiftKey: true });
    expect([bench.focusedName, bench.selected]).toEqual(["PC 5", ["PC 4", "PC 2", "PC 5"]]);
  });

  test("selects a range from the last computer with Shift and Space", async () => {
    await show();
    bench.head("PC 1").focus();
    await bench.press(" ");
    bench.head("PC 5").focus();
    await bench.press(" ", { shiftKey: true });
    expect(bench.selected).toEqual(["PC 1", "PC 4", "PC 2", "PC 5"]);
  });

  test.each([{ ctrlKey: true }, { metaKey: true }])("toggles all computers with %j and A, ends with Escape", async (init) => {
    await show();
    bench.head("PC 2").focus();
    expect([await bench.press("a", init), bench.selected.length]).toEqual([false, 6]);
    await bench.press("a", init);
    expect([bench.selected, bench.bars.length]).toEqual([[], 1]);
    expect([await bench.press("Escape"), bench.bars]).toEqual([false, []]);
  });
});

describe("The focus", () => {
  test("stays on a computer that moves because of a new name", async () => {
    const computers = ["A", "B", "C"].map((name) => record({ device_id: name, name }));
    await show(true, computers);
    bench.head("A").focus();
    const before = focused();
    await bench.change({ name: "Z" }, computers[0]);
    expect([bench.names, focused() === before]).toEqual([["B", "C", "Z"], true]);
  });

  test("moves to the computer that takes the place of one that leaves", async () => {
    const computers = ["A", "B", "C"].map((name) => record({ device_id: name, name, online: false, group: null }));
    await show(true, computers, { online: false });
    bench.head("B").focus();
    await bench.change({ online: true }, computers[1]);
    expect([bench.names, bench.focusedName]).toEqual([["A", "C"], "C"]);
    await bench.change({ online: true }, computers[2]);
    expect(bench.focusedName).toBe("A");
  });

  test("moves on when a woken computer leaves the view, and the state is read out", async () => {
    const computers = ["A", "B"].map((name) => record({ device_id: name, name, online: false, group: null }));
    await show(true, computers, { online: false });
    only(bench.row("A"), "[data-action=wake]").focus();
    await bench.click("Wake, A");
    await bench.change({ online: true }, computers[0]);
    expect([bench.names, bench.focusedName, bench.spoken]).toEqual([["B"], "B", "A, Online"]);
  });

  test("stays elsewhere when a computer leaves", async () => {
    await show();
    await bench.search("PC");
    await bench.send({ removed: ["pc1"] });
    expect(focused()).toBe(bench.field);
  });
});

describe("A list of 500 computers", () => {
  const FIVE_HUNDRED = many(500).map((computer) => ({ ...computer, group: null }));

  const scroll = async (top: number): Promise<void> => {
    scrollPage(top);
    await bench.drawn();
  };

  test("draws only the rows in view and a few around them", async () => {
    await show(true, FIVE_HUNDRED);
    const count = Math.ceil(window.innerHeight / 57);
    expect(bench.rows.length).toBeGreaterThanOrEqual(count);
    expect(bench.rows.length).toBeLessThan(count + 10);
    expect(only(bench.card, ".list").style.height).toBe(`${500 * 57}px`);
    await scroll(200 * 57);
    expect(bench.names).toContain("PC 201");
    expect(bench.names).not.toContain("PC 2");
    expect(bench.rows.length).toBeLessThan(count + 10);
  });

  test("updates only the rows of the 1 % of computers that change", async () => {
    await show(true, FIVE_HUNDRED);
    const changed = new Set<Node>();
    const observer = new MutationObserver((records) => {
      for (const { target } of records) changed.add((target.getRootNode() as ShadowRoot).host);
    });
    for (const row of bench.rows) {
      if (row.shadowRoot) observer.observe(row.shadowRoot, { subtree: true, childList: true, attributes: true, characterData: true });
    }
    const five = [2, 100, 200, 300, 400].map((index) => ({ ...FIVE_HUNDRED[index], online: null }) as (typeof FIVE_HUNDRED)[0]);
    await bench.send({ computers: five });
    await new Promise((resolve) => setImmediate(resolve));
    expect([...changed]).toEqual([bench.row("PC 3")]);
  });

  test("keeps the focused row while the user scrolls away, and Tab returns to it", async () => {
    await show(true, FIVE_HUNDRED);
    bench.head("PC 3").focus();
    await scroll(200 * 57);
    expect([bench.names.includes("PC 3"), bench.names.includes("PC 5"), bench.focusedName]).toEqual([true, false, "PC 3"]);
    (focused() as HTMLElement).blur();
    await scroll(201 * 57);
    expect([bench.names.includes("PC 3"), bench.head("PC 3").tabIndex]).toEqual([true, 0]);
    bench.head("PC 200").focus();
    await scroll(0);
    expect([bench.names.includes("PC 200"), bench.names.includes("PC 199")]).toEqual([true, false]);
  });

  test("reaches its end with one key", async () => {
    await show(true, FIVE_HUNDRED);
    bench.head("PC 1").focus();
    expect(await walk("End", "PageUp", "Home")).toEqual(["PC 500", "PC 490", "PC 1"]);
  });
});

describe("Rows", () => {
  const rows = (): HTMLElement[] => all(bench.card, "getscreen-computer-row");
  const rowOf = (name: string): HTMLElement | undefined => rows().find((row) => textOf(row).includes(name));

  test("are reused for other computers, and those that stay keep theirs", async () => {
    await show();
    const staying = rowOf("PC 4");
    await bench.search("PC 4");
    expect(rows()).toEqual([staying]);
    await bench.search("PC 5");
    expect(rows()).toEqual([staying]);
    expect(textOf(rows()[0] as HTMLElement)).toContain("PC 5");
  });

  test("show no other computer while they have the focus", async () => {
    await show();
    const row = rowOf("PC 2");
    bench.head("PC 2").focus();
    await bench.search("PC 6");
    expect(rowOf("PC 6")).not.toBe(row);
    expect(row?.isConnected).toBe(false);
  });
});

describe("Tiles", () => {
  test.each([
    [783, 2],
    [784, 3],
    [1_047, 3],
    [1_048, 4],
  ])("of 256 pixels and the gaps between them fill a list of %i pixels in %i columns", async (width, columns) => {
    await show(false);
    const list = only<HTMLElement & { width: number; updateComplete: Promise<boolean> }>(bench.card, "getscreen-computers-list");
    list.width = width;
    await list.updateComplete;
    expect(all<HTMLElement>(list, ".line.computers")[0]?.style.gridTemplateColumns).toBe(`repeat(${columns}, minmax(0, 420px))`);
  });
});
