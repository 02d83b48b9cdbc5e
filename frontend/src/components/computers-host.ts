import type { HomeAssistant } from "../home-assistant/types.js";

/** What the parts of a card with computers need of it. */
export interface ComputersHost {
  /** Changes with every state of the house, which is why it is no property of a part. */
  readonly hass: HomeAssistant;
  /** Where questions and dialogs are shown. */
  readonly renderRoot: ParentNode & Node;
  /** Have screen readers read something out. */
  announce(message: string): void;
}
