import { beforeEach, describe, expect, test } from "vitest";
import { focused } from "../focus.js";
import { defer } from "../house.js";
import { all, button, buttons, mount, only, texts } from "../mount.js";
import { minutesAgo, NORA, session } from "../sessions.js";
import { hidePage, moveIntoView } from "../view.js";
import { HistoryBench } from "./history-bench.js";

const VIDEO = { media_content_id: "media-source://getscreen/1" };

let bench: HistoryBench;

beforeEach(() => {
  bench = new HistoryBench();
});

describe("The list", () => {
  test("is requested when the card comes into view, and later only for a reason", async () => {
    bench.list(2);
    bench.card = await mount("getscreen-history-card", bench.house);
    await bench.pass(60_000);
    expect([bench.archive.requests, bench.notes]).toEqual([[], ["Loading"]]);
    await bench.setVisible();
    expect([bench.archive.requests.length, bench.count, bench.notes]).toEqual([1, 2, []]);
    await bench.refresh();
    await bench.pass(600_000);
    expect(bench.archive.requests).toHaveLength(1);
  });

  test("is requested again when another session is running, at most every 30 seconds", async () => {
    await bench.show();
    await bench.send({ Desk: null });
    expect(bench.archive.requests).toHaveLength(1);
    await bench.pass(10_000);
    bench.list(1);
    await bench.send({ Desk: 3 });
    await bench.send({ Desk: null });
    await bench.send({ Desk: 1 });
    expect(bench.archive.requests).toHaveLength(1);
    await bench.pass(20_000);
    expect([bench.archive.requests.length, bench.count]).toEqual([2, 1]);
    await bench.pass(60_000);
    expect(bench.archive.requests).toHaveLength(2);
    // Other changes of computers cause no request.
    await bench.send({ Desk: 1 });
    await bench.pass(60_000);
    expect(bench.archive.requests).toHaveLength(2);
  });

  test("is not requested during an outage or while the card is out of view", async () => {
    await bench.show();
    await bench.send({ Desk: null });
    await bench.pass(60_000);
    await bench.send({ Desk: 3 }, false);
    await bench.pass(60_000);
    expect(bench.archive.requests).toHaveLength(1);
    hidePage(true);
    await bench.send({ Desk: 3 });
    await bench.pass(60_000);
    expect(bench.archive.requests).toHaveLength(1);
    hidePage(false);
    await bench.pass(0);
    expect(bench.archive.requests).toHaveLength(2);
  });

  test("is requested again when an invitation changes, because its session belongs to no computer", async () => {
    await bench.show();
    await bench.send({ Desk: null });
    await bench.pass(60_000);
    bench.house.set(`account_${bench.entry}`, "invitation", "unavailable");
    await bench.refresh();
    expect(bench.archive.requests).toHaveLength(1);
    bench.house.set(`account_${bench.entry}`, "invitation", "2026-06-15T12:01:00Z", { event_type: "active" });
    await bench.refresh();
    expect(bench.archive.requests).toHaveLength(2);
  });

  test("is shared by all cards", async () => {
    await bench.show();
    const first = bench.card;
    await bench.show();
    await bench.send({ Desk: null });
    await bench.pass(60_000);
    await bench.send({ Desk: 1 });
    await bench.pass(60_000);
    expect([bench.archive.requests.length, texts(first, ".none")]).toEqual([2, ["No sessions yet"]]);
  });

  test("can be requested with a button", async () => {
    await bench.show();
    bench.list(1);
    await bench.click("Refresh");
    expect([bench.archive.requests.length, bench.count]).toEqual([2, 1]);
  });

  test("shows the reason when the request fails, and can be requested again", async () => {
    const answer = bench.house.answers.get_history;
    bench.house.answers.get_history = () => Promise.reject({ code: "unauthorized" });
    await bench.show();
    expect([texts(bench.card, "[role=alert] > span"), bench.notes]).toEqual([
      ["You do not have permission to do this."],
      ["You do not have permission to do this. Try again"],
    ]);
    await bench.pass(600_000);
    expect(bench.archive.requests).toHaveLength(1);
    Object.assign(bench.house.answers, { get_history: answer });
    bench.list(1);
    await bench.click("Try again");
    expect([bench.notes, bench.count]).toEqual([[], 1]);
  });

  test("stays after a failed request", async () => {
    bench.list(1);
    await bench.show();
    bench.house.answers.get_history = () => Promise.reject(new Error("The server is busy."));
    await bench.click("Refresh");
    expect([bench.count, bench.notes]).toEqual([1, ["The server is busy. Try again"]]);
  });

  test("continues after the card was moved", async () => {
    await bench.show();
    await bench.send({ Desk: null });
    bench.card.remove();
    await bench.pass(60_000);
    document.body.append(bench.card);
    await bench.setVisible();
    await bench.send({ Desk: 2 });
    await bench.pass(0);
    expect(bench.archive.requests).toHaveLength(2);
  });
});

