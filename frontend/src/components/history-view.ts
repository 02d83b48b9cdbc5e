/** The sessions of an account or a computer, with filters. Scrolling loads older sessions. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { property, query, queryAll, state } from "lit/decorators.js";
import { errorText } from "../home-assistant/actions.js";
import { define } from "../home-assistant/offers.js";
import { collator, text } from "../home-assistant/texts.js";
import { dayText } from "../home-assistant/times.js";
import type { HomeAssistant, Values } from "../home-assistant/types.js";
import type { Session } from "../state/history.js";
import { chooseHistory, type HistoryConfig } from "../state/history-choice.js";
import { HistoryRequests } from "../state/history-requests.js";
import { matchesFilters, NO_FILTERS, personsOf, suggestionsOf } from "../state/session-filter.js";
import { Blocks } from "./blocks.js";
import type { FilterChange, HistoryFilters } from "./history-filters.js";
import "./history-filters.js";
import { SAMPLE } from "./history-sample.js";
import { historyViewStyles } from "./history-view-styles.js";
import { ListEnd } from "./list-end.js";
import type { SessionsHost } from "./session-item.js";
import type { SessionList } from "./session-list.js";
import "./session-list.js";

/** Milliseconds after the last key before a typed text counts as complete. */
const TYPING_PAUSE = 600;

/** Sessions in a block. */
const BLOCK_SIZE = 25;

/** Maximum number of suggestions, which limits the size of the page. */
const MAX_SUGGESTIONS = 50;

export class HistoryView extends LitElement {
  static override styles = historyViewStyles;

  @property({ attribute: false }) config!: HistoryConfig;
  /** Config entry id; undefined for a sample. */
  @property({ attribute: false }) account: string | undefined;
  host!: SessionsHost;

  @state() private filters = NO_FILTERS;
  @state() private failure = "";
  @state() private announcement = "";
  @state() private pages = 1;
  @query(".content") private content!: HTMLElement;
  @query(".end") private endNode!: HTMLElement | null;
  @queryAll(".block") private blockNodes!: NodeListOf<HTMLElement>;
  @queryAll("getscreen-sessions, getscreen-history-filters") private parts!: NodeListOf<SessionList | HistoryFilters>;
  // The typed text that has already limited the list to one computer; empty if none has.
  private appliedComputer = "";
  // Whether the number of sessions has to be announced once they are loaded.
  private isCountAwaited = false;
  private typing: ReturnType<typeof setTimeout> | undefined;
  private readonly requests = new HistoryRequests(this, () => this.onListChange());
  private readonly blocks = new Blocks(this, () => this.blockNodes);
  private readonly end = new ListEnd(
    this,
    () => this.endNode,
    () => this.loadMore(),
  );

  /* Called by the card */

  get hass(): HomeAssistant {
    return this.host.hass;
  }

  /** Handle a state change in Home Assistant. */
  check(): void {
    this.requests.check();
  }

