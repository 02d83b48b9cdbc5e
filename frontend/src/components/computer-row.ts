/** A computer in the list: its picture, its state and its actions. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { define } from "../home-assistant/offers.js";
import { entityName, text } from "../home-assistant/texts.js";
import type { Activity } from "../state/activities.js";
import { attentionText } from "../state/attention.js";
import { iconOf, sessionText, stateText } from "../state/describe.js";
import type { Computer } from "../state/fleet.js";
import type { Batch } from "./batch.js";
import type { ComputerCommands } from "./computer-commands.js";
import { computerRowStyles } from "./computer-row-styles.js";
import type { ComputersHost } from "./computers-host.js";

/** What a row needs from its card. */
export interface RowHost extends ComputersHost {
  readonly commands: ComputerCommands;
  openComputer(id: string): void;
  readonly batch: Batch;
}

export class ComputerRow extends LitElement {
  static override styles = computerRowStyles;

  @property({ attribute: false }) computer!: Computer;
  @property({ attribute: false }) activity!: Activity;
  /** Whether the row has no picture and no labels on its buttons. */
  @property({ type: Boolean, reflect: true }) compact = false;
  /** Whether the account is available. */
  @property({ attribute: false }) isAvailable = true;
  @property({ attribute: false }) isSelected = false;
  /** Whether the user is selecting computers, so that a click selects instead of opening. */
  @property({ type: Boolean, reflect: true }) selecting = false;
  /** Whether the Tab key reaches this computer. */
  @property({ attribute: false }) isActive = false;
  /** Changes with the language, so that the texts are drawn again. */
  @property({ attribute: false }) localize: unknown;
  card!: RowHost;

  @state() private loadedPicture = "";
  @query(".head") private head!: HTMLElement;

  /** The visible controls, in the order of the arrow keys. */
  get controls(): HTMLElement[] {
    return [...(this.shadowRoot?.querySelectorAll<HTMLElement>("[data-control]") ?? [])].filter(({ hidden }) => !hidden);
  }

  protected override update(changed: Map<PropertyKey, unknown>): void {
    const focused = this.shadowRoot?.activeElement as HTMLElement | null | undefined;
    super.update(changed);
    // If the focused button is gone, for example after a wake, keyboard users continue at the computer.
    if (focused && (focused.hidden || !focused.isConnected)) this.head.focus();
  }

  protected override render(): TemplateResult {
    const { computer, compact } = this;
    return html`
      <div class="computer ${this.tone} ${this.isSelected ? "selected" : ""}">
        ${compact ? nothing : this.renderPicture()}
        <input type="checkbox" class="check" data-control tabindex="-1" .checked=${this.isSelected} ?hidden=${!this.selecting}
          aria-label=${text(this.hass, "card_select", { name: computer.name })} @click=${this.onCheck} />
        ${this.renderHead()}
        <div class="actions">${this.renderButtons()}</div>
        ${this.renderMessage()}
      </div>`;
  }

  private renderHead(): TemplateResult {
    const { computer, hass } = this;
    const session = sessionText(hass, computer);
    const attention = computer.attention.map((reason) => attentionText(hass, reason)).join(", ");
    const status = stateText(hass, { ...computer, transition: computer.transition ?? this.activity.transition });
    return html`
      <button type="button" class="head" data-control tabindex=${this.isActive ? "0" : "-1"} @click=${this.onHead}>
        <span class="badge">${this.renderIcon()}</span>
        <span class="texts">
          <span class="first">
            <span class="name" dir="auto" title=${computer.name}>${computer.name}</span>
            ${computer.favorite ? renderMark("mdi:star", text(hass, "computer_favorite"), "favorite") : nothing}
            ${attention ? renderMark("mdi:alert", attention, "attention") : nothing}
          </span>
          <span class="second ${session ? "in-session" : ""}">
            <span class="state" title=${status}>${this.isAvailable ? status : text(hass, "card_last_known", { state: status })}</span>
            <span class="chip" ?hidden=${!session} title=${session}><span>${session}</span></span>
          </span>
        </span>
      </button>`;
  }

  /** The class that gives the row its color. */
  private get tone(): string {
    const { computer, activity } = this;
    if (!this.isAvailable) return "unavailable";
    if (computer.transition ?? activity.transition) return "changing";
    if (computer.online === null) return "unknown";
    return computer.online ? "on" : "off";
  }

