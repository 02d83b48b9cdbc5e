/** A simulated Home Assistant with an account and its computers, and the card that shows them. */

import { vi } from "vitest";
import "../../src/components/computers-card.js";
import type { CardConfig } from "../../src/home-assistant/types.js";
import type { Computer } from "../../src/state/fleet.js";
import { record } from "../fleet-bench.js";
import { focused } from "../focus.js";
import { flushPromises, House, stopClock } from "../house.js";
import { resize } from "../layout.js";
import { all, button, type Card, drawn, isShown, mount, only, textOf, texts } from "../mount.js";

export const CONNECT = "Connect, Desk";
export const WAKE = "Wake, Desk";
export const REBOOT = "Reboot, Desk";

/** Return the records of the given number of computers in three groups; every third computer is offline. */
export const many = (count: number): Computer[] =>
  Array.from({ length: count }, (_, number) =>
    record({
      device_id: `pc${number + 1}`,
      agent_id: number + 1,
      name: `PC ${number + 1}`,
      group: ["Office", "Shop", null][number % 3] ?? null,
      online: number % 3 !== 0,
    }),
  );

export class ComputersBench {
  readonly house = new House().addAccount();
  card!: Card;

  constructor() {
    stopClock();
  }

  /** Show the card; Home Assistant sends it `computers`. */
  async show(config: Omit<CardConfig, "type"> = {}, computers: Computer[] = [record()], place?: ParentNode): Promise<void> {
    this.card = await mount("getscreen-card", this.house, config, place);
    await this.send({ computers, available: { entry: true } });
  }

  async send(event: { computers?: Computer[]; removed?: string[]; available?: Record<string, boolean> }): Promise<void> {
    this.house.connection.send("getscreen/computers/subscribe", { computers: [], removed: [], available: {}, ...event });
    await this.drawn();
  }

  /** Make Home Assistant send a changed record of a computer. */
  async change(change: Partial<Computer>, before: Computer = record()): Promise<void> {
    await this.send({ computers: [{ ...before, ...change }] });
  }

  async drawn(): Promise<void> {
    for (let round = 0; round < 3; round++) await drawn(this.card);
  }

  /** Set the width of the card in pixels. */
  async resize(width: number): Promise<void> {
    resize(this.card, width);
    await this.drawn();
  }

  async click(name: string, init: MouseEventInit = {}, within: ParentNode = this.card): Promise<void> {
    button(within, name).dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, composed: true, ...init }));
    await this.drawn();
  }

  /** Advance the time by milliseconds. */
  async pass(milliseconds: number): Promise<void> {
    vi.advanceTimersByTime(milliseconds);
    await flushPromises();
    await this.drawn();
  }

  /** Press a key at the focused element; return whether the browser's default action follows. */
  async press(key: string, init: KeyboardEventInit = {}): Promise<boolean> {
    const target = focused() ?? document.body;
    const isLeft = target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true, ...init }));
    await this.drawn();
    return isLeft;
  }

  /** Type into the search field. */
  async search(words: string): Promise<void> {
    this.field.focus();
    this.field.value = words;
    this.field.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    await this.drawn();
  }

  get field(): HTMLInputElement {
    return only<HTMLInputElement>(this.card, "input[type=search]");
  }

  /** The names of the computers that are drawn, in order. */
  get names(): string[] {
    return this.rows.map((row) => textOf(only(row, ".name")));
  }

  /** The names and counts of the groups that are drawn. */
  get groups(): string[] {
    return texts(this.card, ".toggle");
  }

  get rows(): HTMLElement[] {
    const lines = all(this.card, ".line").sort((one, other) => Number(one.dataset.index) - Number(other.dataset.index));
    return lines.flatMap((line) => all(line, "getscreen-computer-row"));
  }

  row(name = "Desk"): HTMLElement {
    const found = this.rows.find((row) => textOf(only(row, ".name")) === name);
    if (!found) throw new Error(`There is no ${name}`);
    return found;
  }

  /** The button that has the computer's name and state. */
  head(name = "Desk"): HTMLElement {
    return only(this.row(name), ".head");
  }

  /** The name of the computer or group that has the focus. */
  get focusedName(): string | undefined {
    const root = focused()?.getRootNode();
    return root instanceof ShadowRoot ? texts(root, ".name")[0] : undefined;
  }

  /** The names of the computers that are selected. */
  get selected(): string[] {
    return this.rows.filter((row) => all(row, ".selected").length).map((row) => textOf(only(row, ".name")));
  }

  get state(): string {
    return textOf(only(this.card, ".state"));
  }

  /** The text that screen readers read out. */
  get spoken(): string {
    return textOf(only(this.card, ".spoken"));
  }

  get messages(): string[] {
    return texts(this.card, ".message");
  }

  get notices(): string[] {
    return texts(this.card, ".notice");
  }

  /** The bars above the list: for the selection and for commands. */
  get bars(): HTMLElement[] {
    return all(this.card, ".bar").filter(isShown);
  }
}
