import { beforeEach, expect, test, vi } from "vitest";
import "../../src/components/attention-list.js";
import type { AttentionList } from "../../src/components/attention-list.js";
import type { Computer } from "../../src/state/fleet.js";
import { record } from "../fleet-bench.js";
import { House } from "../house.js";
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

test("Each computer that needs attention has a line, with its reasons and what to do", async () => {
  const list = await show([
    record(),
    record({ device_id: "till", name: "<b>Till", attention: ["blocked", "limited"] }),
    record({ device_id: "tablet", name: "Tablet", attention: ["on_fire"] }),
  ]);
  expect(texts(list, "[role=listitem] .name")).toEqual(["<b>Till"]);
  expect(texts(list, ".reason")).toEqual(["Blocked in Getscreen.me", "Limited by the Getscreen.me plan"]);
  expect(texts(list, ".advice")[0]).toBe("Unblock the computer in Getscreen.me, or remove it from the account.");
  expect([only(list, ".name").title, only(list, ".name").dir]).toEqual(["<b>Till", "auto"]);
});

test("A line opens its computer", async () => {
  const list = await show([record({ attention: ["blocked"] })]);
  only(list, "button").click();
  expect(openComputer.mock.calls).toEqual([["desk"]]);
});

test("Beyond 50 lines, it says how many more there are", async () => {
  const many = (count: number): Computer[] =>
    Array.from({ length: count }, (_, index) => record({ device_id: `${index}`, attention: ["offline_long"] }));
  const list = await show(many(50));
  expect([all(list, "li").length, texts(list, ".note")]).toEqual([50, []]);
  list.computers = many(53);
  await drawn(list);
  expect([all(list, "li").length, texts(list, ".note")]).toEqual([50, ["And 3 more. The filter “Needs attention” shows all of them."]]);
});

test("It says that no computer needs attention", async () => {
  expect(texts(await show([record()]), ".note")).toEqual(["No computer needs attention."]);
});
