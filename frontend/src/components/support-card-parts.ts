/** Parts of the quick-support card that have no state of their own. */

import { html, nothing, type TemplateResult } from "lit";
import { text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";

/** A message below the form: an error, or a link that the browser has blocked. */
export interface Message {
  text: string;
  isError?: boolean;
  open?: () => void;
}

/** Return the title and, below it, how many invitations remain. Without a title, there is only the number, if it is known. */
export const renderHead = (
  hass: HomeAssistant,
  title: string | undefined,
  remaining: number | undefined,
): TemplateResult | typeof nothing => {
  if (title === "" && remaining === undefined) return nothing;
  return html`
    <div class="head">
      <h2 class="title" dir="auto" ?hidden=${title === ""}>${title ?? text(hass, "support_title")}</h2>
      <div class="remaining" ?hidden=${remaining === undefined}>${text(hass, "support_remaining", { count: remaining ?? "" })}</div>
    </div>`;
};

export const renderMessage = (hass: HomeAssistant, message: Message | undefined): TemplateResult => {
  const open = message?.open;
  return html`
    <div class="message ${message?.isError ? "error" : ""}" role="status" ?hidden=${!message}>
      <span>${message?.text}</span>
      ${open ? html`<button type="button" class="action primary open" @click=${open}>${text(hass, "support_open")}</button>` : nothing}
    </div>`;
};

/** Return a message about a list that could not be loaded, with a button to try again. */
export const renderFailure = (hass: HomeAssistant, failure: string, retry: () => void): TemplateResult | typeof nothing => {
  if (!failure) return nothing;
  return html`
    <div class="message error" role="alert">
      <span>${failure}</span>
      <button type="button" class="action" @click=${retry}>${text(hass, "support_retry")}</button>
    </div>`;
};
