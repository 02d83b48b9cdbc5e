/** Plays a recording in a dialog above the page. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { errorText } from "../home-assistant/actions.js";
import { define } from "../home-assistant/offers.js";
import { text } from "../home-assistant/texts.js";
import { dayText, timeText } from "../home-assistant/times.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import type { Session } from "../state/history.js";
import { personsOf } from "../state/session-filter.js";
import { base, buttons } from "./styles.js";

const NAME = "getscreen-recording";

/** Play the recording of a session in a dialog within `root`. It closes when `root` leaves the page. */
export const playRecording = (root: ParentNode & Node, hass: HomeAssistant, session: Session): void => {
  if (!root.isConnected || !session.video) return;
  root.append(Object.assign(document.createElement(NAME), { hass, session }));
};

class RecordingPlayer extends LitElement {
  static override styles = css`${base}${buttons}
    dialog { width: 960px; max-width: calc(100vw - 32px); padding: 16px; border: 0; border-radius: var(--ha-dialog-border-radius, 24px);
      color: var(--primary-text-color); box-shadow: 0 8px 32px rgba(0, 0, 0, 0.3); overflow-wrap: anywhere;
      background: var(--ha-dialog-surface-background, var(--card-background-color, white)); }
    dialog::backdrop { background: var(--ha-dialog-scrim-color, rgba(0, 0, 0, 0.45)); }
    .head { display: flex; align-items: flex-start; gap: 12px; margin-bottom: 12px; }
    .names { flex: 1 1 0; min-width: 0; }
    h2 { margin: 0; font-size: 20px; font-weight: 400; line-height: 28px; }
    p { margin: 0; color: var(--secondary-text-color); }
    .close { flex: none; width: 40px; padding: 0; }
    video { display: block; width: 100%; max-height: calc(100vh - 180px); border-radius: 8px; background: black; }
    .waiting { padding: 48px 16px; text-align: center; }
    .message { display: flex; align-items: center; gap: 8px; justify-content: space-between; flex-wrap: wrap; }`;

  hass!: HomeAssistant;
  session!: Session;
  @state() private url = "";
  @state() private failure = "";
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("video") private video!: HTMLVideoElement | null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    // Otherwise the browser continues to load the recording.
    this.video?.removeAttribute("src");
    this.video?.load();
    // A card that is moved in the page disconnects and connects again, so remove the dialog for good.
    this.remove();
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
    void this.load();
  }

  protected override render(): TemplateResult {
    const { hass, session } = this;
    const close = text(hass, "history_close");
    const when = session.start && `${dayText(hass, session.start)}, ${timeText(hass, session.start)}`;
    const details = [personsOf(session).join(", "), when].filter(Boolean).join(" – ");
    return html`
      <dialog aria-labelledby="title" aria-describedby="details" @click=${this.onClick} @close=${this.remove}>
        <div class="head">
          <div class="names">
            <h2 id="title" dir="auto">${session.device?.name || text(hass, "history_quick_support")}</h2>
            <p id="details" dir="auto">${details}</p>
          </div>
          <button type="button" class="action close" title=${close} aria-label=${close} @click=${() => this.dialog.close()}>
            <ha-icon aria-hidden="true" icon="mdi:close"></ha-icon>
          </button>
        </div>
        ${this.renderContent()}
      </dialog>`;
  }

  private renderContent(): TemplateResult {
    const { hass, failure, url } = this;
    return html`
      <div class="waiting" role="status" ?hidden=${Boolean(url || failure)}>${hass.localize("ui.common.loading")}</div>
      ${
        failure
          ? html`<div class="message error" role="alert">
            <span>${failure}</span>
            <button type="button" class="action retry" @click=${this.load}>${text(hass, "history_retry")}</button>
          </div>`
          : nothing
      }
      ${
        url && !failure
          ? html`<video src=${url} controls autoplay playsinline aria-label=${text(hass, "history_recording")} @error=${this.onError}></video>`
          : nothing
      }`;
  }

  private async load(): Promise<void> {
    const { hass, session } = this;
    this.failure = "";
    this.url = "";
    try {
      const message = { type: "media_source/resolve_media", media_content_id: session.video?.media_content_id };
      // Home Assistant signs this address, so the browser may load it for a limited time.
      const { url } = await hass.callWS<{ url: string }>(message);
      this.url = hass.hassUrl(url);
    } catch (error) {
      this.failure = await errorText(hass, error);
    }
  }

  private onError(): void {
    this.failure = text(this.hass, "history_not_playable");
  }

  private onClick(event: Event): void {
    // A click beside the dialog has the dialog element as its target.
    if (event.target === this.dialog) this.dialog.close();
  }
}

define(NAME, RecordingPlayer);
