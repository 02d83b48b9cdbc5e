import { beforeEach, describe, expect, test } from "vitest";
import { record } from "../fleet-bench.js";
import { all, button, only, question, textOf } from "../mount.js";
import { ComputersBench, many } from "./computers-bench.js";

let bench: ComputersBench;

beforeEach(() => {
  bench = new ComputersBench();
});

const toggle = (name: string): HTMLElement => {
  const found = all(bench.card, ".toggle").find((each) => textOf(each).startsWith(name));
  if (!found) throw new Error(`There is no group ${name}`);
  return found;
};

const isExpanded = (name: string): boolean => toggle(name).getAttribute("aria-expanded") === "true";

const click = async (name: string): Promise<void> => {
  toggle(name).click();
  await bench.drawn();
};

/** Open the menu of a group and return its items. */
const open = async (name: string): Promise<HTMLElement[]> => {
  await bench.click(`Actions for ${name}`);
  return all(bench.card, "[role=menuitem]");
};

describe("A group", () => {
  test("shows how many of its computers are online, whatever is filtered", async () => {
    await bench.show({ toolbar: true }, many(6));
    const groups = ["Office 0 of 2 online", "Shop 2 of 2 online", "Other computers 2 of 2 online"];
    expect(bench.groups).toEqual(groups);
    await bench.search("PC 1");
    expect(bench.groups).toEqual(groups.slice(0, 1));
  });

  test("has a heading with its name, in its own direction and never as HTML", async () => {
    const group = "<b>Büro</b> & co";
    await bench.show({}, [record({ group })]);
    const name = only(bench.card, "h3 .name");
    expect([textOf(name), name.title, name.getAttribute("dir"), all(bench.card, "b")]).toEqual([group, group, "auto", []]);
  });

  test("can be collapsed and expanded", async () => {
    await bench.show({}, many(6));
    expect(isExpanded("Shop")).toBe(true);
    await click("Shop");
    expect([isExpanded("Shop"), bench.names]).toEqual([false, ["PC 1", "PC 4", "PC 3", "PC 6"]]);
    await click("Shop");
    expect([isExpanded("Shop"), bench.names.length]).toEqual([true, 6]);
  });

  test("stays collapsed or expanded after a reload", async () => {
    await bench.show({}, many(6));
    await click("Shop");
    bench = new ComputersBench();
    await bench.show({}, many(6));
    expect([isExpanded("Office"), isExpanded("Shop")]).toEqual([true, false]);
  });

  test("is collapsed at first if configured, and expanded permanently by the user", async () => {
    await bench.show({ collapsed: true }, many(6));
    expect([bench.names, isExpanded("Office")]).toEqual([[], false]);
    await click("Other computers");
    expect(bench.names).toEqual(["PC 3", "PC 6"]);
    bench = new ComputersBench();
    await bench.show({ collapsed: true }, many(6));
    expect(bench.names).toEqual(["PC 3", "PC 6"]);
  });

  test("cannot be collapsed during a search, where the click would have no visible effect", async () => {
    await bench.show({ toolbar: true }, many(6));
    await bench.search("PC 2");
    await click("Shop");
    await bench.search("");
    expect(isExpanded("Shop")).toBe(true);
  });
});

describe("The menu of a group", () => {
  const MIXED = [
    record({ device_id: "a", name: "A" }),
    record({ device_id: "b", name: "B", online: false }),
    record({ device_id: "c", name: "C", online: null }),
    record({ device_id: "other", name: "Other", group: "Shop", online: false }),
  ];

  const targets = (action: "wake" | "reboot" | "refresh_hardware") => bench.house.callsOf(action).map(({ target }) => target);

  test("shows how many computers each command reaches", async () => {
    await bench.show({}, MIXED);
    const items = await open("Office");
    expect(items.map(textOf)).toEqual([
      "Wake offline computers (2)",
      "Reboot online computers (2)",
      "Refresh hardware (3)",
      "Select these computers",
    ]);
    expect(items.map((item) => item.getAttribute("aria-disabled"))).toEqual(["false", "false", "false", "false"]);
  });

  test("offers no command that reaches no computer", async () => {
    await bench.show({}, [record()]);
    const [wake] = await open("Office");
    expect([textOf(wake as HTMLElement), wake?.getAttribute("aria-disabled")]).toEqual(["Wake offline computers (0)", "true"]);
    wake?.click();
    await bench.drawn();
    expect(bench.house.calls).toEqual([]);
  });

  test("wakes all offline computers, also those that a filter hides", async () => {
    await bench.show({ toolbar: true }, MIXED);
    await bench.search("A");
    (await open("Office"))[0]?.click();
    await bench.drawn();
    expect(targets("wake")).toEqual([{ device_id: "b" }, { device_id: "c" }]);
  });

  test("asks before a reboot and reads hardware at once", async () => {
    await bench.show({}, MIXED);
    (await open("Office"))[1]?.click();
    await bench.drawn();
    expect([question(bench.card) !== undefined, bench.house.calls]).toEqual([true, []]);
    button(question(bench.card) as HTMLElement, "Cancel").click();
    await bench.drawn();
    (await open("Office"))[2]?.click();
    await bench.drawn();
    expect(targets("refresh_hardware")).toHaveLength(3);
  });

  test("selects or deselects the shown computers", async () => {
    await bench.show({}, MIXED);
    (await open("Office"))[3]?.click();
    await bench.drawn();
    expect(bench.selected).toEqual(["A", "B", "C"]);
    (await open("Office"))[3]?.click();
    await bench.drawn();
    expect(bench.selected).toEqual([]);
  });
});
