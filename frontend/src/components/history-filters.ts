/** The filters of the history card. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { define } from "../home-assistant/offers.js";
import { text } from "../home-assistant/texts.js";
import { dayOf } from "../home-assistant/times.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { FIRST_DAY, type Filters } from "../state/session-filter.js";
import { base, buttons } from "./styles.js";

/** The detail of the event `getscreen-filter`, which reports a change of the filters. */
export interface FilterChange {
  filters: Filters;
  /** Whether the input is complete, for example after Enter. */
  isFinal: boolean;
}

type TextField = "computer" | "person";

export class HistoryFilters extends LitElement {
  static override styles = css`${base}${buttons}
    :host { container-type: inline-size; }
    form { display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }
    input { width: 100%; min-width: 0; height: 40px; padding: 0 12px; font: inherit; color: var(--primary-text-color);
      border: 1px solid var(--ha-color-border-neutral-loud, var(--secondary-text-color)); border-radius: var(--ha-border-radius-md, 10px);
      background: var(--ha-color-form-background, var(--input-fill-color, transparent)); color-scheme: inherit; }
    input::placeholder { color: var(--ha-color-text-secondary, var(--primary-text-color)); opacity: 1; }
    input:focus-visible { outline-offset: -1px; }
    .recorded[aria-pressed="true"] { --tone: var(--primary-color); box-shadow: inset 0 0 0 2px var(--primary-color); }
    @container (min-width: 400px) {
      form { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
    }
    @container (min-width: 720px) {
      form { grid-template-columns: minmax(0, 2fr) minmax(0, 2fr) minmax(0, 1fr) auto; }
    }`;

  @property({ attribute: false }) filters!: Filters;
  /** Suggestions for the fields. */
  @property({ attribute: false }) computers: readonly string[] = [];
  @property({ attribute: false }) persons: readonly string[] = [];
  @property({ type: Boolean, attribute: "of-computer" }) isOfComputer = false;
  host!: { readonly hass: HomeAssistant };

  protected override render(): TemplateResult {
    const { hass } = this.host;
    const { day, isRecorded } = this.filters;
    const label = text(hass, "history_day");
    return html`
      <form role="search" @submit=${this.onSubmit}>
        ${this.isOfComputer ? nothing : this.renderText("computer", text(hass, "history_computer"), this.computers)}
        ${this.renderText("person", text(hass, "history_person"), this.persons)}
        <input type="date" name="day" aria-label=${label} title=${label} min=${FIRST_DAY} max=${dayOf(hass)} .value=${day}
          @input=${this.onInput} @change=${this.onChange} />
        <button type="button" class="action recorded" aria-pressed=${String(isRecorded)} @click=${this.onRecorded}>
          <ha-icon aria-hidden="true" icon=${isRecorded ? "mdi:check" : "mdi:video-outline"}></ha-icon><span>${text(hass, "history_recorded")}</span>
        </button>
      </form>`;
  }

  private renderText(name: TextField, label: string, suggestions: readonly string[]): TemplateResult {
    return html`
      <input type="search" name=${name} dir="auto" autocomplete="off" enterkeyhint="search" maxlength="200" list=${`${name}s`}
        placeholder=${label} aria-label=${label} .value=${this.filters[name]} @input=${this.onInput} @change=${this.onChange} />
      <datalist id=${`${name}s`}>${suggestions.map((each) => html`<option value=${each}></option>`)}</datalist>`;
  }

  private onInput({ target }: Event): void {
    const { name, value } = target as HTMLInputElement;
    this.report({ ...this.filters, [name]: value }, false);
  }

  private onChange(): void {
    this.report(this.filters, true);
  }

  private onSubmit(event: Event): void {
    event.preventDefault();
    this.report(this.filters, true);
  }

  private onRecorded(): void {
    this.report({ ...this.filters, isRecorded: !this.filters.isRecorded }, true);
  }

  private report(filters: Filters, isFinal: boolean): void {
    // Set now, because the next event may come before the card passes the filters on.
    this.filters = filters;
    this.dispatchEvent(new CustomEvent<FilterChange>("getscreen-filter", { detail: { filters, isFinal } }));
  }
}

define("getscreen-history-filters", HistoryFilters);
