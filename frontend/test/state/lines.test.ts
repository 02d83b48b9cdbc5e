import { describe, expect, test } from "vitest";
import type { Arrangement, Section } from "../../src/state/arrangement.js";
import { headingKey, isHeading, keysOf, type Layout, type ListLine, linesOf } from "../../src/state/lines.js";
import { record } from "../fleet-bench.js";

const sectionOf = (group: string, ...ids: string[]): Section => {
  const computers = ids.map((id) => record({ device_id: id }));
  return { group, computers, members: computers, online: 0 };
};

const layout = (change: Partial<Layout> = {}): Layout => ({
  columns: 1,
  headingColumns: 1,
  headingSize: 50,
  computersSize: 60,
  isCollapsed: () => false,
  ...change,
});

const NOTHING: Arrangement = {
  counts: { all: 0, online: 0, offline: 0, session: 0, favorite: 0, attention: 0 },
  sections: [],
  shown: [],
  hasGroups: false,
};

const linesIn = (sections: Section[], change: Partial<Layout> = {}, hasGroups = true): ListLine[] =>
  linesOf({ ...NOTHING, sections, hasGroups }, layout(change));

const SECTIONS = [sectionOf("Office", "a", "b", "c"), sectionOf("Shop", "d"), sectionOf("", "e", "f")];

describe("The lines of a list", () => {
  test("are a heading for each group and a line for each computer", () => {
    const lines = linesIn(SECTIONS);
    expect(lines.map(keysOf)).toEqual([["group:Office"], ["a"], ["b"], ["c"], ["group:Shop"], ["d"], ["group:"], ["e"], ["f"]]);
    expect(lines.map(({ size }) => size)).toEqual([50, 60, 60, 60, 50, 60, 50, 60, 60]);
    expect(new Set(lines.map(({ key }) => key)).size).toBe(lines.length);
  });

  test("have no headings without groups", () => {
    expect(linesIn([sectionOf("", "a", "b")], {}, false).map(keysOf)).toEqual([["a"], ["b"]]);
    expect(linesIn([sectionOf("")], {}, false)).toEqual([]);
  });

  test("have as many adjacent tiles as columns, all of one group", () => {
    const lines = linesIn(SECTIONS, { columns: 2 });
    expect(lines.map(keysOf)).toEqual([["group:Office"], ["a", "b"], ["c"], ["group:Shop"], ["d"], ["group:"], ["e", "f"]]);
  });

  test("have their position among all computers and the edges of their group", () => {
    const rows = linesIn(SECTIONS, { columns: 2 }).map((line) => !isHeading(line) && [line.offset, line.isFirst, line.isLast]);
    expect(rows.filter(Boolean)).toEqual([
      [0, true, false],
      [2, false, true],
      [3, true, true],
      [4, true, true],
    ]);
  });

  test("have headings of adjacent collapsed groups in one line, in the order of groups", () => {
    const isCollapsed = (group: string): boolean => group !== "Shop";
    const sections = [sectionOf("Attic", "x"), ...SECTIONS];
    const lines = linesIn(sections, { isCollapsed, headingColumns: 3 });
    expect(lines.map(keysOf)).toEqual([["group:Attic", "group:Office"], ["group:Shop"], ["d"], ["group:"]]);
    expect(lines.map((line) => isHeading(line) && line.isCollapsed)).toEqual([true, false, false, true]);
    expect(linesIn(sections, { isCollapsed: () => true, headingColumns: 3 }).map(keysOf)).toEqual([
      ["group:Attic", "group:Office", "group:Shop"],
      ["group:"],
    ]);
  });

  test("are not collapsed if no heading could expand them", () => {
    expect(linesIn([sectionOf("", "a")], { isCollapsed: () => true }, false).map(keysOf)).toEqual([["a"]]);
  });

  test("count positions without the computers of collapsed groups", () => {
    const lines = linesIn(SECTIONS, { isCollapsed: (group) => group === "Office" });
    expect(lines.map((line) => isHeading(line) || line.offset)).toEqual([true, true, 0, true, 1, 2]);
  });
});

test("A group has a key that is no device id", () => {
  expect([headingKey("Office"), headingKey("")]).toEqual(["group:Office", "group:"]);
});
