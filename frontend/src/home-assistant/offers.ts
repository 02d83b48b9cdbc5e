/** Registers elements, and offers the cards and the dashboard in Home Assistant's dialogs for adding them. */

import { BRAND, DOCUMENTATION, DOMAIN } from "../const.js";
import { loadTexts } from "./texts.js";
import type { HomeAssistant, Offered } from "./types.js";

/** Register an element. After an update, the page may contain an older copy of this bundle that has already registered it. */
export const define = (name: string, element: CustomElementConstructor): void => {
  if (!customElements.get(name)) customElements.define(name, element);
};

type Offer = Omit<Offered, "name" | "description" | "documentationURL"> & {
  /** Translation key of a text that follows the brand in the name. */
  title?: string;
  /** Translation key. */
  description: string;
};

/** Offer a card in `customCards` or a dashboard in `customStrategies`, once. */
export const offer = (list: "customCards" | "customStrategies", { title, description, ...offered }: Offer): void => {
  window[list] ??= [];
  const offers = window[list];
  if (offers.some(({ type }) => type === offered.type)) return;
  offers.push({
    ...offered,
    documentationURL: DOCUMENTATION,
    // Read when the dialog opens: the texts are loaded by then, except with resources in YAML and before any card was shown.
    get name() {
      // No colon, because some languages put a space before it.
      return title && pageText(title) ? `${BRAND} – ${pageText(title)}` : BRAND;
    },
    get description() {
      return pageText(description);
    },
  });
  const hass = pageHass();
  if (hass) void loadTexts(hass);
};

/** Return a text of the integration; an empty text if the page has not loaded it. */
const pageText = (key: string): string => pageHass()?.localize(`component.${DOMAIN}.common.${key}`) ?? "";

/** Return the page's `hass`. It exists when a dashboard loads this bundle, but not yet when the page itself does. */
const pageHass = (): HomeAssistant | undefined => document.querySelector<HTMLElement & { hass?: HomeAssistant }>("home-assistant")?.hass;

/** Return whether a card is a sample in the card picker, at any depth of shadow roots. */
export const isInCardPicker = (card: Node): boolean => isWithin(card, (name) => name === CARD_PICKER);

/** Return whether a card is a sample or a preview in a dialog for choosing, editing or deleting cards. */
export const isInDialog = (card: Node): boolean => isWithin(card, (name) => name === CARD_PICKER || name.startsWith("hui-dialog-"));

const CARD_PICKER = "hui-card-picker";

const isWithin = (card: Node, isMatch: (name: string) => boolean): boolean => {
  for (let root = card.getRootNode(); root instanceof ShadowRoot; root = root.host.getRootNode()) {
    if (isMatch(root.host.localName)) return true;
  }
  return false;
};
