/** Texts that explain why a computer needs attention and what to do about it. */

import { text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";

/** In the order in which they are shown. */
export const REASONS = ["offline_long", "disk_almost_full", "blocked", "limited", "agent_outdated"] as const;
export type Reason = (typeof REASONS)[number];

const isKnown = (reason: string): reason is Reason => (REASONS as readonly string[]).includes(reason);

/** Return the reasons that have texts. After an update, Home Assistant may send others to a page that was loaded before. */
export const knownReasons = (reasons: readonly string[]): Reason[] => reasons.filter(isKnown);

/** Return a reason in the user's language. */
export const attentionText = (hass: HomeAssistant, reason: string): string => text(hass, `computer_attention_${reason}`);

/** Return what a user can do about a reason. */
export const adviceText = (hass: HomeAssistant, reason: string): string => text(hass, `computer_advice_${reason}`);
