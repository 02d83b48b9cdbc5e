import { beforeEach, describe, expect, test } from "vitest";
import type { Computer } from "../../src/state/fleet.js";
import { record } from "../fleet-bench.js";
import { focused } from "../focus.js";
import { all, buttons, only, question, textOf, texts } from "../mount.js";
import { watchTabs } from "../tabs.js";
import { ComputersBench, many } from "./computers-bench.js";

const named = (name: string, change: Partial<Computer> = {}): Computer => record({ device_id: name, name, ...change });

const COMPUTERS = [named("Till 1", { online: false }), named("Till 2"), named("Müller", { group: "Shop" })];

let bench: ComputersBench;

beforeEach(() => {
  bench = new ComputersBench();
  bench.house.connection.answerMessage = () => ({ terms: { "Till 2": ["PC-4711", "192.168.7.23"], Müller: ["192.168.7.24"] } });
});

const show = (config: Record<string, unknown> = {}, computers: Computer[] = COMPUTERS): Promise<void> =>
  bench.show({ toolbar: true, ...config }, computers);

const chips = (): string[] => texts(bench.card, "button.chip");

const pressed = (): string[] =>
  all(bench.card, "button.chip")
    .filter((chip) => chip.getAttribute("aria-pressed") === "true")
    .map(textOf);

const requested = (): object[] => bench.house.connection.sent.filter((message) => JSON.stringify(message).includes("search_terms"));

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
    await bench.show(config, many(count));
    expect(all(bench.card, "getscreen-computers-toolbar")).toHaveLength(Number(isThere));
  });

  test("filters only while it is shown, because hidden filters could not be changed", async () => {
    await bench.show({}, many(9));
    only(bench.card, "[data-filter=offline]").click();
    await bench.drawn();
    expect(bench.names).toHaveLength(3);
    await bench.send({ removed: ["pc9"] });
    expect([bench.names.length, all(bench.card, "getscreen-computers-toolbar")]).toEqual([8, []]);
    await bench.send({ computers: many(9) });
    expect([bench.names.length, all(bench.card, "getscreen-computers-toolbar").length]).toEqual([3, 1]);
  });

  test("names its controls for screen readers", async () => {
    await show();
    const controls = all(bench.card, "input[type=search], select, .end button, .chips");
    expect(controls.map((control) => control.getAttribute("aria-label"))).toEqual([
      "Search computers",
      "Filters",
      "Sort by",
      "Select computers",
      "Show desktops",
    ]);
    expect(bench.field.getAttribute("aria-keyshortcuts")).toBe("/");
  });
});

describe("A search", () => {
  test("shows the matches and says how many there are", async () => {
    await show();
    await bench.search("till");
    expect([bench.names, bench.spoken]).toEqual([["Till 1", "Till 2"], "Computers found: 2"]);
    await bench.search("muller shop");
    expect([bench.names, bench.spoken]).toEqual([["Müller"], "Computers found: 1"]);
    await bench.search("");
    expect(bench.names).toHaveLength(3);
  });

  test("says if nothing matches", async () => {
    await show();
    await bench.search("<b>nobody</b>");
    expect([bench.names, bench.notices, bench.spoken]).toEqual([[], ["No computer matches the search and filters."], "Computers found: 0"]);
    expect(all(bench.card, "b")).toEqual([]);
  });

  test("finds host names and addresses, which are requested only when the user searches", async () => {
    await show({ account: "entry" });
    expect(requested()).toEqual([]);
    await bench.search("pc-4711");
    expect([bench.names, requested()]).toEqual([["Till 2"], [{ type: "getscreen/computers/search_terms", account: "entry" }]]);
    await bench.search("192.168");
    expect([bench.names, requested().length]).toEqual([["Till 2", "Müller"], 1]);
  });

  test("finds names even if that request fails", async () => {
    bench.house.connection.answerMessage = () => Promise.reject({ code: "unknown_command" });
    await show();
    await bench.search("till 2");
    expect([bench.names, bench.messages]).toEqual([["Till 2"], []]);
  });

  test("shows matches in collapsed groups", async () => {
    await show({ collapsed: true });
    expect(bench.names).toEqual([]);
    await bench.search("till 2");
    expect(bench.names).toEqual(["Till 2"]);
  });

  test("ends with Escape, and a second Escape is left to the page", async () => {
    await show();
    await bench.search("till");
    expect([await bench.press("Escape"), bench.field.value, bench.names.length]).toEqual([false, "", 3]);
    expect(await bench.press("Escape")).toBe(true);
  });

  test("is not stored, so that no computer is hidden the next day", async () => {
    await show();
    await bench.search("till");
    bench = new ComputersBench();
    await show();
    expect([bench.field.value, bench.names.length]).toEqual(["", 3]);
  });

  test("moves to the list with the down arrow if there are matches", async () => {
    await show();
    await bench.search("till");
    await bench.press("ArrowDown");
    expect(bench.focusedName).toBe("Office");
    await bench.search("nobody");
    await bench.press("ArrowDown");
    expect(focused()).toBe(bench.field);
  });
});

