/** An invitation as the quick-support card shows it: its code, its status and its actions. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { showToast } from "../home-assistant/actions.js";
import { copyText, openLink } from "../home-assistant/links.js";
import { define } from "../home-assistant/offers.js";
import { ago } from "../home-assistant/texts.js";
import type { HomeAssistant, Values } from "../home-assistant/types.js";
import type { Invitation, Invitations } from "../state/invitations.js";
import { addressOf, groupDigits, isolate, spell } from "./invitation-code.js";
import { invitationItemStyles } from "./invitation-item-styles.js";
import "./qr-code.js";
import { askQuestion } from "./question.js";

/** What an invitation needs of its card. */
export interface SupportHost extends EventTarget {
  readonly hass: HomeAssistant;
  /** The account's invitations; undefined where the card shows a sample or has no account. */
  readonly invitations: Invitations | undefined;
  /** Where questions are asked. */
  readonly renderRoot: ParentNode & Node;
  /** Return a text of the card, by its key without the prefix. */
  text(key: string, values?: Values): string;
  /** Do the work of a button, which is held until it is done; a failure is shown, and a focus that is lost comes back. */
  during(button: HTMLElement, hold: (isBusy: boolean) => void, work: () => Promise<void>): Promise<void>;
  /** Offer a link that the browser has blocked; the focus then goes to `button`. */
  offerLink(open: () => void, button: HTMLElement): void;
  showError(error: unknown): Promise<void>;
}

const ICONS: Partial<Record<string, string>> = {
  waiting_for_client: "mdi:timer-sand",
  client_joined: "mdi:account-check",
  active: "mdi:remote-desktop",
};

// Browsers offer it on secure pages alone.
const { share: canShare }: Partial<Navigator> = navigator;

export class InvitationItem extends LitElement {
  static override styles = invitationItemStyles;

  @property({ attribute: false }) invitation!: Invitation;
  card!: SupportHost;

  @state() private isConnecting = false;
  @state() private isClosing = false;
  @state() private isCodeShown = false;
  @query(".connect") private connectButton!: HTMLElement;
  @query(".copy_code") private copyCodeButton!: HTMLElement;
  @query(".copy") private copyButton!: HTMLElement;
  @query(".close") private closeButton!: HTMLElement;

  /* What is shown */

  protected override render(): TemplateResult {
    const { card, invitation } = this;
    const { status, client_name: name, created } = invitation;
    const code = invitation.code ?? "";
    const link = invitation.invite_url ?? "";
    const isKnown = ICONS[status] !== undefined;
    return html`
      <div class="invitation" data-status=${isKnown ? status : "unknown"}>
        <span class="name" dir="auto" title=${name ?? ""}>${name || card.text("unnamed")}</span>
        <span class="created">${created ? ago(card.hass, created) : ""}</span>
        <span class="status">
          <ha-icon aria-hidden="true" .icon=${ICONS[status] ?? "mdi:help-circle-outline"}></ha-icon>
          <span>${card.text(isKnown ? status : "unknown")}</span>
        </span>
        <div class="code-line" ?hidden=${!code}>
          <span class="code" dir="ltr" aria-hidden="true">${groupDigits(code)}</span>
          <span class="hidden">${code ? card.text("code", { code: spell(code) }) : ""}</span>
          ${this.renderButton("copy_code", "mdi:content-copy", false, this.copyCode)}
        </div>
        ${this.renderHint(code, link)}
        <div class="buttons">
          <button type="button" class="action connect ${status === "client_joined" ? "primary" : ""}" aria-label=${this.named("connect")}
            ?hidden=${status === "waiting_for_client"} ?disabled=${this.isConnecting} @click=${this.connect}>
            <ha-icon aria-hidden="true" icon="mdi:remote-desktop"></ha-icon><span>${card.text("connect")}</span>
          </button>
          ${this.renderButton("copy", "mdi:link-variant", !link, this.copy)}
          ${canShare ? this.renderButton("share", "mdi:share-variant", !link, this.share) : nothing}
          ${this.renderButton("qr", "mdi:qrcode", !link, this.toggleCode, this.isCodeShown)}
        </div>
        ${this.renderButton("close", "mdi:close", this.isClosing, this.close)}
        <div class="code-box" ?hidden=${!this.isCodeShown}>
          ${this.isCodeShown ? html`<getscreen-qr-code .link=${link} .label=${card.text("qr_label")}></getscreen-qr-code>` : nothing}
          <span class="link" dir="ltr">${this.isCodeShown ? link : ""}</span>
        </div>
      </div>`;
  }

