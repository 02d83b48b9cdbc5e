/** Details for a computer's dialog in addition to its record. Home Assistant has stored them, so they cost no request to Getscreen.me. */

import { languageOf } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";

/** Sizes in MiB, times in ISO 8601; null if unknown. */
export interface Details {
  readonly computer_name: string | null;
  readonly computer_model: string | null;
  readonly os_name: string | null;
  readonly os_version: string | null;
  readonly cpu: string | null;
  readonly cpu_cores: number | null;
  readonly memory_total: number | null;
  readonly memory_free: number | null;
  readonly disks: readonly { readonly label: string | null; readonly size: number | null; readonly free: number | null }[];
  readonly network_adapters: readonly { readonly name: string | null; readonly wake_on_lan: boolean | null }[];
  readonly ip_addresses: readonly string[];
  /** The public address. */
  readonly ip_address: string | null;
  readonly owner: string | null;
  readonly user: string | null;
  readonly linked_at: string | null;
  readonly session_count: number | null;
  readonly hardware_updated: string | null;
  readonly agent_version: string | null;
  readonly wake_problem: string | null;
}

export const requestDetails = (hass: HomeAssistant, id: string): Promise<Details> =>
  hass.callWS<Details>({ type: "getscreen/computers/details", device_id: id });

/** How full a disk or the memory is. */
export interface Level {
  readonly label: string;
  /** Percent, 0 to 100. */
  readonly usage: number;
  /** A size as a text with a unit. */
  readonly used: string;
  readonly total: string;
}

/** Return how full a disk or the memory is, from sizes in MiB; undefined if it is unknown. */
export const levelOf = (hass: HomeAssistant, label: string, total: number | null, free: number | null): Level | undefined => {
  if (total === null || free === null || total <= 0) return undefined;
  const used = Math.min(Math.max(total - free, 0), total);
  return { label, usage: (used / total) * 100, used: sizeText(hass, used), total: sizeText(hass, total) };
};

const SIZE_UNITS: [unit: string, mebibytes: number][] = [
  ["TB", 1024 * 1024],
  ["GB", 1024],
];

/** Return a size in MiB as a text. Its units are those that operating systems show: a GB is 1024 MiB. */
const sizeText = (hass: HomeAssistant, size: number): string => {
  const [unit, mebibytes] = SIZE_UNITS.find(([, mebibytes]) => size >= mebibytes) ?? ["MB", 1];
  return `${(size / mebibytes).toLocaleString(languageOf(hass), { maximumFractionDigits: size / mebibytes < 10 ? 1 : 0 })} ${unit}`;
};
