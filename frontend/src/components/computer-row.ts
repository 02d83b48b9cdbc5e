/** A computer as the card shows it: its picture, its state and its actions. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { callAction, errorText, queryAction, showMoreInfo } from "../home-assistant/actions.js";
import { type OpenLink, openLink } from "../home-assistant/links.js";
import { define } from "../home-assistant/offers.js";
import { ago, entityName, text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { type Action, Command } from "../state/command.js";
import { type Computer, describe } from "../state/computers.js";
import { computerRowStyles } from "./computer-row-styles.js";
import type { ComputersHost } from "./computers-host.js";
import { askQuestion } from "./question.js";

export class ComputerRow extends LitElement {
  static override styles = computerRowStyles;

  @property({ attribute: false }) computer!: Computer;
  /** Without a picture and without labels on the buttons. */
  @property({ type: Boolean, reflect: true }) compact = false;
  /** Whether it has come into view. Before that, it has no icons and no picture. */
  @property({ attribute: false }) isSeen = false;
  card!: ComputersHost;

  @state() private command: Command | undefined;
  @state() private isConnecting = false;
  @state() private message: { text: string; isError: boolean } | undefined;
  @state() private isPictureLoaded = false;
  @query(".head") private head!: HTMLElement;

  /* What the card calls */

  /** End a command, because the row is about to leave the card; announce the state if a user waits for the computer or `hadFocus`. */
  leave(hadFocus: boolean): void {
    if (!this.command && !hadFocus) return;
    this.endCommand();
    const now = this.describeState(describe(this.hass, this.computer.device));
    if (now) this.announce(now);
  }

  /* What is shown */

  protected override willUpdate(changed: Map<PropertyKey, unknown>): void {
    const { command, computer } = this;
    if (changed.has("computer") && command?.follow(computer.online)) {
      this.endCommand();
      this.announce(text(this.hass, "card_online"));
    }
    if (!this.hasPicture) this.isPictureLoaded = false;
  }

  protected override update(changed: Map<PropertyKey, unknown>): void {
    const focused = this.shadowRoot?.activeElement as HTMLElement | null | undefined;
    super.update(changed);
    // A user who woke a computer by keyboard goes on from there.
    if (focused?.hidden) this.head.focus();
  }

  protected override render(): TemplateResult {
    const { computer, message } = this;
    const { device, inSession } = computer;
    return html`
      <div class="computer ${this.tone}">
        <div class="picture ${this.isPictureLoaded ? "loaded" : ""}">${this.renderIcon()}${this.renderPicture()}</div>
        <button type="button" class="head" @click=${this.showMore}>
          <span class="badge">${this.renderIcon()}</span>
          <span class="texts">
            <span class="name">${device.name}</span>
            <span class="second">
              <span class="state">${this.describeState(computer)}</span>
              <span class="chip" ?hidden=${!inSession}>${inSession ? entityName(this.hass, "binary_sensor", "session") : nothing}</span>
            </span>
          </span>
        </button>
        <div class="actions">${this.renderButtons()}</div>
        <p class="message ${message?.isError ? "error" : ""}" ?hidden=${!message}>${message?.text}</p>
      </div>`;
  }

  /** The class that gives the row its colour. */
  private get tone(): string {
    if (this.command) return "turning";
    return this.computer.isUnavailable ? "away" : (this.computer.online ?? "unknown");
  }

  private renderIcon(): TemplateResult | typeof nothing {
    return this.isSeen ? html`<ha-icon aria-hidden="true" .icon=${this.computer.icon}></ha-icon>` : nothing;
  }

  private get hasPicture(): boolean {
    return this.isSeen && !this.compact && Boolean(this.computer.preview);
  }

  private renderPicture(): TemplateResult | typeof nothing {
    if (!this.hasPicture) return nothing;
    const source = this.hass.hassUrl(this.computer.preview ?? "");
    // Not hidden before it is loaded, for a hidden picture is never in view, and so never loaded.
    return html`
      <img alt="" loading="lazy" decoding="async" class=${this.isPictureLoaded ? "loaded" : ""} .src=${source}
        @load=${this.onPicture} @error=${this.onPicture} />`;
  }

  private renderButtons(): TemplateResult[] {
    const { hass } = this;
    const { isUnavailable, online } = this.computer;
    return [
      this.renderButton("connect", text(hass, "card_connect"), online !== "off"),
      this.renderButton("wake", entityName(hass, "button", "wake"), !isUnavailable && online !== "on"),
      this.renderButton("reboot", entityName(hass, "button", "reboot"), !isUnavailable && online !== "off"),
    ];
  }

  private renderButton(key: Button, label: string, isShown: boolean): TemplateResult {
    const { icon, className } = BUTTONS[key];
    // Not disabled while it is held, or it would lose the keyboard's focus. Without a colon, which has a space before it in some languages.
    return html`
      <button type="button" class=${className} ?hidden=${!isShown} title=${this.compact ? label : ""} aria-label="${label}, ${this.name}"
        aria-disabled=${this.isHeld(key) ? "true" : "false"} @click=${() => this.isHeld(key) || this[key]()}>
        ${this.isSeen ? html`<ha-icon aria-hidden="true" .icon=${icon}></ha-icon>` : nothing}<span>${label}</span>
      </button>`;
  }

  /** Whether a button does nothing at the moment. Asked at the click too: the page may not have been drawn since the one before. */
  private isHeld(key: Button): boolean {
    if (this.command) return true;
    return key === "connect" && (this.isConnecting || this.computer.isUnavailable);
  }

  private describeState({ online, onlineState }: Computer): string {
    const { hass, command } = this;
    if (command) return text(hass, command.action === "reboot" ? "card_rebooting" : "card_waking");
    if (online === "on") return text(hass, "card_online");
    if (online !== "off") return onlineState ? hass.formatEntityState(onlineState) : "";
    const seen = onlineState?.attributes.last_seen;
    return typeof seen === "string" ? text(hass, "card_offline_since", { ago: ago(hass, seen) }) : text(hass, "card_offline");
  }

  private onPicture(event: Event): void {
    this.isPictureLoaded = event.type === "load";
  }

  private get hass(): HomeAssistant {
    return this.card.hass;
  }

  private get name(): string {
    return this.computer.device.name;
  }

  /** Show a message below the computer and have it read out; none removes it. */
  private showMessage(message: string | undefined, isError = false): void {
    this.message = message === undefined ? undefined : { text: message, isError };
    if (message?.includes(this.name)) this.card.announce(message);
    else if (message) this.announce(message);
  }

  private announce(message: string): void {
    this.card.announce(`${this.name}, ${message}`);
  }

  private async showError(error: unknown): Promise<void> {
    this.showMessage(await errorText(this.hass, error), true);
  }

  /* What the buttons do */

  private showMore(): void {
    const { online, last_seen: lastSeen } = this.computer.device.entities;
    const id = online ?? lastSeen;
    if (id) showMoreInfo(this, id);
  }

  private async connect(): Promise<void> {
    const { hass, name } = this;
    const { id } = this.computer.device;
    this.showMessage(undefined);
    this.isConnecting = true;
    try {
      await openLink(hass, {
        getLink: async () => (await queryAction<{ url: string }>(hass, "get_connection_link", { device_id: id })).url,
        waiting: text(hass, "card_connecting", { name }),
        onBlocked: (open) => this.offerLink(open),
      });
    } catch (error) {
      await this.showError(error);
    } finally {
      this.isConnecting = false;
    }
  }

  private offerLink(open: OpenLink): void {
    const { hass, name } = this;
    askQuestion(this.card.renderRoot, hass, {
      title: text(hass, "card_ready", { name }),
      message: text(hass, "card_no_tab"),
      yes: text(hass, "card_connect"),
      onYes: open,
    });
  }

  private async wake(): Promise<void> {
    await this.send("wake");
  }

  private reboot(): void {
    const { hass, name } = this;
    askQuestion(this.card.renderRoot, hass, {
      title: text(hass, "card_reboot_title", { name }),
      message: text(hass, "card_reboot_message"),
      yes: entityName(hass, "button", "reboot"),
      isDangerous: true,
      onYes: () => void this.send("reboot"),
    });
  }

  /** Send a command, and show it until the computer has come online. */
  private async send(action: Action): Promise<void> {
    const command = new Command(action, this.computer.online);
    this.showMessage(undefined);
    this.command = command;
    this.announce(this.describeState(this.computer));
    try {
      await callAction(this.hass, action, {}, { device_id: this.computer.device.id });
      command.startTimer(() => this.onTimeout(command));
    } catch (error) {
      this.endCommand();
      await this.showError(error);
    }
  }

  private onTimeout(command: Command): void {
    this.endCommand();
    // What became of the computer while the card was away, or while its state is unavailable, is not known.
    if (this.isConnected && this.computer.online) this.showMessage(text(this.hass, command.timeoutText, { name: this.name }));
  }

  private endCommand(): void {
    this.command?.end();
    this.command = undefined;
  }
}

type Button = "connect" | "wake" | "reboot";

const BUTTONS: Record<Button, { icon: string; className: string }> = {
  connect: { icon: "mdi:remote-desktop", className: "action primary" },
  wake: { icon: "mdi:power", className: "action" },
  reboot: { icon: "mdi:restart", className: "action" },
};

define("getscreen-computer", ComputerRow);

declare global {
  interface HTMLElementTagNameMap {
    "getscreen-computer": ComputerRow;
  }
}
