/** The card `custom:getscreen-card`: one computer or thousands. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { COMPUTERS_CARD } from "../const.js";
import { define, isInCardPicker, isInDialog, offer } from "../home-assistant/offers.js";
import { suggestComputer } from "../home-assistant/suggestions.js";
import { loadTexts, text } from "../home-assistant/texts.js";
import type { GridOptions, HomeAssistant, LovelaceCard } from "../home-assistant/types.js";
import type { ComputersConfig } from "../state/computers.js";
import { ComputersView } from "../state/computers-view.js";
import { BOOLEAN, checkConfig, TEXT, TEXT_LIST } from "../state/configuration.js";
import { accountDevices } from "../state/devices.js";
import type { Computer } from "../state/fleet.js";
import { FleetFollower } from "../state/fleet-follower.js";
import { Watch } from "../state/watch.js";
import { Batch } from "./batch.js";
import type { BulkHost } from "./bulk-bar.js";
import "./bulk-bar.js";
import { ComputerCommands } from "./computer-commands.js";
import { openComputer } from "./computer-dialog.js";
import "./attention-list.js";
import { followArrivals } from "./arrival-toast.js";
import { EDITOR } from "./computers-card-editor.js";
import type { ListHost } from "./computers-list.js";
import "./computers-list.js";
import type { Change, ToolbarHost } from "./computers-toolbar.js";
import "./computers-toolbar.js";
import { Shortcut } from "./shortcut.js";
import { base } from "./styles.js";

/** Milliseconds between updates of relative times. */
const AGE_UPDATE_INTERVAL = 60_000;

const OPTIONS = {
  device: TEXT,
  devices: TEXT_LIST,
  account: TEXT,
  group: TEXT,
  title: TEXT,
  online: BOOLEAN,
  pictures: BOOLEAN,
  toolbar: BOOLEAN,
  collapsed: BOOLEAN,
  attention: BOOLEAN,
};

export class ComputersCard extends LitElement implements LovelaceCard, ListHost, ToolbarHost, BulkHost {
  static override styles = css`${base}
    :host([panel]) { padding: 16px; }
    /* Home Assistant takes the corners and borders from the only card of a view. */
    :host([panel]) .inner { --ha-card-border-radius: 12px; --ha-card-border-width: 1px; }
    .notice { padding: 16px; color: var(--secondary-text-color); display: flex; gap: 12px; align-items: center; }
    .notice ha-icon { flex: none; }`;

  static getConfigElement(): HTMLElement {
    return document.createElement(EDITOR);
  }

  static getStubConfig(hass: HomeAssistant): object {
    const account = accountDevices(hass)[0]?.accounts[0];
    return account ? { account } : {};
  }

  /** Whether the card is the only one of its view; set by Home Assistant. */
  @property({ type: Boolean, reflect: true, attribute: "panel" }) isPanel = false;
  @state() private view: ComputersView | undefined;
  @state() private width = 0;
  /** Incremented when the list and the bar have to be drawn again although their other properties are the same. */
  @state() private revision = 0;
  @query(".spoken") private spoken!: HTMLElement | null;
  @query("getscreen-computers-list") private list!: HTMLElementTagNameMap["getscreen-computers-list"] | null;
  @query("getscreen-computers-toolbar") private toolbar!: HTMLElementTagNameMap["getscreen-computers-toolbar"] | null;
  private current: HomeAssistant | undefined;
  private isSample = false;
  private clock: ReturnType<typeof setInterval> | undefined;
  private readonly follower = new FleetFollower(
    this,
    (changed) => this.onFleet(changed),
    () => !isInCardPicker(this),
  );

  private readonly watch = new Watch(this);
  protected readonly arrivals = followArrivals(this);
  private readonly resizeObserver = new ResizeObserver(([entry]) => {
    this.width = Math.round(entry?.contentRect.width ?? 0);
  });
  readonly commands: ComputerCommands = new ComputerCommands(
    this,
    () => this.follower.fleet,
    () => this.redraw(),
  );

  readonly batch: Batch = new Batch(
    this,
    () => this.follower.fleet,
    () => this.view?.visible ?? [],
    () => this.redraw(),
  );

  constructor() {
    super();
    new Shortcut(this, "/", () => this.focusSearch());
  }

  /* Called by Home Assistant */

  setConfig(config: ComputersConfig): void {
    checkConfig(config, OPTIONS);
    this.view = new ComputersView(config, this.view);
    if (this.current) this.use(this.current);
  }

  get hass(): HomeAssistant {
    return this.current as HomeAssistant;
  }

  set hass(hass: HomeAssistant) {
    const before = this.current;
    this.current = hass;
    if (before?.language !== hass.language) void loadTexts(hass);
    // Home Assistant sets this at every state change, but the card shows no states.
    if (!before || HASS_DEPENDENCIES.some((name) => hass[name] !== before[name])) this.use(hass);
  }

  getCardSize(): number {
    const { wanted = [], config } = this.view ?? {};
    const size = this.hasPictures ? wanted.length * 6 : Math.ceil(wanted.length * 1.2);
    return (config?.title ? 1 : 0) + Math.max(1, size);
  }

