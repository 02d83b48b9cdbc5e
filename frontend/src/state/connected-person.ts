/** Who is connected to a computer now: its record has the time and the place, and the history has the name. */

import { queryAction } from "../home-assistant/actions.js";
import { lengthText, momentText } from "../home-assistant/moments.js";
import { text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import type { Computer } from "./fleet.js";

/** What matters here of a session as `get_history` returns it. */
export interface HistorySession {
  /** Null while the session is running. */
  readonly end: string | null;
  readonly clients: readonly { readonly login: string | null }[];
}

/** Return the names of those who are or were connected; undefined if none is known. */
export const personsIn = ({ clients }: HistorySession): string | undefined => {
  const names = clients.map(({ login }) => login).filter(Boolean);
  return names.length ? names.join(", ") : undefined;
};

/** The last answer of each computer, by device id. */
const known = new Map<string, { start: string; person: Promise<string | undefined> }>();

/** Return the name of the person who is connected, requested once for each session; undefined if it is not known. */
export const connectedPerson = (hass: HomeAssistant, { device_id: id, session }: Computer): Promise<string | undefined> => {
  if (!session) return Promise.resolve(undefined);
  const before = known.get(id);
  if (before?.start === session.start) return before.person;
  const person = requestPerson(hass, id).catch(() => {
    // The next one who asks tries again.
    known.delete(id);
    return undefined;
  });
  known.set(id, { start: session.start, person });
  return person;
};

const requestPerson = async (hass: HomeAssistant, id: string): Promise<string | undefined> => {
  const { sessions } = await queryAction<{ sessions: HistorySession[] }>(hass, "get_history", { device_id: id, limit: 1 });
  const [latest] = sessions;
  // The history may lag behind: the last session that it knows may be over.
  if (!latest || latest.end !== null) throw new Error("The session is not in the history yet");
  return personsIn(latest);
};

/** Return a sentence about who is connected and since when; `person` if that is known. */
export const connectedText = (hass: HomeAssistant, session: NonNullable<Computer["session"]>, person?: string): string => {
  const place = [session.city, session.country].filter(Boolean).join(", ");
  const values = {
    place,
    person: person ?? "",
    time: momentText(hass, session.start),
    length: lengthText(hass, (Date.now() - new Date(session.start).getTime()) / 1000),
  };
  if (person) return text(hass, place ? "card_connected_person_from" : "card_connected_person", values);
  return text(hass, place ? "card_connected_from" : "card_connected", values);
};
