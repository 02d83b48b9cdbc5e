/** Watches an account while a card is visible. Home Assistant polls a watched account more often. */

import type { ReactiveControllerHost } from "lit";
import { subscribe } from "../home-assistant/subscriptions.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { Sight } from "./sight.js";

/** Milliseconds before a watch starts: while a page is being built or scrolled, cards are visible only for a moment. */
const START_DELAY = 1_000;

/** Milliseconds before a watch ends: another view of the dashboard often watches the same account, and users often scroll back. */
const END_DELAY = 5_000;

/** What to watch: an account (a config entry's id), or all accounts if there is none. */
export interface WatchMessage {
  readonly type: "getscreen/computers/watch" | "getscreen/invitations/subscribe";
  readonly account?: string;
  readonly watch?: true;
}

export class Watch<Event = unknown> {
  private readonly sight: Sight;
  private message: WatchMessage | undefined;
  private unsubscribe: (() => void) | undefined;
  // Runs until the watch starts or ends.
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement & { readonly hass: HomeAssistant },
    private readonly onEvent: (event: Event, isFirst: boolean) => void = () => undefined,
  ) {
    this.sight = new Sight(host, () => this.update());
  }

  /** Watch something else, or nothing. The host must have `hass` by then. */
  use(message: WatchMessage | undefined): void {
    if (JSON.stringify(message) === JSON.stringify(this.message)) return;
    this.stop();
    this.message = message;
    this.update();
  }

  private update(): void {
    const wanted = this.sight.isVisible ? this.message : undefined;
    if (document.hidden) this.stop();
    else if (Boolean(wanted) === Boolean(this.unsubscribe)) this.stopTimer();
    else if (wanted) this.timer ??= setTimeout(() => this.start(wanted), START_DELAY);
    else this.timer ??= setTimeout(() => this.stop(), END_DELAY);
  }

  private start(message: WatchMessage): void {
    this.stopTimer();
    this.unsubscribe = subscribe(this.host.hass.connection, message, this.onEvent);
  }

  private stop(): void {
    this.stopTimer();
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