describe("The filter by computer", () => {
  const till = { device: { device_id: "till", name: "Till" } };

  beforeEach(async () => {
    bench.list(4, (index) => (index % 2 ? till : {}));
    await bench.show();
    await bench.send({ Desk: null, Till: null });
  });

  test("requests sessions from the server once a full name is typed", async () => {
    await bench.type("computer", "til");
    expect([bench.computers, bench.archive.requests.length]).toEqual([["Till", "Till"], 1]);
    await bench.pass(599);
    expect(bench.archive.requests).toHaveLength(1);
    await bench.pass(1);
    await bench.pass(500);
    expect([bench.computers, bench.archive.requests[1]]).toEqual([
      ["Till", "Till"],
      { config_entry_id: bench.entry, device_id: "till", limit: 100 },
    ]);
    await bench.enter("computer", "");
    expect([bench.count, bench.archive.requests.length]).toEqual([4, 2]);
  });

  test("finds computers that have left Home Assistant by the names in their sessions", async () => {
    bench.archive.sessions = [...bench.archive.sessions, session(0, 90, { device: { device_id: null, name: "Old laptop" } })];
    await bench.click("Refresh");
    await bench.enter("computer", "laptop");
    await bench.pass(1_000);
    expect([bench.computers, bench.archive.requests.length]).toEqual([["Old laptop"], 2]);
  });

  test("suggests matching computers", async () => {
    const suggested = (): (string | null)[] => all(bench.card, "#computers option").map((option) => option.getAttribute("value"));
    await bench.send({});
    await bench.pass(0);
    expect(suggested()).toEqual(["Desk", "Till"]);
    await bench.type("computer", "des");
    expect(suggested()).toEqual(["Desk"]);
  });

  test("is hidden in a card of one computer", async () => {
    await bench.show({ device: "desk" });
    expect([all(bench.card, "input").map((each) => each.getAttribute("name")), bench.computers]).toEqual([["person", "day"], []]);
    expect(bench.count).toBe(2);
  });
});

describe("The filter by person", () => {
  test("searches the loaded sessions", async () => {
    bench.list(4, (index) => (index % 2 ? { clients: [NORA] } : {}));
    await bench.show();
    await bench.enter("person", "NORA");
    expect([bench.persons, bench.archive.requests.length]).toEqual([["nora@example.com", "nora@example.com"], 1]);
    expect(all(bench.card, "#persons option").map((option) => option.getAttribute("value"))).toEqual(["nora@example.com"]);
    expect(bench.spoken).toEqual(["Sessions: 2"]);
  });

  test("loads some more pages and then asks before it continues", async () => {
    bench.list(1500, (index) => (index === 1400 ? { clients: [NORA] } : {}));
    await bench.show();
    await bench.enter("person", "nora");
    for (let page = 0; page < 20; page++) await bench.reachEnd();
    expect([bench.archive.requests.length, bench.notes]).toEqual([6, ["Searched back to Monday, June 15, 2026. Search further back"]]);
    await bench.click("Search further back");
    for (let page = 0; page < 20; page++) await bench.reachEnd();
    expect(bench.notes).toEqual(["Searched back to Sunday, June 14, 2026. Search further back"]);
    await bench.click("Search further back");
    for (let page = 0; page < 20; page++) await bench.reachEnd();
    expect([bench.persons, bench.notes]).toEqual([["nora@example.com"], []]);
  });
});

describe("The other filters", () => {
  test("request a day from the server", async () => {
    bench.list(2);
    await bench.show();
    await bench.enter("day", "2026-06-09");
    await bench.pass(500);
    expect(bench.archive.requests[1]).toEqual({
      config_entry_id: bench.entry,
      start: "2026-06-09T00:00:00",
      end: "2026-06-09T23:59:59",
      limit: 100,
    });
    expect(bench.notes).toEqual(["No session matches the filters. Clear filters"]);
  });

  test("ignore a date while its year is being typed", async () => {
    await bench.show();
    await bench.enter("day", "0002-06-09");
    await bench.pass(1_000);
    expect(bench.archive.requests).toHaveLength(1);
  });

  test("do not request a past day again", async () => {
    await bench.show();
    await bench.enter("day", "2026-06-09");
    await bench.pass(500);
    await bench.send({ Desk: null });
    await bench.pass(60_000);
    await bench.send({ Desk: 1 });
    await bench.pass(60_000);
    expect(bench.archive.requests).toHaveLength(2);
  });

  test("request recordings from the server", async () => {
    bench.list(4, (index) => (index === 2 ? { video: VIDEO } : {}));
    await bench.show();
    await bench.click("With recording");
    await bench.pass(500);
    expect([bench.archive.requests[1]?.with_video, bench.count]).toEqual([true, 1]);
    expect(button(bench.card, "With recording").getAttribute("aria-pressed")).toBe("true");
    await bench.click("With recording");
    expect([bench.archive.requests.length, bench.count]).toEqual([2, 4]);
  });

  test("can be cleared if nothing matches", async () => {
    bench.list(1);
    await bench.show();
    await bench.enter("person", "nora");
    expect(bench.notes).toEqual(["No session matches the filters. Clear filters"]);
    await bench.click("Clear filters");
    expect([bench.count, bench.field("person").value, focused()]).toEqual([1, "", only(bench.card, ".content")]);
  });

  test("can be combined, and Enter completes them", async () => {
    bench.list(4, (index) => ({ video: VIDEO, clients: index ? [NORA] : [] }));
    await bench.show();
    await bench.click("With recording");
    await bench.type("person", "nora");
    only(bench.card, "form").dispatchEvent(new Event("submit", { cancelable: true }));
    await bench.pass(500);
    expect([bench.count, bench.spoken]).toEqual([3, ["Sessions: 3"]]);
  });
});

