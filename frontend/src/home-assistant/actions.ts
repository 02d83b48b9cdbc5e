/** Our actions and their errors, and the events that Home Assistant's page listens to. */

import { DOMAIN } from "../const.js";
import { text } from "./texts.js";
import type { HomeAssistant, Localize, Values } from "./types.js";

/** Call one of our actions that has no response; `target` as in an automation. */
export const callAction = async (hass: HomeAssistant, action: string, data: object, target?: { device_id: string }): Promise<void> => {
  await hass.callService(DOMAIN, action, data, target, false);
};

/** Call one of our actions and return its response. */
export const queryAction = async <Response>(hass: HomeAssistant, action: string, data: object): Promise<Response> =>
  (await hass.callService(DOMAIN, action, data, undefined, false, true)).response as Response;

// The code of the frontend's websocket library for a lost connection, and Home Assistant's for missing permissions.
const CONNECTION_LOST = 3;
const UNAUTHORIZED = "unauthorized";

// Where an action is refused, Home Assistant sends no code of its own for that: only the name of the exception, which is never translated.
const UNAUTHORIZED_ACTION = "Unauthorized";

// Home Assistant's name of the error that there is no such action.
const NO_ACTION = "service_not_found";

interface ActionError {
  code?: unknown;
  message?: string;
  translation_domain?: string;
  translation_key?: string;
  translation_placeholders?: Values;
}

/** Return what went wrong, in the user's language where the server names a translation (its own message is English). */
export const errorText = async (hass: HomeAssistant, error: unknown): Promise<string> => {
  const details = detailsOf(error);
  if (details.code === CONNECTION_LOST) return text(hass, "card_connection_lost");
  if (isUnauthorized(error)) return text(hass, "card_unauthorized");
  if (details.translation_key === NO_ACTION) return notLoadedText(hass);
  return (await translated(hass, details)) || details.message || (error as ActionError | undefined)?.message || String(error);
};

/** Return why the integration is not there: Home Assistant's own text would name an action, which no user of a card has called. */
const notLoadedText = (hass: HomeAssistant): string =>
  hass.config.state === "RUNNING" ? text(hass, "card_not_loaded") : hass.localize("ui.panel.lovelace.warning.starting");

/** Return whether Home Assistant refused what the user is not allowed to do. */
export const isUnauthorized = (error: unknown): boolean => {
  const { code, message } = detailsOf(error);
  return code === UNAUTHORIZED || (code === "home_assistant_error" && message === UNAUTHORIZED_ACTION);
};

/** The library rejects with a whole message, in which the error is, or with the bare code. */
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
  /** Milliseconds; Home Assistant's own duration where it is missing. */
  duration: number;
  /** A button; `action` is called within the click. */
  action: { text: string; action: () => void };
}

/** Show a message in Home Assistant's own toast. */
export const showToast = (node: EventTarget, message: string, options?: ToastOptions): void =>
  dispatch(node, "hass-notification", { message, ...options });

/** Open Home Assistant's dialog about an entity. */
export const showMoreInfo = (node: EventTarget, entityId: string): void => dispatch(node, "hass-more-info", { entityId });

/** Have the page open the dialog about a computer. */
export const showComputer = (node: EventTarget, device: string): void => dispatch(node, "getscreen-show-computer", { device_id: device });

/** Report the configuration that a visual editor has made. */
export const reportConfig = (node: EventTarget, config: object): void => dispatch(node, "config-changed", { config });

/** Go to another page of Home Assistant's, without loading everything again. */
export const navigate = (path: string): void => {
  history.pushState(null, "", path);
  window.dispatchEvent(new CustomEvent("location-changed", { detail: { replace: false } }));
};
