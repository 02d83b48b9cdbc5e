import { describe, expect, test } from "vitest";
import type { Computer } from "../../src/state/fleet.js";
import { computerNamed, matchesFilters, personsOf, placesOf, suggestionsOf } from "../../src/state/session-filter.js";
import { JONAS, NORA, session } from "../sessions.js";

const computer = (name: string): Computer => ({ name, device_id: name }) as Computer;

describe("The people of a session", () => {
  test("are named once each", () => {
    const nobody = { login: null, country: null, city: null };
    const several = session(1, 10, { clients: [JONAS, NORA, JONAS, nobody, { ...nobody, login: "" }] });
    expect([personsOf(several), placesOf(several)]).toEqual([
      ["jonas@example.com", "nora@example.com"],
      ["Lisbon, Portugal", "Dublin, Ireland"],
    ]);
    expect(placesOf({ clients: [{ login: null, country: "Malta", city: null }] })).toEqual(["Malta"]);
  });
});

describe("A typed computer", () => {
  const computers = ["Branch server 9", "Branch server 90", "Till", "till 2", "Twin", "twin"].map(computer);

  test.each([
    ["Branch server 9", "Branch server 9"],
    [" branch SERVER 9 ", "Branch server 9"],
    ["server 90", "Branch server 90"],
    ["till", "Till"],
    // Two computers have this name.
    ["twin", undefined],
    ["branch", undefined],
    ["printer", undefined],
    [" ", undefined],
    ["", undefined],
  ])("is found by its name or by a part that no other name contains: %j", (typed, name) => {
    expect(computerNamed(computers, typed)?.name).toBe(name);
  });
});

describe("The filter", () => {
  const support = session(1, 10, { device: null, clients: [NORA] });

  test.each([
    ["", "", true, true],
    ["des", "", true, false],
    [" DESK ", " Jonas", true, false],
    ["desk", "nora", false, false],
    ["", "nora@", false, true],
    ["", "example.com", true, true],
  ])("matches parts of names: computer %j, user %j", (name, person, ofDesk, ofSupport) => {
    expect([matchesFilters(session(2, 10), name, person), matchesFilters(support, name, person)]).toEqual([ofDesk, ofSupport]);
  });

  test("does not match an unknown name", () => {
    const unnamed = session(1, 10, { device: { device_id: null, name: null } });
    expect([matchesFilters(unnamed, "", ""), matchesFilters(unnamed, "null", "")]).toEqual([true, false]);
  });
});

test("Suggestions contain the typed text, sorted, without duplicates and limited", () => {
  const compare = (one: string, other: string): number => one.localeCompare(other);
  expect(suggestionsOf(["Till", "Desk", "till 2", "Till"], "", { max: 9, compare })).toEqual(["Desk", "Till", "till 2"]);
  expect(suggestionsOf(["Till", "Desk", "till 2"], "TILL", { max: 1, compare })).toEqual(["Till"]);
});
