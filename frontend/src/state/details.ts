/** What a computer's dialog shows beside the record: from what Home Assistant knows, without a request to Getscreen.me. */

import { languageOf } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";

/** Sizes in MiB, times in ISO 8601; null where something is unknown. */
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
  /** The public one. */
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

/** What fills up: a disk or the memory. */
export interface Level {
  readonly label: string;
  /** Percent, 0 to 100. */
  readonly usage: number;
  /** Bytes in words. */
  readonly used: string;
  readonly total: string;
}

/** Return how full something is; undefined if that is unknown. */
export const levelOf = (hass: HomeAssistant, label: string, total: number | null, free: number | null): Level | undefined => {
  if (total === null || free === null || total <= 0) return undefined;
  const used = Math.min(Math.max(total - free, 0), total);
  return { label, usage: (used / total) * 100, used: sizeText(hass, used), total: sizeText(hass, total) };
};

const STEPS: [unit: string, mebibytes: number][] = [
  ["TB", 1024 * 1024],
  ["GB", 1024],
];

/** Return a size in MiB as users know it from their systems. */
const sizeText = (hass: HomeAssistant, size: number): string => {
  const [unit, step] = STEPS.find(([, mebibytes]) => size >= mebibytes) ?? ["MB", 1];
  return `${(size / step).toLocaleString(languageOf(hass), { maximumFractionDigits: size / step < 10 ? 1 : 0 })} ${unit}`;
};
