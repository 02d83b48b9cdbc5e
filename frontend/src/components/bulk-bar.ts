/** A bar with actions for the selected computers, and with the progress and failures of the last command. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import { define } from "../home-assistant/offers.js";
import { entityName, text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import type { Bulk, BulkAction } from "../state/bulk.js";
import { computersFor } from "../state/bulk.js";
import type { Computer } from "../state/fleet.js";
import type { Batch } from "./batch.js";
import type { ComputersHost } from "./computers-host.js";
import { base, buttons } from "./styles.js";

/** What the bar needs from its card. */
export interface BulkHost extends ComputersHost {
  readonly batch: Batch;
}

/** Maximum number of failures that are listed. */
const MAX_FAILURES = 10;

const ACTIONS: [action: BulkAction, icon: string][] = [
  ["wake", "mdi:power"],
  ["reboot", "mdi:restart"],
  ["refresh_hardware", "mdi:refresh"],
];

class BulkBar extends LitElement {
  static override styles = css`${base}${buttons}
    /* In view while a long list is scrolled, below Home Assistant's header. */
    :host { position: sticky; top: calc(var(--header-height, 56px) + 8px); z-index: 6; }
    .bar { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; padding: 8px 12px; margin-bottom: 8px; }
    .text { flex: 1 1 160px; font-weight: 500; }
    progress { flex: 2 1 200px; height: 8px; accent-color: var(--primary-color); }
    ul { flex: 1 0 100%; margin: 0; padding-inline-start: 20px; overflow-wrap: anywhere; }
    .icon { width: 40px; padding: 0; }`;

  /** The selected computers. */
  @property({ attribute: false }) selected: readonly Computer[] = [];
  @property({ attribute: false }) isSelecting = false;
  @property({ attribute: false }) bulk: Bulk | undefined;
  /** A number that changes with the content of `bulk`, so that the bar is drawn again. */
  @property({ attribute: false }) revision = 0;
  /** Changes with the language, so that the texts are drawn again. */
  @property({ attribute: false }) localize: unknown;
  card!: BulkHost;
  @query("[data-bulk]") private progress!: HTMLElement | null;

  protected override update(changed: Map<PropertyKey, unknown>): void {
    const focused = this.shadowRoot?.activeElement;
    super.update(changed);
    // Keyboard users continue at the progress of their command. A button must not have the focus, because the same key would press it.
    if (focused && !focused.isConnected) this.progress?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    return html`${this.bulk ? this.renderBulk(this.bulk) : nothing}${this.isSelecting ? this.renderSelection() : nothing}`;
  }

  private renderSelection(): TemplateResult {
    const { card, selected } = this;
    const translate = (key: string, count: number): string => text(card.hass, key, { count });
    return html`
      <div class="card bar" role="group" aria-label=${translate("bulk_selected", selected.length)}>
        <span class="text">${translate("bulk_selected", selected.length)}</span>
        <button type="button" class="action" @click=${() => card.batch.selectAll()}>${text(card.hass, "bulk_all")}</button>
        ${ACTIONS.map(([action, icon]) => this.renderAction(action, icon))}
        ${this.renderClose(text(card.hass, "bulk_end"), () => card.batch.endSelecting())}
      </div>`;
  }

  private renderAction(action: BulkAction, icon: string): TemplateResult {
    const { card, selected, bulk } = this;
    const computers = computersFor(action, selected);
    const isDisabled = !computers.length || (bulk !== undefined && !bulk.isOver);
    return html`
      <button type="button" class="action" data-action=${action} ?disabled=${isDisabled} @click=${() => card.batch.command(action, computers)}>
        <ha-icon icon=${icon} aria-hidden="true"></ha-icon><span>${`${actionLabel(card.hass, action)} (${computers.length})`}</span>
      </button>`;
  }

  private renderBulk(bulk: Bulk): TemplateResult {
    const { hass } = this.card;
    const { failures, total, done } = bulk;
    const more = failures.length - MAX_FAILURES;
    const label = bulkText(this.card, bulk);
    return html`
      <div class="card bar" data-bulk=${bulk.action} tabindex="-1">
        <span class="text">${label}</span>
        ${bulk.isOver ? nothing : html`<progress max=${total} .value=${done} aria-label=${label}></progress>`}
        ${this.renderClose(text(hass, bulk.isOver ? "card_dismiss" : "bulk_cancel"), () => this.card.batch.dismiss())}
        ${failures.length ? html`<ul>${failures.slice(0, MAX_FAILURES).map((failure) => html`<li>${failure}</li>`)}</ul>` : nothing}
        ${more > 0 ? html`<span>${text(hass, "bulk_more", { count: more })}</span>` : nothing}
      </div>`;
  }

  private renderClose(label: string, onClick: () => void): TemplateResult {
    return html`<button type="button" class="action icon" aria-label=${label} title=${label} @click=${onClick}>
      <ha-icon icon="mdi:close" aria-hidden="true"></ha-icon>
    </button>`;
  }
}

const actionLabel = (hass: HomeAssistant, action: BulkAction): string =>
  action === "refresh_hardware" ? text(hass, "bulk_refresh") : entityName(hass, "button", action);

/** Return the progress of a command as a text, for example "12 of 14 are online". */
export const bulkText = ({ hass }: ComputersHost, { action, done, total }: Bulk): string => text(hass, `bulk_${action}`, { done, total });

define("getscreen-bulk-bar", BulkBar);

declare global {
  interface HTMLElementTagNameMap {
    "getscreen-bulk-bar": BulkBar;
  }
}
