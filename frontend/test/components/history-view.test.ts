import { beforeEach, describe, expect, test } from "vitest";
import { focused } from "../focus.js";
import { defer } from "../house.js";
import { all, button, buttons, mount, only, texts } from "../mount.js";
import { minutesAgo, NORA, session } from "../sessions.js";
import { hidePage, moveIntoView } from "../view.js";
import { Journal } from "./journal.js";

const VIDEO = { media_content_id: "media-source://getscreen/1" };

let journal: Journal;

beforeEach(() => {
  journal = new Journal();
});

describe("The list", () => {
  test("is requested when the card comes into view, and later only for a reason", async () => {
    journal.list(2);
    journal.card = await mount("getscreen-history-card", journal.house);
    await journal.pass(60_000);
    expect([journal.archive.requests, journal.notes]).toEqual([[], ["Loading"]]);
    await journal.see();
    expect([journal.archive.requests.length, journal.count, journal.notes]).toEqual([1, 2, []]);
    await journal.refresh();
    await journal.pass(600_000);
    expect(journal.archive.requests).toHaveLength(1);
  });

  test("is requested again when another session is running, at most every 30 seconds", async () => {
    await journal.show();
    await journal.send({ Desk: null });
    expect(journal.archive.requests).toHaveLength(1);
    await journal.pass(10_000);
    journal.list(1);
    await journal.send({ Desk: 3 });
    await journal.send({ Desk: null });
    await journal.send({ Desk: 1 });
    expect(journal.archive.requests).toHaveLength(1);
    await journal.pass(20_000);
    expect([journal.archive.requests.length, journal.count]).toEqual([2, 1]);
    await journal.pass(60_000);
    expect(journal.archive.requests).toHaveLength(2);
    // Other changes of computers cause no request.
    await journal.send({ Desk: 1 });
    await journal.pass(60_000);
    expect(journal.archive.requests).toHaveLength(2);
  });

  test("is not requested during an outage or while the card is out of view", async () => {
    await journal.show();
    await journal.send({ Desk: null });
    await journal.pass(60_000);
    await journal.send({ Desk: 3 }, false);
    await journal.pass(60_000);
    expect(journal.archive.requests).toHaveLength(1);
    hidePage(true);
    await journal.send({ Desk: 3 });
    await journal.pass(60_000);
    expect(journal.archive.requests).toHaveLength(1);
    hidePage(false);
    await journal.pass(0);
    expect(journal.archive.requests).toHaveLength(2);
  });

  test("is requested again when an invitation changes, because its session belongs to no computer", async () => {
    await journal.show();
    await journal.send({ Desk: null });
    await journal.pass(60_000);
    journal.house.set(`account_${journal.entry}`, "invitation", "unavailable");
    await journal.refresh();
    expect(journal.archive.requests).toHaveLength(1);
    journal.house.set(`account_${journal.entry}`, "invitation", "2026-06-15T12:01:00Z", { event_type: "active" });
    await journal.refresh();
    expect(journal.archive.requests).toHaveLength(2);
  });

  test("is shared by all cards", async () => {
    await journal.show();
    const first = journal.card;
    await journal.show();
    await journal.send({ Desk: null });
    await journal.pass(60_000);
    await journal.send({ Desk: 1 });
    await journal.pass(60_000);
    expect([journal.archive.requests.length, texts(first, ".none")]).toEqual([2, ["No sessions yet"]]);
  });

  test("can be requested with a button", async () => {
    await journal.show();
    journal.list(1);
    await journal.click("Refresh");
    expect([journal.archive.requests.length, journal.count]).toEqual([2, 1]);
  });

  test("shows the reason when the request fails, and can be requested again", async () => {
    const answer = journal.house.answers.get_history;
    journal.house.answers.get_history = () => Promise.reject({ code: "unauthorized" });
    await journal.show();
    expect([texts(journal.card, "[role=alert] > span"), journal.notes]).toEqual([
      ["You do not have permission to do this."],
      ["You do not have permission to do this. Try again"],
    ]);
    await journal.pass(600_000);
    expect(journal.archive.requests).toHaveLength(1);
    Object.assign(journal.house.answers, { get_history: answer });
    journal.list(1);
    await journal.click("Try again");
    expect([journal.notes, journal.count]).toEqual([[], 1]);
  });

  test("stays after a failed request", async () => {
    journal.list(1);
    await journal.show();
    journal.house.answers.get_history = () => Promise.reject(new Error("The server is busy."));
    await journal.click("Refresh");
    expect([journal.count, journal.notes]).toEqual([1, ["The server is busy. Try again"]]);
  });

  test("continues after the card was moved", async () => {
    await journal.show();
    await journal.send({ Desk: null });
    journal.card.remove();
    await journal.pass(60_000);
    document.body.append(journal.card);
    await journal.see();
    await journal.send({ Desk: 2 });
    await journal.pass(0);
    expect(journal.archive.requests).toHaveLength(2);
  });
});

