/** Simulated computers as Home Assistant sends them, and the commands of a card that shows them. */

import { ComputerCommands } from "../src/components/computer-commands.js";
import type { ComputersHost } from "../src/components/computers-host.js";
import type { Activity } from "../src/state/activities.js";
import { type Computer, type Fleet, fleetOf } from "../src/state/fleet.js";
import { flushPromises, House, stopClock } from "./house.js";

/** Return the record of an ordinary computer that is online; `change` replaces fields. */
export const record = (change: Partial<Computer> = {}): Computer => ({
  device_id: "desk",
  agent_id: 1,
  account: "entry",
  name: "Desk",
  group: "Office",
  online: true,
  last_seen: null,
  operating_system: "win",
  agent_version: "3.9.2",
  favorite: false,
  session: null,
  preview: null,
  disk_usage: null,
  memory_usage: null,
  transition: null,
  wakeable: null,
  attention: [],
  ...change,
});

/** A replacement for a card, with a computer called Desk. */
export class FleetBench implements ComputersHost {
  readonly house = new House();
  /** Where questions and dialogs are shown. */
  readonly card = document.body.appendChild(document.createElement("div"));
  readonly renderRoot = this.card.attachShadow({ mode: "open" });
  /** What screen readers have read out, in order. */
  readonly spoken: string[] = [];
  /** The computers whose activity has changed, in order. */
  readonly changed: string[] = [];
  readonly fleet: Fleet;
  readonly commands: ComputerCommands;

  constructor() {
    stopClock();
    this.fleet = fleetOf(this.house.connection);
    this.commands = new ComputerCommands(
      this,
      () => this.fleet,
      (id) => this.changed.push(id),
    );
  }

  get hass() {
    return this.house.hass;
  }

  announce(message: string): void {
    this.spoken.push(message);
  }

  /** Make Home Assistant send the computers through the card's subscription. */
  async load(...computers: Computer[]): Promise<void> {
    const { fleet, commands } = this;
    fleet.add(() => commands.update(fleet.computers.values()));
    await flushPromises();
    await this.send({ computers, available: { entry: true } });
  }

  /** Make Home Assistant send a changed record of a computer. */
  async change(change: Partial<Computer>, id = "desk"): Promise<void> {
    await this.send({ computers: [{ ...this.computer(id), ...change }] });
  }

  async send(event: { computers?: Computer[]; removed?: string[]; available?: Record<string, boolean> }): Promise<void> {
    this.house.connection.send("getscreen/computers/subscribe", { computers: [], removed: [], available: {}, ...event });
    await flushPromises();
  }

  computer(id = "desk"): Computer {
    const found = this.fleet.computers.get(id);
    if (!found) throw new Error(`There is no ${id}`);
    return found;
  }

  get activity(): Activity {
    return this.commands.activityOf("desk");
  }
}
