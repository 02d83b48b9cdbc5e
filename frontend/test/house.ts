/** A simulated Home Assistant: devices, entities, states and texts; calls of actions are recorded and answered. */

import { vi } from "vitest";
import english from "../../custom_components/getscreen/translations/en.json";
import type { DeviceEntry, EntityEntry, HassEntity, HomeAssistant, Localize, Values } from "../src/home-assistant/types.js";
import { TestConnection } from "./connection.js";

const DOMAINS: Record<string, string> = {
  online: "binary_sensor",
  session: "binary_sensor",
  preview: "image",
  invitation: "event",
  remote_session: "event",
  connection_history: "calendar",
};

/** Texts of Home Assistant itself. */
const HOME_ASSISTANT_TEXTS: Record<string, string> = {
  "ui.common.cancel": "Cancel",
  "ui.common.loading": "Loading",
  "ui.panel.lovelace.warning.starting": "Home Assistant is starting",
};

type Action =
  | "wake"
  | "reboot"
  | "refresh_hardware"
  | "logout"
  | "get_connection_link"
  | "get_history"
  | "list_invitations"
  | "create_invitation"
  | "close_invitation"
  | "get_invitation";

export interface Call {
  action: string;
  data: unknown;
  target: unknown;
}

/** Answers an action; throws or rejects to make the action fail. */
type Answer = (data: { device_id?: string }) => unknown;

interface ComputerOptions {
  name?: string;
  entry?: string;
  /** States by translation key; undefined for an entity that has no state yet. */
  states?: Record<string, string | undefined>;
}

/** Return a text of the integration's English translation by its path; an empty text if there is none. */
const textAt = (path: string[]): string => {
  const found = path.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], english);
  return typeof found === "string" ? found : "";
};

export const localize: Localize = (key: string, values: Values = {}) => {
  const [, domain, ...path] = key.split(".");
  const found = HOME_ASSISTANT_TEXTS[key] ?? (domain === "getscreen" ? textAt(path) : "");
  return found.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
};

/** `localize` as it is before Home Assistant has loaded the integration's texts. */
export const localizeNothing: Localize = (key: string) => HOME_ASSISTANT_TEXTS[key] ?? "";

export class House {
  /** Every call of an action, in order. */
  readonly calls: Call[] = [];
  readonly answers: Partial<Record<Action, Answer>> = {};
  readonly connection = new TestConnection();
  /** The `hass` object for cards: replaced at each change, while unchanged parts stay the same objects. */
  hass: HomeAssistant;

  constructor(change: Partial<HomeAssistant> = {}) {
    this.hass = {
      states: {},
      entities: {},
      devices: {},
      config: { state: "RUNNING", components: ["getscreen"] },
      language: "en",
      connection: this.connection,
      localize,
      loadBackendTranslation: () => Promise.resolve(localize),
      formatEntityState: ({ state }) => state.charAt(0).toUpperCase() + state.slice(1),
      hassUrl: (path) => `https://house.test${path}`,
      callWS: (message) => this.connection.sendMessagePromise(message),
      callService: (domain, action, data, target, notifyOnError, returnResponse) =>
        this.call([domain, action, data, target, notifyOnError, returnResponse]),
      ...change,
    };
  }

  /** Change something of `hass`. */
  change(change: Partial<HomeAssistant>): void {
    this.hass = { ...this.hass, ...change };
  }

  /** Add an account's device, with entities by translation key and state. */
  addAccount(
    entry = "entry",
    states: Record<string, string | undefined> = { open_invitations: "0", invitation: "unknown" },
    name = entry,
  ): this {
    const id = `account_${entry}`;
    this.addDevice({ id, name, identifiers: [["getscreen", id]], config_entries: [entry], entry_type: "service" });
    this.addEntities(id, states);
    return this;
  }

