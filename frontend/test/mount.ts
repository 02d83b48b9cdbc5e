/** Mounts cards like Home Assistant, and finds in them what a user sees. */

import type { LitElement } from "lit";
import type { CardConfig, LovelaceCard } from "../src/home-assistant/types.js";
import { flushPromises, type House } from "./house.js";

export type Card = LovelaceCard & LitElement;

/** Create a card, and put it into the page or an element of it. */
export const mount = async (
  type: "getscreen-card" | "getscreen-history-card" | "getscreen-support-card",
  house: House,
  config: Omit<CardConfig, "type"> = {},
  place: ParentNode = document.body,
): Promise<Card> => {
  const card = document.createElement(type) as Card;
  card.setConfig({ type: `custom:${type}`, ...config });
  card.hass = house.hass;
  place.append(card);
  await drawn(card);
  return card;
};

/** Give a card the current `hass`. */
export const refresh = async (card: Card, house: House): Promise<void> => {
  card.hass = house.hass;
  await drawn(card);
};

/** Wait until a card has drawn everything. */
export const drawn = async (card: LitElement): Promise<void> => {
  await card.updateComplete;
  await flushPromises();
  await card.updateComplete;
};

/** Return all matching elements in the order of the page, including those in shadow roots. */
export const all = <Found extends HTMLElement = HTMLElement>(root: ParentNode, selector: string): Found[] => {
  const found: Found[] = [];
  const children: Element[] = [...root.children];
  if (root instanceof HTMLElement && root.shadowRoot) children.unshift(...root.shadowRoot.children);
  for (const child of children) {
    if (child.matches(selector)) found.push(child as Found);
    found.push(...all<Found>(child, selector));
  }
  return found;
};

/** Return the only matching element; throws if there are none or several. */
export const only = <Found extends HTMLElement = HTMLElement>(root: ParentNode, selector: string): Found => {
  const found = all<Found>(root, selector);
  if (found.length !== 1) throw new Error(`There are ${found.length} of ${selector}`);
  return found[0] as Found;
};

const parentOf = (node: Node): Node | null => (node instanceof ShadowRoot ? node.host : node.parentNode);

/** Return whether an element and all its ancestors are shown. */
export const isShown = (element: HTMLElement): boolean => {
  for (let node: Node | null = element; node; node = parentOf(node)) if (node instanceof HTMLElement && node.hidden) return false;
  return element.isConnected;
};

/** Return the text of an element for users and screen readers, including shadow roots. */
export const textOf = (root: Node): string => {
  if (root.nodeType === Node.TEXT_NODE) return root.textContent ?? "";
  if (root instanceof HTMLElement && (root.hidden || root.localName === "style")) return "";
  const nodes = root instanceof HTMLElement && root.shadowRoot ? root.shadowRoot.childNodes : root.childNodes;
  return [...nodes].map(textOf).join(" ").replace(/\s+/g, " ").trim();
};

/** Return the texts of all matching elements that are shown. */
export const texts = (root: ParentNode, selector: string): string[] => all(root, selector).filter(isShown).map(textOf);

const nameOf = (button: HTMLElement): string => button.getAttribute("aria-label") ?? textOf(button);

/** Return the names of all shown buttons as a screen reader reads them. */
export const buttons = (root: ParentNode): string[] => all(root, "button").filter(isShown).map(nameOf);

/** Return the only shown button with a name; throws if there are none or several. */
export const button = (root: ParentNode, name: string): HTMLButtonElement => {
  const found = all<HTMLButtonElement>(root, "button").filter((each) => isShown(each) && nameOf(each) === name);
  if (found.length !== 1) throw new Error(`There are ${found.length} buttons "${name}" among ${buttons(root).join(" | ")}`);
  return found[0] as HTMLButtonElement;
};

/** Return the open question, if there is one. */
export const question = (root: ParentNode): HTMLDialogElement | undefined => all<HTMLDialogElement>(root, "dialog[open]")[0];

/** Close the open dialog like a browser when a user presses Escape. */
export const pressEscape = (root: ParentNode): void => {
  const dialog = question(root);
  if (dialog?.dispatchEvent(new Event("cancel", { cancelable: true }))) dialog.close();
};

/** Return a list that receives the details of all events with a name that elements send to Home Assistant. */
export const collect = <Detail>(name: string): Detail[] => {
  const details: Detail[] = [];
  document.body.addEventListener(name, (event) => details.push((event as CustomEvent<Detail>).detail));
  return details;
};
