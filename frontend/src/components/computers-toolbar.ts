/** The toolbar of the computers card: search, filters with counts, sort order, selection and pictures. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import { define } from "../home-assistant/offers.js";
import { text } from "../home-assistant/texts.js";
import { type Choice, FILTERS, type Filter, SORTS, type Sort } from "../state/arrangement.js";
import type { Batch } from "./batch.js";
import type { ComputersHost } from "./computers-host.js";
import { base, buttons } from "./styles.js";

/** What a user changes in the toolbar. */
export type Change = Partial<Choice & { pictures: boolean }>;

/** What the toolbar needs from its card. */
export interface ToolbarHost extends ComputersHost {
  readonly batch: Batch;
  choose(change: Change): void;
  /** The user is about to search. */
  prepareSearch(): void;
  /** The user pressed Enter in the search. */
  openFound(): void;
  focusList(): void;
}

const ICONS: Partial<Record<Filter, string>> = {
  session: "mdi:account-arrow-right-outline",
  favorite: "mdi:star-outline",
  attention: "mdi:alert-outline",
};

// Filters that are hidden while no computer matches them, to save room.
const HIDDEN_WITHOUT_MATCH: Filter[] = ["favorite", "attention"];

/** Pixels. From this width on, the toolbar fits into one line. */
const MIN_WIDTH_FOR_ONE_LINE = 1200;

class ComputersToolbar extends LitElement {
  static override styles = css`${base}${buttons}
    .toolbar { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; margin-bottom: 8px; }
    .search { position: relative; flex: 1 1 0; min-width: 120px; display: flex; align-items: center; }
    .search ha-icon { position: absolute; inset-inline-start: 12px; --mdc-icon-size: 20px; color: var(--secondary-text-color); pointer-events: none; }
    input { width: 100%; height: 40px; padding: 0 12px; padding-inline-start: 40px; border: 1px solid var(--secondary-text-color);
      border-radius: var(--ha-border-radius-md, 10px); font: inherit; color: inherit; background: var(--card-background-color, white); }
    input::placeholder { color: var(--ha-color-text-secondary, var(--primary-text-color)); opacity: 1; }
    .chips { display: flex; gap: 8px; flex: 1 0 100%; order: 1; min-width: 0; padding: 2px; margin: -2px; overflow-x: auto; scrollbar-width: none; }
    .chips::-webkit-scrollbar { display: none; }
    .chip { flex: none; display: inline-flex; align-items: center; gap: 6px; height: 36px; padding: 0 12px; cursor: pointer; font: inherit;
      font-weight: 500; color: var(--primary-text-color); border: 1px solid var(--secondary-text-color); border-radius: 18px; background: none; }
    .chip ha-icon { --mdc-icon-size: 18px; }
    .chip[aria-pressed="true"] { border-color: var(--primary-color); box-shadow: inset 0 0 0 1px var(--primary-color);
      background: color-mix(in srgb, var(--primary-color) 20%, transparent); }
    @supports not (color: color-mix(in srgb, red, red)) { .chip[aria-pressed="true"] { background: var(--secondary-background-color, #e5e5e5); } }
    .count { font-weight: 400; }
    select { height: 40px; max-width: 200px; padding: 0 8px; border: 1px solid var(--secondary-text-color);
      border-radius: var(--ha-border-radius-md, 10px); font: inherit; color: inherit; background: var(--card-background-color, white); }
    .icon { width: 40px; padding: 0; flex: none; }
    .end { display: flex; gap: 8px; min-width: 0; }
    .wide .chips { flex: 0 0 auto; order: 0; }`;

  @property({ attribute: false }) choice!: Choice;
  @property({ attribute: false }) counts!: Readonly<Record<Filter, number>>;
  @property({ attribute: false }) pictures = false;
  @property({ attribute: false }) isSelecting = false;
  /** Pixels. */
  @property({ attribute: false }) width = 0;
  /** Changes with the language, so that the texts are drawn again. */
  @property({ attribute: false }) localize: unknown;
  card!: ToolbarHost;
  @query("input") private field!: HTMLInputElement;