describe("The filter by computer", () => {
  const till = { device: { device_id: "till", name: "Till" } };

  beforeEach(async () => {
    journal.list(4, (index) => (index % 2 ? till : {}));
    await journal.show();
    await journal.send({ Desk: null, Till: null });
  });

  test("requests sessions from the server once a full name is typed", async () => {
    await journal.type("computer", "til");
    expect([journal.computers, journal.archive.requests.length]).toEqual([["Till", "Till"], 1]);
    await journal.pass(599);
    expect(journal.archive.requests).toHaveLength(1);
    await journal.pass(1);
    await journal.pass(500);
    expect([journal.computers, journal.archive.requests[1]]).toEqual([
      ["Till", "Till"],
      { config_entry_id: journal.entry, device_id: "till", limit: 100 },
    ]);
    await journal.enter("computer", "");
    expect([journal.count, journal.archive.requests.length]).toEqual([4, 2]);
  });

  test("finds computers that have left Home Assistant by the names in their sessions", async () => {
    journal.archive.sessions = [...journal.archive.sessions, session(0, 90, { device: { device_id: null, name: "Old laptop" } })];
    await journal.click("Refresh");
    await journal.enter("computer", "laptop");
    await journal.pass(1_000);
    expect([journal.computers, journal.archive.requests.length]).toEqual([["Old laptop"], 2]);
  });

  test("suggests matching computers", async () => {
    const suggested = (): (string | null)[] => all(journal.card, "#computers option").map((option) => option.getAttribute("value"));
    await journal.send({});
    await journal.pass(0);
    expect(suggested()).toEqual(["Desk", "Till"]);
    await journal.type("computer", "des");
    expect(suggested()).toEqual(["Desk"]);
  });

  test("is hidden in a card of one computer", async () => {
    await journal.show({ device: "desk" });
    expect([all(journal.card, "input").map((each) => each.getAttribute("name")), journal.computers]).toEqual([["person", "day"], []]);
    expect(journal.count).toBe(2);
  });
});

describe("The filter by person", () => {
  test("searches the loaded sessions", async () => {
    journal.list(4, (index) => (index % 2 ? { clients: [NORA] } : {}));
    await journal.show();
    await journal.enter("person", "NORA");
    expect([journal.persons, journal.archive.requests.length]).toEqual([["nora@example.com", "nora@example.com"], 1]);
    expect(all(journal.card, "#persons option").map((option) => option.getAttribute("value"))).toEqual(["nora@example.com"]);
    expect(journal.spoken).toEqual(["Sessions: 2"]);
  });

  test("loads some more pages and then asks before it continues", async () => {
    journal.list(1500, (index) => (index === 1400 ? { clients: [NORA] } : {}));
    await journal.show();
    await journal.enter("person", "nora");
    for (let page = 0; page < 20; page++) await journal.reachEnd();
    expect([journal.archive.requests.length, journal.notes]).toEqual([6, ["Searched back to Monday, June 15, 2026. Search further back"]]);
    await journal.click("Search further back");
    for (let page = 0; page < 20; page++) await journal.reachEnd();
    expect(journal.notes).toEqual(["Searched back to Sunday, June 14, 2026. Search further back"]);
    await journal.click("Search further back");
    for (let page = 0; page < 20; page++) await journal.reachEnd();
    expect([journal.persons, journal.notes]).toEqual([["nora@example.com"], []]);
  });
});

describe("The other filters", () => {
  test("request a day from the server", async () => {
    journal.list(2);
    await journal.show();
    await journal.enter("day", "2026-06-09");
    await journal.pass(500);
    expect(journal.archive.requests[1]).toEqual({
      config_entry_id: journal.entry,
      start: "2026-06-09T00:00:00",
      end: "2026-06-09T23:59:59",
      limit: 100,
    });
    expect(journal.notes).toEqual(["No session matches the filters. Clear filters"]);
  });

  test("ignore a date while its year is being typed", async () => {
    await journal.show();
    await journal.enter("day", "0002-06-09");
    await journal.pass(1_000);
    expect(journal.archive.requests).toHaveLength(1);
  });

  test("do not request a past day again", async () => {
    await journal.show();
    await journal.enter("day", "2026-06-09");
    await journal.pass(500);
    await journal.send({ Desk: null });
    await journal.pass(60_000);
    await journal.send({ Desk: 1 });
    await journal.pass(60_000);
    expect(journal.archive.requests).toHaveLength(2);
  });

  test("request recordings from the server", async () => {
    journal.list(4, (index) => (index === 2 ? { video: VIDEO } : {}));
    await journal.show();
    await journal.click("With recording");
    await journal.pass(500);
    expect([journal.archive.requests[1]?.with_video, journal.count]).toEqual([true, 1]);
    expect(button(journal.card, "With recording").getAttribute("aria-pressed")).toBe("true");
    await journal.click("With recording");
    expect([journal.archive.requests.length, journal.count]).toEqual([2, 4]);
  });

  test("can be cleared if nothing matches", async () => {
    journal.list(1);
    await journal.show();
    await journal.enter("person", "nora");
    expect(journal.notes).toEqual(["No session matches the filters. Clear filters"]);
    await journal.click("Clear filters");
    expect([journal.count, journal.field("person").value, focused()]).toEqual([1, "", only(journal.card, ".content")]);
  });

  test("can be combined, and Enter completes them", async () => {
    journal.list(4, (index) => ({ video: VIDEO, clients: index ? [NORA] : [] }));
    await journal.show();
    await journal.click("With recording");
    await journal.type("person", "nora");
    only(journal.card, "form").dispatchEvent(new Event("submit", { cancelable: true }));
    await journal.pass(500);
    expect([journal.count, journal.spoken]).toEqual([3, ["Sessions: 3"]]);
  });
});