  getGridOptions(): GridOptions {
    return { columns: this.view?.isSingle ? 12 : "full", min_columns: 6 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizeObserver.observe(this);
    this.clock = setInterval(() => this.list?.updateAges(), AGE_UPDATE_INTERVAL);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizeObserver.disconnect();
    clearInterval(this.clock);
  }

  /* Content */

  private use(hass: HomeAssistant): void {
    if (!this.view) return;
    this.follower.use(hass.connection, this.view.config.account);
    this.arrange();
  }

  private onFleet(changed: ReadonlySet<string> | undefined): void {
    const { fleet } = this.follower;
    if (!fleet || !this.current) return;
    const ids = changed ?? fleet.computers.keys();
    this.commands.update([...ids].map((id) => fleet.computers.get(id)).filter((computer): computer is Computer => computer !== undefined));
    this.arrange();
  }

  private arrange(): void {
    const { view, current: hass } = this;
    const { fleet } = this.follower;
    if (!view || !hass || !fleet) return;
    this.isSample = isInCardPicker(this);
    view.arrange(hass, fleet, this.isSample);
    this.batch.restrictTo(view.wanted);
    this.redraw();
  }

  private redraw(): void {
    this.revision += 1;
  }

  private get hasPictures(): boolean {
    return this.view?.hasPictures(this.width) ?? false;
  }

  /* Called by the parts of the card */

  announce(message: string): void {
    if (this.spoken) this.spoken.textContent = message;
  }

  isAvailable(account: string): boolean {
    return this.isSample || (this.follower.fleet?.isAvailable(account) ?? false);
  }

  isCollapsed(group: string): boolean {
    return this.view?.isCollapsed(group) ?? false;
  }

  toggleGroup(group: string): void {
    this.view?.toggleGroup(group);
    this.arrange();
  }

  choose(change: Change): void {
    this.view?.choose(change);
    this.view?.rearrange(this.hass);
    this.redraw();
    if (change.search) this.announce(text(this.hass, "toolbar_found", { count: this.view?.arrangement?.shown.length ?? 0 }));
  }

  prepareSearch(): void {
    const { view } = this;
    void view?.termsRequest.prepare(this.hass.connection, view.config.account).then((isNew) => isNew && this.arrange());
  }

  openFound(): void {
    const found = this.view?.found;
    if (!found) this.focusList();
    else void (found.online === false ? this.commands.wakeAndConnect(found) : this.commands.connect(found));
  }

  focusList(): void {
    if (this.view?.arrangement?.shown.length) this.list?.focus();
  }

  private focusSearch(): boolean {
    this.toolbar?.focusSearch();
    return Boolean(this.toolbar);
  }

  openComputer(id: string): void {
    const { fleet } = this.follower;
    if (fleet) openComputer(this, fleet, this.commands, id);
  }

  /* Rendering */

  protected override shouldUpdate(): boolean {
    return Boolean(this.current && this.view);
  }

  protected override updated(): void {
    const { wanted = [], config } = this.view ?? {};
    const isWatching = wanted.length > 0 && !isInDialog(this);
    this.watch.use(isWatching ? { type: "getscreen/computers/watch", ...(config?.account ? { account: config.account } : {}) } : undefined);
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    const isComplete = await super.getUpdateComplete();
    await this.list?.updateComplete;
    return isComplete;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { view } = this;
    if (!view) return nothing;
    const { title } = view.config;
    return html`
      <div class="inner">
        <h2 class="title" dir="auto" ?hidden=${!title}>${title}</h2>
        ${this.renderToolbar(view)}
        ${this.renderBulk(view)}
        ${this.renderComputers(view)}
        ${view.notice ? renderNotice("mdi:monitor-off", view.notice) : nothing}
        <div class="hidden spoken" role="status" aria-live="polite"></div>
      </div>`;
  }

  private renderToolbar({ arrangement, choice, config, hasToolbar }: ComputersView): TemplateResult | typeof nothing {
    if (config.attention || !hasToolbar || !arrangement) return nothing;
    return html`<getscreen-computers-toolbar .card=${this} .choice=${choice} .counts=${arrangement.counts} .pictures=${this.hasPictures}
      .isSelecting=${this.batch.isSelecting} .width=${this.width} .localize=${this.hass.localize}></getscreen-computers-toolbar>`;
  }

  private renderBulk({ wanted }: ComputersView): TemplateResult | typeof nothing {
    const { bulk, isSelecting } = this.batch;
    if (!bulk && !isSelecting) return nothing;
    const selected = wanted.filter(({ device_id: id }) => this.batch.has(id));
    return html`<getscreen-bulk-bar .card=${this} .selected=${selected} .isSelecting=${isSelecting} .bulk=${bulk} .revision=${this.revision}
      .localize=${this.hass.localize}></getscreen-bulk-bar>`;
  }

  private renderComputers({ arrangement, config, wanted }: ComputersView): TemplateResult | typeof nothing {
    const { localize } = this.hass;
    if (!arrangement || !wanted.length) return nothing;
    if (config.attention) return html`<getscreen-attention .card=${this} .computers=${wanted} .localize=${localize}></getscreen-attention>`;
    if (!arrangement.shown.length) return renderNotice("mdi:magnify-close", text(this.hass, "card_nothing_found"));
    return html`<getscreen-computers-list .card=${this} .arrangement=${arrangement} .isCompact=${!this.hasPictures} .isSelecting=${this.batch.isSelecting}
      .revision=${this.revision} .width=${this.width} .localize=${localize}></getscreen-computers-list>`;
  }
}

const renderNotice = (icon: string, notice: string): TemplateResult =>
  html`<div class="card notice"><ha-icon icon=${icon} aria-hidden="true"></ha-icon><span>${notice}</span></div>`;

/** The parts of `hass` that the card depends on; Home Assistant replaces an object when something in it changes. */
const HASS_DEPENDENCIES = ["devices", "localize", "locale", "config", "user"] as const;

define(COMPUTERS_CARD, ComputersCard);

offer("customCards", {
  type: COMPUTERS_CARD,
  preview: true,
  description: "card_offer",
  title: "dashboard_computers",
  getEntitySuggestion: suggestComputer,
});