  focusSearch(): void {
    this.field.focus();
    this.field.select();
    // In a long list, the toolbar may be scrolled out of view.
    this.scrollIntoView?.({ block: "center" });
  }

  protected override render(): TemplateResult {
    const { choice, card } = this;
    const translate = (key: string): string => text(card.hass, key);
    return html`
      <div class="toolbar ${this.width >= MIN_WIDTH_FOR_ONE_LINE ? "wide" : ""}">
        <div class="search">
          <ha-icon icon="mdi:magnify" aria-hidden="true"></ha-icon>
          <input type="search" autocomplete="off" spellcheck="false" enterkeyhint="go" maxlength="100" dir="auto" .value=${choice.search}
            placeholder=${translate("toolbar_search")} aria-label=${translate("toolbar_search_label")} aria-keyshortcuts="/" title=${translate("toolbar_search_help")}
            @focus=${() => card.prepareSearch()} @input=${this.onInput} @keydown=${this.onKey} />
        </div>
        <div class="chips" role="group" aria-label=${translate("toolbar_filters")}>${FILTERS.map((filter) => this.renderChip(filter, translate(`toolbar_${filter}`)))}</div>
        <div class="end">
          <select aria-label=${translate("toolbar_sort")} title=${translate("toolbar_sort")} .value=${choice.sort} @change=${this.onSort}>
            ${SORTS.map((sort) => html`<option value=${sort} ?selected=${sort === choice.sort}>${translate(`toolbar_sort_${sort}`)}</option>`)}
          </select>
          ${this.renderToggle("mdi:checkbox-multiple-marked-outline", translate("toolbar_select"), this.isSelecting, () => this.toggleSelecting())}
          ${this.renderToggle("mdi:view-grid-outline", translate("toolbar_pictures"), this.pictures, () => card.choose({ pictures: !this.pictures }))}
        </div>
      </div>`;
  }

  private renderChip(filter: Filter, label: string): TemplateResult | typeof nothing {
    const isChosen = this.choice.filter === filter;
    const count = this.counts[filter];
    if (!count && !isChosen && HIDDEN_WITHOUT_MATCH.includes(filter)) return nothing;
    const icon = ICONS[filter];
    return html`
      <button type="button" class="chip" data-filter=${filter} aria-pressed=${isChosen ? "true" : "false"}
        @click=${() => this.card.choose({ filter: isChosen ? "all" : filter })}>
        ${icon ? html`<ha-icon icon=${icon} aria-hidden="true"></ha-icon>` : nothing}<span>${label}</span><span class="count">${count}</span>
      </button>`;
  }

  private renderToggle(icon: string, label: string, isOn: boolean, onClick: () => void): TemplateResult {
    return html`
      <button type="button" class="action icon ${isOn ? "primary" : ""}" aria-pressed=${isOn ? "true" : "false"} aria-label=${label} title=${label}
        @click=${onClick}><ha-icon icon=${icon} aria-hidden="true"></ha-icon></button>`;
  }

  private toggleSelecting(): void {
    if (this.isSelecting) this.card.batch.endSelecting();
    else this.card.batch.startSelecting();
  }

  private onInput(): void {
    this.card.choose({ search: this.field.value });
  }

  private onSort(event: Event): void {
    this.card.choose({ sort: (event.target as HTMLSelectElement).value as Sort });
  }

  private onKey(event: KeyboardEvent): void {
    // While an input method is composing a word, Enter completes the word.
    if (event.key === "Enter" && !event.isComposing) this.card.openFound();
    else if (event.key === "ArrowDown") this.card.focusList();
    else if (event.key === "Escape" && this.field.value) this.card.choose({ search: "" });
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

define("getscreen-computers-toolbar", ComputersToolbar);

declare global {
  interface HTMLElementTagNameMap {
    "getscreen-computers-toolbar": ComputersToolbar;
  }
}
