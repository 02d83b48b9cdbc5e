/** The card `custom:getscreen-card`: one computer or thousands. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { COMPUTERS_CARD } from "../const.js";
import { define, isInCardPicker, isInDialog, offer } from "../home-assistant/offers.js";
import { suggestComputer } from "../home-assistant/suggestions.js";
import { loadTexts, text } from "../home-assistant/texts.js";
import type { GridOptions, HomeAssistant, LovelaceCard } from "../home-assistant/types.js";
import { type Arrangement, Arranger, type Choice } from "../state/arrangement.js";
import { type Remembered, recall, remember } from "../state/choice.js";
import { type ComputersConfig, chosenIds, findNotice, wantedComputers } from "../state/computers.js";
import { CHOICE, checkConfig, TEXT, TEXTS } from "../state/configuration.js";
import { accountDevices } from "../state/devices.js";
import type { Computer } from "../state/fleet.js";
import { FleetFollower } from "../state/fleet-follower.js";
import { sampleComputers } from "../state/sample.js";
import { isSameText, matchesText, TermsRequest, wordsOf } from "../state/search.js";
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

/** Beyond so many computers, pictures would hide what matters. */
const MOST_PICTURES = 50;

/** Up to so many computers are seen at a glance. */
const FEW = 8;

/** Pixels. On a narrower screen, each picture would take half of it. */
const NARROW = 500;

/** Milliseconds between updates of how long ago a computer was seen. */
const AGES_EVERY = 60_000;

