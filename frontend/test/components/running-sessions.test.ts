import { beforeEach, describe, expect, test } from "vitest";
import { button, buttons, collect, texts } from "../mount.js";
import { NORA, session } from "../sessions.js";
import { Journal } from "./journal.js";

const OPEN = { end: null, duration: null };

let journal: Journal;

/** The texts of the card: its lines and the notes below them. */
const lines = (): string[] => texts(journal.card, ".line, .more, .none").filter(Boolean);

/** Fire an invitation event of the account, which the card receives as a state. */
const step = async (type: string, time: string): Promise<void> => {
  journal.house.set(`account_${journal.entry}`, "invitation", time, { event_type: type });
  await journal.refresh();
};

beforeEach(() => {
  journal = new Journal();
  journal.archive.sessions = [session(2, 7, OPEN), session(1, 60)];
});

describe("The list of connected users", () => {
  test("is empty without a session, and needs no request for that", async () => {
    await journal.show({ running: true });
    expect(lines()).toEqual(["Loading"]);
    await journal.send({ Desk: null });
    await journal.pass(600_000);
    expect([lines(), journal.archive.requests]).toEqual([["Nobody is connected"], []]);
  });

  test("shows place and time at once, and the name when it is known", async () => {
    await journal.show({ running: true });
    await journal.send({ Desk: 7 });
    expect(lines()).toEqual(["Desk – from Sintra, Portugal – for 7 min"]);
    await journal.pass(500);
    expect(lines()).toEqual(["jonas@example.com – Desk – from Lisbon, Portugal – for 7 min"]);
    expect(journal.archive.requests).toEqual([{ config_entry_id: journal.entry, limit: 100 }]);
  });

  test("is requested again only when a session has changed", async () => {
    await journal.show({ running: true });
    await journal.send({ Desk: 7 });
    await journal.pass(500);
    await journal.send({ Desk: 7, Till: null });
    await journal.see(false);
    await journal.pass(600_000);
    await journal.see();
    await journal.pass(60_000);
    expect([journal.archive.requests.length, lines()]).toEqual([1, ["jonas@example.com – Desk – from Lisbon, Portugal – for 18 min"]]);
    journal.archive.sessions = [
      session(3, 1, { ...OPEN, device: { device_id: "till", name: "Till" }, clients: [NORA] }),
      ...journal.archive.sessions,
    ];
    await journal.send({ Desk: 7, Till: 1 });
    await journal.pass(0);
    expect([journal.archive.requests.length, lines().map((line) => line.split(" ")[0])]).toEqual([
      2,
      ["nora@example.com", "jonas@example.com"],
    ]);
    await journal.send({ Desk: null, Till: null });
    await journal.pass(60_000);
    expect([journal.archive.requests.length, lines()]).toEqual([2, ["Nobody is connected"]]);
  });

  test("counts only sessions of its account or computer", async () => {
    await journal.show({ running: true, device: "desk" });
    await journal.send({ Desk: 7, Till: 3 });
    await journal.pass(500);
    expect(lines()).toEqual(["jonas@example.com – Desk – from Lisbon, Portugal – for 7 min"]);
    expect(journal.archive.requests[0]?.device_id).toBe("desk");
  });

  test("shows somebody if the history has no name", async () => {
    journal.archive.sessions = [session(2, 7, { ...OPEN, clients: [] })];
    await journal.show({ running: true });
    await journal.send({ Desk: 7 });
    await journal.pass(500);
    expect(lines()).toEqual(["Desk – from Sintra, Portugal – for 7 min"]);
  });

  test("includes quick support, which only the history knows", async () => {
    journal.archive.sessions = [session(2, 3, { ...OPEN, device: null, clients: [NORA] })];
    await journal.show({ running: true });
    await journal.send({ Desk: null });
    await step("client_joined", "2026-06-15T12:01:00Z");
    await journal.pass(60_000);
    expect(journal.archive.requests).toEqual([]);
    await step("active", "2026-06-15T12:02:00Z");
    await journal.pass(500);
    expect([lines(), buttons(journal.card)]).toEqual([["nora@example.com – Quick support – from Dublin, Ireland – for 4 min"], []]);
    journal.archive.sessions = [session(2, 3, { device: null, clients: [NORA] })];
    await step("closed", "2026-06-15T12:03:00Z");
    await journal.pass(30_000);
    expect([lines(), journal.archive.requests.length]).toEqual([["Nobody is connected"], 2]);
    await journal.pass(600_000);
    expect(journal.archive.requests).toHaveLength(2);
  });

  test("shows the outage in place of the users of unavailable computers", async () => {
    await journal.show({ running: true });
    await journal.send({ Desk: null }, false);
    expect(lines()).toEqual(["The account cannot be reached at the moment."]);
    await journal.send({ Desk: 7 }, true);
    await journal.pass(500);
    await journal.send({ Desk: 7 }, false);
    expect(lines()).toEqual([
      "jonas@example.com – Desk – from Lisbon, Portugal – for 7 min",
      "The account cannot be reached at the moment.",
    ]);
    await journal.send({ Desk: null });
    expect(lines()).toEqual(["Nobody is connected"]);
  });

  test("is shortened if it is very long", async () => {
    await journal.show({ running: true });
    await journal.send(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`PC ${index}`, index + 1])));
    expect([lines().length, lines()[50]]).toEqual([51, "More running sessions: 10"]);
  });

  test("has no names if the history cannot be read", async () => {
    journal.house.answers.get_history = () => Promise.reject({ code: "unauthorized" });
    await journal.show({ running: true });
    await journal.send({ Desk: 7 });
    await journal.pass(60_000);
    expect([lines(), journal.archive.requests.length]).toEqual([["Desk – from Sintra, Portugal – for 8 min"], 1]);
  });
});

test("A tap on a line opens the computer's dialog", async () => {
  const shown = collect("getscreen-show-computer");
  await journal.show({ running: true });
  await journal.send({ Desk: 7 });
  button(journal.card, "Desk – from Sintra, Portugal – for 7 min").click();
  expect(shown).toEqual([{ device_id: "desk" }]);
});

test("There is no heading unless it is configured", async () => {
  await journal.show({ running: true });
  expect(texts(journal.card, "h2")).toEqual([]);
  await journal.show({ running: true, title: "Connected now" });
  expect(texts(journal.card, "h2")).toEqual(["Connected now"]);
});
