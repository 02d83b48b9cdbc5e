/** Opens secret links in a new tab, and copies public ones. */

import { text } from "./texts.js";
import type { HomeAssistant } from "./types.js";

/** Opens the link; has to be called in the handler of a click. */
export type OpenLink = () => void;

/** The new tab while its link is still to come. Where there is none, nothing is shown, and it is never closed. */
export interface WaitingTab {
  show(message: string): void;
  readonly isClosed: boolean;
}

/**
 * Open a link that is still to come in a new tab. Has to be called in the handler of a click, or browsers take the tab for a pop-up.
 *
 * The link is a secret: it is in no page of ours, and the new tab cannot reach back. Where no tab could be opened, `onBlocked` gets a
 * function that opens the link at another click. Throws what `getLink` throws, and an error if the link is none.
 */
export const openLink = async (
  hass: HomeAssistant,
  { getLink, waiting, onBlocked }: { getLink: (tab: WaitingTab) => Promise<string>; waiting: string; onBlocked: (open: OpenLink) => void },
): Promise<void> => {
  const tab = newTab(hass);
  if (tab) showWaiting(tab, waiting);
  try {
    const link = parsed(await getLink(waitingTab(tab)));
    // A tab of ours would run a javascript: link with our rights.
    if (!link || !/^https?:$/.test(link.protocol)) throw new Error(text(hass, "card_no_link"));
    if (!tab) onBlocked(() => void window.open(link.href, "_blank", "noopener,noreferrer"));
    else if (!isGone(tab)) follow(tab, link.href);
  } catch (error) {
    if (tab && !isGone(tab)) tab.close();
    throw error;
  }
};

/** Return a new, empty tab, or null: the apps have none, and Android's answers with the window itself, which must not be closed. */
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

/** Return whether a tab was closed, or the user has gone to another site in it. */
const isGone = (tab: Window): boolean => {
  try {
    return tab.closed || !tab.document;
  } catch {
    return true;
  }
};

const WAITING = { font: "20px/1.5 system-ui, sans-serif", textAlign: "center", margin: "30vh 16px 0", overflowWrap: "anywhere" };

const showWaiting = (tab: Window, message: string): void => {
  const { document } = tab;
  tab.opener = null;
  document.title = message;
  // Its animation would begin again if it were another one each time.
  if (!document.querySelector("progress")) {
    document.documentElement.style.colorScheme = "light dark";
    Object.assign(document.body.style, WAITING);
    document.body.append(document.createElement("p"), document.createElement("progress"));
  }
  for (const text of document.querySelectorAll("p")) text.textContent = message;
  document.querySelector("progress")?.setAttribute("aria-label", message);
};

/** Go to an address by a link of the tab's own, which unlike ours does not send the server Home Assistant's address. */
const follow = (tab: Window, href: string): void => Object.assign(tab.document.createElement("a"), { href, rel: "noreferrer" }).click();

const parsed = (link: string): URL | undefined => {
  try {
    return new URL(link);
  } catch {
    return undefined;
  }
};

/** Copy a text and return whether that worked. Without https, browsers offer only the old way, which needs a place in `root`. */
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
