import { beforeEach, describe, expect, test } from "vitest";
import type { Computer } from "../../src/state/fleet.js";
import { record } from "../fleet-bench.js";
import { focused } from "../focus.js";
import { all, buttons, only, question, textOf, texts } from "../mount.js";
import { watchTabs } from "../tabs.js";
import { Desk, many } from "./desk.js";

const named = (name: string, change: Partial<Computer> = {}): Computer => record({ device_id: name, name, ...change });

const COMPUTERS = [named("Till 1", { online: false }), named("Till 2"), named("Müller", { group: "Shop" })];

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
  desk.house.connection.answerMessage = () => ({ terms: { "Till 2": ["PC-4711", "192.168.7.23"], Müller: ["192.168.7.24"] } });
});

const show = (config: Record<string, unknown> = {}, computers: Computer[] = COMPUTERS): Promise<void> =>
  desk.show({ toolbar: true, ...config }, computers);

const chips = (): string[] => texts(desk.card, "button.chip");

const pressed = (): string[] =>
  all(desk.card, "button.chip")
    .filter((chip) => chip.getAttribute("aria-pressed") === "true")
    .map(textOf);

const requested = (): object[] => desk.house.connection.sent.filter((message) => JSON.stringify(message).includes("search_terms"));

describe("The toolbar", () => {
  test.each<[Record<string, unknown>, number, boolean]>([
    [{}, 8, false],
    [{}, 9, true],
    [{ toolbar: true }, 1, true],
    // Without computers there is no toolbar, because a count of 0 would look the same as an unknown count.
    [{ toolbar: true }, 0, false],
    [{ toolbar: false }, 9, false],
    [{ device: "pc1" }, 9, false],
  ])("with %j and %i computers is there: %s", async (config, count, isThere) => {
    await desk.show(config, many(count));
    expect(all(desk.card, "getscreen-computers-toolbar")).toHaveLength(Number(isThere));
  });

  test("filters only while it is shown, because hidden filters could not be changed", async () => {
    await desk.show({}, many(9));
    only(desk.card, "[data-filter=offline]").click();
    await desk.drawn();
    expect(desk.names).toHaveLength(3);
    await desk.send({ removed: ["pc9"] });
    expect([desk.names.length, all(desk.card, "getscreen-computers-toolbar")]).toEqual([8, []]);
    await desk.send({ computers: many(9) });
    expect([desk.names.length, all(desk.card, "getscreen-computers-toolbar").length]).toEqual([3, 1]);
  });

  test("names its controls for screen readers", async () => {
    await show();
    const controls = all(desk.card, "input[type=search], select, .end button, .chips");
    expect(controls.map((control) => control.getAttribute("aria-label"))).toEqual([
      "Search computers",
      "Filters",
      "Sort by",
      "Select computers",
      "Show desktops",
    ]);
    expect(desk.field.getAttribute("aria-keyshortcuts")).toBe("/");
  });
});

