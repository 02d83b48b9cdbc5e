import { beforeEach, describe, expect, test } from "vitest";
import { button, buttons, collect, texts } from "../mount.js";
import { NORA, session } from "../sessions.js";
import { HistoryBench } from "./history-bench.js";

const OPEN = { end: null, duration: null };

let bench: HistoryBench;

/** The texts of the card: its lines and the notes below them. */
const lines = (): string[] => texts(bench.card, ".line, .more, .none").filter(Boolean);

/** Fire an invitation event of the account, which the card receives as a state. */
const step = async (type: string, time: string): Promise<void> => {
  bench.house.set(`account_${bench.entry}`, "invitation", time, { event_type: type });
  await bench.refresh();
};

beforeEach(() => {
  bench = new HistoryBench();
  bench.archive.sessions = [session(2, 7, OPEN), session(1, 60)];
});

describe("The list of connected users", () => {
  test("is empty without a session, and needs no request for that", async () => {
    await bench.show({ running: true });
    expect(lines()).toEqual(["Loading"]);
    await bench.send({ Desk: null });
    await bench.pass(600_000);
    expect([lines(), bench.archive.requests]).toEqual([["Nobody is connected"], []]);
  });

  test("shows place and time at once, and the name when it is known", async () => {
    await bench.show({ running: true });
    await bench.send({ Desk: 7 });
    expect(lines()).toEqual(["Desk – from Sintra, Portugal – for 7 min"]);
    await bench.pass(500);
    expect(lines()).toEqual(["jonas@example.com – Desk – from Lisbon, Portugal – for 7 min"]);
    expect(bench.archive.requests).toEqual([{ config_entry_id: bench.entry, limit: 100 }]);
  });

  test("is requested again only when a session has changed", async () => {
    await bench.show({ running: true });
    await bench.send({ Desk: 7 });
    await bench.pass(500);
    await bench.send({ Desk: 7, Till: null });
    await bench.setVisible(false);
    await bench.pass(600_000);
    await bench.setVisible();
    await bench.pass(60_000);
    expect([bench.archive.requests.length, lines()]).toEqual([1, ["jonas@example.com – Desk – from Lisbon, Portugal – for 18 min"]]);
    bench.archive.sessions = [
      session(3, 1, { ...OPEN, device: { device_id: "till", name: "Till" }, clients: [NORA] }),
      ...bench.archive.sessions,
    ];
    await bench.send({ Desk: 7, Till: 1 });
    await bench.pass(0);
    expect([bench.archive.requests.length, lines().map((line) => line.split(" ")[0])]).toEqual([
      2,
      ["nora@example.com", "jonas@example.com"],
    ]);
    await bench.send({ Desk: null, Till: null });
    await bench.pass(60_000);
    expect([bench.archive.requests.length, lines()]).toEqual([2, ["Nobody is connected"]]);
  });

  test("counts only sessions of its account or computer", async () => {
    await bench.show({ running: true, device: "desk" });
    await bench.send({ Desk: 7, Till: 3 });
    await bench.pass(500);
    expect(lines()).toEqual(["jonas@example.com – Desk – from Lisbon, Portugal – for 7 min"]);
    expect(bench.archive.requests[0]?.device_id).toBe("desk");
  });

  test("shows somebody if the history has no name", async () => {
    bench.archive.sessions = [session(2, 7, { ...OPEN, clients: [] })];
    await bench.show({ running: true });
    await bench.send({ Desk: 7 });
    await bench.pass(500);
    expect(lines()).toEqual(["Desk – from Sintra, Portugal – for 7 min"]);
  });

  test("includes quick support, which only the history knows", async () => {
    bench.archive.sessions = [session(2, 3, { ...OPEN, device: null, clients: [NORA] })];
    await bench.show({ running: true });
    await bench.send({ Desk: null });
    await step("client_joined", "2026-06-15T12:01:00Z");
    await bench.pass(60_000);
    expect(bench.archive.requests).toEqual([]);
    await step("active", "2026-06-15T12:02:00Z");
    await bench.pass(500);
    expect([lines(), buttons(bench.card)]).toEqual([["nora@example.com – Quick support – from Dublin, Ireland – for 4 min"], []]);
    bench.archive.sessions = [session(2, 3, { device: null, clients: [NORA] })];
    await step("closed", "2026-06-15T12:03:00Z");
    await bench.pass(30_000);
    expect([lines(), bench.archive.requests.length]).toEqual([["Nobody is connected"], 2]);
    await bench.pass(600_000);
    expect(bench.archive.requests).toHaveLength(2);
  });

  test("shows the outage in place of the users of unavailable computers", async () => {
    await bench.show({ running: true });
    await bench.send({ Desk: null }, false);
    expect(lines()).toEqual(["The account cannot be reached at the moment."]);
    await bench.send({ Desk: 7 }, true);
    await bench.pass(500);
    await bench.send({ Desk: 7 }, false);
    expect(lines()).toEqual([
      "jonas@example.com – Desk – from Lisbon, Portugal – for 7 min",
      "The account cannot be reached at the moment.",
    ]);
    await bench.send({ Desk: null });
    expect(lines()).toEqual(["Nobody is connected"]);
  });

  test("is shortened if it is very long", async () => {
    await bench.show({ running: true });
    await bench.send(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`PC ${index}`, index + 1])));
    expect([lines().length, lines()[50]]).toEqual([51, "More running sessions: 10"]);
  });

  test("has no names if the history cannot be read", async () => {
    bench.house.answers.get_history = () => Promise.reject({ code: "unauthorized" });
    await bench.show({ running: true });
    await bench.send({ Desk: 7 });
    await bench.pass(60_000);
    expect([lines(), bench.archive.requests.length]).toEqual([["Desk – from Sintra, Portugal – for 8 min"], 1]);
  });
});

test("A tap on a line opens the computer's dialog", async () => {
  const shown = collect("getscreen-show-computer");
  await bench.show({ running: true });
  await bench.send({ Desk: 7 });
  button(bench.card, "Desk – from Sintra, Portugal – for 7 min").click();
  expect(shown).toEqual([{ device_id: "desk" }]);
});

test("There is no heading unless it is configured", async () => {
  await bench.show({ running: true });
  expect(texts(bench.card, "h2")).toEqual([]);
  await bench.show({ running: true, title: "Connected now" });
  expect(texts(bench.card, "h2")).toEqual(["Connected now"]);
});
