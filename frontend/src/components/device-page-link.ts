/** A link to Home Assistant's page of a device, which only administrators can open. */

import { html, nothing, type TemplateResult } from "lit";
import { navigate } from "../home-assistant/actions.js";
import { text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";

/** Return the link, or nothing for users who are not administrators. `onFollow` is called before the page changes. */
export const devicePageLink = (hass: HomeAssistant, deviceId: string, onFollow: () => void): TemplateResult | typeof nothing => {
  if (!hass.user?.is_admin) return nothing;
  const path = `/config/devices/device/${encodeURIComponent(deviceId)}`;
  const onClick = (event: MouseEvent): void => {
    // The browser opens the link in another tab or window.
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onFollow();
    navigate(path);
  };
  return html`<a class="page" href=${path} @click=${onClick}>${text(hass, "computer_page")}</a>`;
};
