import { beforeEach, describe, expect, test } from "vitest";
import { record } from "../fleet-bench.js";
import { focused } from "../focus.js";
import { scrollPage } from "../layout.js";
import { all, only, textOf } from "../mount.js";
import { Desk, many } from "./desk.js";

let desk: Desk;

/** Three groups with two computers each: Office with 1 and 4, Shop with 2 and 5, and others with 3 and 6. */
const SIX = many(6);

beforeEach(() => {
  desk = new Desk();
});

/** Show the computers in lines or as tiles. */
const show = async (isCompact = true, computers = SIX, config: Record<string, unknown> = {}): Promise<void> => {
  await desk.show({ toolbar: true, ...config }, computers);
  await desk.resize(isCompact ? 400 : 900);
};

const tabStops = (): string[] =>
  all(only(desk.card, "getscreen-computers-list"), '[tabindex="0"]').map((control) => textOf(control).split(" ").slice(0, 2).join(" "));

/** Press keys, and return the name of the focused computer or group after each. */
const walk = async (...keys: string[]): Promise<(string | undefined)[]> => {
  const names: (string | undefined)[] = [];
  for (const key of keys) {
    await desk.press(key);
    names.push(desk.focusedName);
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
    desk.head("PC 2").focus();
    await desk.drawn();
    expect(tabStops()).toEqual(["PC 2"]);
  });

  test("enters a list without groups at the first computer", async () => {
    await show(true, [record({ group: null })]);
    expect(tabStops()).toEqual(["Desk Online"]);
  });

  test("enters at the beginning if the last element has gone", async () => {
    await show();
    desk.head("PC 2").focus();
    await desk.search("PC 6");
    expect(tabStops()).toEqual(["Other computers"]);
  });
});

