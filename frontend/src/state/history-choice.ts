/** Which list of sessions a history card shows, by its configuration and by the filters that the server applies. */

import { boundsOf, dayOf } from "../home-assistant/times.js";
import type { CardConfig, HomeAssistant } from "../home-assistant/types.js";
import { accountDevices, ourDevices } from "./devices.js";
import type { Computer } from "./fleet.js";
import { historyOf } from "./history.js";
import type { ShownList } from "./history-requests.js";
import { computerNamed, FIRST_DAY, type Filters, NO_FILTERS } from "./session-filter.js";

export interface HistoryConfig extends CardConfig {
  account?: string;
  device?: string;
  title?: string;
  running?: boolean;
  rows?: number;
}

/** Return the account (a config entry's id) that a card shows, or the key of a text that says what is missing. */
export const accountOf = (hass: HomeAssistant, { account, device }: HistoryConfig): { account: string } | { missing: string } => {
  const all = accountDevices(hass).map(({ accounts }) => accounts[0] ?? "");
  const chosen = account || (device && ourDevices(hass).get(device)?.accounts[0]);
  if (!all.length) return { missing: "history_no_account" };
  if (chosen) return all.includes(chosen) ? { account: chosen } : { missing: "history_account_gone" };
  const [only] = all;
  return only && all.length === 1 ? { account: only } : { missing: "history_choose_account" };
};

/** Return whether a day (YYYY-MM-DD) is complete and not too early to have sessions. */
const isDay = (day: string): boolean => day >= FIRST_DAY && day.length === FIRST_DAY.length;

/**
 * Return the list for complete filters. `computer`: the user's text if it identifies one computer, to which the list is then limited;
 * otherwise empty, and the loaded sessions have to be filtered by the computer's name.
 */
export const chooseHistory = (
  hass: HomeAssistant,
  { config, account, computers }: { config: HistoryConfig; account: string; computers: Iterable<Computer> },
  filters: Filters = NO_FILTERS,
): { shown: ShownList; computer: string } => {
  const named = config.device ? undefined : computerNamed(computers, filters.computer);
  const device = config.device ?? named?.device_id;
  const day = isDay(filters.day) ? filters.day : "";
  const list = historyOf({ account, device, isRecorded: filters.isRecorded, ...(day ? boundsOf(hass, day) : {}) });
  const isOpen = !day || day >= dayOf(hass);
  const shown: ShownList = { list, account, device, isOpen, isRunningOnly: config.running ?? false };
  return { shown, computer: named ? filters.computer : "" };
};
