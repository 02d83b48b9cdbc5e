/** An invitation in the quick-support card: its code, its status and its actions. */

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

/** What an invitation needs from its card. */
export interface SupportHost extends EventTarget {
  readonly hass: HomeAssistant;
  /** The account's invitations; undefined where the card shows a sample or has no account. */
  readonly invitations: Invitations | undefined;
  /** Where questions are shown. */
  readonly renderRoot: ParentNode & Node;
  /** Return a text of the card, by its key without the prefix. */
  text(key: string, values?: Values): string;
  /** Run the action of a button. `setBusy` disables the button until the action ends; a failure is shown, and a lost focus is restored. */
  runAction(button: HTMLElement, setBusy: (isBusy: boolean) => void, action: () => Promise<void>): Promise<void>;
  /** Offer a link that the browser has blocked; after it was opened, the focus returns to `button`. */
  offerLink(open: () => void, button: HTMLElement): void;
  showError(error: unknown): Promise<void>;
}

const ICONS: Partial<Record<string, string>> = {
  waiting_for_client: "mdi:timer-sand",
  client_joined: "mdi:account-check",
  active: "mdi:remote-desktop",
};

// Browsers offer it only on secure pages.
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
  @query("getscreen-qr-code") private qrCode!: LitElement | null;
  @query(".close") private closeButton!: HTMLElement;

  /* Rendering */

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
          <button type="button" class="action connect ${status === "client_joined" ? "primary" : ""}" aria-label=${this.buttonName("connect")}
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
      <button type="button" class="action small ${key}" title=${this.card.text(key)} aria-label=${this.buttonName(key)} aria-expanded=${isExpanded ?? nothing}
        ?disabled=${isDisabled} @click=${onClick}>
        <ha-icon aria-hidden="true" .icon=${icon}></ha-icon>
      </button>`;
  }

  /** Explain where the client enters the code, until the client has joined. */
  private renderHint(code: string, link: string): TemplateResult | typeof nothing {
    const address = addressOf(link);
    if (!code || !address || this.invitation.status !== "waiting_for_client") return nothing;
    return html`<span class="hint">${this.card.text("hint", { address: isolate(address) })}</span>`;
  }

  /** Return the accessible name of a button. It has no colon, because some languages put a space before it. */
  private buttonName(key: string): string {
    return `${this.card.text(key)}, ${this.label}`;
  }

  protected override updated(): void {
    // Screen readers read this name, because the element itself is the list item.
    this.setAttribute("aria-label", this.label);
  }

  /** The name of the invitation: the client's name, or the code if there is none. */
  private get label(): string {
    const { client_name: name, code } = this.invitation;
    return name || isolate(groupDigits(code ?? "")) || this.card.text("unnamed");
  }

  /** Show the QR code, and scroll to it: a new invitation is below the clients who have joined. */
  async showCode(): Promise<void> {
    this.isCodeShown = true;
    await this.updateComplete;
    await this.qrCode?.updateComplete;
    this.scrollIntoView?.({ block: "nearest" });
  }

  /* The actions of the buttons */

  private async connect(): Promise<void> {
    const { card, invitation, connectButton } = this;
    const { hass, invitations } = card;
    if (!invitations || this.isConnecting) return;
    const setBusy = (isBusy: boolean): void => {
      this.isConnecting = isBusy;
    };
    await card.runAction(connectButton, setBusy, () =>
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
    // Copying without the clipboard API takes the focus. If copying fails, show the link, so that the user can copy it.
    if (isCopied) this.copyButton.focus();
    else void this.showCode();
    showToast(this.card, this.card.text(isCopied ? "copied" : "copy_failed"));
  }

  private async share(): Promise<void> {
    try {
      await navigator.share({ title: this.card.text("title"), url: this.invitation.invite_url ?? "" });
    } catch (error) {
      // AbortError means that the user has cancelled.
      if ((error as Error).name !== "AbortError") await this.card.showError(error);
    }
  }

  private toggleCode(): void {
    if (this.isCodeShown) this.isCodeShown = false;
    else void this.showCode();
  }

  private close(): void {
    const { card, invitation } = this;
    // Read now, because the card may show another account when the question is answered.
    const { hass, invitations } = card;
    if (!invitations) return;
    const setBusy = (isBusy: boolean): void => {
      this.isClosing = isBusy;
    };
    askQuestion(card.renderRoot, hass, {
      title: card.text("close_question", { name: this.label }),
      message: card.text("close_message"),
      yes: card.text("close"),
      isDangerous: true,
      onYes: () => void card.runAction(this.closeButton, setBusy, () => invitations.close(card.hass, invitation)),
    });
  }
}

define("getscreen-invitation", InvitationItem);