describe("A search", () => {
  test("shows the matches and says how many there are", async () => {
    await show();
    await desk.search("till");
    expect([desk.names, desk.spoken]).toEqual([["Till 1", "Till 2"], "Computers found: 2"]);
    await desk.search("muller shop");
    expect([desk.names, desk.spoken]).toEqual([["Müller"], "Computers found: 1"]);
    await desk.search("");
    expect(desk.names).toHaveLength(3);
  });

  test("says if nothing matches", async () => {
    await show();
    await desk.search("<b>nobody</b>");
    expect([desk.names, desk.notices, desk.spoken]).toEqual([[], ["No computer matches the search and filters."], "Computers found: 0"]);
    expect(all(desk.card, "b")).toEqual([]);
  });

  test("finds host names and addresses, which are requested only when the user searches", async () => {
    await show({ account: "entry" });
    expect(requested()).toEqual([]);
    await desk.search("pc-4711");
    expect([desk.names, requested()]).toEqual([["Till 2"], [{ type: "getscreen/computers/search_terms", account: "entry" }]]);
    await desk.search("192.168");
    expect([desk.names, requested().length]).toEqual([["Till 2", "Müller"], 1]);
  });

  test("finds names even if that request fails", async () => {
    desk.house.connection.answerMessage = () => Promise.reject({ code: "unknown_command" });
    await show();
    await desk.search("till 2");
    expect([desk.names, desk.messages]).toEqual([["Till 2"], []]);
  });

  test("shows matches in collapsed groups", async () => {
    await show({ collapsed: true });
    expect(desk.names).toEqual([]);
    await desk.search("till 2");
    expect(desk.names).toEqual(["Till 2"]);
  });

  test("ends with Escape, and a second Escape is left to the page", async () => {
    await show();
    await desk.search("till");
    expect([await desk.press("Escape"), desk.field.value, desk.names.length]).toEqual([false, "", 3]);
    expect(await desk.press("Escape")).toBe(true);
  });

  test("is not stored, so that no computer is hidden the next day", async () => {
    await show();
    await desk.search("till");
    desk = new Desk();
    await show();
    expect([desk.field.value, desk.names.length]).toEqual(["", 3]);
  });

  test("moves to the list with the down arrow if there are matches", async () => {
    await show();
    await desk.search("till");
    await desk.press("ArrowDown");
    expect(desk.focusedName).toBe("Office");
    await desk.search("nobody");
    await desk.press("ArrowDown");
    expect(focused()).toBe(desk.field);
  });
});

describe("Enter in the search", () => {
  const links = (): unknown[] => desk.house.callsOf("get_connection_link").map(({ data }) => data);

  beforeEach(() => {
    desk.house.answers.get_connection_link = () => ({ url: "https://getscreen.test/secret" });
  });

  const enter = async (words: string, init: KeyboardEventInit = {}): Promise<void> => {
    await desk.search(words);
    await desk.press("Enter", init);
  };

  test("connects to the only match within the key press", async () => {
    const { opened, visits } = watchTabs();
    await show();
    await enter("pc-4711");
    expect([links(), opened, visits.length]).toEqual([[{ device_id: "Till 2" }], [["", "_blank"]], 1]);
  });

  test("asks for confirmation if somebody is connected", async () => {
    const { opened } = watchTabs();
    await show({}, [named("Till", { session: { start: "2026-06-15T11:00:00Z", country: null, city: null } })]);
    await enter("till");
    expect([question(desk.card) !== undefined, opened]).toEqual([true, []]);
  });

  test("prefers a computer with this name to others with this address or group", async () => {
    watchTabs();
    await show({}, [named("192.168.7.2"), named("Other", { group: "192.168.7.2" })]);
    await enter("192.168.7.2");
    expect(links()).toEqual([{ device_id: "192.168.7.2" }]);
  });

  test("prefers a computer with exactly this name to others with longer names", async () => {
    watchTabs();
    await show({}, [named("Till 29"), named("Till 290"), named("Till 291")]);
    await enter("till 2");
    expect(links()).toEqual([]);
    await enter(" TILL  29 ");
    expect(links()).toEqual([{ device_id: "Till 29" }]);
  });

  test("wakes the only match if it is offline, and connects to it", async () => {
    watchTabs();
    await show();
    await enter("till 1");
    expect([desk.house.callsOf("wake").map(({ target }) => target), links()]).toEqual([[{ device_id: "Till 1" }], []]);
    await desk.change({ online: true }, COMPUTERS[0]);
    expect(links()).toEqual([{ device_id: "Till 1" }]);
  });

  test.each([
    ["several matches", "till", "Office"],
    ["an empty search", " ", "Office"],
  ])("moves to the list for %s", async (_, words, name) => {
    const { opened } = watchTabs();
    await show();
    await enter(words);
    expect([desk.focusedName, opened, desk.house.calls]).toEqual([name, [], []]);
  });

  test("does nothing without a match or while a word is being composed", async () => {
    const { opened } = watchTabs();
    await show();
    await enter("nobody");
    await enter("till 2", { isComposing: true });
    expect([focused() === desk.field, opened]).toEqual([true, []]);
  });
});

