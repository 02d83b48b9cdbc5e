/** The computers that need attention, by reason, with advice for each reason. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { define } from "../home-assistant/offers.js";
import { ago, text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { adviceText, attentionText, knownReasons, REASONS, type Reason } from "../state/attention.js";
import { iconOf } from "../state/describe.js";
import type { Computer } from "../state/fleet.js";
import { base } from "./styles.js";

/** Maximum number of computers that are listed for a reason. */
const MAX_LINES = 50;

/** Up to this number of computers, all reasons are expanded. */
const MAX_EXPANDED = 5;

/** What the list needs from its card. */
interface AttentionHost {
  readonly hass: HomeAssistant;
  openComputer(deviceId: string): void;
}

/** The element `getscreen-attention`. */
export class AttentionList extends LitElement {
  static override styles = css`${base}
    details + details { border-top: 1px solid var(--divider-color, #e0e0e0); }
    summary { display: flex; align-items: center; gap: 12px; min-height: 48px; padding: 8px 12px; cursor: pointer; list-style: none; }
    summary::-webkit-details-marker { display: none; }
    summary:focus-visible { outline-offset: -3px; }
    ha-icon { flex: none; --mdc-icon-size: 24px; color: var(--secondary-text-color); }
    .chevron { transition: transform 180ms; }
    [open] > summary .chevron { transform: rotate(180deg); }
    .reason { flex: 1; min-width: 0; font-weight: 500; overflow-wrap: anywhere; }
    .count { flex: none; min-width: 24px; padding: 2px 8px; border-radius: 12px; text-align: center; background: var(--secondary-background-color, #e5e5e5); }
    ul { list-style: none; margin: 0; padding: 0 0 8px; }
    .line { display: flex; align-items: center; gap: 12px; width: 100%; min-height: 40px; padding: 6px 12px; border: 0; background: none; color: inherit;
      font: inherit; text-align: start; cursor: pointer; }
    .line:hover { background: color-mix(in srgb, var(--primary-text-color) 6%, transparent); }
    .line:focus-visible { outline-offset: -3px; }
    .name { flex: 1 1 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .detail { flex: none; max-width: 60%; color: var(--secondary-text-color); }
    .note { margin: 0; padding: 0 12px 8px; color: var(--secondary-text-color); font-size: 12px; line-height: 16px; }
    .none { padding: 16px; font-size: inherit; }
    @supports not (color: color-mix(in srgb, red, red)) { .line:hover { background: var(--secondary-background-color, #e5e5e5); } }`;

  /** Computers that need no attention are skipped. */
  @property({ attribute: false }) computers: readonly Computer[] = [];
  /** Changes with the language, so that the texts are drawn again. */
  @property({ attribute: false }) localize: unknown;
  card!: AttentionHost;

  protected override render(): TemplateResult {
    const { hass } = this.card;
    const affected = this.computers.filter(({ attention }) => knownReasons(attention).length > 0);
    if (!affected.length) return html`<p class="card note none">${text(hass, "computer_attention_none")}</p>`;
    const isExpanded = affected.length <= MAX_EXPANDED;
    return html`<div class="card">${REASONS.map((reason) => {
      const computers = affected.filter(({ attention }) => attention.includes(reason));
      return computers.length ? this.renderReason(reason, computers, isExpanded) : nothing;
    })}</div>`;
  }

  private renderReason(reason: Reason, computers: readonly Computer[], isExpanded: boolean): TemplateResult {
    const { hass } = this.card;
    const more = computers.length - MAX_LINES;
    return html`
      <details data-reason=${reason} .open=${isExpanded}>
        <summary>
          <ha-icon aria-hidden="true" icon=${ICONS[reason]}></ha-icon>
          <span class="reason">${attentionText(hass, reason)}</span>
          <span class="count">${computers.length}</span>
          <ha-icon class="chevron" aria-hidden="true" icon="mdi:chevron-down"></ha-icon>
        </summary>
        <p class="note advice">${adviceText(hass, reason)}</p>
        <ul role="list">${repeat(
          computers.slice(0, MAX_LINES),
          ({ device_id: id }) => id,
          (computer) => html`<li role="listitem">${this.renderLine(reason, computer)}</li>`,
        )}</ul>
        ${more > 0 ? html`<p class="note">${text(hass, "computer_attention_more", { count: more })}</p>` : nothing}
      </details>`;
  }

  private renderLine(reason: Reason, computer: Computer): TemplateResult {
    const { card } = this;
    const { device_id: id, name } = computer;
    return html`
      <button type="button" class="line" @click=${() => card.openComputer(id)}>
        <ha-icon aria-hidden="true" .icon=${iconOf(computer)}></ha-icon>
        <span class="name" dir="auto" title=${name}>${name}</span>
        <span class="detail">${detailOf(card.hass, reason, computer)}</span>
      </button>`;
  }
}

const ICONS: Record<Reason, string> = {
  offline_long: "mdi:calendar-remove-outline",
  disk_almost_full: "mdi:harddisk",
  blocked: "mdi:cancel",
  limited: "mdi:account-lock-outline",
  agent_outdated: "mdi:update",
};

/** Return a detail about a reason: when the computer was last seen, its disk usage or its agent version; an empty text for others. */
const detailOf = (hass: HomeAssistant, reason: Reason, computer: Computer): string => {
  const { last_seen: lastSeen, disk_usage: usage, agent_version: version } = computer;
  if (reason === "offline_long") return lastSeen ? ago(hass, lastSeen) : "";
  if (reason === "disk_almost_full") return usage === null ? "" : `${Math.round(usage)} %`;
  return reason === "agent_outdated" ? (version ?? "") : "";
};

define("getscreen-attention", AttentionList);

declare global {
  interface HTMLElementTagNameMap {
    "getscreen-attention": AttentionList;
  }
}
