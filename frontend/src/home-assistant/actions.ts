/** Calls the integration's actions, explains their errors, and dispatches the events that Home Assistant's page handles. */

import { DOMAIN } from "../const.js";
import { text } from "./texts.js";
import type { HomeAssistant, Localize, Values } from "./types.js";

/** Call an action of the integration that returns no data; `target` as in an automation. Rejects if the action fails. */
export const callAction = async (hass: HomeAssistant, action: string, data: object, target?: { device_id: string }): Promise<void> => {
  await hass.callService(DOMAIN, action, data, target, false);
};

/** Call an action of the integration and return its response data. Rejects if the action fails. */
export const queryAction = async <Response>(hass: HomeAssistant, action: string, data: object): Promise<Response> =>
  (await hass.callService(DOMAIN, action, data, undefined, false, true)).response as Response;

// Error codes: the websocket library's for a lost connection, and Home Assistant's for a missing permission.
const CONNECTION_LOST = 3;
const UNAUTHORIZED = "unauthorized";

// If the user may not call an action, Home Assistant sends a general code and the name of the exception, which is never translated.
const UNAUTHORIZED_ACTION = "Unauthorized";

// Home Assistant's translation key of the error that an action does not exist.
const ACTION_NOT_FOUND = "service_not_found";

interface ActionError {
  code?: unknown;
  message?: string;
  translation_domain?: string;
  translation_key?: string;
  translation_placeholders?: Values;
}

/** Return an error as a text for the user: translated if Home Assistant sent a translation key, otherwise its English message. */
export const errorText = async (hass: HomeAssistant, error: unknown): Promise<string> => {
  const details = detailsOf(error);
  if (details.code === CONNECTION_LOST) return text(hass, "card_connection_lost");
  if (isUnauthorized(error)) return text(hass, "card_unauthorized");
  if (details.translation_key === ACTION_NOT_FOUND) return notLoadedText(hass);
  return (await translated(hass, details)) || details.message || (error as ActionError | undefined)?.message || String(error);
};

/** Return why the integration is not loaded. Home Assistant's own text would name an action, which means nothing to users of a card. */
const notLoadedText = (hass: HomeAssistant): string =>
  hass.config.state === "RUNNING" ? text(hass, "card_not_loaded") : hass.localize("ui.panel.lovelace.warning.starting");

/** Return whether Home Assistant rejected a request because the user lacks the permission. */
export const isUnauthorized = (error: unknown): boolean => {
  const { code, message } = detailsOf(error);
  return code === UNAUTHORIZED || (code === "home_assistant_error" && message === UNAUTHORIZED_ACTION);
};

/** Return the details of an error: the websocket library rejects with a message that contains them, or with only the code. */
const detailsOf = (error: unknown): ActionError => {
  const details = (error as { error?: unknown } | undefined)?.error ?? error;
  return typeof details === "object" && details !== null ? details : { code: details };
};

const translated = async (hass: HomeAssistant, details: ActionError): Promise<string | undefined> => {
  const { translation_domain: domain, translation_key: key, translation_placeholders: values } = details;
  if (!domain || !key) return undefined;
  const loaded: Localize | undefined = await Promise.resolve(hass.loadBackendTranslation?.("exceptions", domain)).catch(() => undefined);
  return (loaded ?? hass.localize)(`component.${domain}.exceptions.${key}.message`, values);
};

const dispatch = (node: EventTarget, name: string, detail: object): void => {
  node.dispatchEvent(new CustomEvent(name, { bubbles: true, composed: true, detail }));
};

interface ToastOptions {
  /** Milliseconds. */
  duration: number;
  /** A button; `action` is called inside the click event. */
  action: { text: string; action: () => void };
}

/** Show a message in Home Assistant's toast; without options, for Home Assistant's default duration. */
export const showToast = (node: EventTarget, message: string, options?: ToastOptions): void =>
  dispatch(node, "hass-notification", { message, ...options });

/** Open Home Assistant's dialog about an entity. */
export const showMoreInfo = (node: EventTarget, entityId: string): void => dispatch(node, "hass-more-info", { entityId });

/** Ask the card around a node to open the dialog of a computer. */
export const showComputer = (node: EventTarget, device: string): void => dispatch(node, "getscreen-show-computer", { device_id: device });

/** Report a configuration that was changed in a visual editor. */
export const reportConfig = (node: EventTarget, config: object): void => dispatch(node, "config-changed", { config });

/** Go to another page of Home Assistant without reloading the browser page. */
export const navigate = (path: string): void => {
  history.pushState(null, "", path);
  window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
};
