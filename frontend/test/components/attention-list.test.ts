import { beforeEach, expect, test, vi } from "vitest";
import "../../src/components/attention-list.js";
import type { AttentionList } from "../../src/components/attention-list.js";
import type { Computer } from "../../src/state/fleet.js";
import { record } from "../fleet-bench.js";
import { House, secondsAgo, stopClock } from "../house.js";
import { all, drawn, only, texts } from "../mount.js";

const openComputer = vi.fn<(id: string) => void>();

const show = async (computers: Computer[]): Promise<AttentionList> => {
  const list = document.createElement("getscreen-attention");
  Object.assign(list, { card: { hass: new House().hass, openComputer }, computers });
  document.body.append(list);
  await drawn(list);
  return list;
};

beforeEach(() => openComputer.mockReset());

test("Each reason lists its computers with details and advice", async () => {
  stopClock();
  const list = await show([
    record(),
    record({ device_id: "till", name: "<b>Till", attention: ["disk_almost_full", "limited"], disk_usage: 93.4 }),
    record({ device_id: "laptop", name: "Laptop", attention: ["offline_long"], last_seen: secondsAgo(40 * 86400) }),
    record({ device_id: "tablet", name: "Tablet", attention: ["on_fire"] }),
  ]);
  expect(texts(list, ".reason")).toEqual(["Offline for more than 30 days", "A disk is almost full", "Limited by the Getscreen.me plan"]);
  expect(texts(list, ".count")).toEqual(["1", "1", "1"]);
  expect(texts(list, ".line")).toEqual(["Laptop last month", "<b>Till 93 %", "<b>Till"]);
  expect(texts(list, ".advice")[2]).toContain("Choose a larger plan");
  expect([all(list, ".name")[1]?.title, all(list, ".name")[1]?.dir]).toEqual(["<b>Till", "auto"]);
});

test("A few computers are listed at once, many are collapsed by reason", async () => {
  const many = (count: number): Computer[] =>
    Array.from({ length: count }, (_, index) => record({ device_id: `${index}`, attention: [index ? "blocked" : "limited"] }));
  expect(all<HTMLDetailsElement>(await show(many(5)), "details").map(({ open }) => open)).toEqual([true, true]);
  expect(all<HTMLDetailsElement>(await show(many(6)), "details").map(({ open }) => open)).toEqual([false, false]);
});

test("A line opens the dialog of its computer", async () => {
  const list = await show([record({ attention: ["blocked"] })]);
  only(list, "button").click();
  expect(openComputer.mock.calls).toEqual([["desk"]]);
});

test("The list shows 50 lines and says how many more there are", async () => {
  const many = (count: number): Computer[] =>
    Array.from({ length: count }, (_, index) => record({ device_id: `${index}`, attention: ["offline_long"] }));
  const list = await show(many(50));
  expect([all(list, "li").length, texts(list, ".note:not(.advice)")]).toEqual([50, []]);
  list.computers = many(53);
  await drawn(list);
  expect([all(list, "li").length, texts(list, ".note:not(.advice)")]).toEqual([
    50,
    ["And 3 more. The filter “Needs attention” shows all of them."],
  ]);
});

test("The list says if no computer needs attention", async () => {
  expect(texts(await show([record()]), ".note")).toEqual(["No computer needs attention."]);
});
