import { describe, expect, test, vi } from "vitest";
import { loadChoice, type StoredChoice, storeChoice } from "../../src/state/choice.js";

const DEFAULT: StoredChoice = { filter: "all", sort: "group", collapsed: new Map() };

/** Store a text in the browser as another program might. */
const store = (text: string): void => localStorage.setItem("getscreen.view.mine", text);

describe("The choice of a user", () => {
  test("is the same after a reload", () => {
    const choice: StoredChoice = {
      filter: "offline",
      sort: "last_seen",
      pictures: false,
      collapsed: new Map([
        ["Shop", true],
        ["", false],
      ]),
    };
    storeChoice("mine", choice);
    expect(loadChoice("mine")).toEqual(choice);
  });

  test("is separate for other cards", () => {
    storeChoice("mine", { ...DEFAULT, filter: "offline" });
    expect(loadChoice("another")).toEqual(DEFAULT);
  });

  test("is bounded: of many groups, the latest are stored", () => {
    const collapsed = new Map(Array.from({ length: 501 }, (_, number) => [`Group ${number}`, true]));
    storeChoice("mine", { ...DEFAULT, collapsed });
    const { collapsed: loaded } = loadChoice("mine");
    expect([loaded.size, loaded.has("Group 0"), loaded.has("Group 500")]).toEqual([500, false, true]);
  });

  test("does not include the search", () => {
    storeChoice("mine", { ...DEFAULT, search: "secret" } as StoredChoice);
    expect(loadChoice("mine")).not.toHaveProperty("search");
  });
});

describe("The stored choice", () => {
  test.each([
    "nothing",
    "null",
    "1",
    '"text"',
    "[]",
    "{}",
    '{"filter":"x","sort":1,"pictures":"yes","collapsed":{}}',
    '{"collapsed":[null,1,"a",["a"],[1,true],["a",1]]}',
    '{"filter":"constructor","sort":"toString"}',
  ])("is the default if it reads %s", (text) => {
    store(text);
    expect(loadChoice("mine")).toEqual(DEFAULT);
  });

  test("is used as far as it is valid", () => {
    store('{"filter":"x","sort":"state","pictures":true,"collapsed":[["Shop",true],["Office"]]}');
    expect(loadChoice("mine")).toEqual({ filter: "all", sort: "state", pictures: true, collapsed: new Map([["Shop", true]]) });
  });

  test.each<[string, object | undefined]>([
    ["has no storage", undefined],
    [
      "forbids storage",
      {
        getItem: () => {
          throw new DOMException("Denied", "SecurityError");
        },
        setItem: () => {
          throw new DOMException("Full", "QuotaExceededError");
        },
      },
    ],
  ])("is the default in a browser that %s, and nothing fails", (_, storage) => {
    vi.stubGlobal("localStorage", storage);
    storeChoice("mine", { ...DEFAULT, filter: "offline" });
    expect(loadChoice("mine")).toEqual(DEFAULT);
  });
});