  addComputer(id: string, { name = id, entry = "entry", states = { online: "on" } }: ComputerOptions = {}): this {
    this.addDevice({ id, name, identifiers: [["getscreen", id]], config_entries: [entry], entry_type: null });
    this.addEntities(id, states);
    return this;
  }

  addDevice(device: DeviceEntry): this {
    this.change({ devices: { ...this.hass.devices, [device.id]: device } });
    return this;
  }

  /** Change something of a device in the registry. */
  changeDevice(id: string, change: Partial<DeviceEntry>): this {
    return this.addDevice({ ...(this.hass.devices[id] as DeviceEntry), ...change });
  }

  addEntities(device: string, states: Record<string, string | undefined>, platform = "getscreen"): this {
    const entities: Record<string, EntityEntry> = {};
    const added: Record<string, HassEntity> = {};
    for (const [key, state] of Object.entries(states)) {
      const id = entityId(device, key);
      entities[id] = { entity_id: id, platform, translation_key: key, device_id: device };
      if (state !== undefined) added[id] = { entity_id: id, state, attributes: {} };
    }
    this.change({ entities: { ...this.hass.entities, ...entities }, states: { ...this.hass.states, ...added } });
    return this;
  }

  /** Set the state of a device's entity by its translation key. */
  set(device: string, key: string, state: string, attributes: Record<string, unknown> = {}): this {
    const id = entityId(device, key);
    this.change({ states: { ...this.hass.states, [id]: { entity_id: id, state, attributes } } });
    return this;
  }

  /** Make all entities of the integration unavailable, as in an outage. */
  setUnavailable(): this {
    const states: Record<string, HassEntity> = {};
    for (const [id, state] of Object.entries(this.hass.states)) states[id] = { ...state, state: "unavailable", attributes: {} };
    this.change({ states });
    return this;
  }

  /** Remove a device and its entities from the registries. */
  remove(device: string): this {
    const { [device]: _, ...devices } = this.hass.devices;
    const entities: Record<string, EntityEntry> = {};
    for (const [id, entity] of Object.entries(this.hass.entities)) if (entity.device_id !== device) entities[id] = entity;
    this.change({ devices, entities });
    return this;
  }

  /** Return the calls of one action. */
  callsOf(action: Action): Call[] {
    return this.calls.filter((call) => call.action === action);
  }

  private async call([domain, action, data, target, notifyOnError, returnResponse]: Parameters<HomeAssistant["callService"]>): Promise<{
    response?: unknown;
  }> {
    // The cards show errors themselves, so Home Assistant must not show them in a toast as well.
    if (domain !== "getscreen" || notifyOnError !== false) throw new Error(`${domain}.${action} is called in another way`);
    this.calls.push({ action, data, target });
    const response = await this.answers[action as Action]?.(data ?? {});
    return returnResponse ? { response } : {};
  }
}

/** Return the id of a device's entity by its translation key. */
export const entityId = (device: string, key: string): string => `${DOMAINS[key] ?? "sensor"}.${device}_${key}`;

/** A promise that a test resolves or rejects. */
export interface Deferred<Value> {
  promise: Promise<Value>;
  resolve(value: Value): void;
  reject(error: unknown): void;
}

export const defer = <Value = void>(): Deferred<Value> => {
  const functions: Partial<Deferred<Value>> = {};
  const promise = new Promise<Value>((resolve, reject) => Object.assign(functions, { resolve, reject }));
  return { ...functions, promise } as Deferred<Value>;
};

/** Run all pending microtasks. */
export const flushPromises = async (): Promise<void> => {
  for (let round = 0; round < 30; round++) await Promise.resolve();
};

/** Set a fixed time, far from the start of a day, month or year, and use fake timers. */
export const stopClock = (time = "2026-06-15T12:00:00Z"): void => {
  vi.useFakeTimers({ now: new Date(time), toFake: ["Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
};

/** Return the time (ISO 8601) the given number of seconds before now. */
export const secondsAgo = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
