/** Texts about a computer, in the user's language. */

import { ago, text } from "../home-assistant/texts.js";
import { durationText, secondsSince } from "../home-assistant/times.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import type { Computer } from "./fleet.js";

const ICONS: Partial<Record<string, string>> = {
  win: "mdi:microsoft-windows",
  mac: "mdi:apple",
  android: "mdi:android",
  linux: "mdi:linux",
};

export const iconOf = ({ operating_system: system }: Computer): string => ICONS[system ?? ""] ?? "mdi:monitor";

/** Seconds. */
const MINUTE = 60;

/** Return the state of a computer as a text, for example "Online" or "Waking …". */
export const stateText = (hass: HomeAssistant, { online, transition, last_seen: lastSeen }: Computer): string => {
  if (transition) return text(hass, transition === "waking" ? "card_waking" : "card_rebooting");
  if (online === null) return text(hass, "card_state_unknown");
  if (online) return text(hass, "card_online");
  // "Seen now" would contradict "Offline".
  return lastSeen && secondsSince(lastSeen) >= MINUTE
    ? text(hass, "card_offline_since", { ago: ago(hass, lastSeen) })
    : text(hass, "card_offline");
};

/** Return from where a person is connected and for how long, by the computer's record; an empty text without a session. */
export const sessionText = (hass: HomeAssistant, { session }: Computer): string => {
  if (!session) return "";
  const length = durationText(hass, secondsSince(session.start));
  const place = session.city ?? session.country;
  return place ? text(hass, "card_session_from", { place, length }) : text(hass, "card_session", { length });
};
