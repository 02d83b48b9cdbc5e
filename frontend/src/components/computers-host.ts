import type { HomeAssistant } from "../home-assistant/types.js";

/** What the parts of a card with computers need from the card. */
export interface ComputersHost {
  /** Replaced at every state change in Home Assistant, so it is no property of the parts, which would be drawn again each time. */
  readonly hass: HomeAssistant;
  /** Where questions and dialogs are shown. */
  readonly renderRoot: ParentNode & Node;
  /** Make screen readers read out a message. */
  announce(message: string): void;
}
