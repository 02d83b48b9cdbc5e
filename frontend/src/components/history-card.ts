/** The card `custom:getscreen-history-card`: all sessions of an account or a computer, or only the running ones. */

import { css, html, LitElement, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { DOMAIN, HISTORY_CARD } from "../const.js";
import { define, isInCardPicker, offer } from "../home-assistant/offers.js";
import { suggestHistory } from "../home-assistant/suggestions.js";
import { loadTexts, text } from "../home-assistant/texts.js";
import type { CardConfig, GridOptions, HomeAssistant, LovelaceCard } from "../home-assistant/types.js";
import { BOOLEAN, COUNT, checkConfig, TEXT } from "../state/configuration.js";
import { accountOf, type HistoryConfig } from "../state/history-choice.js";
import { accountForm, accountStub } from "./account-card-form.js";
import type { HistoryView } from "./history-view.js";
import "./history-view.js";
import type { RunningSessions } from "./running-sessions.js";
import "./running-sessions.js";
import { followArrivals } from "./arrival-toast.js";
import { ComputerDialogs } from "./computer-dialogs.js";
import type { SessionsHost } from "./session-item.js";
import { base } from "./styles.js";

/** Milliseconds between updates of how long sessions have been running. */
const AGE_UPDATE_INTERVAL = 30_000;

const OPTIONS = { account: TEXT, device: TEXT, title: TEXT, running: BOOLEAN, rows: COUNT };

export class HistoryCard extends LitElement implements LovelaceCard, SessionsHost {
  static override styles = css`${base}
    .running { padding: 8px; }
    .running .title { padding: 8px 8px 4px; overflow-wrap: anywhere; }
    .none { padding: 16px; color: var(--secondary-text-color); text-align: center; }`;

  static getStubConfig = accountStub;

  static getConfigForm(): object {
    return accountForm(
      // Only computers have such an entity; the account's device has none.
      { name: "device", selector: { device: { entity: [{ integration: DOMAIN, domain: "binary_sensor" }] } } },
      { name: "running", selector: { boolean: {} } },
      { name: "rows", selector: { number: { min: 1, max: 100, mode: "box" } } },
    );
  }

  @state() private config: HistoryConfig = { type: `custom:${HISTORY_CARD}` };
  @state() private isSample = false;
  @query("getscreen-history, getscreen-running") private view!: HistoryView | RunningSessions | null;
  @query(".spoken") private spoken!: HTMLElement | null;
  private current: HomeAssistant | undefined;
  private clock: ReturnType<typeof setInterval> | undefined;
  protected readonly arrivals = followArrivals(this);
  protected readonly dialogs = new ComputerDialogs(this, (hass) => {
    const found = accountOf(hass, this.config);
    return "missing" in found ? undefined : found.account;
  });

  /* Called by Home Assistant */

  setConfig(config: CardConfig): void {
    checkConfig(config, OPTIONS);
    this.config = config;
  }

  get hass(): HomeAssistant {
    return this.current as HomeAssistant;
  }

  set hass(hass: HomeAssistant) {
    const before = this.current;
    this.current = hass;
    if (before?.language !== hass.language) void loadTexts(hass);
    if (before?.devices !== hass.devices || before?.entities !== hass.entities) this.requestUpdate();
    if (before?.localize !== hass.localize || before?.locale !== hass.locale) this.redraw();
    this.view?.check();
  }

  getCardSize(): number {
    return this.config.running ? 2 : 8;
  }

  getGridOptions(): GridOptions {
    return { columns: this.config.running ? 12 : "full", rows: "auto", min_columns: 6 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.isSample = isInCardPicker(this);
    this.clock = setInterval(() => this.view?.redraw(), AGE_UPDATE_INTERVAL);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.clock);
  }

  /* Called by the dialogs */

  announce(message: string): void {
    if (this.spoken) this.spoken.textContent = message;
  }

  /* Rendering */

  private redraw(): void {
    this.requestUpdate();
    this.view?.redraw();
  }

  protected override shouldUpdate(): boolean {
    // Do not draw while the card is not in the page, so that the user's input is still there when it returns.
    return Boolean(this.current) && this.isConnected;
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    const isComplete = await super.getUpdateComplete();
    await this.view?.updateComplete;
    return isComplete;
  }

  protected override render(): TemplateResult {
    const { hass, config } = this;
    const found = this.isSample ? { account: undefined } : accountOf(hass, config);
    if ("missing" in found) return html`<div class="card none">${text(hass, found.missing)}</div>`;
    const { account } = found;
    if (!config.running) {
      return html`<div class="card"><getscreen-history .host=${this} .config=${config} .account=${account}></getscreen-history></div>${LIVE_REGION}`;
    }
    return html`
      <div class="card running">
        <h2 class="title" dir="auto" ?hidden=${!config.title}>${config.title}</h2>
        <getscreen-running .host=${this} .account=${account} .device=${config.device}></getscreen-running>
      </div>${LIVE_REGION}`;
  }
}

const LIVE_REGION = html`<div class="hidden spoken" role="status" aria-live="polite"></div>`;

define(HISTORY_CARD, HistoryCard);

offer("customCards", {
  type: HISTORY_CARD,
  preview: true,
  title: "history_title",
  description: "history_offer",
  getEntitySuggestion: suggestHistory,
});
