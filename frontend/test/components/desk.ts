/** A house with a computer called Desk, and the card that shows it. */

import { vi } from "vitest";
import "../../src/components/computers-card.js";
import type { ComputersConfig } from "../../src/state/computers.js";
import { House, stopClock } from "../house.js";
import { all, button, type Card, drawn, mount, only, refresh, textOf, texts } from "../mount.js";

export const CONNECT = "Connect, Desk";
export const WAKE = "Wake, Desk";
export const REBOOT = "Reboot, Desk";

export class Desk {
  house: House;
  card!: Card;

  constructor() {
    stopClock();
    this.house = new House().addAccount().addComputer("desk", { name: "Desk" });
  }

  async show(config: Omit<ComputersConfig, "type"> = {}): Promise<void> {
    this.card = await mount("getscreen-card", this.house, config);
  }

  /** Give the computer another state, which the card sees. */
  async set(key: string, state: string, attributes?: Record<string, unknown>): Promise<void> {
    await refresh(this.card, this.house.set("desk", key, state, attributes));
  }

  async click(name: string): Promise<void> {
    button(this.card, name).click();
    await drawn(this.card);
  }

  /** Let a time in milliseconds pass. */
  async pass(milliseconds: number): Promise<void> {
    vi.advanceTimersByTime(milliseconds);
    await drawn(this.card);
  }

  /** The button that has the computer's name and state. */
  head(name = "Desk"): HTMLElement {
    const named = all(this.card, ".name").find((node) => textOf(node) === name);
    const found = named?.closest("button");
    if (!found) throw new Error(`There is no ${name}`);
    return found;
  }

  get state(): string {
    return textOf(only(this.card, ".state"));
  }

  /** What screen readers read out. */
  get spoken(): string {
    return textOf(only(this.card, "[role=status]"));
  }

  get messages(): string[] {
    return texts(this.card, ".message");
  }
}
