/** The card `custom:getscreen-card`: one computer or many. */

import { css, html, LitElement, type PropertyValues, type TemplateResult } from "lit";
import { query, queryAll, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { COMPUTERS_CARD, DOMAIN } from "../const.js";
import { define, isInDialog, offer } from "../home-assistant/offers.js";
import { loadTexts } from "../home-assistant/texts.js";
import type { GridOptions, HomeAssistant, LovelaceCard } from "../home-assistant/types.js";
import { ComputerList, type ComputersConfig } from "../state/computers.js";
import { CHOICE, checkConfig, TEXT, TEXTS } from "../state/configuration.js";
import { accountDevices } from "../state/devices.js";
import { Watch } from "../state/watch.js";
import type { ComputerRow } from "./computer-row.js";
import "./computer-row.js";
import { EDITOR } from "./computers-card-editor.js";
import { base } from "./styles.js";

/** Beyond so many computers, pictures would hide what matters. */
const MOST_PICTURES = 50;

/** Milliseconds between updates of how long ago a computer was seen. */
const AGES_EVERY = 60_000;

const OPTIONS = { device: TEXT, devices: TEXTS, account: TEXT, group: TEXT, title: TEXT, online: CHOICE, pictures: CHOICE };

export class ComputersCard extends LitElement implements LovelaceCard {
  static override styles = css`${base}
    ul { list-style: none; margin: 0; padding: 0; display: grid; gap: var(--ha-section-grid-column-gap, 8px); }
    ul:focus-visible { outline: none; }
    /* Once more without min(), which the oldest browsers lack. */
    ul.pictures { grid-template-columns: repeat(auto-fill, minmax(256px, 1fr));
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 256px), 1fr)); }
    ul.compact { grid-template-columns: minmax(0, 1fr); grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); }
    ul.single { grid-template-columns: minmax(0, 1fr); }
    li { display: grid; min-width: 0; content-visibility: auto; contain-intrinsic-size: auto 256px; }
    ul.compact li { contain-intrinsic-size: auto 58px; }
    .notice { padding: 16px; color: var(--secondary-text-color); display: flex; gap: 12px; align-items: center; }
    ul:not(:empty) + .notice { margin-top: 8px; }
    .notice ha-icon { flex: none; }`;

  static getConfigElement(): HTMLElement {
    return document.createElement(EDITOR);
  }

  static getStubConfig(hass: HomeAssistant): object {
    const account = accountDevices(hass)[0]?.accounts[0];
    return account ? { account } : {};
  }

  @state() private config: ComputersConfig | undefined;
  @query("ul") private listNode!: HTMLElement;
  @query(".spoken") private spoken!: HTMLElement | null;
  @queryAll("getscreen-computer") private rows!: NodeListOf<ComputerRow>;
  private current: HomeAssistant | undefined;
  private list: ComputerList | undefined;
  private observer: IntersectionObserver | undefined;
  private clock: ReturnType<typeof setInterval> | undefined;
  private readonly watch = new Watch(this);

  /* What Home Assistant calls */

  setConfig(config: ComputersConfig): void {
    checkConfig(config, OPTIONS);
    this.config = config;
    this.list = new ComputerList(config, this.list);
    if (this.current) this.list.update(this.current);
  }

  get hass(): HomeAssistant {
    return this.current as HomeAssistant;
  }

  set hass(hass: HomeAssistant) {
    if (this.current?.language !== hass.language) void loadTexts(hass);
    this.current = hass;
    // This is called for every state of the house, and hardly any of them is shown.
    if (this.list?.update(hass)) this.requestUpdate();
  }

  getCardSize(): number {
    const count = this.list?.shown.length ?? 0;
    const size = this.hasPictures ? count * 6 : Math.ceil(count * 1.3);
    return (this.config?.title ? 1 : 0) + Math.max(1, size);
  }

  getGridOptions(): GridOptions {
    return { columns: this.list?.isSingle ? 12 : "full", min_columns: 6 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.observer = new IntersectionObserver((entries) => this.onView(entries), { rootMargin: "200px" });
    this.observeRows();
    this.clock = setInterval(() => this.updateAges(), AGES_EVERY);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.observer?.disconnect();
    clearInterval(this.clock);
  }

  /* What the rows call */

  announce(message: string): void {
    if (this.spoken) this.spoken.textContent = message;
  }

  /* What is shown */

  private get hasPictures(): boolean {
    return this.config?.pictures !== false && (this.list?.shown.length ?? 0) <= MOST_PICTURES;
  }

  protected override shouldUpdate(): boolean {
    return Boolean(this.current && this.list);
  }

  protected override update(changed: PropertyValues): void {
    const shown = new Set(this.list?.shown.map(({ device }) => device.id));
    const focused = this.shadowRoot?.activeElement;
    const inner = focused?.shadowRoot?.activeElement;
    const leaving = [...this.rows].filter((row) => !shown.has(row.computer.device.id));
    for (const row of leaving) row.leave(row === focused);
    super.update(changed);
    if (leaving.some((row) => row === focused)) this.listNode.focus();
    // A row that has moved has lost it.
    else if (inner instanceof HTMLElement && !this.shadowRoot?.activeElement) inner.focus();
  }

  protected override updated(): void {
    this.observeRows();
    const watched = isInDialog(this) ? undefined : this.list?.watched;
    this.watch.use(watched && { type: "getscreen/computers/subscribe", ...watched, watch: true });
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    const isComplete = await super.getUpdateComplete();
    await Promise.all([...this.rows].map((row) => row.updateComplete));
    return isComplete;
  }

  protected override render(): TemplateResult {
    const { title } = this.config ?? {};
    const { shown = [], notice = "" } = this.list ?? {};
    const isCompact = !this.hasPictures;
    const layout = `${isCompact ? "compact" : "pictures"} ${shown.length === 1 ? "single" : ""}`;
    // Safari takes the role from a list without markers.
    return html`
      <h2 class="title" ?hidden=${!title}>${title}</h2>
      <ul role="list" tabindex="-1" class=${layout}>${repeat(
        shown,
        ({ device }) => device.id,
        (computer) => html`<li role="listitem" class="card">
          <getscreen-computer .card=${this} .computer=${computer} ?compact=${isCompact}></getscreen-computer>
        </li>`,
      )}</ul>
      <div class="card notice" ?hidden=${!notice}><ha-icon icon="mdi:monitor-off" aria-hidden="true"></ha-icon><span>${notice}</span></div>
      <div class="hidden spoken" role="status" aria-live="polite"></div>`;
  }

  private updateAges(): void {
    for (const row of this.rows) row.requestUpdate();
  }

  /** Watch for the rows that have not come into view yet. */
  private observeRows(): void {
    for (const row of this.rows) if (!row.isSeen) this.observer?.observe(row);
  }

  private onView(entries: IntersectionObserverEntry[]): void {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      this.observer?.unobserve(target);
      (target as ComputerRow).isSeen = true;
    }
  }
}

define(COMPUTERS_CARD, ComputersCard);

offer("customCards", {
  type: COMPUTERS_CARD,
  preview: true,
  description: "card_offer",
  getEntitySuggestion: (hass, entityId) => {
    const entity = hass.entities[entityId];
    if (entity?.platform !== DOMAIN || entity.translation_key !== "online" || !entity.device_id) return null;
    return { config: { type: `custom:${COMPUTERS_CARD}`, device: entity.device_id } };
  },
});
