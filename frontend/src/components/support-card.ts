/** The quick-support card: the open invitations of an account, and a form that creates one. */

import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { query, queryAll, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { SUPPORT_CARD } from "../const.js";
import { errorText } from "../home-assistant/actions.js";
import { define, isInCardPicker, offer } from "../home-assistant/offers.js";
import { suggestSupport } from "../home-assistant/suggestions.js";
import { loadTexts, text } from "../home-assistant/texts.js";
import type { CardConfig, GridOptions, HomeAssistant, LovelaceCard, Values } from "../home-assistant/types.js";
import { checkConfig, TEXT } from "../state/configuration.js";
import { accountDevices } from "../state/devices.js";
import { type Invitation, type Invitations, invitationsOf, sortInvitations } from "../state/invitations.js";
import { accountForm, accountStub } from "./account-card-form.js";
import { spell } from "./invitation-code.js";
import type { InvitationItem, SupportHost } from "./invitation-item.js";
import "./invitation-item.js";
import { ListRequests } from "../state/list-requests.js";
import { SAMPLE_INVITATIONS } from "../state/sample.js";
import { followArrivals, joinedText } from "./arrival-toast.js";
import { type Message, renderFailure, renderHead, renderMessage } from "./support-card-parts.js";
import { supportCardStyles } from "./support-card-styles.js";

/** Milliseconds between updates of how old invitations are. */
const AGE_UPDATE_INTERVAL = 20_000;

const OPTIONS = { account: TEXT, title: TEXT };

export class SupportCard extends LitElement implements LovelaceCard, SupportHost {
  static override styles = supportCardStyles;

  static getStubConfig = accountStub;
  static getConfigForm = (): object => accountForm();

  @state() private config: CardConfig & { account?: string; title?: string } = { type: `custom:${SUPPORT_CARD}` };
  @state() private isSample = false;
  @state() private isInviting = false;
  @state() private message: Message | undefined;
  @state() private failure = "";
  @state() private announcement = "";
  @query("input") private nameField!: HTMLInputElement;
  @query(".invite") private inviteButton!: HTMLElement;
  @query(".content") private content!: HTMLElement;
  @query(".open") private openButton!: HTMLElement | null;
  @queryAll("getscreen-invitation") private items!: NodeListOf<InvitationItem>;
  private current: HomeAssistant | undefined;
  private agesUpdated = 0;
  private readonly requests = new ListRequests(
    this,
    () => this.onListChange(),
    (joined) => this.announce(joinedText(this.hass, joined)),
  );

  protected readonly arrivals = followArrivals(this);

  /* Called by Home Assistant */

  setConfig(config: CardConfig): void {
    checkConfig(config, OPTIONS);
    this.config = config;
    this.chooseList();
  }

  get hass(): HomeAssistant {
    return this.current as HomeAssistant;
  }

  set hass(hass: HomeAssistant) {
    const before = this.current;
    this.current = hass;
    if (before?.language !== hass.language) void loadTexts(hass);
    if (before?.entities !== hass.entities || before?.devices !== hass.devices) this.chooseList();
    if (before?.localize !== hass.localize) this.redraw();
    if (Date.now() - this.agesUpdated > AGE_UPDATE_INTERVAL) this.renderItems();
    this.requests.check();
  }

  getCardSize(): number {
    return 4;
  }

  getGridOptions(): GridOptions {
    return { columns: 12, rows: "auto", min_columns: 6 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.isSample = isInCardPicker(this);
    this.chooseList();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // The link is a secret, so remove it.
    if (this.message?.open) this.message = undefined;
  }

  /* Called by the invitations */

  get invitations(): Invitations | undefined {
    return this.requests.list;
  }

  text(key: string, values?: Values): string {
    return text(this.hass, `support_${key}`, values);
  }

  async runAction(button: HTMLElement, setBusy: (isBusy: boolean) => void, action: () => Promise<void>): Promise<void> {
    this.message = undefined;
    const hadFocus = button.matches(":focus");
    setBusy(true);
    try {
      await action();
    } catch (error) {
      await this.showError(error);
    }
    setBusy(false);
    await this.updateComplete;
    // Not the input field, on which phones would open their keyboard.
    if (hadFocus && !this.shadowRoot?.activeElement) this.focusOn(button);
  }

  offerLink(open: () => void, button: HTMLElement): void {
    if (!this.isConnected) return;
    const openAndDismiss = (): void => {
      open();
      this.focusOn(button);
      this.message = undefined;
    };
    this.message = { text: this.text("blocked"), open: openAndDismiss };
    void this.updateComplete.then(() => this.openButton?.focus());
  }

  async showError(error: unknown): Promise<void> {
    this.message = { text: await errorText(this.hass, error), isError: true };
  }

  /* Selecting the list */

  private chooseList(): void {
    if (!this.current || !this.isConnected) return;
    const all = accountDevices(this.current);
    const { account } = this.config;
    const isKnown = !account || all.some(({ accounts }) => accounts.includes(account));
    const entryId = account || (all.length === 1 ? all[0]?.accounts[0] : undefined);
    this.requests.use(entryId && isKnown && !this.isSample ? invitationsOf(entryId) : undefined);
    this.onListChange();
  }

  private onListChange(): void {
    const { list } = this.requests;
    this.requestUpdate();
    if (list?.error && this.current) void this.showFailure(list, list.error);
  }

  private async showFailure(list: Invitations, error: unknown): Promise<void> {
    const message = await errorText(this.hass, error);
    if (list === this.requests.list && error === list.error) this.failure = message;
  }

  /* Rendering */

  private redraw(): void {
    this.onListChange();
    this.renderItems();
  }

  private renderItems(): void {
    this.agesUpdated = Date.now();
    for (const item of this.items) item.requestUpdate();
  }

  protected override shouldUpdate(): boolean {
    // Do not draw while the card is not in the page, so that the user's input is still there when it returns.
    return Boolean(this.current) && this.isConnected;
  }

  protected override update(changed: PropertyValues): void {
    const focused = this.shadowRoot?.activeElement;
    const inner = focused?.shadowRoot?.activeElement;
    super.update(changed);
    // The focused invitation was removed.
    if (focused && !focused.isConnected) this.content.focus();
    // The focused invitation was moved in the page, and so lost the focus.
    else if (inner instanceof HTMLElement && !this.shadowRoot?.activeElement) inner.focus();
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    const isComplete = await super.getUpdateComplete();
    await Promise.all([...this.items].map((item) => item.updateComplete));
    return isComplete;
  }

  protected override render(): TemplateResult {
    const { list } = this.requests;
    const open = this.isSample ? SAMPLE_INVITATIONS : list?.open;
    const isUsable = this.isSample || Boolean(list);
    return html`
      <div class="card">
        <div class="content" tabindex="-1">
          ${renderHead(this.hass, this.config.title, list?.remaining)}
          ${isUsable ? this.renderForm() : nothing}
          ${renderMessage(this.hass, this.message)}
          ${isUsable ? renderFailure(this.hass, this.failureOf(list), () => list?.load(this.hass)) : html`<div class="none">${text(this.hass, this.missingKey)}</div>`}
          <div class="none" role="status" ?hidden=${!isUsable || Boolean(open || (list?.error && !list.isLoading))}>
            ${this.hass.localize("ui.common.loading")}
          </div>
          ${this.renderItemList(open)}
          <div class="hidden" role="status">${this.announcement}</div>
        </div>
      </div>`;
  }

  private failureOf(list: Invitations | undefined): string {
    return list?.error ? this.failure : "";
  }

  private get missingKey(): string {
    if (!accountDevices(this.hass).length) return "support_no_account";
    return this.config.account ? "card_account_gone" : "support_choose_account";
  }

  private renderForm(): TemplateResult {
    const label = this.text("client_name");
    return html`
      <form @submit=${this.onSubmit}>
        <input type="text" maxlength="100" autocomplete="off" enterkeyhint="done" placeholder=${label} aria-label=${label} />
        <button type="submit" class="action primary invite" ?disabled=${this.isInviting}>
          <ha-icon icon="mdi:account-plus" aria-hidden="true"></ha-icon><span>${this.text("invite")}</span>
        </button>
      </form>`;
  }

  private renderItemList(open: Invitation[] | undefined): TemplateResult {
    const sorted = sortInvitations(open ?? []);
    return html`
      <div class="none" ?hidden=${!open || sorted.length > 0}>
        <ha-icon icon="mdi:account-question-outline" aria-hidden="true"></ha-icon><span>${this.text("none")}</span>
      </div>
      <div class="list" role="list">${repeat(
        sorted,
        ({ id }) => id,
        (invitation) => html`<getscreen-invitation role="listitem" .card=${this} .invitation=${invitation}></getscreen-invitation>`,
      )}</div>`;
  }

  private async onSubmit(event: Event): Promise<void> {
    event.preventDefault();
    const { nameField } = this;
    const { list } = this.requests;
    if (!list || this.isInviting) return;
    const setBusy = (isBusy: boolean): void => {
      this.isInviting = isBusy;
    };
    let created: Invitation | undefined;
    await this.runAction(this.inviteButton, setBusy, async () => {
      created = await list.create(this.hass, nameField.value.trim());
      nameField.value = "";
      this.announce(this.text("created", { code: spell(created.code ?? "") }));
    });
    // Last, because the focus, which returns to the button, would scroll back to it.
    for (const item of this.items) if (item.invitation.id === created?.id) void item.showCode();
  }

  private announce(message: string): void {
    this.announcement = message;
  }

  private focusOn(node: HTMLElement): void {
    (node.isConnected ? node : this.content).focus();
  }
}

define(SUPPORT_CARD, SupportCard);
offer("customCards", {
  type: SUPPORT_CARD,
  preview: true,
  title: "support_title",
  description: "support_offer",
  getEntitySuggestion: suggestSupport,
});
