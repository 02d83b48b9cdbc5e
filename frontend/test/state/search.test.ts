import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Computer } from "../../src/state/fleet.js";
import { matches, matchesText, type SearchTerms, TermsRequest, wordsOf } from "../../src/state/search.js";
import { TestConnection } from "../connection.js";
import { record } from "../fleet-bench.js";
import { stopClock } from "../house.js";

const DESK = record({ name: "Müller's Desk 12", group: "Büro Süd" });
const TERMS: SearchTerms = new Map([["desk", ["PC-4711", "192.168.7.23", "anna@example.com"]]]);

const finds = (search: string, computer: Computer = DESK, terms: SearchTerms = TERMS): boolean => matches(computer, wordsOf(search), terms);

describe("A search finds a computer", () => {
  test.each([
    ["desk", "by a part of its name"],
    ["MULLER", "without accents, in any case"],
    ["müller", "with accents"],
    ["mu\u0308ller", "with accents that are characters of their own"],
    ["buro", "by its group"],
    ["windows", "by its system"],
    ["pc-4711", "by its host name"],
    ["192.168.7.23", "by its address"],
    ["7.23 desk", "by several words, in any order"],
    ["  desk  12 ", "with spaces around the words"],
    ["anna@", "by its user"],
    ["", "with an empty search"],
    [" ", "with only a space as the search"],
  ])("for %j: %s", (search) => {
    expect(finds(search)).toBe(true);
  });

  test.each([
    ["desk 13", "if one word is missing"],
    ["12b", "across the end of its name and the beginning of its group"],
    ["linux", "by the system of others"],
    [".*", "by a pattern"],
  ])("not for %j: %s", (search) => {
    expect(finds(search)).toBe(false);
  });

  test("without a group, a known system or terms", () => {
    const bare = record({ group: null, operating_system: null });
    expect([finds("desk", bare, new Map()), finds("null", bare, new Map())]).toEqual([true, false]);
    expect(finds("beos", record({ operating_system: "beos" }))).toBe(false);
  });

  test("by terms that arrive later, and by its new record after a change", () => {
    expect([finds("4711", DESK, new Map()), finds("4711")]).toEqual([false, true]);
    expect(finds("4711", DESK, new Map([["desk", ["PC-12"]]]))).toBe(false);
    expect(finds("till", { ...DESK, name: "Till" })).toBe(true);
  });

  test("without normalizing its texts again", () => {
    const computer = record({ name: "Once" });
    finds("once", computer);
    const normalize = vi.spyOn(String.prototype, "normalize");
    matches(computer, ["once"], TERMS);
    expect(normalize).not.toHaveBeenCalled();
  });

  test("A text matches if it contains all words", () => {
    expect([matchesText("Müller's Desk", ["desk", "mull"]), matchesText("Desk", ["desk", "12"])]).toEqual([true, false]);
  });
});

describe("The search terms", () => {
  let connection: TestConnection;
  let request: TermsRequest;

  beforeEach(() => {
    stopClock();
    connection = new TestConnection();
    connection.answerMessage = () => ({ terms: { desk: ["PC-4711"] } });
    request = new TermsRequest();
  });

  test("are requested when needed, for one account or for all", async () => {
    expect(await request.prepare(connection, "entry")).toBe(true);
    await new TermsRequest().prepare(connection);
    expect(connection.sent).toEqual([
      { type: "getscreen/computers/search_terms", account: "entry" },
      { type: "getscreen/computers/search_terms" },
    ]);
    expect(request.terms.get("desk")).toEqual(["PC-4711"]);
  });

  test("are requested at most once a minute, one request at a time", async () => {
    expect(await Promise.all([request.prepare(connection), request.prepare(connection)])).toEqual([true, false]);
    vi.advanceTimersByTime(59_999);
    expect(await request.prepare(connection)).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await request.prepare(connection)).toBe(true);
    expect(connection.sent).toHaveLength(2);
  });

  test("stay known if the next request fails, which is retried", async () => {
    await request.prepare(connection);
    vi.advanceTimersByTime(60_000);
    connection.answerMessage = () => Promise.reject({ code: "unknown_command" });
    expect(await request.prepare(connection)).toBe(false);
    expect(request.terms.get("desk")).toEqual(["PC-4711"]);
    connection.answerMessage = () => ({ terms: {} });
    expect([await request.prepare(connection), request.terms.size]).toEqual([true, 0]);
  });
});
