/** Follows the computers of an account while a card is in the page. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Connection } from "../home-assistant/types.js";
import { type Fleet, type FleetListener, fleetOf } from "./fleet.js";

export class FleetFollower implements ReactiveController {
  private current: Fleet | undefined;
  private unsubscribe: (() => void) | undefined;
  private isConnected = false;

  /** `isNeeded` returns whether the card shows computers of the account; it is called when the card enters the page. */
  constructor(
    host: ReactiveControllerHost,
    private readonly onChange: FleetListener,
    private readonly isNeeded: () => boolean = () => true,
  ) {
    host.addController(this);
  }

  /** Undefined until `use` is called. */
  get fleet(): Fleet | undefined {
    return this.current;
  }

  /** Follow the computers of an account, or of all accounts. */
  use(connection: Connection, account: string | undefined): void {
    const fleet = fleetOf(connection, account);
    if (fleet === this.current) return;
    this.stop();
    this.current = fleet;
    this.start();
  }

  hostConnected(): void {
    this.isConnected = true;
    this.start();
  }

  hostDisconnected(): void {
    this.isConnected = false;
    this.stop();
  }

  private start(): void {
    if (!this.isConnected || !this.current) return;
    if (this.isNeeded()) this.unsubscribe = this.current.add(this.onChange);
    // Anything may have changed while the card was not in the page.
    this.onChange(undefined);
  }

  private stop(): void {
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }
}
