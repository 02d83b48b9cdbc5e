/** Watches an account while a user sees a card: Home Assistant then polls it more often. */

import type { ReactiveControllerHost } from "lit";
import { subscribe } from "../home-assistant/subscriptions.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { Sight } from "./sight.js";

/** Milliseconds. While a page is being built or scrolled, it shows for a moment what nobody looks at. */
const BEFORE = 1_000;

/** Milliseconds. Another view of the dashboard usually watches the same, and a user who scrolls away often comes back. */
const AFTER = 5_000;

/** What is watched; without an account (a config entry's id), all accounts are. */
export interface WatchMessage {
  readonly type: "getscreen/computers/watch" | "getscreen/invitations/subscribe";
  readonly account?: string;
  readonly watch?: true;
}

export class Watch<Event = unknown> {
  private readonly sight: Sight;
  private message: WatchMessage | undefined;
  private end: (() => void) | undefined;
  // Runs until the watching begins, or ends.
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement & { readonly hass: HomeAssistant },
    private readonly onEvent: (event: Event, isFirst: boolean) => void = () => undefined,
  ) {
    this.sight = new Sight(host, () => this.follow());
  }

  /** Watch something else, or nothing. Call it once Home Assistant is known. */
  use(message: WatchMessage | undefined): void {
    if (JSON.stringify(message) === JSON.stringify(this.message)) return;
    this.stop();
    this.message = message;
    this.follow();
  }

  private follow(): void {
    const wanted = this.sight.isSeen ? this.message : undefined;
    if (document.hidden) this.stop();
    else if (Boolean(wanted) === Boolean(this.end)) this.stopTimer();
    else if (wanted) this.timer ??= setTimeout(() => this.start(wanted), BEFORE);
    else this.timer ??= setTimeout(() => this.stop(), AFTER);
  }

  private start(message: WatchMessage): void {
    this.stopTimer();
    this.end = subscribe(this.host.hass.connection, message, this.onEvent);
  }

  private stop(): void {
    this.stopTimer();
    this.end?.();
    this.end = undefined;
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
