/** The running sessions, from two sources: the computers' records have them first, and the history has the names. */

import type { Session } from "./history.js";
import type { ComputerInSession } from "./history-requests.js";
import { personsOf, placesOf, placeText } from "./session-filter.js";

export interface RunningLine {
  key: string;
  /** Device id; undefined for quick support. */
  device: string | undefined;
  /** The computer's name; undefined for quick support. */
  computer: string | undefined;
  /** Who is connected; empty while unknown. */
  person: string;
  place: string;
  /** ISO 8601. */
  start: string | null;
}

/** Return a line for each running session, the newest first. */
export const runningLines = (running: readonly ComputerInSession[], sessions: readonly Session[] = []): RunningLine[] => {
  const open = sessions.filter(({ end }) => end === null);
  const byDevice = new Map<string, Session>();
  // Reversed, so that the newest session of a computer replaces older ones.
  for (const session of [...open].reverse()) if (session.device?.device_id) byDevice.set(session.device.device_id, session);
  const lines = running.map((computer) => lineOf(computer, byDevice.get(computer.device_id)));
  for (const session of open) if (session.device === null) lines.push(supportLine(session));
  return lines.sort((one, other) => timeOf(other) - timeOf(one));
};

const lineOf = ({ device_id, name, session }: ComputerInSession, candidate: Session | undefined): RunningLine => {
  // The history may be older than this session.
  const inHistory = candidate?.start && isSameSecond(candidate.start, session.start) ? candidate : undefined;
  return {
    key: device_id,
    device: device_id,
    computer: name,
    person: inHistory ? personsOf(inHistory).join(", ") : "",
    place: (inHistory && placesOf(inHistory).join("; ")) || placeText(session),
    start: session.start,
  };
};

const supportLine = (session: Session): RunningLine => ({
  key: `session ${session.id}`,
  device: undefined,
  computer: undefined,
  person: personsOf(session).join(", "),
  place: placesOf(session).join("; "),
  start: session.start,
});

const isSameSecond = (one: string, other: string): boolean => Math.abs(new Date(one).getTime() - new Date(other).getTime()) < 1000;

const timeOf = ({ start }: RunningLine): number => (start ? new Date(start).getTime() : 0);
