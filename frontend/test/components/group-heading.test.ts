import { beforeEach, describe, expect, test } from "vitest";
import { record } from "../fleet-bench.js";
import { all, button, only, question, textOf } from "../mount.js";
import { Desk, many } from "./desk.js";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

const toggle = (name: string): HTMLElement => {
  const found = all(desk.card, ".toggle").find((each) => textOf(each).startsWith(name));
  if (!found) throw new Error(`There is no group ${name}`);
  return found;
};

const isExpanded = (name: string): boolean => toggle(name).getAttribute("aria-expanded") === "true";

const click = async (name: string): Promise<void> => {
  toggle(name).click();
  await desk.drawn();
};

/** Open the menu of a group and return its items. */
const open = async (name: string): Promise<HTMLElement[]> => {
  await desk.click(`Actions for ${name}`);
  return all(desk.card, "[role=menuitem]");
};

describe("A group", () => {
  test("shows how many of its computers are online, whatever is filtered", async () => {
    await desk.show({ toolbar: true }, many(6));
    const groups = ["Office 0 of 2 online", "Shop 2 of 2 online", "Other computers 2 of 2 online"];
    expect(desk.groups).toEqual(groups);
    await desk.search("PC 1");
    expect(desk.groups).toEqual(groups.slice(0, 1));
  });

  test("has a heading with its name, in its own direction and never as HTML", async () => {
    const group = "<b>Büro</b> & co";
    await desk.show({}, [record({ group })]);
    const name = only(desk.card, "h3 .name");
    expect([textOf(name), name.title, name.getAttribute("dir"), all(desk.card, "b")]).toEqual([group, group, "auto", []]);
  });

  test("can be collapsed and expanded", async () => {
    await desk.show({}, many(6));
    expect(isExpanded("Shop")).toBe(true);
    await click("Shop");
    expect([isExpanded("Shop"), desk.names]).toEqual([false, ["PC 1", "PC 4", "PC 3", "PC 6"]]);
    await click("Shop");
    expect([isExpanded("Shop"), desk.names.length]).toEqual([true, 6]);
  });

  test("stays collapsed or expanded after a reload", async () => {
    await desk.show({}, many(6));
    await click("Shop");
    desk = new Desk();
    await desk.show({}, many(6));
    expect([isExpanded("Office"), isExpanded("Shop")]).toEqual([true, false]);
  });

  test("is collapsed at first if configured, and expanded permanently by the user", async () => {
    await desk.show({ collapsed: true }, many(6));
    expect([desk.names, isExpanded("Office")]).toEqual([[], false]);
    await click("Other computers");
    expect(desk.names).toEqual(["PC 3", "PC 6"]);
    desk = new Desk();
    await desk.show({ collapsed: true }, many(6));
    expect(desk.names).toEqual(["PC 3", "PC 6"]);
  });

  test("cannot be collapsed during a search, where the click would have no visible effect", async () => {
    await desk.show({ toolbar: true }, many(6));
    await desk.search("PC 2");
    await click("Shop");
    await desk.search("");
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

  const targets = (action: "wake" | "reboot" | "refresh_hardware") => desk.house.callsOf(action).map(({ target }) => target);

  test("shows how many computers each command reaches", async () => {
    await desk.show({}, MIXED);
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
    await desk.show({}, [record()]);
    const [wake] = await open("Office");
    expect([textOf(wake as HTMLElement), wake?.getAttribute("aria-disabled")]).toEqual(["Wake offline computers (0)", "true"]);
    wake?.click();
    await desk.drawn();
    expect(desk.house.calls).toEqual([]);
  });

  test("wakes all offline computers, also those that a filter hides", async () => {
    await desk.show({ toolbar: true }, MIXED);
    await desk.search("A");
    (await open("Office"))[0]?.click();
    await desk.drawn();
    expect(targets("wake")).toEqual([{ device_id: "b" }, { device_id: "c" }]);
  });

  test("asks before a reboot and reads hardware at once", async () => {
    await desk.show({}, MIXED);
    (await open("Office"))[1]?.click();
    await desk.drawn();
    expect([question(desk.card) !== undefined, desk.house.calls]).toEqual([true, []]);
    button(question(desk.card) as HTMLElement, "Cancel").click();
    await desk.drawn();
    (await open("Office"))[2]?.click();
    await desk.drawn();
    expect(targets("refresh_hardware")).toHaveLength(3);
  });

  test("selects or deselects the shown computers", async () => {
    await desk.show({}, MIXED);
    (await open("Office"))[3]?.click();
    await desk.drawn();
    expect(desk.selected).toEqual(["A", "B", "C"]);
    (await open("Office"))[3]?.click();
    await desk.drawn();
    expect(desk.selected).toEqual([]);
  });
});
