import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Arrangement, Arranger, type Choice } from "../../src/state/arrangement.js";
import type { Computer } from "../../src/state/fleet.js";
import { record } from "../fleet-bench.js";
import { House } from "../house.js";

const SESSION = { start: "2026-06-15T11:53:00Z", country: null, city: null };

const named = (name: string, change: Partial<Computer> = {}): Computer => record({ device_id: name, name, ...change });

const COMPUTERS: Computer[] = [
  named("Till 10", { group: "Shop", online: false, last_seen: "2026-06-10T00:00:00Z" }),
  named("Till 9", { group: "Shop", favorite: true }),
  named("Desk", { group: "Office", online: false, last_seen: "2026-05-01T00:00:00+02:00", attention: ["offline_long"] }),
  named("Ärger", { group: "Office", session: SESSION }),
  named("Spare", { group: null, online: null }),
  named("Waking", { group: null, online: false, transition: "waking", last_seen: "2026-06-14T00:00:00Z" }),
];

let house: House;
let arranger: Arranger;

const arrange = (change: Partial<Choice> = {}, computers = COMPUTERS, terms = new Map<string, string[]>()): Arrangement =>
  arranger.arrange(house.hass, computers, { search: "", filter: "all", sort: "group", ...change }, terms);

const shown = (change: Partial<Choice> = {}): string[] => arrange(change).shown.map(({ name }) => name);

beforeEach(() => {
  house = new House();
  arranger = new Arranger();
});

describe("The order", () => {
  test.each<[Choice["sort"], string[]]>([
    // Accents and numbers in the order of the language; computers without a group come last.
    ["group", ["Ärger", "Desk", "Till 9", "Till 10", "Spare", "Waking"]],
    ["name", ["Ärger", "Desk", "Spare", "Till 9", "Till 10", "Waking"]],
    // Computers that were not seen for the longest time come first, those with unknown time last.
    ["last_seen", ["Desk", "Till 10", "Waking", "Ärger", "Spare", "Till 9"]],
    // In session, changing, online, offline, unknown.
    ["state", ["Ärger", "Waking", "Till 9", "Desk", "Till 10", "Spare"]],
  ])("sorts by %s", (sort, names) => {
    expect(shown({ sort })).toEqual(names);
  });

  test("is that of the configuration if it lists the computers, without groups", () => {
    const { shown: given, hasGroups } = arranger.arrange(
      house.hass,
      COMPUTERS,
      { search: "", filter: "all", sort: "group" },
      new Map(),
      true,
    );
    expect([given.map(({ name }) => name), hasGroups]).toEqual([COMPUTERS.map(({ name }) => name), false]);
  });

  test("follows the user's language", () => {
    const names = (language: string): string[] => {
      house.change({ locale: { language } });
      return arrange({ sort: "name" }, [named("Zebra"), named("Ärger"), named("Auto")]).shown.map(({ name }) => name);
    };
    expect([names("de"), names("sv")]).toEqual([
      ["Ärger", "Auto", "Zebra"],
      ["Auto", "Zebra", "Ärger"],
    ]);
  });

  test("follows renamed, added and removed computers", () => {
    shown();
    const renamed = COMPUTERS.map((computer) => (computer.name === "Desk" ? { ...computer, name: "Zoo" } : computer));
    const others = [...renamed.slice(1), named("Attic", { group: "Office" })];
    expect(arrange({ sort: "name" }, renamed).shown.map(({ name }) => name)).toEqual([
      "Ärger",
      "Spare",
      "Till 9",
      "Till 10",
      "Waking",
      "Zoo",
    ]);
    expect(arrange({ sort: "name" }, others).shown.map(({ name }) => name)).toEqual(["Ärger", "Attic", "Spare", "Till 9", "Waking", "Zoo"]);
  });

  test("uses the latest records, even if no name has changed", () => {
    shown();
    const now = COMPUTERS.map((computer) => ({ ...computer, online: true }));
    expect(arrange({ filter: "online" }, now).shown).toHaveLength(6);
  });

  test("of names is computed once: a poll does not sort thousands of names again", () => {
    const polled = COMPUTERS.map((computer) => ({ ...computer, online: true }));
    arrange({ sort: "name" });
    const sort = vi.spyOn(Array.prototype, "sort");
    expect(arrange({ sort: "name" }, polled).shown).toHaveLength(6);
    expect(sort).not.toHaveBeenCalled();
  });

  test("does not change its input", () => {
    const before = [...COMPUTERS];
    for (const sort of ["group", "name", "last_seen", "state"] as const) arrange({ sort });
    expect(COMPUTERS).toEqual(before);
  });
});

describe("The filters", () => {
  test("count all computers, whatever is selected or searched", () => {
    const counts = { all: 6, online: 2, offline: 3, session: 1, favorite: 1, attention: 1 };
    expect(arrange().counts).toEqual(counts);
    expect(arrange({ filter: "session", search: "nothing at all" }).counts).toEqual(counts);
  });

  test.each<[Choice["filter"], string[]]>([
    ["online", ["Ärger", "Till 9"]],
    ["offline", ["Desk", "Till 10", "Waking"]],
    ["session", ["Ärger"]],
    ["favorite", ["Till 9"]],
    ["attention", ["Desk"]],
  ])("show the right computers: %s", (filter, names) => {
    expect(shown({ filter, sort: "name" })).toEqual(names);
  });

  test("are combined with the search", () => {
    expect(shown({ filter: "offline", search: "till" })).toEqual(["Till 10"]);
    expect(shown({ search: "TILL" })).toEqual(["Till 9", "Till 10"]);
    expect(arrange({ search: "192.168" }, COMPUTERS, new Map([["Spare", ["192.168.7.23"]]])).shown).toEqual([COMPUTERS[4]]);
  });
});

describe("The groups", () => {
  const outline = (change?: Partial<Choice>, computers?: Computer[]) =>
    arrange(change, computers).sections.map(({ group, computers: some, members, online }) => [group, some.length, members.length, online]);

  test("are sections that count all their computers, even filtered ones", () => {
    expect(outline()).toEqual([
      ["Office", 2, 2, 1],
      ["Shop", 2, 2, 1],
      ["", 2, 2, 0],
    ]);
    expect(outline({ filter: "online" })).toEqual([
      ["Office", 1, 2, 1],
      ["Shop", 1, 2, 1],
    ]);
    expect([arrange().hasGroups, arrange({ search: "nothing at all" }).sections]).toEqual([true, []]);
  });

  test.each<Choice["sort"]>(["name", "last_seen", "state"])("have none where computers are sorted by %s", (sort) => {
    expect([outline({ sort }), arrange({ sort }).hasGroups]).toEqual([[["", 6, 6, 2]], false]);
  });

  test("have no sections if no computer has a group", () => {
    const computers = [named("a", { group: null }), named("b", { group: null })];
    expect([outline({}, computers), arrange({}, computers).hasGroups]).toEqual([[["", 2, 2, 2]], false]);
    expect([outline({}, []), arrange({}, []).hasGroups]).toEqual([[["", 0, 0, 0]], false]);
  });

  test("have a section if there is one group", () => {
    const computers = [named("a"), named("b")];
    expect([outline({}, computers), arrange({}, computers).hasGroups]).toEqual([[["Office", 2, 2, 2]], true]);
  });

  test("may have the name of an object's property", () => {
    const computers = ["__proto__", "constructor"].map((group) => named(group, { group }));
    expect(outline({}, computers).map(([group]) => group)).toEqual(["__proto__", "constructor"]);
  });
});
