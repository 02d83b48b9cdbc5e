/** Subscriptions over Home Assistant's websocket. Cards of a page that subscribe with the same message share one subscription. */

import { isUnauthorized } from "./actions.js";
import type { Connection } from "./types.js";

/** Milliseconds before a failed subscription is retried, doubled each time: it is rejected while the integration starts. */
const MIN_RETRY_DELAY = 10_000;
const MAX_RETRY_DELAY = 600_000;

/** `isFirst`: the first event of a subscription contains the current state, later ones contain the changes. */
type Listener = (event: unknown, isFirst: boolean) => void;

const shared = new WeakMap<Connection, Map<string, Subscription>>();

/** Subscribe, and return a function that ends the subscription. Failures are not reported: the subscription is retried. */
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
  // A new function each time, because a caller may pass the same one more than once.
  const listener: Listener = (event, isFirst) => onEvent(event as Event, isFirst);
  subscription.add(listener);
  return () => subscription.remove(listener);
};

/** A shared subscription, which is open while it has listeners. */
class Subscription {
  private readonly listeners = new Set<Listener>();
  /** Identifies the current attempt; answers and events of earlier ones are ignored. */
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
    // After a disconnect, the subscription's id may belong to another one, so it must not be unsubscribed.
    connection.addEventListener("disconnected", () => this.reset());
  }

  add(listener: Listener): void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) void this.start();
  }

  remove(listener: Listener): void {
    if (!this.listeners.delete(listener) || this.listeners.size) return;
    const { unsubscribe } = this;
    this.failures = 0;
    this.reset();
    // If this fails, the connection was lost, which has ended the subscription too.
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
      // The library itself resubscribes only once and does not handle a failure, for example during a restart. It modifies the message.
      const unsubscribe = await this.connection.subscribeMessage(onEvent, { ...this.message }, { resubscribe: false });
      if (attempt !== this.attempt) return await unsubscribe();
      this.unsubscribe = unsubscribe;
      this.failures = 0;
    } catch (error) {
      // No retry, because Home Assistant logs every attempt without permission.
      if (isUnauthorized(error)) this.isForbidden = true;
      else if (attempt === this.attempt) this.scheduleRetry();
    }
  }

  private scheduleRetry(): void {
    this.timer = setTimeout(() => this.start(), Math.min(MIN_RETRY_DELAY * 2 ** this.failures, MAX_RETRY_DELAY));
    this.failures += 1;
  }

  private onReady(): void {
    this.failures = 0;
    this.isForbidden = false;
    if (this.listeners.size) void this.start();
  }

  private reset(): void {
    clearTimeout(this.timer);
    this.attempt = undefined;
    this.unsubscribe = undefined;
  }
}