describe("Older sessions", () => {
  test("are loaded when the end of the list comes into view, until there are no more", async () => {
    journal.list(250);
    await journal.show();
    const counts: number[] = [journal.count];
    for (let page = 0; page < 4; page++) {
      await journal.reachEnd();
      counts.push(journal.count);
    }
    expect([counts, journal.archive.requests.length, all(journal.card, ".end")]).toEqual([[100, 199, 250, 250, 250], 3, []]);
  });

  test("are not loaded after a failure until the user tries again", async () => {
    journal.list(250);
    await journal.show();
    const answer = journal.house.answers.get_history;
    journal.house.answers.get_history = () => Promise.reject(new Error("The server is busy."));
    for (let page = 0; page < 3; page++) await journal.reachEnd();
    expect([journal.archive.requests.length, journal.notes]).toEqual([2, ["The server is busy. Try again"]]);
    Object.assign(journal.house.answers, { get_history: answer });
    await journal.click("Try again");
    await journal.reachEnd();
    expect(journal.count).toBe(199);
  });

  test("are announced as loading and requested once, even if the server is slow", async () => {
    journal.list(150);
    await journal.show();
    const { get_history: answer } = journal.house.answers;
    const slow = defer();
    journal.house.answers.get_history = (data) => slow.promise.then(() => answer?.(data));
    for (let time = 0; time < 10; time++) await journal.reachEnd();
    expect([journal.notes, journal.archive.requests.length]).toEqual([["Loading"], 2]);
    slow.resolve();
    await journal.pass(0);
    expect([journal.notes, journal.count]).toEqual([[], 150]);
  });

  test("are loaded with a button if the card has a limited number of rows", async () => {
    journal.list(120);
    await journal.show({ rows: 45 });
    expect([journal.count, buttons(journal.card).slice(-1)]).toEqual([45, ["Show more"]]);
    await journal.click("Show more");
    expect([journal.count, journal.archive.requests.length]).toEqual([90, 1]);
    await journal.click("Show more");
    await journal.reachEnd();
    expect([journal.count, journal.archive.requests.length, journal.notes]).toEqual([120, 2, []]);
    await journal.enter("person", "jonas");
    expect(journal.count).toBe(45);
  });

  test("far out of view are not in the page", async () => {
    journal.list(100);
    await journal.show();
    const blocks = all(journal.card, ".block");
    for (const block of blocks) block.getBoundingClientRect = () => ({ height: 1500 }) as DOMRect;
    moveIntoView(blocks.slice(2), false);
    await journal.pass(0);
    expect([journal.count, blocks.map((block) => block.getAttribute("style"))]).toEqual([50, ["", "", "height: 1500px", "height: 1500px"]]);
    moveIntoView(blocks.slice(2, 3));
    await journal.pass(0);
    expect([journal.count, blocks[2]?.getAttribute("style")]).toEqual([75, ""]);
    // Another list starts at its top.
    await journal.enter("person", "jonas");
    expect(journal.count).toBe(100);
  });

  test("stay in the page while they have the focus or while the page is hidden", async () => {
    journal.list(100, () => ({ video: VIDEO }));
    await journal.show();
    const blocks = all(journal.card, ".block");
    moveIntoView(blocks, false);
    await journal.pass(0);
    expect(journal.count).toBe(100);
    for (const block of blocks) block.getBoundingClientRect = () => ({ height: 1500 }) as DOMRect;
    all(journal.card, ".play")[30]?.focus();
    moveIntoView(blocks, false);
    await journal.pass(0);
    expect(journal.count).toBe(25);
  });
});

test("A recording is played above the card", async () => {
  journal.list(1, () => ({ video: VIDEO }));
  await journal.show();
  await journal.click(`Play recording, Desk, jonas@example.com, 11:50 – 11:55`);
  expect(texts(journal.card, "dialog h2")).toEqual(["Desk"]);
  expect(minutesAgo(10)).toBe("2026-06-15T11:50:00.000Z");
});
