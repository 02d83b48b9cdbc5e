/** The integration's devices, from the registries that Home Assistant's frontend has loaded. */

import { DOMAIN } from "../const.js";
import { collator } from "../home-assistant/texts.js";
import type { DeviceEntry, HassEntity, HomeAssistant } from "../home-assistant/types.js";

export interface Device {
  id: string;
  entry: DeviceEntry;
  /** The name that the user has given the device, or its original name. */
  name: string;
  /** The ids of its config entries; the first is the account's. */
  accounts: string[];
  /** Whether it is the device of an account, not of a computer. */
  isAccount: boolean;
  /** Entity ids by translation key; disabled entities are missing. */
  entities: Partial<Record<string, string>>;
}

let cache: { entities?: unknown; devices?: unknown; all: Map<string, Device> } = { all: new Map() };

/** Return all devices of the integration by device id: the same Map until the registries change. */
export const ourDevices = ({ devices, entities }: HomeAssistant): Map<string, Device> => {
  if (cache.entities !== entities || cache.devices !== devices) cache = { entities, devices, all: findDevices({ devices, entities }) };
  return cache.all;
};

const findDevices = ({ devices, entities }: Pick<HomeAssistant, "devices" | "entities">): Map<string, Device> => {
  const all = new Map<string, Device>();
  for (const entry of Object.values(devices ?? {})) {
    if (!entry.identifiers?.some(([domain]) => domain === DOMAIN) || entry.disabled_by) continue;
    const { id, config_entries: accounts = [], entry_type: type } = entry;
    all.set(id, { id, entry, name: entry.name_by_user || entry.name || id, accounts, isAccount: type === "service", entities: {} });
  }
  for (const { platform, translation_key: key, device_id: device, entity_id: id } of Object.values(entities ?? {})) {
    if (platform !== DOMAIN || !key || !device) continue;
    const entities = all.get(device)?.entities;
    // Only the entities of a computer's disks share a key, and no card shows them.
    if (entities) entities[key] ??= id;
  }
  return all;
};

/** Return the computers, sorted by name. */
export const computers = (hass: HomeAssistant): Device[] => {
  const compare = collator(hass);
  return [...ourDevices(hass).values()].filter(({ isAccount }) => !isAccount).sort((one, other) => compare(one.name, other.name));
};

/** Return the devices of accounts. */
export const accountDevices = (hass: HomeAssistant): Device[] => [...ourDevices(hass).values()].filter(({ isAccount }) => isAccount);

/** Return the state object of one of a device's entities, by translation key; undefined if it is disabled or has no state yet. */
export const stateOf = ({ states }: Pick<HomeAssistant, "states">, { entities }: Device, key: string): HassEntity | undefined => {
  const id = entities[key];
  return id === undefined ? undefined : states[id];
};

/** Return the value of a state object; undefined if it is unknown or unavailable. */
export const knownValue = (state: HassEntity | undefined): string | undefined =>
  state && state.state !== UNAVAILABLE && state.state !== "unknown" ? state.state : undefined;

export const UNAVAILABLE = "unavailable";
