import { beforeEach, expect, test } from "vitest";
import type { ComputersConfig } from "../../src/state/computers.js";
import { ComputersView } from "../../src/state/computers-view.js";
import type { Computer } from "../../src/state/fleet.js";
import { FleetBench, record } from "../fleet-bench.js";

const many = (count: number): Computer[] =>
  Array.from({ length: count }, (_, index) =>
    record({ device_id: `pc${index}`, name: `PC ${index}`, group: index % 2 ? "Shop" : "Office" }),
  );

let bench: FleetBench;

const viewOf = async (
  computers: Computer[],
  config: Omit<ComputersConfig, "type"> = {},
  before?: ComputersView,
): Promise<ComputersView> => {
  const view = new ComputersView({ type: "custom:getscreen-card", ...config }, before);
  await bench.load(...computers);
  view.arrange(bench.hass, bench.fleet, false);
  return view;
};

beforeEach(() => {
  bench = new FleetBench();
});

test.each<[string, number, Omit<ComputersConfig, "type">, boolean]>([
  ["a few computers", 8, {}, false],
  ["more", 9, {}, true],
  ["a few, with a toolbar in the configuration", 1, { toolbar: true }, true],
  ["more, without one in the configuration", 9, { toolbar: false }, false],
  ["a single one that is named", 9, { device: "pc1" }, false],
])("The toolbar is shown if configured or useful: %s", async (_, count, config, hasToolbar) => {
  expect((await viewOf(many(count), config)).hasToolbar).toBe(hasToolbar);
});

test.each<[string, number, Omit<ComputersConfig, "type">, number, boolean]>([
  ["few on a wide card", 50, {}, 500, true],
  ["few on a narrow card", 50, {}, 499, false],
  ["many", 51, {}, 1200, false],
  ["many, if configured", 51, { pictures: true }, 1200, true],
  ["few, unless configured", 5, { pictures: false }, 1200, false],
  ["one on a phone", 1, {}, 350, true],
  ["one that is named, on a phone", 5, { device: "pc1" }, 350, true],
])("Pictures are shown if configured or if there is room: %s", async (_, count, config, width, hasPictures) => {
  expect((await viewOf(many(count), config)).hasPictures(width)).toBe(hasPictures);
});

test("The user's choice of pictures overrides the configuration and the size, and is stored", async () => {
  (await viewOf(many(60), { pictures: false })).choose({ pictures: true });
  expect((await viewOf(many(60), { pictures: false })).hasPictures(350)).toBe(true);
});

test("A search prefers the computer with exactly the typed name", async () => {
  const computers = [...many(9), record({ device_id: "till", name: "Till", group: "PC 3" })];
  const view = await viewOf(computers);
  const find = (search: string): string | undefined => {
    view.choose({ search });
    view.arrange(bench.hass, bench.fleet, false);
    return view.found?.device_id;
  };
  expect(["", "pc 3", "pc", "till", "nothing"].map(find)).toEqual([undefined, "pc3", undefined, "till", undefined]);
});

test("The visible computers are those not in collapsed groups, which a search expands", async () => {
  const view = await viewOf(many(10), { collapsed: true });
  expect(view.visible).toEqual([]);
  view.toggleGroup("Shop");
  expect(view.visible.map(({ group }) => group)).toEqual(Array.from({ length: 5 }, () => "Shop"));
  view.choose({ search: "pc 4" });
  view.arrange(bench.hass, bench.fleet, false);
  expect(view.visible.map(({ name }) => name)).toEqual(["PC 4"]);
  view.toggleGroup("Office");
  view.choose({ search: "" });
  expect(view.isCollapsed("Office")).toBe(true);
});

test("A new title keeps the search, another account resets it", async () => {
  const before = await viewOf(many(9));
  before.choose({ search: "pc 4" });
  expect((await viewOf(many(9), { title: "Mine" }, before)).choice.search).toBe("pc 4");
  expect((await viewOf(many(9), { account: "entry" }, before)).choice.search).toBe("");
});
