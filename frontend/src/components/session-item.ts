/** A session in a list: computer, person, place, time, duration, and a button that plays its recording. */

import { html, nothing, type TemplateResult } from "lit";
import { text } from "../home-assistant/texts.js";
import { durationText, secondsSince, timeText } from "../home-assistant/times.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import type { Session } from "../state/history.js";
import { personsOf, placesOf } from "../state/session-filter.js";
import { playRecording } from "./recording-player.js";

/** What a list of sessions needs from the card or dialog around it. */
export interface SessionsHost {
  readonly hass: HomeAssistant;
  /** Where recordings are played. It has to stay in the page during playback. */
  readonly renderRoot: ParentNode & Node;
}

/** Return the name of a session's computer. */
export const computerText = (hass: HomeAssistant, { device }: Session): string =>
  device ? device.name || text(hass, "history_unnamed") : text(hass, "history_quick_support");

/** Return who was connected. */
export const personText = (hass: HomeAssistant, session: Session): string =>
  personsOf(session).join(", ") || text(hass, "history_nobody_known");

/** Return the time and the duration of a session as texts; empty if unknown. */
const timesOf = (hass: HomeAssistant, { start, end, duration }: Session): { when: string; length: string } => {
  if (start === null) return { when: "", length: "" };
  const began = timeText(hass, start);
  if (end === null) return { when: text(hass, "history_since", { time: began }), length: durationText(hass, secondsSince(start)) };
  // A session without a duration has no reliable end: the server has not recorded it.
  if (duration === null) return { when: began, length: "" };
  return { when: `${began} – ${timeText(hass, end)}`, length: durationText(hass, duration) };
};

/** Return a session's line. `hasComputer`: whether it contains the computer's name, which a list of one computer does not need. */
export const sessionItem = (host: SessionsHost, session: Session, showsComputer: boolean): TemplateResult => {
  const { hass } = host;
  const { when, length } = timesOf(hass, session);
  const isSupport = session.device === null;
  const kind = text(hass, isSupport ? "history_quick_support" : "history_permanent");
  const computer = computerText(hass, session);
  const person = personText(hass, session);
  return html`
    <li role="listitem" class="session ${session.end === null ? "live" : ""}">
      <ha-icon class="kind" title=${kind} role="img" aria-label=${kind} .icon=${isSupport ? "mdi:lifebuoy" : "mdi:monitor"}></ha-icon>
      ${showsComputer ? html`<span class="computer" dir="auto" title=${computer}>${computer}</span>` : nothing}
      <span class="person ${showsComputer ? "" : "first"}">
        <span class="login" dir="auto" title=${person}>${person}</span>
        <span class="place" dir="auto">${placesOf(session).join("; ")}</span>
      </span>
      <span class="time">
        <span class="when" dir="auto">${when}</span>
        <span class="length">
          ${session.end === null ? html`<span class="chip">${text(hass, "history_live")}</span>` : nothing}<span dir="auto">${length}</span>
        </span>
      </span>
      ${renderPlay(host, session, `${computer}, ${person}, ${when}`)}
    </li>`;
};

const renderPlay = (host: SessionsHost, session: Session, described: string): TemplateResult | typeof nothing => {
  if (!session.video) return nothing;
  const label = text(host.hass, "history_play");
  return html`
    <button type="button" class="action play" title=${label} aria-label=${`${label}, ${described}`}
      @click=${() => playRecording(host.renderRoot, host.hass, session)}>
      <ha-icon aria-hidden="true" icon="mdi:play"></ha-icon>
    </button>`;
};
