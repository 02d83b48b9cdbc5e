/** Opens secret links in a new tab, and copies public ones. */

import { text } from "./texts.js";
import type { HomeAssistant } from "./types.js";

/** Opens the link. Call it in a click handler. */
export type OpenLink = () => void;

/** A new tab that waits for its link. If no tab could be opened, `show` does nothing and `isClosed` stays false. */
export interface WaitingTab {
  show(message: string): void;
  readonly isClosed: boolean;
}

/**
 * Open a new tab now, and follow the link in it once `getLink` returns one. Call this in a click handler, or browsers block the pop-up.
 *
 * The link is a secret: it is never part of Home Assistant's page, and the new tab cannot access its opener. If no tab could be opened,
 * `onBlocked` gets a function that opens the link on another click. Throws what `getLink` throws, and an error if it returns no web link.
 */
export const openLink = async (
  hass: HomeAssistant,
  { getLink, waiting, onBlocked }: { getLink: (tab: WaitingTab) => Promise<string>; waiting: string; onBlocked: (open: OpenLink) => void },
): Promise<void> => {
  const tab = newTab(hass);
  if (tab) showWaiting(tab, waiting);
  try {
    const link = parsed(await getLink(waitingTab(tab)));
    // The new tab would run a javascript: link with the rights of Home Assistant's page.
    if (!link || !/^https?:$/.test(link.protocol)) throw new Error(text(hass, "card_no_link"));
    if (!tab) onBlocked(() => void window.open(link.href, "_blank", "noopener,noreferrer"));
    else if (!isGone(tab)) follow(tab, link.href);
  } catch (error) {
    if (tab && !isGone(tab)) tab.close();
    throw error;
  }
};

/** Return a new, empty tab. Null in the companion apps, which have no tabs; the Android app returns its own window, not to be closed. */
const newTab = (hass: HomeAssistant): Window | null => {
  const opened = hass.auth?.external ? null : window.open("", "_blank");
  return opened === window ? null : opened;
};

const waitingTab = (tab: Window | null): WaitingTab => ({
  show: (message) => {
    if (tab && !isGone(tab)) showWaiting(tab, message);
  },
  get isClosed() {
    return Boolean(tab && isGone(tab));
  },
});

/** Return whether the user has closed a tab or opened another site in it. */
const isGone = (tab: Window): boolean => {
  try {
    return tab.closed || !tab.document;
  } catch {
    return true;
  }
};

const WAITING_STYLE = { font: "20px/1.5 system-ui, sans-serif", textAlign: "center", margin: "30vh 16px 0", overflowWrap: "anywhere" };

const showWaiting = (tab: Window, message: string): void => {
  const { document } = tab;
  tab.opener = null;
  document.title = message;
  // Created only once, because a new progress element would restart its animation.
  if (!document.querySelector("progress")) {
    document.documentElement.style.colorScheme = "light dark";
    Object.assign(document.body.style, WAITING_STYLE);
    document.body.append(document.createElement("p"), document.createElement("progress"));
  }
  for (const text of document.querySelectorAll("p")) text.textContent = message;
  document.querySelector("progress")?.setAttribute("aria-label", message);
};

/** Follow a link that belongs to the new tab and has `noreferrer`, so that the server does not receive Home Assistant's address. */
const follow = (tab: Window, href: string): void => Object.assign(tab.document.createElement("a"), { href, rel: "noreferrer" }).click();

const parsed = (link: string): URL | undefined => {
  try {
    return new URL(link);
  } catch {
    return undefined;
  }
};

/** Copy a text and return whether that succeeded. Without HTTPS, browsers offer only `execCommand`, which needs a field within `root`. */
export const copyText = async (value: string, root: ParentNode): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    const field = Object.assign(document.createElement("textarea"), { value, readOnly: true, className: "hidden" });
    field.setAttribute("aria-hidden", "true");
    root.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
};
