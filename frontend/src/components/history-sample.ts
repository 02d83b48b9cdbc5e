/** Invented data for the sample of the history card in the card picker, which makes no requests. */

import type { Session } from "../state/history.js";
import type { RunningLine } from "../state/running-lines.js";

const MINUTE = 60_000;

/** Return the time (ISO 8601) the given number of minutes before the page was loaded. */
const minutesBefore = (minutes: number): string => new Date(LOADED - minutes * MINUTE).toISOString();

const LOADED = Date.now();

const session = (
  id: number,
  more: Pick<Session, "device" | "clients"> & { from: number; minutes?: number; isRecorded?: boolean },
): Session => ({
  id,
  start: minutesBefore(more.from),
  end: more.minutes === undefined ? null : minutesBefore(more.from - more.minutes),
  duration: more.minutes === undefined ? null : more.minutes * 60,
  device: more.device,
  clients: more.clients,
  video: more.isRecorded ? { media_content_id: "" } : null,
});

const JONAS = { login: "jonas@example.com", city: "Lisbon", country: "Portugal" };
const NORA = { login: "nora@example.com", city: "Dublin", country: "Ireland" };

/** The running session is in both lists. */
const RUNNING_MINUTES = 7;

export const SAMPLE: readonly Session[] = [
  session(3, { from: RUNNING_MINUTES, device: { device_id: null, name: "Reception PC" }, clients: [JONAS] }),
  session(2, { from: 95, minutes: 12, isRecorded: true, device: null, clients: [NORA] }),
  session(1, { from: 170, minutes: 34, device: { device_id: null, name: "Till 2" }, clients: [NORA] }),
];

export const SAMPLE_LINES: readonly RunningLine[] = [
  {
    key: "3",
    device: "sample",
    computer: "Reception PC",
    person: "jonas@example.com",
    place: "Lisbon, Portugal",
    start: minutesBefore(RUNNING_MINUTES),
  },
];