  private renderIcon(): TemplateResult {
    return html`<ha-icon aria-hidden="true" .icon=${iconOf(this.computer)}></ha-icon>`;
  }

  private renderPicture(): TemplateResult {
    const { preview } = this.computer;
    const source = preview ? this.hass.hassUrl(preview) : "";
    const isLoaded = Boolean(source) && this.loadedPicture === source;
    // Not hidden before it is loaded, because browsers never load a lazy picture that is hidden.
    const image = html`<img alt="" loading="lazy" decoding="async" class=${isLoaded ? "loaded" : ""} .src=${source}
      @load=${() => this.onPicture(source)} @error=${() => this.onPicture("")} />`;
    return html`
      <div class="picture ${isLoaded ? "loaded" : ""}" @click=${this.onHead}>${this.renderIcon()}${source ? image : nothing}</div>`;
  }

  private renderButtons(): TemplateResult[] {
    const { hass, computer } = this;
    const again = this.activity.offersConnect;
    const isOff = computer.online === false;
    return [
      this.renderButton("connect", text(hass, again ? "card_connect_again" : "card_connect"), !isOff),
      this.renderButton("wakeAndConnect", text(hass, "card_wake_and_connect"), isOff && this.isAvailable),
      this.renderButton("wake", entityName(hass, "button", "wake"), computer.online !== true && this.isAvailable),
      this.renderButton("reboot", entityName(hass, "button", "reboot"), !isOff && this.isAvailable),
    ];
  }

  private renderButton(key: Button, label: string, isShown: boolean): TemplateResult {
    const { icon, className } = BUTTONS[key];
    // aria-disabled instead of disabled, so that a blocked button does not lose the keyboard focus. The name has no colon, because some
    // languages put a space before it.
    return html`
      <button type="button" class=${className} data-control data-action=${key} tabindex="-1" ?hidden=${!isShown} title=${label}
        aria-label="${label}, ${this.computer.name}" aria-disabled=${this.isBlocked(key) ? "true" : "false"} @click=${() => this.press(key)}>
        ${isShown ? html`<ha-icon aria-hidden="true" .icon=${icon}></ha-icon>` : nothing}<span>${label}</span>
      </button>`;
  }

  private renderMessage(): TemplateResult | typeof nothing {
    const { message } = this.activity;
    if (!message) return nothing;
    const label = text(this.hass, "card_dismiss");
    return html`
      <p class="message ${message.isError ? "error" : ""}">
        <span>${message.text}</span>
        <button type="button" class="dismiss" data-control tabindex="-1" aria-label="${label}, ${this.computer.name}" title=${label}
          @click=${this.dismiss}><ha-icon aria-hidden="true" icon="mdi:close"></ha-icon></button>
      </p>`;
  }

  private isBlocked(key: Button): boolean {
    return this.card.commands.isBlocked(this.computer, key);
  }

  private get hass() {
    return this.card.hass;
  }

  /* User input */

  private onPicture(source: string): void {
    this.loadedPicture = source;
  }

  private onHead(event: MouseEvent): void {
    const { device_id: id } = this.computer;
    if (this.selecting || event.ctrlKey || event.metaKey || event.shiftKey) this.card.batch.select(id, event.shiftKey);
    else this.card.openComputer(id);
  }

  private onCheck(event: MouseEvent): void {
    this.card.batch.select(this.computer.device_id, event.shiftKey);
  }

  private press(key: Button): void {
    void this.card.commands[key](this.computer);
  }

  private dismiss(): void {
    this.card.commands.dismiss(this.computer.device_id);
    this.head.focus();
  }
}

type Button = "connect" | "wakeAndConnect" | "wake" | "reboot";

const BUTTONS: Record<Button, { icon: string; className: string }> = {
  connect: { icon: "mdi:remote-desktop", className: "action primary" },
  wakeAndConnect: { icon: "mdi:monitor-arrow-down-variant", className: "action primary" },
  wake: { icon: "mdi:power", className: "action" },
  reboot: { icon: "mdi:restart", className: "action" },
};

const renderMark = (icon: string, label: string, kind: string): TemplateResult =>
  html`<span class="mark ${kind}" role="img" aria-label=${label} title=${label}><ha-icon icon=${icon} aria-hidden="true"></ha-icon></span>`;

define("getscreen-computer-row", ComputerRow);

declare global {
  interface HTMLElementTagNameMap {
    "getscreen-computer-row": ComputerRow;
  }
}