  private renderButton(key: string, icon: string, isDisabled: boolean, onClick: () => void, isExpanded?: boolean): TemplateResult {
    return html`
      <button type="button" class="action small ${key}" title=${this.card.text(key)} aria-label=${this.named(key)} aria-expanded=${isExpanded ?? nothing}
        ?disabled=${isDisabled} @click=${onClick}>
        <ha-icon aria-hidden="true" .icon=${icon}></ha-icon>
      </button>`;
  }

  /** Say where the client types the code, while that is awaited. */
  private renderHint(code: string, link: string): TemplateResult | typeof nothing {
    const address = addressOf(link);
    if (!code || !address || this.invitation.status !== "waiting_for_client") return nothing;
    return html`<span class="hint">${this.card.text("hint", { address: isolate(address) })}</span>`;
  }

  /** Return the accessible name of a button. Without a colon, which has a space before it in some languages. */
  private named(key: string): string {
    return `${this.card.text(key)}, ${this.label}`;
  }

  protected override updated(): void {
    // The element itself is the list item that screen readers name.
    this.setAttribute("aria-label", this.label);
  }

  /** What the invitation is called: the client, else the code. */
  private get label(): string {
    const { client_name: name, code } = this.invitation;
    return name || isolate(groupDigits(code ?? "")) || this.card.text("unnamed");
  }

  /** Show the QR code. */
  showCode(): void {
    this.isCodeShown = true;
  }

  /* What the buttons do */

  private async connect(): Promise<void> {
    const { card, invitation, connectButton } = this;
    const { hass, invitations } = card;
    if (!invitations || this.isConnecting) return;
    const hold = (isBusy: boolean): void => {
      this.isConnecting = isBusy;
    };
    await card.during(connectButton, hold, () =>
      openLink(hass, {
        getLink: () => invitations.connectLink(hass, invitation),
        waiting: card.text("opening"),
        onBlocked: (open) => card.offerLink(open, connectButton),
      }),
    );
  }

  private async copyCode(): Promise<void> {
    const isCopied = await copyText(this.invitation.code ?? "", this.renderRoot as ShadowRoot);
    if (isCopied) this.copyCodeButton.focus();
    showToast(this.card, this.card.text(isCopied ? "code_copied" : "copy_code_failed"));
  }

  private async copy(): Promise<void> {
    const isCopied = await copyText(this.invitation.invite_url ?? "", this.renderRoot as ShadowRoot);
    // The old way of copying takes the focus; where none works, the user copies the link from here.
    if (isCopied) this.copyButton.focus();
    else this.showCode();
    showToast(this.card, this.card.text(isCopied ? "copied" : "copy_failed"));
  }

  private async share(): Promise<void> {
    try {
      await navigator.share({ title: this.card.text("title"), url: this.invitation.invite_url ?? "" });
    } catch (error) {
      // A user who changes their mind causes no error.
      if ((error as Error).name !== "AbortError") await this.card.showError(error);
    }
  }

  private toggleCode(): void {
    this.isCodeShown = !this.isCodeShown;
  }

  private close(): void {
    const { card, invitation } = this;
    // By the time of the answer, the card may show another account.
    const { hass, invitations } = card;
    if (!invitations) return;
    const hold = (isBusy: boolean): void => {
      this.isClosing = isBusy;
    };
    askQuestion(card.renderRoot, hass, {
      title: card.text("close_question", { name: this.label }),
      message: card.text("close_message"),
      yes: card.text("close"),
      isDangerous: true,
      onYes: () => void card.during(this.closeButton, hold, () => invitations.close(card.hass, invitation)),
    });
  }
}

define("getscreen-invitation", InvitationItem);
