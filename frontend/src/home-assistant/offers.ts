/** Registers elements, and offers cards and dashboards where users choose them. */

import { BRAND, DOCUMENTATION, DOMAIN } from "../const.js";
import { loadTexts } from "./texts.js";
import type { HomeAssistant, Offered } from "./types.js";

/** Register an element, unless a copy of this bundle from before an update has done so. */
export const define = (name: string, element: CustomElementConstructor): void => {
  if (!customElements.get(name)) customElements.define(name, element);
};

type Offer = Omit<Offered, "name" | "description" | "documentationURL"> & {
  /** Key of a text that follows the brand in the name. */
  title?: string;
  /** Key of a text. */
  description: string;
};

/** Offer a card in `customCards` or a dashboard in `customStrategies`, once. */
export const offer = (list: "customCards" | "customStrategies", { title, description, ...what }: Offer): void => {
  window[list] ??= [];
  const offers = window[list];
  if (offers.some(({ type }) => type === what.type)) return;
  offers.push({
    ...what,
    documentationURL: DOCUMENTATION,
    // Read when the dialog opens. By then the texts are there, unless resources are written in YAML and no card was shown before.
    get name() {
      // No colon, which has a space before it in some languages.
      return title && pageText(title) ? `${BRAND} – ${pageText(title)}` : BRAND;
    },
    get description() {
      return pageText(description);
    },
  });
  const hass = pageHass();
  if (hass) void loadTexts(hass);
};

/** Return a text of ours as far as the page has loaded it. */
const pageText = (key: string): string => pageHass()?.localize(`component.${DOMAIN}.common.${key}`) ?? "";

/** The page's own `hass`: there when a dashboard loads us, not yet where the page itself does. */
const pageHass = (): HomeAssistant | undefined => document.querySelector<HTMLElement & { hass?: HomeAssistant }>("home-assistant")?.hass;

/** Return whether a card is a sample in the dialog where users choose one, whatever shadows are between them. */
export const isInCardPicker = (card: Node): boolean => isWithin(card, (name) => name === CARD_PICKER);

/** Return whether a card is a sample or a preview in one of the dialogs in which users choose, edit or delete cards. */
export const isInDialog = (card: Node): boolean => isWithin(card, (name) => name === CARD_PICKER || name.startsWith("hui-dialog-"));

const CARD_PICKER = "hui-card-picker";

const isWithin = (card: Node, fits: (name: string) => boolean): boolean => {
  for (let root = card.getRootNode(); root instanceof ShadowRoot; root = root.host.getRootNode()) {
    if (fits(root.host.localName)) return true;
  }
  return false;
};
