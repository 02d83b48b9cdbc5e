/** Which computers the configuration of a card selects, and the message if they cannot be shown. */

import { DOMAIN } from "../const.js";
import { text } from "../home-assistant/texts.js";
import type { CardConfig, HomeAssistant } from "../home-assistant/types.js";
import { accountDevices, type Device, ourDevices } from "./devices.js";
import type { Computer, Fleet } from "./fleet.js";

export interface ComputersConfig extends CardConfig {
  device?: string;
  devices?: string[];
  /** Config entry id. */
  account?: string;
  group?: string;
  title?: string;
  online?: boolean;
  pictures?: boolean;
  /** Whether there is a toolbar; by default, if there are more than a few computers. */
  toolbar?: boolean;
  /** Whether groups are collapsed until the user expands them. */
  collapsed?: boolean;
  /** Whether the card shows only a list of the computers that need attention, with reasons. */
  attention?: boolean;
}

/** Return the device ids that a configuration names. */
export const chosenIds = ({ device, devices }: ComputersConfig): string[] => [
  ...new Set([device, ...(devices ?? [])].filter((id): id is string => Boolean(id))),
];

/** Return the computers that a configuration selects. */
export const wantedComputers = (config: ComputersConfig, fleet: Fleet): Computer[] => {
  const { account, group, online } = config;
  const chosen = chosenIds(config);
  const { computers } = fleet;
  const all = chosen.length
    ? chosen.map((id) => computers.get(id)).filter((computer): computer is Computer => Boolean(computer))
    : computers.values();
  return [...all].filter(
    (computer) =>
      (!account || computer.account === account) &&
      (!group || computer.group === group) &&
      (typeof online !== "boolean" || computer.online === online),
  );
};

/** Return a message to show instead of the `wanted` computers, or below them; empty if there is none. */
export const findNotice = (hass: HomeAssistant, config: ComputersConfig, fleet: Fleet, wanted: readonly Computer[]): string => {
  const { account } = config;
  const { state, components } = hass.config;
  if (state !== "RUNNING") return wanted.length ? "" : hass.localize("ui.panel.lovelace.warning.starting");
  if (!components.includes(DOMAIN)) return text(hass, "card_not_loaded");
  if (!fleet.isLoaded) return account && !isAccount(hass, account) ? text(hass, "card_account_gone") : hass.localize("ui.common.loading");
  const missing = chosenIds(config).filter((id) => !fleet.computers.has(id));
  if (missing.length) return text(hass, missing.every((id) => isOutOfReach(hass, fleet, id)) ? "card_unreachable" : "card_device_gone");
  return wanted.length ? "" : text(hass, reasonForNone(hass, account, fleet));
};

const reasonForNone = (hass: HomeAssistant, account: string | undefined, fleet: Fleet): string => {
  if (account && !isAccount(hass, account)) return "card_account_gone";
  const all = [...fleet.computers.values()].filter((computer) => !account || computer.account === account);
  if (all.length) return "card_no_match";
  const devices = accountDevices(hass).filter(({ accounts }) => !account || accounts.includes(account));
  return devices.every((each) => isAvailable(fleet, each)) ? "card_no_devices" : "card_unreachable";
};

/** Return whether a computer is missing only because its account has not been reached since Home Assistant started. */
const isOutOfReach = (hass: HomeAssistant, fleet: Fleet, id: string): boolean => {
  const device = ourDevices(hass).get(id);
  return device !== undefined && !isAvailable(fleet, device);
};

const isAvailable = (fleet: Fleet, { accounts: [account] }: Device): boolean => account !== undefined && fleet.isAvailable(account);

const isAccount = (hass: HomeAssistant, entryId: string): boolean =>
  accountDevices(hass).some(({ accounts }) => accounts.includes(entryId));