  /** Draw the texts and the durations of running sessions again. */
  redraw(): void {
    this.requestUpdate();
    for (const part of this.parts) part.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.typing);
  }

  /* Selecting the list */

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("config")) this.filters = NO_FILTERS;
    if (changed.has("config") || changed.has("account")) this.chooseList();
  }

  private chooseList(): void {
    const { account, config, hass, requests } = this;
    if (!account) {
      requests.use(undefined);
      return;
    }
    const computers = requests.computers?.values() ?? [];
    const { shown, computer } = chooseHistory(hass, { config, account, computers }, this.filters);
    if (shown.list !== requests.list) this.startOver();
    this.appliedComputer = computer;
    requests.use(shown);
    this.onListChange();
  }

  /** Show the list from its top again. */
  private startOver(): void {
    this.pages = 1;
    this.failure = "";
    this.blocks.reset();
    this.end.reset();
  }

  private onListChange(): void {
    const { list } = this.requests;
    this.requestUpdate();
    this.end.observeAgain();
    this.announceCount();
    if (list?.error) void this.showFailure(list.error);
  }

  private async showFailure(error: unknown): Promise<void> {
    const message = await errorText(this.hass, error);
    if (error === this.requests.list?.error) this.failure = message;
  }

  private onFilter(filters: FilterChange["filters"], isFinal: boolean): void {
    this.filters = filters;
    this.startOver();
    clearTimeout(this.typing);
    const finish = (): void => {
      this.isCountAwaited = true;
      this.chooseList();
    };
    if (isFinal) finish();
    else this.typing = setTimeout(finish, TYPING_PAUSE);
  }

  private clearFilters(): void {
    this.onFilter(NO_FILTERS, true);
    this.content.focus();
  }

  private announceCount(): void {
    const { list } = this.requests;
    if (!this.isCountAwaited || !list?.sessions || list.isLoading) return;
    this.isCountAwaited = false;
    this.announcement = this.historyText("count", { count: this.matching.length });
  }

  /** Request older sessions; return whether a request was started. */
  private loadMore(): boolean {
    const { list } = this.requests;
    if (!list?.sessions || list.error || list.isLoading || list.isComplete) return false;
    void list.loadMore(this.hass);
    return true;
  }

  private searchFurther(): void {
    this.end.reset();
    this.loadMore();
  }

  /* Rendering */

  /** The loaded sessions that match what was typed. */
  private get matching(): readonly Session[] {
    const { computer, person } = this.filters;
    const sessions = this.account ? (this.requests.list?.sessions ?? []) : SAMPLE;
    const name = computer === this.appliedComputer ? "" : computer;
    return name || person ? sessions.filter((session) => matchesFilters(session, name, person)) : sessions;
  }

  private historyText(key: string, values?: Values): string {
    return text(this.hass, `history_${key}`, values);
  }

  protected override render(): TemplateResult {
    const { list } = this.requests;
    const { matching } = this;
    const limit = this.config.rows ? this.config.rows * this.pages : matching.length;
    return html`
      <div class="content" tabindex="-1">
        <div class="top ${this.config.title === "" ? "untitled" : ""}">
          ${this.renderHead()}
          <getscreen-history-filters .host=${this.host} .filters=${this.filters} ?of-computer=${Boolean(this.config.device)}
            .computers=${this.computerNames} .persons=${this.persons}
            @getscreen-filter=${(event: CustomEvent<FilterChange>) => this.onFilter(event.detail.filters, event.detail.isFinal)}
          ></getscreen-history-filters>
        </div>
        ${this.renderFailure()}
        <div class="none" role="status" ?hidden=${!this.account || Boolean(list?.sessions || list?.error)}>
          ${this.hass.localize("ui.common.loading")}
        </div>
        <div>${this.renderBlocks(matching.slice(0, limit))}</div>
        ${this.renderFoot(matching.length, limit)}
        <div class="hidden spoken" role="status">${this.announcement}</div>
      </div>`;
  }

  private renderHead(): TemplateResult {
    const { title } = this.config;
    const refresh = this.historyText("refresh");
    const isBusy = this.requests.list?.isLoading;
    return html`
      <div class="head">
        <h2 class="title" dir="auto" ?hidden=${title === ""}>${title ?? this.historyText("title")}</h2>
        <button type="button" class="action refresh ${isBusy ? "busy" : ""}" title=${refresh} aria-label=${refresh}
          @click=${() => this.requests.refresh()}>
          <ha-icon aria-hidden="true" icon="mdi:refresh"></ha-icon>
        </button>
      </div>`;
  }

  private get computerNames(): string[] {
    const names = [...(this.requests.computers?.values() ?? [])].map(({ name }) => name);
    return suggestionsOf(names, this.filters.computer, { max: MAX_SUGGESTIONS, compare: collator(this.hass) });
  }

  private get persons(): string[] {
    const all = new Set<string>();
    for (const session of this.requests.list?.sessions ?? []) for (const person of personsOf(session)) all.add(person);
    return suggestionsOf(all, this.filters.person, { max: MAX_SUGGESTIONS, compare: collator(this.hass) });
  }

  private renderFailure(): TemplateResult | typeof nothing {
    if (!this.requests.list?.error || !this.failure) return nothing;
    return html`
      <div class="message error" role="alert">
        <span>${this.failure}</span>
        <button type="button" class="action" @click=${() => this.requests.refresh()}>${this.historyText("retry")}</button>
      </div>`;
  }

  private renderBlocks(sessions: readonly Session[]): TemplateResult[] {
    const blocks: TemplateResult[] = [];
    for (let first = 0; first < sessions.length; first += BLOCK_SIZE) {
      const index = first / BLOCK_SIZE;
      const height = this.blocks.heightOf(index);
      const content = html`<getscreen-sessions .host=${this.host} ?of-computer=${Boolean(this.config.device)}
        .sessions=${sessions.slice(first, first + BLOCK_SIZE)} .above=${sessions[first - 1]}></getscreen-sessions>`;
      blocks.push(html`
        <div class="block" data-index=${index} style=${height === undefined ? "" : `height: ${height}px`}>${
          height === undefined ? content : nothing
        }</div>`);
    }
    return blocks;
  }

  private renderFoot(count: number, limit: number): TemplateResult | typeof nothing {
    const { list } = this.requests;
    if (!list?.sessions) return nothing;
    if (count > limit) return this.renderButton("more", () => this.showMore());
    if (list.isComplete) return count ? nothing : this.renderNone();
    // Both parts are hidden unless the user has to wait, or to decide whether the search continues.
    const oldest = list.sessions[list.sessions.length - 1]?.start;
    const searched = oldest ? this.historyText("searched", { day: dayText(this.hass, oldest) }) : "";
    return html`
      <div class="foot" ?hidden=${!this.end.isPaused}>
        <span>${searched}</span>
        ${this.renderButton("search_back", () => this.searchFurther())}
      </div>
      <div class="foot" ?hidden=${this.end.isPaused || !list.isLoading}>${this.hass.localize("ui.common.loading")}</div>
      <div class="end"></div>`;
  }

  private showMore(): void {
    this.pages += 1;
  }

  private renderButton(key: string, onClick: () => void): TemplateResult {
    return html`<button type="button" class="action ${key}" @click=${onClick}><span>${this.historyText(key)}</span></button>`;
  }

  private renderNone(): TemplateResult {
    const { computer, person, day, isRecorded } = this.filters;
    const isFiltered = Boolean(computer || person || day || isRecorded);
    return html`
      <div class="none">
        <ha-icon icon="mdi:history" aria-hidden="true"></ha-icon>
        <span>${this.historyText(isFiltered ? "no_match" : "none")}</span>
        ${isFiltered ? this.renderButton("clear", () => this.clearFilters()) : nothing}
      </div>`;
  }
}

define("getscreen-history", HistoryView);
