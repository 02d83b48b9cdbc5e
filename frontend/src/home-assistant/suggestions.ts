/** Which cards of the integration Home Assistant's card picker suggests for an entity. */

import { COMPUTERS_CARD, DOMAIN, HISTORY_CARD, SUPPORT_CARD } from "../const.js";
import type { CardConfig, EntityEntry, HomeAssistant } from "./types.js";

/** A suggestion in the form that Home Assistant expects. */
export interface Suggestion {
  config: CardConfig;
}

// Translation keys of entities with a suggestion. Other entities are more useful in Home Assistant's own cards.
const COMPUTER_ENTITIES = ["online", "session", "preview", "wake"];
const INVITATION_ENTITIES = ["open_invitations", "invitation"];
const SESSION_ENTITIES = ["connection_history", "remote_session"];

/** Return the card of the computer to which an entity belongs; null for entities without a suggestion. */
export const suggestComputer = (hass: HomeAssistant, entityId: string): Suggestion | null => {
  const entity = findEntity(hass, entityId, COMPUTER_ENTITIES);
  return entity?.device_id ? { config: { type: `custom:${COMPUTERS_CARD}`, device: entity.device_id } } : null;
};

/** Return the quick-support card of the account to which an entity belongs; null for entities without a suggestion. */
export const suggestSupport = (hass: HomeAssistant, entityId: string): Suggestion | null =>
  accountSuggestion(SUPPORT_CARD, hass, findEntity(hass, entityId, INVITATION_ENTITIES));

/** Return the history card of the account to which an entity belongs; null for entities without a suggestion. */
export const suggestHistory = (hass: HomeAssistant, entityId: string): Suggestion | null =>
  accountSuggestion(HISTORY_CARD, hass, findEntity(hass, entityId, SESSION_ENTITIES));

const accountSuggestion = (card: string, hass: HomeAssistant, entity: EntityEntry | undefined): Suggestion | null => {
  const account = hass.devices[entity?.device_id ?? ""]?.config_entries?.[0];
  return account ? { config: { type: `custom:${card}`, account } } : null;
};

const findEntity = ({ entities }: HomeAssistant, entityId: string, keys: string[]): EntityEntry | undefined => {
  const entity = entities[entityId];
  return entity?.platform === DOMAIN && keys.includes(entity.translation_key ?? "") ? entity : undefined;
};