describe("Older sessions", () => {
  test("are loaded when the end of the list comes into view, until there are no more", async () => {
    bench.list(250);
    await bench.show();
    const counts: number[] = [bench.count];
    for (let page = 0; page < 4; page++) {
      await bench.reachEnd();
      counts.push(bench.count);
    }
    expect([counts, bench.archive.requests.length, all(bench.card, ".end")]).toEqual([[100, 199, 250, 250, 250], 3, []]);
  });

  test("are not loaded after a failure until the user tries again", async () => {
    bench.list(250);
    await bench.show();
    const answer = bench.house.answers.get_history;
    bench.house.answers.get_history = () => Promise.reject(new Error("The server is busy."));
    for (let page = 0; page < 3; page++) await bench.reachEnd();
    expect([bench.archive.requests.length, bench.notes]).toEqual([2, ["The server is busy. Try again"]]);
    Object.assign(bench.house.answers, { get_history: answer });
    await bench.click("Try again");
    await bench.reachEnd();
    expect(bench.count).toBe(199);
  });

  test("are announced as loading and requested once, even if the server is slow", async () => {
    bench.list(150);
    await bench.show();
    const { get_history: answer } = bench.house.answers;
    const slow = defer();
    bench.house.answers.get_history = (data) => slow.promise.then(() => answer?.(data));
    for (let time = 0; time < 10; time++) await bench.reachEnd();
    expect([bench.notes, bench.archive.requests.length]).toEqual([["Loading"], 2]);
    slow.resolve();
    await bench.pass(0);
    expect([bench.notes, bench.count]).toEqual([[], 150]);
  });

  test("are loaded with a button if the card has a limited number of rows", async () => {
    bench.list(120);
    await bench.show({ rows: 45 });
    expect([bench.count, buttons(bench.card).slice(-1)]).toEqual([45, ["Show more"]]);
    await bench.click("Show more");
    expect([bench.count, bench.archive.requests.length]).toEqual([90, 1]);
    await bench.click("Show more");
    await bench.reachEnd();
    expect([bench.count, bench.archive.requests.length, bench.notes]).toEqual([120, 2, []]);
    await bench.enter("person", "jonas");
    expect(bench.count).toBe(45);
  });

  test("far out of view are not in the page", async () => {
    bench.list(100);
    await bench.show();
    const blocks = all(bench.card, ".block");
    for (const block of blocks) block.getBoundingClientRect = () => ({ height: 1500 }) as DOMRect;
    moveIntoView(blocks.slice(2), false);
    await bench.pass(0);
    expect([bench.count, blocks.map((block) => block.getAttribute("style"))]).toEqual([50, ["", "", "height: 1500px", "height: 1500px"]]);
    moveIntoView(blocks.slice(2, 3));
    await bench.pass(0);
    expect([bench.count, blocks[2]?.getAttribute("style")]).toEqual([75, ""]);
    // Another list starts at its top.
    await bench.enter("person", "jonas");
    expect(bench.count).toBe(100);
  });

  test("stay in the page while they have the focus or while the page is hidden", async () => {
    bench.list(100, () => ({ video: VIDEO }));
    await bench.show();
    const blocks = all(bench.card, ".block");
    moveIntoView(blocks, false);
    await bench.pass(0);
    expect(bench.count).toBe(100);
    for (const block of blocks) block.getBoundingClientRect = () => ({ height: 1500 }) as DOMRect;
    all(bench.card, ".play")[30]?.focus();
    moveIntoView(blocks, false);
    await bench.pass(0);
    expect(bench.count).toBe(25);
  });
});

test("A recording is played above the card", async () => {
  bench.list(1, () => ({ video: VIDEO }));
  await bench.show();
  await bench.click(`Play recording, Desk, jonas@example.com, 11:50 – 11:55`);
  expect(texts(bench.card, "dialog h2")).toEqual(["Desk"]);
  expect(minutesAgo(10)).toBe("2026-06-15T11:50:00.000Z");
});
