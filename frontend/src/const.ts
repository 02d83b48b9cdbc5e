export const DOMAIN = "getscreen";
export const BRAND = "Getscreen.me";
export const DOCUMENTATION = "https://github.com/getscreen-home-assistant/getscreen";

/** The element names of the cards, as used in card configurations. */
export const COMPUTERS_CARD = "getscreen-card";
export const SUPPORT_CARD = "getscreen-support-card";
export const HISTORY_CARD = "getscreen-history-card";
