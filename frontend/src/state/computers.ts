/** Which computers a card shows, and what it shows of each. */

import { DOMAIN } from "../const.js";
import { text } from "../home-assistant/texts.js";
import type { CardConfig, HassEntity, HomeAssistant } from "../home-assistant/types.js";
import { accountDevices, computers, type Device, knownValue, ourDevices, stateOf, UNAVAILABLE } from "./devices.js";

export interface ComputersConfig extends CardConfig {
  device?: string;
  devices?: string[];
  /** Config entry id. */
  account?: string;
  group?: string;
  title?: string;
  online?: boolean;
  pictures?: boolean;
}

/** What a card shows of a computer; another object whenever something of it has changed. */
export interface Computer {
  device: Device;
  /** "on" or "off"; undefined where that is not known. */
  online: string | undefined;
  /** The state object that says so. */
  onlineState: HassEntity | undefined;
  isUnavailable: boolean;
  inSession: boolean;
  icon: string;
  /** Path of the preview, with a query that changes with the picture. */
  preview: string | undefined;
}

// The entities by which a row changes, by translation key.
const SHOWN = ["online", "session", "preview", "operating_system"];

// With the one that may decide whether there is a row.
const WATCHED = [...SHOWN, "group"];

// What everything depends on; Home Assistant makes a new object when something in it changes.
const BASICS = ["entities", "devices", "localize", "locale", "config"] as const;

const SYSTEMS: [pattern: RegExp, icon: string][] = [
  [/^win|windows/i, "mdi:microsoft-windows"],
  [/mac|os x/i, "mdi:apple"],
  [/android/i, "mdi:android"],
  [/linux|ubuntu|debian|fedora|suse|mint/i, "mdi:linux"],
];

export class ComputerList {
  /** The computers to be shown, in order. */
  shown: Computer[] = [];
  /** What the user should know about what is not shown; an empty text if all is well. */
  notice = "";
  private hass: HomeAssistant | undefined;
  private candidates: Device[] = [];
  private readonly filters: [key: string, value: string][] = [];
  private readonly chosen: string[];

  /** `before`: the list of an earlier configuration; what it shows stays during an outage. */
  constructor(
    private readonly config: ComputersConfig,
    before?: ComputerList,
  ) {
    this.shown = before?.shown ?? [];
    const { device, devices, group, online } = config;
    this.chosen = [device, ...(devices ?? [])].filter((id): id is string => Boolean(id));
    if (group) this.filters.push(["group", group]);
    if (typeof online === "boolean") this.filters.push(["online", online ? "on" : "off"]);
  }

  /** Whether the configuration names one computer. */
  get isSingle(): boolean {
    return this.chosen.length === 1;
  }

  /** The account whose computers the card shows, or none where it shows several; undefined if the card has no computers. */
  get watched(): { account?: string } | undefined {
    if (!this.candidates.length) return undefined;
    const { account } = this.config;
    if (account) return { account };
    const accounts = new Set(this.chosen.length ? this.candidates.map((device) => device.accounts[0]) : []);
    const [first] = accounts;
    return first && accounts.size === 1 ? { account: first } : {};
  }

  /** Take over what Home Assistant knows now; return whether the card has something else to show, which it usually has not. */
  update(hass: HomeAssistant): boolean {
    const before = this.hass;
    this.hass = hass;
    if (!before || BASICS.some((name) => hass[name] !== before[name])) {
      this.candidates = this.findCandidates(hass);
      this.arrange(hass, () => true);
      return true;
    }
    if (hass.states === before.states) return false;
    const hasChanged = (device: Device, keys: string[]): boolean =>
      keys.some((key) => stateOf(hass, device, key) !== stateOf(before, device, key));
    if (!this.candidates.some((device) => hasChanged(device, WATCHED))) return false;
    this.arrange(hass, (device) => hasChanged(device, SHOWN));
    return true;
  }

  private findCandidates(hass: HomeAssistant): Device[] {
    const { account } = this.config;
    const known = ourDevices(hass);
    const all = this.chosen.length ? [...new Set(this.chosen)].map((id) => known.get(id)) : computers(hass);
    return all.filter((device): device is Device =>
      Boolean(device && !device.isAccount && (!account || device.accounts.includes(account))),
    );
  }

  /** Find what is shown; computers that have not changed stay the same objects. */
  private arrange(hass: HomeAssistant, hasChanged: (device: Device) => boolean): void {
    const before = new Map(this.shown.map((computer) => [computer.device.id, computer]));
    this.shown = this.candidates
      .filter((device) => this.isWanted(hass, device, before.has(device.id)))
      .map((device) => {
        const known = before.get(device.id);
        return known && !hasChanged(device) ? known : describe(hass, device);
      });
    this.notice = this.findNotice(hass);
  }

  private isWanted(hass: HomeAssistant, device: Device, isShown: boolean): boolean {
    return this.filters.every(([key, value]) => {
      const state = stateOf(hass, device, key)?.state;
      // During an outage, what is shown stays.
      return state === UNAVAILABLE ? isShown : state === value;
    });
  }

  private findNotice(hass: HomeAssistant): string {
    const { account } = this.config;
    const { state, components } = hass.config;
    if (state !== "RUNNING") return this.shown.length ? "" : hass.localize("ui.panel.lovelace.warning.starting");
    if (!components.includes(DOMAIN)) return text(hass, "card_not_loaded");
    if (this.chosen.some((id) => !ourDevices(hass).has(id))) return text(hass, "card_device_gone");
    if (this.shown.length) return "";
    if (account && !accountDevices(hass).some(({ accounts }) => accounts.includes(account))) return text(hass, "card_account_gone");
    if (!this.candidates.length) return text(hass, "card_no_devices");
    const isOutage = this.candidates.every((device) => this.filters.some(([key]) => stateOf(hass, device, key)?.state === UNAVAILABLE));
    return text(hass, isOutage ? "card_unreachable" : "card_no_match");
  }
}

/** Return what a card shows of a computer. */
export const describe = (hass: HomeAssistant, device: Device): Computer => {
  const onlineState = stateOf(hass, device, "online");
  return {
    device,
    online: knownValue(onlineState),
    onlineState,
    isUnavailable: onlineState?.state === UNAVAILABLE,
    inSession: stateOf(hass, device, "session")?.state === "on",
    icon: iconOf(hass, device),
    preview: previewOf(hass, device),
  };
};

const iconOf = (hass: HomeAssistant, device: Device): string => {
  const { hw_version: version, model } = device.entry;
  const system = knownValue(stateOf(hass, device, "operating_system")) ?? `${version} ${model}`;
  return SYSTEMS.find(([pattern]) => pattern.test(system))?.[1] ?? "mdi:monitor";
};

const previewOf = (hass: HomeAssistant, device: Device): string | undefined => {
  const state = stateOf(hass, device, "preview");
  const path = knownValue(state) && state?.attributes.entity_picture;
  // The path stays the same when the picture changes; its time, the entity's state, does not.
  return typeof path === "string" ? `${path}&state=${encodeURIComponent(state?.state ?? "")}` : undefined;
};
