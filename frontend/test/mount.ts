/** Mounts cards as Home Assistant does, and finds in them what a user finds. */

import type { LitElement } from "lit";
import type { CardConfig, LovelaceCard } from "../src/home-assistant/types.js";
import { type House, settle } from "./house.js";

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

/** Give a card what Home Assistant knows now. */
export const refresh = async (card: Card, house: House): Promise<void> => {
  card.hass = house.hass;
  await drawn(card);
};

/** Wait until a card has drawn what it has to show. */
export const drawn = async (card: LitElement): Promise<void> => {
  await card.updateComplete;
  await settle();
  await card.updateComplete;
};

/** Return all elements that match, in all shadows too, in the order of the page. */
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

/** Return the one element that matches. */
export const only = <Found extends HTMLElement = HTMLElement>(root: ParentNode, selector: string): Found => {
  const found = all<Found>(root, selector);
  if (found.length !== 1) throw new Error(`There are ${found.length} of ${selector}`);
  return found[0] as Found;
};

const parentOf = (node: Node): Node | null => (node instanceof ShadowRoot ? node.host : node.parentNode);

/** Return whether an element and all around it are shown. */
export const isShown = (element: HTMLElement): boolean => {
  for (let node: Node | null = element; node; node = parentOf(node)) if (node instanceof HTMLElement && node.hidden) return false;
  return element.isConnected;
};

/** Return the text that a user sees, or that a screen reader reads, of an element with its shadows. */
export const textOf = (root: Node): string => {
  if (root.nodeType === Node.TEXT_NODE) return root.textContent ?? "";
  if (root instanceof HTMLElement && (root.hidden || root.localName === "style")) return "";
  const nodes = root instanceof HTMLElement && root.shadowRoot ? root.shadowRoot.childNodes : root.childNodes;
  return [...nodes].map(textOf).join(" ").replace(/\s+/g, " ").trim();
};

/** Return the texts of the elements that match and are shown. */
export const texts = (root: ParentNode, selector: string): string[] => all(root, selector).filter(isShown).map(textOf);

const nameOf = (button: HTMLElement): string => button.getAttribute("aria-label") ?? textOf(button);

/** Return the names of the buttons that are shown, as a screen reader reads them. */
export const buttons = (root: ParentNode): string[] => all(root, "button").filter(isShown).map(nameOf);

/** Return the button with a name that is shown. */
export const button = (root: ParentNode, name: string): HTMLButtonElement => {
  const found = all<HTMLButtonElement>(root, "button").filter((each) => isShown(each) && nameOf(each) === name);
  if (found.length !== 1) throw new Error(`There are ${found.length} buttons "${name}" among ${buttons(root).join(" | ")}`);
  return found[0] as HTMLButtonElement;
};

/** Return the open question, if there is one. */
export const question = (root: ParentNode): HTMLDialogElement | undefined => all<HTMLDialogElement>(root, "dialog[open]")[0];

/** Do with the open dialog what a browser does when a user presses Escape. */
export const pressEscape = (root: ParentNode): void => {
  const dialog = question(root);
  if (dialog?.dispatchEvent(new Event("cancel", { cancelable: true }))) dialog.close();
};

/** Collect the details of an event that elements send to Home Assistant. */
export const collect = <Detail>(name: string): Detail[] => {
  const details: Detail[] = [];
  document.body.addEventListener(name, (event) => details.push((event as CustomEvent<Detail>).detail));
  return details;
};
