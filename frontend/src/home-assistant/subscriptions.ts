/** Subscriptions over Home Assistant's websocket; all cards of a page with the same message share one. */

import { isUnauthorized } from "./actions.js";
import type { Connection } from "./types.js";

/** Milliseconds. Home Assistant refuses a subscription while the integration starts. The wait for the next try doubles, up to the longest. */
const FIRST_WAIT = 10_000;
const LONGEST_WAIT = 600_000;

/** `isFirst`: the first event of a subscription says how things are, and later ones what has changed. */
type Listener = (event: unknown, isFirst: boolean) => void;

const shared = new WeakMap<Connection, Map<string, Subscription>>();

/** Subscribe, and return a function that ends the subscription. Failures are not reported: the subscription is tried again. */
export const subscribe = <Event>(
  connection: Connection,
  message: { readonly type: string },
  onEvent: (event: Event, isFirst: boolean) => void,
): (() => void) => {
  const all = shared.get(connection) ?? new Map<string, Subscription>();
  shared.set(connection, all);
  const key = JSON.stringify(message);
  const subscription = all.get(key) ?? new Subscription(connection, message);
  all.set(key, subscription);
  // The same function may be given more than once.
  const listener: Listener = (event, isFirst) => onEvent(event as Event, isFirst);
  subscription.add(listener);
  return () => subscription.remove(listener);
};

/** Open while it has listeners. */
class Subscription {
  private readonly listeners = new Set<Listener>();
  /** Stands for the attempt whose answer and events count. */
  private attempt: object | undefined;
  private unsubscribe: (() => Promise<void>) | undefined;
  private failures = 0;
  private isForbidden = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly message: { readonly type: string },
  ) {
    connection.addEventListener("ready", () => this.onReady());
    // From then on, the number of the subscription may be another's, so do not unsubscribe it.
    connection.addEventListener("disconnected", () => this.forget());
  }

  add(listener: Listener): void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) void this.start();
  }

  remove(listener: Listener): void {
    if (!this.listeners.delete(listener) || this.listeners.size) return;
    const { unsubscribe } = this;
    this.failures = 0;
    this.forget();
    // The connection may be lost meanwhile, which ends the subscription too.
    void unsubscribe?.().catch(() => undefined);
  }

  private async start(): Promise<void> {
    // Without a connection, the websocket library would neither send the message nor reject it.
    if (!this.connection.connected || this.isForbidden) return;
    const attempt = {};
    this.attempt = attempt;
    let isFirst = true;
    const onEvent = (event: unknown): void => {
      if (attempt === this.attempt) for (const listener of this.listeners) listener(event, isFirst);
      isFirst = false;
    };
    try {
      // The library's own resubscribing happens once per connection, and leaves a failure, as of a restart, unhandled. It changes the message.
      const unsubscribe = await this.connection.subscribeMessage(onEvent, { ...this.message }, { resubscribe: false });
      if (attempt !== this.attempt) return await unsubscribe();
      this.unsubscribe = unsubscribe;
      this.failures = 0;
    } catch (error) {
      // Home Assistant logs each attempt of a user who is not allowed to.
      if (isUnauthorized(error)) this.isForbidden = true;
      else if (attempt === this.attempt) this.startLater();
    }
  }

  private startLater(): void {
    this.timer = setTimeout(() => this.start(), Math.min(FIRST_WAIT * 2 ** this.failures, LONGEST_WAIT));
    this.failures += 1;
  }

  private onReady(): void {
    this.failures = 0;
    this.isForbidden = false;
    if (this.listeners.size) void this.start();
  }

  private forget(): void {
    clearTimeout(this.timer);
    this.attempt = undefined;
    this.unsubscribe = undefined;
  }
}