describe("The arrow keys", () => {
  test("move through headings and computers and stop at the ends", async () => {
    await show();
    desk.head("PC 4").focus();
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
    only(desk.row("A"), "[data-action=reboot]").focus();
    await desk.press("ArrowDown");
    expect(focused()).toBe(only(desk.row("B"), "[data-action=reboot]"));
    await desk.press("ArrowDown");
    expect(focused()).toBe(desk.head("C"));
  });

  test.each([
    ["ltr", "ArrowRight", "ArrowLeft"],
    ["rtl", "ArrowLeft", "ArrowRight"],
  ])("move sideways through the buttons of a computer, %s", async (direction, forward, back) => {
    await show();
    (desk.card as HTMLElement).style.direction = direction;
    const list = only(desk.card, "getscreen-computers-list");
    list.style.direction = direction;
    desk.head("PC 2").focus();
    const labels: (string | null | undefined)[] = [];
    for (const key of [forward, forward, forward, back, back, back]) {
      await desk.press(key);
      labels.push(focused()?.getAttribute("aria-label"));
    }
    expect(labels).toEqual(["Connect, PC 2", "Reboot, PC 2", "Reboot, PC 2", "Connect, PC 2", null, null]);
  });

  test("move from the last button to the next tile and back, and down to the tile below", async () => {
    const tiles = many(5).map((computer) => ({ ...computer, group: null }));
    await show(false, tiles);
    desk.head("PC 1").focus();
    // A line has three tiles.
    expect(await walk("ArrowDown", "ArrowDown")).toEqual(["PC 4", "PC 4"]);
    only(desk.row("PC 4"), "[data-action=wake]").focus();
    await desk.press("ArrowRight");
    expect(focused()).toBe(desk.head("PC 5"));
    await desk.press("ArrowLeft");
    expect(focused()).toBe(only(desk.row("PC 4"), "[data-action=wake]"));
    only(desk.row("PC 3"), ".head").focus();
    // The last line has no third tile.
    expect(await walk("ArrowDown")).toEqual(["PC 5"]);
  });

  test("move through a heading to its menu, and sideways through headings of collapsed groups", async () => {
    await show(false, SIX, { collapsed: true });
    all(desk.card, ".toggle")[0]?.focus();
    await desk.press("ArrowRight");
    expect(focused()?.getAttribute("aria-label")).toBe("Actions for Office");
    expect(await walk("ArrowRight", "ArrowDown")).toEqual(["Shop", "Other computers"]);
    expect(desk.rows).toEqual([]);
  });

  test("ignore key presses that have no meaning here", async () => {
    await show();
    desk.head("PC 2").focus();
    expect([await desk.press("x"), await desk.press("Escape"), await desk.press("Tab"), await desk.press("a")]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(await desk.press("ArrowDown")).toBe(false);
  });
});

describe("The keyboard", () => {
  test("selects and deselects a computer with Space, once also in Firefox", async () => {
    await show();
    desk.head("PC 2").focus();
    expect([await desk.press(" "), desk.selected]).toEqual([false, ["PC 2"]]);
    const up = new KeyboardEvent("keyup", { key: " ", bubbles: true, composed: true, cancelable: true });
    expect(desk.head("PC 2").dispatchEvent(up)).toBe(false);
    await desk.press(" ");
    expect(desk.selected).toEqual([]);
  });

  test("presses buttons and expands groups with Space", async () => {
    await show();
    only(desk.row("PC 2"), "[data-action=connect]").focus();
    expect(await desk.press(" ")).toBe(true);
    all(desk.card, ".toggle")[0]?.focus();
    expect([await desk.press(" "), desk.selected]).toEqual([true, []]);
  });

  test("selects a range across headings with Shift and the arrow keys", async () => {
    await show();
    desk.head("PC 4").focus();
    for (let count = 0; count < 3; count++) await desk.press("ArrowDown", { shiftKey: true });
    expect([desk.focusedName, desk.selected]).toEqual(["PC 5", ["PC 4", "PC 2", "PC 5"]]);
  });

  test("selects a range from the last computer with Shift and Space", async () => {
    await show();
    desk.head("PC 1").focus();
    await desk.press(" ");
    desk.head("PC 5").focus();
    await desk.press(" ", { shiftKey: true });
    expect(desk.selected).toEqual(["PC 1", "PC 4", "PC 2", "PC 5"]);
  });

  test.each([{ ctrlKey: true }, { metaKey: true }])("toggles all computers with %j and A, ends with Escape", async (init) => {
    await show();
    desk.head("PC 2").focus();
    expect([await desk.press("a", init), desk.selected.length]).toEqual([false, 6]);
    await desk.press("a", init);
    expect([desk.selected, desk.bars.length]).toEqual([[], 1]);
    expect([await desk.press("Escape"), desk.bars]).toEqual([false, []]);
  });
});

describe("The focus", () => {
  test("stays on a computer that moves because of a new name", async () => {
    const office = ["A", "B", "C"].map((name) => record({ device_id: name, name }));
    await show(true, office);
    desk.head("A").focus();
    const before = focused();
    await desk.change({ name: "Z" }, office[0]);
    expect([desk.names, focused() === before]).toEqual([["B", "C", "Z"], true]);
  });

  test("moves to the computer that takes the place of one that leaves", async () => {
    const office = ["A", "B", "C"].map((name) => record({ device_id: name, name, online: false, group: null }));
    await show(true, office, { online: false });
    desk.head("B").focus();
    await desk.change({ online: true }, office[1]);
    expect([desk.names, desk.focusedName]).toEqual([["A", "C"], "C"]);
    await desk.change({ online: true }, office[2]);
    expect(desk.focusedName).toBe("A");
  });

  test("moves on when a woken computer leaves the view, and the state is read out", async () => {
    const office = ["A", "B"].map((name) => record({ device_id: name, name, online: false, group: null }));
    await show(true, office, { online: false });
    only(desk.row("A"), "[data-action=wake]").focus();
    await desk.click("Wake, A");
    await desk.change({ online: true }, office[0]);
    expect([desk.names, desk.focusedName, desk.spoken]).toEqual([["B"], "B", "A, Online"]);
  });

  test("stays elsewhere when a computer leaves", async () => {
    await show();
    await desk.search("PC");
    await desk.send({ removed: ["pc1"] });
    expect(focused()).toBe(desk.field);
  });
});

describe("A list of 500 computers", () => {
  const FIVE_HUNDRED = many(500).map((computer) => ({ ...computer, group: null }));

  const scroll = async (top: number): Promise<void> => {
    scrollPage(top);
    await desk.drawn();
  };

  test("draws only the rows in view and a few around them", async () => {
    await show(true, FIVE_HUNDRED);
    const count = Math.ceil(window.innerHeight / 57);
    expect(desk.rows.length).toBeGreaterThanOrEqual(count);
    expect(desk.rows.length).toBeLessThan(count + 10);
    expect(only(desk.card, ".list").style.height).toBe(`${500 * 57}px`);
    await scroll(200 * 57);
    expect(desk.names).toContain("PC 201");
    expect(desk.names).not.toContain("PC 2");
    expect(desk.rows.length).toBeLessThan(count + 10);
  });

  test("updates only the rows of the 1 % of computers that change", async () => {
    await show(true, FIVE_HUNDRED);
    const changed = new Set<Node>();
    const observer = new MutationObserver((records) => {
      for (const { target } of records) changed.add((target.getRootNode() as ShadowRoot).host);
    });
    for (const row of desk.rows) {
      if (row.shadowRoot) observer.observe(row.shadowRoot, { subtree: true, childList: true, attributes: true, characterData: true });
    }
    const five = [2, 100, 200, 300, 400].map((index) => ({ ...FIVE_HUNDRED[index], online: null }) as (typeof FIVE_HUNDRED)[0]);
    await desk.send({ computers: five });
    await new Promise((resolve) => setImmediate(resolve));
    expect([...changed]).toEqual([desk.row("PC 3")]);
  });

  test("keeps the focused row while the user scrolls away, and Tab returns to it", async () => {
    await show(true, FIVE_HUNDRED);
    desk.head("PC 3").focus();
    await scroll(200 * 57);
    expect([desk.names.includes("PC 3"), desk.names.includes("PC 5"), desk.focusedName]).toEqual([true, false, "PC 3"]);
    (focused() as HTMLElement).blur();
    await scroll(201 * 57);
    expect([desk.names.includes("PC 3"), desk.head("PC 3").tabIndex]).toEqual([true, 0]);
    desk.head("PC 200").focus();
    await scroll(0);
    expect([desk.names.includes("PC 200"), desk.names.includes("PC 199")]).toEqual([true, false]);
  });

  test("reaches its end with one key", async () => {
    await show(true, FIVE_HUNDRED);
    desk.head("PC 1").focus();
    expect(await walk("End", "PageUp", "Home")).toEqual(["PC 500", "PC 490", "PC 1"]);
  });
});

describe("Rows", () => {
  const rows = (): HTMLElement[] => all(desk.card, "getscreen-computer-row");
  const rowOf = (name: string): HTMLElement | undefined => rows().find((row) => textOf(row).includes(name));

  test("are reused for other computers, and those that stay keep theirs", async () => {
    await show();
    const staying = rowOf("PC 4");
    await desk.search("PC 4");
    expect(rows()).toEqual([staying]);
    await desk.search("PC 5");
    expect(rows()).toEqual([staying]);
    expect(textOf(rows()[0] as HTMLElement)).toContain("PC 5");
  });

  test("show no other computer while they have the focus", async () => {
    await show();
    const row = rowOf("PC 2");
    desk.head("PC 2").focus();
    await desk.search("PC 6");
    expect(rowOf("PC 6")).not.toBe(row);
    expect(row?.isConnected).toBe(false);
  });
});
