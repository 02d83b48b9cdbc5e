/** A confirmation dialog: a question with two answers. */

import { css, html, LitElement, type TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import { define } from "../home-assistant/offers.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { base, buttons } from "./styles.js";

const NAME = "getscreen-question";

interface QuestionContent {
  title: string;
  message: string;
  /** The label of the button that agrees. */
  yes: string;
  isDangerous?: boolean;
  /** Called in the click handler, so that it may open a tab: WebKit blocks that in the dialog's `close` event and later. */
  onYes: () => void;
}

/**
 * Ask a question within `root`. The browser limits the focus to the dialog and restores it afterwards. The question closes unanswered when
 * `root` leaves the page, and is not asked if `root` is not in the page. Return a function that replaces the message.
 */
export const askQuestion = (root: ParentNode & Node, hass: HomeAssistant, content: QuestionContent): ((message: string) => void) => {
  const question = Object.assign(document.createElement(NAME), { no: hass.localize("ui.common.cancel"), content });
  if (root.isConnected) root.append(question);
  return (message) => Object.assign(question, { content: { ...content, message } });
};

class Question extends LitElement {
  static override styles = css`${base}${buttons}
    dialog { max-width: 400px; max-width: min(400px, calc(100vw - 48px)); padding: 24px; border: 0;
      border-radius: var(--ha-dialog-border-radius, 24px); color: var(--primary-text-color); box-shadow: 0 8px 32px rgba(0, 0, 0, 0.3); overflow-wrap: anywhere;
      background: var(--ha-dialog-surface-background, var(--card-background-color, white)); }
    dialog::backdrop { background: var(--ha-dialog-scrim-color, rgba(0, 0, 0, 0.45)); }
    h2 { margin: 0 0 12px; font-size: 20px; font-weight: 400; line-height: 28px; }
    p { margin: 0 0 24px; color: var(--secondary-text-color); }
    .actions { justify-content: flex-end; flex-wrap: wrap; }
    /* Like Home Assistant's own buttons in dialogs, with enough contrast for their texts. */
    .action { padding: 0 16px; border-radius: var(--ha-button-border-radius, var(--ha-border-radius-pill, 9999px)); }
    .cancel { background: none; color: color-mix(in srgb, var(--primary-color) 60%, var(--primary-text-color)); }
    .agree { color: white; }
    .action.agree, .action.agree:hover, .action.agree:active { background: var(--fill); }
    .agree:hover { filter: brightness(1.1); }
    .agree.primary { --fill: color-mix(in srgb, var(--ha-color-fill-primary-loud-resting, var(--primary-color)) 75%, black); }
    .agree.danger { --fill: var(--ha-color-red-50, #c62828); }
    @supports not (color: color-mix(in srgb, red, red)) {
      .cancel { background: none !important; }
      .agree { color: var(--primary-text-color); }
    }`;

  @property({ attribute: false }) content!: QuestionContent;
  @property({ attribute: false }) no = "";
  @query("dialog") private dialog!: HTMLDialogElement;
  @query(".cancel") private cancel!: HTMLElement;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // A card that is moved in the page disconnects and connects again, so remove the question for good.
    this.remove();
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
    // The harmless answer has the focus at first.
    this.cancel.focus();
  }

  protected override render(): TemplateResult {
    const { title, message, yes, isDangerous } = this.content;
    return html`
      <dialog role="alertdialog" aria-labelledby="title" aria-describedby="message" @click=${this.onClick} @close=${this.remove}>
        <h2 id="title" dir="auto">${title}</h2>
        <p id="message" dir="auto" aria-live="polite">${message}</p>
        <div class="actions">
          <button type="button" class="action cancel" @click=${this.close}>${this.no}</button>
          <button type="button" class="action agree ${isDangerous ? "danger" : "primary"}" @click=${this.agree}>${yes}</button>
        </div>
      </dialog>`;
  }

  private onClick(event: Event): void {
    // A click beside the dialog has the dialog element as its target.
    if (event.target === this.dialog) this.close();
  }

  private agree(): void {
    // Close first, so that the focus is restored before `onYes` runs.
    this.close();
    this.content.onYes();
  }

  private close(): void {
    this.dialog.close();
  }
}

define(NAME, Question);
