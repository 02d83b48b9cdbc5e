import { expect, test } from "vitest";
import type { ComputerInSession } from "../../src/state/history-requests.js";
import { runningLines } from "../../src/state/running-lines.js";
import { minutesAgo, NORA, session } from "../sessions.js";

const running = (id: string, ago: number, more: object = {}): ComputerInSession =>
  ({
    device_id: id,
    name: id.toUpperCase(),
    session: { start: minutesAgo(ago), country: "Portugal", city: "Sintra", ...more },
  }) as ComputerInSession;

const open = { end: null, duration: null };

test("A line has the time and place of the computer until the user is known", () => {
  const line = { key: "desk", device: "desk", computer: "DESK", start: minutesAgo(7) };
  expect(runningLines([running("desk", 7)])).toEqual([{ ...line, person: "", place: "Sintra, Portugal" }]);
  expect(runningLines([running("desk", 7)], [session(1, 7, open)])).toEqual([
    { ...line, person: "jonas@example.com", place: "Lisbon, Portugal" },
  ]);
  expect(runningLines([running("desk", 7, { country: null, city: null })])).toEqual([{ ...line, person: "", place: "" }]);
});

test("The user of another session is not shown as the connected one", () => {
  const unnamed = [{ person: "", place: "Sintra, Portugal" }];
  expect(runningLines([running("desk", 7)], [session(1, 60, open)])).toMatchObject(unnamed);
  expect(runningLines([running("desk", 7)], [session(1, 7)])).toMatchObject(unnamed);
  const other = session(1, 7, { ...open, device: { device_id: "till", name: "Till" } });
  expect(runningLines([running("desk", 7)], [other])).toMatchObject(unnamed);
});

test("The newest session of a computer without an end is the running one", () => {
  const sessions = [session(2, 7, open), session(1, 60, { ...open, clients: [NORA] })];
  expect(runningLines([running("desk", 7)], sessions)).toMatchObject([{ person: "jonas@example.com" }]);
});

test("Quick support comes only from the history, and the newest line is first", () => {
  const support = session(5, 3, { ...open, device: null, clients: [NORA] });
  const lines = runningLines([running("desk", 7), running("till", 1)], [support, session(4, 2, { device: null })]);
  expect(lines.map(({ key }) => key)).toEqual(["till", "session 5", "desk"]);
  expect(lines[1]).toEqual({
    key: "session 5",
    device: undefined,
    computer: undefined,
    person: "nora@example.com",
    place: "Dublin, Ireland",
    start: minutesAgo(3),
  });
  expect(runningLines([], [session(1, 3, { ...open, device: null, start: null })])).toMatchObject([{ start: null }]);
});
