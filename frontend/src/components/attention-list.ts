/** The computers that need attention: why each does, and what to do about it. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { define } from "../home-assistant/offers.js";
import { text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { adviceText, attentionText, knownReasons } from "../state/attention.js";
import { iconOf } from "../state/describe.js";
import type { Computer } from "../state/fleet.js";
import { base } from "./styles.js";

/** Beyond so many lines, nobody reads them. */
const MOST_LINES = 50;

/** What the list needs of its card. */
interface AttentionHost {
  readonly hass: HomeAssistant;
  openComputer(deviceId: string): void;
}

/** `getscreen-attention`. */
export class AttentionList extends LitElement {
  static override styles = css`${base}
    ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
    li { min-width: 0; }
    .line { display: flex; align-items: flex-start; gap: 12px; width: 100%; padding: 10px 12px; color: inherit; font: inherit; text-align: start;
      cursor: pointer; }
    .line:hover { background-image: linear-gradient(color-mix(in srgb, var(--primary-text-color) 4%, transparent) 0 100%); }
    .line:focus-visible { outline-offset: -3px; }
    ha-icon { flex: none; --mdc-icon-size: 24px; margin-top: 6px; color: var(--state-icon-color, var(--secondary-text-color)); }
    .texts { display: block; flex: 1; min-width: 0; }
    .name { display: block; font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .reason, .advice { display: block; overflow-wrap: anywhere; }
    .advice { color: var(--secondary-text-color); font-size: 12px; line-height: 16px; }
    .reason + .reason, .advice + .reason { margin-top: 4px; }
    .note { margin: 0; padding: 8px 4px 0; color: var(--secondary-text-color); }
    .none { padding: 16px; }`;

  /** Those that need no attention are skipped. */
  @property({ attribute: false }) computers: readonly Computer[] = [];
  /** Another one in another language. */
  @property({ attribute: false }) localize: unknown;
  card!: AttentionHost;

  protected override render(): TemplateResult {
    const { hass } = this.card;
    const concerned = this.computers.filter(({ attention }) => knownReasons(attention).length > 0);
    if (!concerned.length) return html`<p class="card note none">${text(hass, "computer_attention_none")}</p>`;
    const more = concerned.length - MOST_LINES;
    return html`
      <ul role="list">${repeat(
        concerned.slice(0, MOST_LINES),
        ({ device_id: id }) => id,
        (computer) => html`<li role="listitem">${this.renderLine(computer)}</li>`,
      )}</ul>
      ${more > 0 ? html`<p class="note">${text(hass, "computer_attention_more", { count: more })}</p>` : nothing}`;
  }

  private renderLine(computer: Computer): TemplateResult {
    const { card } = this;
    const { hass } = card;
    return html`
      <button type="button" class="card line" @click=${() => card.openComputer(computer.device_id)}>
        <ha-icon aria-hidden="true" .icon=${iconOf(computer)}></ha-icon>
        <span class="texts">
          <span class="name" dir="auto" title=${computer.name}>${computer.name}</span>
          ${knownReasons(computer.attention).map(
            (reason) => html`
              <span class="reason">${attentionText(hass, reason)}</span>
              <span class="advice">${adviceText(hass, reason)}</span>`,
          )}
        </span>
      </button>`;
  }
}

define("getscreen-attention", AttentionList);

declare global {
  interface HTMLElementTagNameMap {
    "getscreen-attention": AttentionList;
  }
}