describe("Enter in the search", () => {
  const links = (): unknown[] => bench.house.callsOf("get_connection_link").map(({ data }) => data);

  beforeEach(() => {
    bench.house.answers.get_connection_link = () => ({ url: "https://getscreen.test/secret" });
  });

  const enter = async (words: string, init: KeyboardEventInit = {}): Promise<void> => {
    await bench.search(words);
    await bench.press("Enter", init);
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
    expect([question(bench.card) !== undefined, opened]).toEqual([true, []]);
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
    expect([bench.house.callsOf("wake").map(({ target }) => target), links()]).toEqual([[{ device_id: "Till 1" }], []]);
    await bench.change({ online: true }, COMPUTERS[0]);
    expect(links()).toEqual([{ device_id: "Till 1" }]);
  });

  test.each([
    ["several matches", "till", "Office"],
    ["an empty search", " ", "Office"],
  ])("moves to the list for %s", async (_, words, name) => {
    const { opened } = watchTabs();
    await show();
    await enter(words);
    expect([bench.focusedName, opened, bench.house.calls]).toEqual([name, [], []]);
  });

  test("does nothing without a match or while a word is being composed", async () => {
    const { opened } = watchTabs();
    await show();
    await enter("nobody");
    await enter("till 2", { isComposing: true });
    expect([focused() === bench.field, opened]).toEqual([true, []]);
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
    await bench.send({ computers: SOME.slice(3) });
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
    await bench.click(name);
    expect([bench.names, pressed()]).toEqual([names, [name]]);
  });

  test("are stored, even without any match left, and a second click shows all", async () => {
    await show({}, SOME);
    await bench.click("Favorites 1");
    bench = new ComputersBench();
    await show();
    expect([bench.names, bench.notices, pressed()]).toEqual([[], ["No computer matches the search and filters."], ["Favorites 0"]]);
    await bench.click("Favorites 0");
    expect([bench.names.length, pressed()]).toEqual([3, ["All 3"]]);
  });

  test("are stored only for cards of the same computers", async () => {
    await show();
    await bench.click("Offline 1");
    bench = new ComputersBench();
    await show({ account: "entry" });
    expect(pressed()).toEqual(["All 3"]);
    bench.card.setConfig({ type: "custom:getscreen-card", toolbar: true });
    await bench.drawn();
    await bench.send({ computers: COMPUTERS });
    expect(pressed()).toEqual(["Offline 1"]);
  });
});

describe("The display options", () => {
  const choose = async (sort: string): Promise<void> => {
    const select = only<HTMLSelectElement>(bench.card, "select");
    select.value = sort;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    await bench.drawn();
  };

  test("sort the computers, and the order is stored", async () => {
    await show();
    expect(texts(bench.card, "option")).toEqual(["Group", "Name", "Last seen", "State"]);
    await choose("name");
    expect([bench.names, bench.groups]).toEqual([["Müller", "Till 1", "Till 2"], []]);
    bench = new ComputersBench();
    await show();
    expect([bench.names, only<HTMLSelectElement>(bench.card, "select").value]).toEqual([["Müller", "Till 1", "Till 2"], "name"]);
  });

  test("show or hide pictures whatever the card's default is", async () => {
    const isCompact = (): boolean => only(bench.card, ".list").classList.contains("compact");
    await show();
    await bench.resize(900);
    expect(isCompact()).toBe(false);
    await bench.click("Show desktops");
    expect(isCompact()).toBe(true);
    await bench.resize(400);
    await bench.click("Show desktops");
    expect(isCompact()).toBe(false);
    bench = new ComputersBench();
    await show({ pictures: false });
    expect(isCompact()).toBe(false);
  });

  test("start and end the selection", async () => {
    await show();
    await bench.click("Select computers");
    expect([bench.bars.length, buttons(bench.card).includes("Exit selection mode")]).toEqual([1, true]);
    await bench.click("Select computers");
    expect(bench.bars).toEqual([]);
  });
});
