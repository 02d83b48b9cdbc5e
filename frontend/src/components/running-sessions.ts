/** The running sessions, one line each. */

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { showComputer } from "../home-assistant/actions.js";
import { define } from "../home-assistant/offers.js";
import { text } from "../home-assistant/texts.js";
import { durationText, secondsSince } from "../home-assistant/times.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { historyOf } from "../state/history.js";
import { HistoryRequests } from "../state/history-requests.js";
import { type RunningLine, runningLines } from "../state/running-lines.js";
import { SAMPLE_LINES } from "./history-sample.js";
import { base } from "./styles.js";

/** Maximum number of lines, because an overview has no room for more. */
const MAX_LINES = 50;

export class RunningSessions extends LitElement {
  static override styles = css`${base}
    /* Many lines would push what is below them off the screen. */
    ul { list-style: none; margin: 0; padding: 0; max-height: 480px; overflow-y: auto; }
    .line { display: flex; align-items: center; gap: 12px; width: 100%; min-height: 44px; padding: 6px 8px; border: 0; border-radius: 8px; background: none;
      color: inherit; font: inherit; text-align: start; overflow-wrap: anywhere; }
    button.line { cursor: pointer; }
    button.line:hover { background: color-mix(in srgb, var(--primary-text-color) 6%, transparent); }
    button.line:focus-visible { outline-offset: -2px; }
    .duration { white-space: nowrap; }
    ha-icon { --mdc-icon-size: 20px; flex: none; color: var(--success-color, #43a047); }
    .none, .more { padding: 6px 8px; color: var(--secondary-text-color); }
    .none:empty { padding: 0; }
    @supports not (color: color-mix(in srgb, red, red)) {
      button.line:hover { background: var(--secondary-background-color, #e5e5e5); }
    }`;

  /** Config entry id; undefined for a sample. */
  @property({ attribute: false }) account: string | undefined;
  /** Device id of a computer, if only its sessions are shown. */
  @property({ attribute: false }) device: string | undefined;
  host!: { readonly hass: HomeAssistant };
  private readonly requests = new HistoryRequests(this, () => this.requestUpdate());

  /* Called by the card */

  get hass(): HomeAssistant {
    return this.host.hass;
  }

  /** Handle a state change in Home Assistant. */
  check(): void {
    this.requests.check();
  }

  /** Draw the texts and the durations again. */
  redraw(): void {
    this.requestUpdate();
  }

  /* Rendering */

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("account") && !changed.has("device")) return;
    const { account, device } = this;
    const shown = account ? { list: historyOf({ account, device }), account, device, isOpen: true, isRunningOnly: true } : undefined;
    this.requests.use(shown);
  }

  /** Undefined until the computers are known. */
  private get lines(): readonly RunningLine[] | undefined {
    const { running, list } = this.requests;
    if (!this.account) return SAMPLE_LINES;
    return running && runningLines(running, list?.sessions);
  }

  protected override render(): TemplateResult {
    const { lines = [] } = this;
    const { hass } = this.host;
    const more = lines.length - MAX_LINES;
    return html`
      <ul role="list" ?hidden=${!lines.length}>${repeat(
        lines.slice(0, MAX_LINES),
        ({ key }) => key,
        (line) => html`<li role="listitem">${this.renderLine(line)}</li>`,
      )}</ul>
      <div class="more" ?hidden=${more <= 0}>${text(hass, "history_more_running", { count: more })}</div>
      <div class="none" role="status">${this.statusText(lines.length)}</div>`;
  }

  private statusText(count: number): string {
    const { hass } = this.host;
    if (!this.lines) return hass.localize("ui.common.loading");
    // During an outage, it is unknown whether anyone is connected.
    if (!this.requests.isAvailable) return text(hass, "card_unreachable");
    return count ? "" : text(hass, "history_nobody");
  }

  private renderLine(line: RunningLine): TemplateResult {
    const { hass } = this.host;
    const { device, person, place, start } = line;
    const computer = line.computer ?? text(hass, "history_quick_support");
    const parts = [person, computer, place && text(hass, "history_from", { place })].filter(Boolean);
    const duration = start && text(hass, "history_for", { duration: durationText(hass, secondsSince(start)) });
    const icon = device ? "mdi:monitor" : "mdi:lifebuoy";
    // Each name has its own writing direction.
    const content = html`
      <ha-icon aria-hidden="true" .icon=${icon}></ha-icon>
      <span class="text">${parts.map((part, index) => html`${index ? " – " : ""}<bdi>${part}</bdi>`)}${
        duration ? html` – <bdi class="duration">${duration}</bdi>` : nothing
      }</span>`;
    return device
      ? html`<button type="button" class="line" @click=${() => showComputer(this, device)}>${content}</button>`
      : html`<div class="line">${content}</div>`;
  }
}

define("getscreen-running", RunningSessions);
