/** A list of sessions, with a heading for each day. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { define } from "../home-assistant/offers.js";
import { text } from "../home-assistant/texts.js";
import { dayOf, dayText } from "../home-assistant/times.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import type { Session } from "../state/history.js";
import { type SessionsHost, sessionItem } from "./session-item.js";
import { sessionListStyles } from "./session-list-styles.js";

/** The sessions of one day. */
interface Day {
  /** YYYY-MM-DD; empty if the server sent no time. */
  key: string;
  sessions: Session[];
}

/** The element `getscreen-sessions`. Call `requestUpdate()` when the language has changed, and each minute while a session is running. */
export class SessionList extends LitElement {
  static override styles = sessionListStyles;

  /** Newest first. */
  @property({ attribute: false }) sessions: readonly Session[] = [];
  /** The session before the first one, if there is one: the heading of its day is not repeated. */
  @property({ attribute: false }) above: Session | undefined;
  /** Whether all sessions belong to one computer, whose name is then not shown. */
  @property({ type: Boolean, attribute: "of-computer" }) isOfComputer = false;
  host!: SessionsHost;

  protected override render(): TemplateResult {
    const { hass } = this.host;
    const above = this.above && dayOfSession(hass, this.above);
    return html`${repeat(
      daysOf(hass, this.sessions),
      ({ key }) => key,
      ({ key, sessions }) => html`
        ${key === above ? nothing : html`<h3>${dayTitle(hass, sessions[0])}</h3>`}
        <ul role="list">${repeat(
          sessions,
          ({ id }) => id,
          (session) => sessionItem(this.host, session, !this.isOfComputer),
        )}</ul>`,
    )}`;
  }
}

const dayOfSession = (hass: HomeAssistant, { start }: Session): string => (start === null ? "" : dayOf(hass, start));

const daysOf = (hass: HomeAssistant, sessions: readonly Session[]): Day[] => {
  const days: Day[] = [];
  for (const session of sessions) {
    const key = dayOfSession(hass, session);
    const last = days[days.length - 1];
    if (last?.key === key) last.sessions.push(session);
    else days.push({ key, sessions: [session] });
  }
  return days;
};

const dayTitle = (hass: HomeAssistant, session: Session | undefined): string => {
  const start = session?.start;
  if (!start) return text(hass, "history_no_date");
  const day = dayText(hass, start);
  return dayOf(hass, start) === dayOf(hass) ? `${text(hass, "history_today")} – ${day}` : day;
};

define("getscreen-sessions", SessionList);
