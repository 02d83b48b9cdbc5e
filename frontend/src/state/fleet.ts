/** The computers as Home Assistant sends them. Cards of a page that show the same accounts share one subscription. */

import { subscribe } from "../home-assistant/subscriptions.js";
import type { Connection } from "../home-assistant/types.js";

/** A record of `getscreen/computers/subscribe`: a new object whenever something in it has changed. Times are ISO 8601. */
export interface Computer {
  readonly device_id: string;
  readonly agent_id: number;
  /** Config entry id. */
  readonly account: string;
  /** The name of the device in Home Assistant. */
  readonly name: string;
  readonly group: string | null;
  readonly online: boolean | null;
  readonly last_seen: string | null;
  readonly operating_system: string | null;
  readonly agent_version: string | null;
  readonly favorite: boolean | null;
  /** The running session. */
  readonly session: { readonly start: string; readonly country: string | null; readonly city: string | null } | null;
  /** A path that the browser may load. */
  readonly preview: string | null;
  /** How full the fullest disk is, in percent. */
  readonly disk_usage: number | null;
  /** How full the memory is, in percent. */
  readonly memory_usage: number | null;
  readonly transition: "waking" | "rebooting" | null;
  readonly wakeable: boolean | null;
  /** The reasons why the computer needs attention. */
  readonly attention: readonly string[];
}

interface FleetEvent {
  computers: Computer[];
  removed: string[];
  available: Record<string, boolean>;
}

/** Gets the device ids of the computers that were added, removed or changed; undefined if anything may have changed. */
export type FleetListener = (changed: ReadonlySet<string> | undefined) => void;

/** Milliseconds before unsubscribing: between two views of a dashboard, the page has no card for a moment. */
const UNSUBSCRIBE_DELAY = 5_000;

const fleets = new WeakMap<Connection, Map<string, Fleet>>();

/** Return the shared computers of an account (a config entry's id), or of all accounts. */
export const fleetOf = (connection: Connection, account?: string): Fleet => {
  const ofConnection = fleets.get(connection) ?? new Map<string, Fleet>();
  fleets.set(connection, ofConnection);
  const key = account ?? "";
  const fleet = ofConnection.get(key) ?? new Fleet(connection, account);
  ofConnection.set(key, fleet);
  return fleet;
};

/** The computers of an account or of all accounts. Up to date while there are listeners; after that, as they were last. */
export class Fleet {
  private records = new Map<string, Computer>();
  private available: Record<string, boolean> = {};
  private isComplete = false;
  private readonly listeners = new Set<FleetListener>();
  private unsubscribe: (() => void) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly account?: string,
  ) {}

  /** By device id. */
  get computers(): ReadonlyMap<string, Computer> {
    return this.records;
  }

  /** Whether Home Assistant has sent the computers. */
  get isLoaded(): boolean {
    return this.isComplete;
  }

  /** Return whether an account is loaded, and its last poll succeeded. */
  isAvailable(account: string): boolean {
    return this.available[account] ?? false;
  }

  /** Call `listener` after each change; return a function that removes it. */
  add(listener: FleetListener): () => void {
    this.listeners.add(listener);
    clearTimeout(this.timer);
    this.unsubscribe ??= subscribe<FleetEvent>(
      this.connection,
      { type: "getscreen/computers/subscribe", ...(this.account ? { account: this.account } : {}) },
      (event, isFirst) => this.onEvent(event, isFirst),
    );
    return () => this.remove(listener);
  }

  /** Resolve once the computers are known and up to date, also without a listener. */
  async loaded(): Promise<void> {
    if (this.unsubscribe && this.isComplete) return;
    await new Promise<void>((resolve) => {
      const end = this.add(() => {
        end();
        resolve();
      });
    });
  }

  private remove(listener: FleetListener): void {
    if (!this.listeners.delete(listener) || this.listeners.size) return;
    this.timer = setTimeout(() => {
      this.unsubscribe?.();
      this.unsubscribe = undefined;
    }, UNSUBSCRIBE_DELAY);
  }

  private onEvent({ computers, removed, available }: FleetEvent, isFirst: boolean): void {
    if (isFirst) {
      this.records = new Map(computers.map((computer) => [computer.device_id, computer]));
      this.available = available;
      this.isComplete = true;
    } else {
      // Removals first: a device id that was removed may be sent again in the same event.
      for (const id of removed) this.records.delete(id);
      for (const computer of computers) this.records.set(computer.device_id, computer);
      Object.assign(this.available, available);
    }
    const mayAffectAll = isFirst || Object.keys(available).length > 0;
    const changed = mayAffectAll ? undefined : new Set([...removed, ...computers.map(({ device_id: id }) => id)]);
    for (const listener of [...this.listeners]) listener(changed);
  }
}
