/** Who is connected to a computer: its record has the time and the place, and the history has the name. */

import { queryAction } from "../home-assistant/actions.js";
import { text } from "../home-assistant/texts.js";
import { durationText, momentText, secondsSince } from "../home-assistant/times.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import type { Computer } from "./fleet.js";
import type { Session } from "./history.js";
import { personsOf, placeText } from "./session-filter.js";

/** The last request for each computer, by device id. */
const requests = new Map<string, { start: string; person: Promise<string | undefined> }>();

/** Return the name of the person who is connected; undefined if it is unknown. Each session costs one request. */
export const connectedPerson = (hass: HomeAssistant, { device_id: id, session }: Computer): Promise<string | undefined> => {
  if (!session) return Promise.resolve(undefined);
  const before = requests.get(id);
  if (before?.start === session.start) return before.person;
  const person = requestPerson(hass, id).catch(() => {
    // Let the next caller try again.
    requests.delete(id);
    return undefined;
  });
  requests.set(id, { start: session.start, person });
  return person;
};

const requestPerson = async (hass: HomeAssistant, id: string): Promise<string | undefined> => {
  const { sessions } = await queryAction<{ sessions: Session[] }>(hass, "get_history", { device_id: id, limit: 1 });
  const [latest] = sessions;
  // The history may lag behind, so its last session may be an earlier one.
  if (!latest || latest.end !== null) throw new Error("The session is not in the history yet");
  return personsOf(latest).join(", ") || undefined;
};

/** Return a sentence about who is connected and since when; without `person`, only from where. */
export const connectedText = (hass: HomeAssistant, session: NonNullable<Computer["session"]>, person?: string): string => {
  const place = placeText(session);
  const values = {
    place,
    person: person ?? "",
    time: momentText(hass, session.start),
    length: durationText(hass, secondsSince(session.start)),
  };
  if (person) return text(hass, place ? "card_connected_person_from" : "card_connected_person", values);
  return text(hass, place ? "card_connected_from" : "card_connected", values);
};