describe("The filters", () => {
  const SOME = [
    ...COMPUTERS,
    named("Star", { favorite: true, session: { start: "2026-06-15T11:00:00Z", country: null, city: null } }),
    named("Old", { online: null, attention: ["offline_long"] }),
  ];

  test("show their number of computers, and those without computers are hidden", async () => {
    await show();
    expect([chips(), pressed()]).toEqual([["All 3", "Online 2", "Offline 1", "In session 0"], ["All 3"]]);
    await desk.send({ computers: SOME.slice(3) });
    expect(chips()).toEqual(["All 5", "Online 3", "Offline 1", "In session 1", "Favorites 1", "Needs attention 1"]);
  });

  test.each([
    ["Online 3", ["Star", "Till 2", "Müller"]],
    ["Offline 1", ["Till 1"]],
    ["In session 1", ["Star"]],
    ["Favorites 1", ["Star"]],
    ["Needs attention 1", ["Old"]],
    ["All 5", ["Old", "Star", "Till 1", "Till 2", "Müller"]],
  ])("show the right computers: %s", async (name, names) => {
    await show({}, SOME);
    await desk.click(name);
    expect([desk.names, pressed()]).toEqual([names, [name]]);
  });

  test("are stored, even without any match left, and a second click shows all", async () => {
    await show({}, SOME);
    await desk.click("Favorites 1");
    desk = new Desk();
    await show();
    expect([desk.names, desk.notices, pressed()]).toEqual([[], ["No computer matches the search and filters."], ["Favorites 0"]]);
    await desk.click("Favorites 0");
    expect([desk.names.length, pressed()]).toEqual([3, ["All 3"]]);
  });

  test("are stored only for cards of the same computers", async () => {
    await show();
    await desk.click("Offline 1");
    desk = new Desk();
    await show({ account: "entry" });
    expect(pressed()).toEqual(["All 3"]);
    desk.card.setConfig({ type: "custom:getscreen-card", toolbar: true });
    await desk.drawn();
    await desk.send({ computers: COMPUTERS });
    expect(pressed()).toEqual(["Offline 1"]);
  });
});

describe("The display options", () => {
  const choose = async (sort: string): Promise<void> => {
    const select = only<HTMLSelectElement>(desk.card, "select");
    select.value = sort;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await desk.drawn();
  };

  test("sort the computers, and the order is stored", async () => {
    await show();
    expect(texts(desk.card, "option")).toEqual(["Group", "Name", "Last seen", "State"]);
    await choose("name");
    expect([desk.names, desk.groups]).toEqual([["Müller", "Till 1", "Till 2"], []]);
    desk = new Desk();
    await show();
    expect([desk.names, only<HTMLSelectElement>(desk.card, "select").value]).toEqual([["Müller", "Till 1", "Till 2"], "name"]);
  });

  test("show or hide pictures whatever the card's default is", async () => {
    const isCompact = (): boolean => only(desk.card, ".list").classList.contains("compact");
    await show();
    await desk.resize(900);
    expect(isCompact()).toBe(false);
    await desk.click("Show desktops");
    expect(isCompact()).toBe(true);
    await desk.resize(400);
    await desk.click("Show desktops");
    expect(isCompact()).toBe(false);
    desk = new Desk();
    await show({ pictures: false });
    expect(isCompact()).toBe(false);
  });

  test("start and end the selection", async () => {
    await show();
    await desk.click("Select computers");
    expect([desk.bars.length, buttons(desk.card).includes("Exit selection mode")]).toEqual([1, true]);
    await desk.click("Select computers");
    expect(desk.bars).toEqual([]);
  });
});