const OPTIONS = {
  device: TEXT,
  devices: TEXTS,
  account: TEXT,
  group: TEXT,
  title: TEXT,
  online: CHOICE,
  pictures: CHOICE,
  toolbar: CHOICE,
  collapsed: CHOICE,
  attention: CHOICE,
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

  /** Whether the card is the only one of its view; Home Assistant sets that. */
  @property({ type: Boolean, reflect: true, attribute: "panel" }) isPanel = false;
  @state() private config: ComputersConfig | undefined;
  @state() private choice: CardChoice = { search: "", key: "", ...recall("") };
  @state() private arrangement: Arrangement | undefined;
  @state() private width = 0;
  /** Grows with what the list and the bar have to draw anew, although their properties are the same. */
  @state() private change = 0;
  @query(".spoken") private spoken!: HTMLElement | null;
  @query("getscreen-computers-list") private list!: HTMLElementTagNameMap["getscreen-computers-list"] | null;
  @query("getscreen-computers-toolbar") private toolbar!: HTMLElementTagNameMap["getscreen-computers-toolbar"] | null;
  private current: HomeAssistant | undefined;
  private wanted: readonly Computer[] = [];
  private notice = "";
  private isSample = false;
  private clock: ReturnType<typeof setInterval> | undefined;
  private readonly following = new FleetFollower(
    this,
    (changed) => this.onFleet(changed),
    () => !isInCardPicker(this),
  );

  private readonly arranger = new Arranger();
  private readonly terms = new TermsRequest();
  private readonly watch = new Watch(this);
  protected readonly arrivals = followArrivals(this);
  private readonly size = new ResizeObserver(([entry]) => {
    this.width = Math.round(entry?.contentRect.width ?? 0);
  });
  readonly commands: ComputerCommands = new ComputerCommands(
    this,
    () => this.following.fleet,
    () => this.redraw(),
  );

  readonly batch: Batch = new Batch(
    this,
    () => this.following.fleet,
    () => (this.arrangement?.shown ?? []).filter(({ group }) => !this.isCollapsed(group ?? "")),
    () => this.redraw(),
  );

  constructor() {
    super();
    new Shortcut(this, "/", () => this.focusSearch());
  }

  /* What Home Assistant calls */

  setConfig(config: ComputersConfig): void {
    checkConfig(config, OPTIONS);
    const isFirst = !this.config;
    this.config = config;
    if (isFirst || this.choice.key !== keyOf(config)) this.choice = { search: "", key: keyOf(config), ...recall(keyOf(config)) };
    if (this.current) this.use(this.current);
  }

  get hass(): HomeAssistant {
    return this.current as HomeAssistant;
  }

  set hass(hass: HomeAssistant) {
    const before = this.current;
    this.current = hass;
    if (before?.language !== hass.language) void loadTexts(hass);
    // This is called for every state of the house, none of which is shown.
    if (!before || BASICS.some((name) => hass[name] !== before[name])) this.use(hass);
  }

  getCardSize(): number {
    const count = this.wanted.length;
    const size = this.hasPictures ? count * 6 : Math.ceil(count * 1.2);
    return (this.config?.title ? 1 : 0) + Math.max(1, size);
  }

  getGridOptions(): GridOptions {
    return { columns: this.isSingle ? 12 : "full", min_columns: 6 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.size.observe(this);
    this.clock = setInterval(() => this.list?.updateAges(), AGES_EVERY);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.size.disconnect();
    clearInterval(this.clock);
  }

  /* What there is to show */

  private use(hass: HomeAssistant): void {
    if (!this.config) return;
    this.following.use(hass.connection, this.config.account);
    this.arrange();
  }

  private onFleet(changed: ReadonlySet<string> | undefined): void {
    const { fleet } = this.following;
    if (!fleet || !this.current) return;
    const ids = changed ?? fleet.computers.keys();
    this.commands.follow([...ids].map((id) => fleet.computers.get(id)).filter((known): known is Computer => known !== undefined));
    this.arrange();
  }

  private arrange(): void {
    const { config, current: hass } = this;
    const { fleet } = this.following;
    if (!config || !hass || !fleet) return;
    this.isSample = isInCardPicker(this);
    this.wanted = this.isSample ? sampleComputers() : wantedComputers(config, fleet);
    this.notice = this.isSample ? "" : findNotice(hass, config, fleet, this.wanted);
    this.arrangement = this.arranger.arrange(hass, this.wanted, this.used, this.terms.known, chosenIds(config).length > 0);
    this.batch.keep(this.wanted);
    this.redraw();
  }

  private redraw(): void {
    this.change += 1;
  }

  private get isSingle(): boolean {
    return this.config !== undefined && chosenIds(this.config).length === 1;
  }

  private get hasToolbar(): boolean {
    const { length } = this.wanted;
    // Filters that show 0 would say more than is known during an outage.
    return length > 0 && (this.config?.toolbar ?? (!this.isSingle && length > FEW));
  }

  /** The user's choice; without a toolbar, nobody could choose otherwise. */
  private get used(): CardChoice {
    return this.hasToolbar ? this.choice : { ...this.choice, search: "", filter: "all", sort: "group", pictures: undefined };
  }

  private get hasPictures(): boolean {
    const chosen = this.used.pictures ?? this.config?.pictures;
    if (chosen !== undefined || this.isSingle) return chosen ?? true;
    return this.wanted.length <= MOST_PICTURES && (this.width >= NARROW || this.wanted.length === 1);
  }

  /* What the parts call */

  announce(message: string): void {
    if (this.spoken) this.spoken.textContent = message;
  }

  isAvailable(account: string): boolean {
    return this.isSample || (this.following.fleet?.isAvailable(account) ?? false);
  }

  isCollapsed(group: string): boolean {
    // What a user searches for is to be seen.
    if (this.choice.search) return false;
    return this.choice.collapsed.get(group) ?? this.config?.collapsed ?? false;
  }

  toggleGroup(group: string): void {
    if (this.choice.search) return;
    this.save({ collapsed: new Map([...this.choice.collapsed, [group, !this.isCollapsed(group)]]) });
  }

  choose({ isSelecting, ...change }: Change): void {
    if (isSelecting === false) this.batch.endSelecting();
    else if (isSelecting) this.batch.begin();
    else this.save(change);
  }

  private save(change: Partial<CardChoice>): void {
    this.choice = { ...this.choice, ...change };
    const { search, key, ...remembered } = this.choice;
    // A search is not remembered, and storage is slow.
    if (change.search === undefined) remember(key, remembered);
    this.arrange();
    if (change.search) this.announce(text(this.hass, "toolbar_found", { count: this.arrangement?.shown.length ?? 0 }));
  }

  prepareSearch(): void {
    void this.terms.prepare(this.hass.connection, this.config?.account).then((isNew) => isNew && this.arrange());
  }

  openFound(): void {
    const shown = this.arrangement?.shown ?? [];
    const words = wordsOf(this.choice.search);
    // One that is called so is meant, rather than others that have the same address, or whose names are longer.
    const named = shown.filter(({ name }) => matchesText(name, words));
    const exact = named.filter(({ name }) => isSameText(name, this.choice.search));
    const meant = exact.length ? exact : named;
    const [found, ...others] = shown.length === 1 ? shown : meant;
    if (!words.length || !found || others.length) this.focusList();
    else void (found.online === false ? this.commands.wakeAndConnect(found) : this.commands.connect(found));
  }

  focusList(): void {
    if (this.arrangement?.shown.length) this.list?.focus();
  }

  private focusSearch(): boolean {
    this.toolbar?.focusSearch();
    return Boolean(this.toolbar);
  }

  openComputer(id: string): void {
    const { fleet } = this.following;
    if (fleet) openComputer(this, fleet, this.commands, id);
  }

  /* What is shown */

  protected override shouldUpdate(): boolean {
    return Boolean(this.current && this.config);
  }

  protected override updated(): void {
    const { config } = this;
    const isSeen = this.wanted.length > 0 && !isInDialog(this);
    this.watch.use(isSeen ? { type: "getscreen/computers/watch", ...(config?.account ? { account: config.account } : {}) } : undefined);
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    const isComplete = await super.getUpdateComplete();
    await this.list?.updateComplete;
    return isComplete;
  }

  protected override render(): TemplateResult {
    const { config, notice } = this;
    return html`
      <div class="inner">
        <h2 class="title" dir="auto" ?hidden=${!config?.title}>${config?.title}</h2>
        ${config?.attention ? nothing : this.renderToolbar()}
        ${this.renderBulk()}
        ${this.renderComputers()}
        ${notice ? renderNotice("mdi:monitor-off", notice) : nothing}
        <div class="hidden spoken" role="status" aria-live="polite"></div>
      </div>`;
  }

  private renderBulk(): TemplateResult | typeof nothing {
    const { bulk, isSelecting } = this.batch;
    if (!bulk && !isSelecting) return nothing;
    const selected = this.wanted.filter(({ device_id: id }) => this.batch.has(id));
    return html`<getscreen-bulk-bar .card=${this} .selected=${selected} .isSelecting=${isSelecting} .bulk=${bulk} .change=${this.change}
      .localize=${this.hass.localize}></getscreen-bulk-bar>`;
  }

  private renderToolbar(): TemplateResult | typeof nothing {
    if (!this.hasToolbar || !this.arrangement) return nothing;
    return html`<getscreen-computers-toolbar .card=${this} .choice=${this.choice} .counts=${this.arrangement.counts} .pictures=${this.hasPictures}
      .isSelecting=${this.batch.isSelecting} .width=${this.width} .localize=${this.hass.localize}></getscreen-computers-toolbar>`;
  }

  private renderComputers(): TemplateResult | typeof nothing {
    const { arrangement, hass } = this;
    if (!arrangement || !this.wanted.length) return nothing;
    if (this.config?.attention)
      return html`<getscreen-attention .card=${this} .computers=${this.wanted} .localize=${hass.localize}></getscreen-attention>`;
    if (!arrangement.shown.length) return renderNotice("mdi:magnify-close", text(hass, "card_nothing_found"));
    return html`<getscreen-computers-list .card=${this} .arrangement=${arrangement} .isCompact=${!this.hasPictures} .isSelecting=${this.batch.isSelecting}
      .change=${this.change} .width=${this.width} .localize=${hass.localize}></getscreen-computers-list>`;
  }
}

const renderNotice = (icon: string, notice: string): TemplateResult =>
  html`<div class="card notice"><ha-icon icon=${icon} aria-hidden="true"></ha-icon><span>${notice}</span></div>`;

/** What the card depends on beside the computers; Home Assistant makes a new object when something in it changes. */
const BASICS = ["devices", "localize", "locale", "config", "user"] as const;

type CardChoice = Choice & Remembered & { readonly key: string };

/** Return what tells apart cards in which a user wants to see different things. */
const keyOf = ({ account, group, devices, collapsed }: ComputersConfig): string =>
  JSON.stringify([account ?? "", group ?? "", devices ?? [], collapsed ?? false]);

define(COMPUTERS_CARD, ComputersCard);

offer("customCards", {
  type: COMPUTERS_CARD,
  preview: true,
  description: "card_offer",
  title: "dashboard_computers",
  getEntitySuggestion: suggestComputer,
});
