/** A simulated account with sessions, and the card that shows them. */

import { vi } from "vitest";
import "../../src/components/history-card.js";
import type { Computer } from "../../src/state/fleet.js";
import { record } from "../fleet-bench.js";
import { flushPromises, House, stopClock } from "../house.js";
import { all, button, type Card, drawn, mount, only, refresh, texts } from "../mount.js";
import { Archive, minutesAgo, session } from "../sessions.js";
import { moveIntoView } from "../view.js";

const SUBSCRIPTION = "getscreen/computers/subscribe";

let number = 0;

export class HistoryBench {
  /** Each bench has its own account, because cards of a page share the lists of an account. */
  readonly entry: string;
  readonly archive: Archive;
  readonly house: House;
  card!: Card;

  constructor() {
    stopClock();
    number += 1;
    this.entry = `journal${number}`;
    this.house = new House({
      locale: { language: "en", time_zone: "server", time_format: "24" },
      config: { state: "RUNNING", components: ["getscreen"], time_zone: "UTC" },
    });
    this.house.addAccount(this.entry).addComputer("desk", { name: "Desk", entry: this.entry });
    this.archive = new Archive(this.house);
  }

  /** Show the card in view, and wait for its list. */
  async show(config: Record<string, unknown> = {}, place?: ParentNode): Promise<void> {
    this.card = await mount("getscreen-history-card", this.house, config, place);
    await this.setVisible();
  }

  async setVisible(isVisible = true): Promise<void> {
    moveIntoView(all(this.card, "getscreen-history, getscreen-running"), isVisible);
    await this.pass(500);
  }

  /** Make Home Assistant send computers by name, with the minutes since their session began; null without a session. */
  async send(sessions: Record<string, number | null>, isAvailable = true): Promise<void> {
    const computers = Object.entries(sessions).map(([name, ago]) => this.computer(name, ago));
    this.house.connection.send(SUBSCRIPTION, { computers, removed: [], available: { [this.entry]: isAvailable } });
    await this.pass(0);
  }

  private computer(name: string, ago: number | null): Computer {
    const running = ago === null ? null : { start: minutesAgo(ago), country: "Portugal", city: "Sintra" };
    return record({ device_id: name.toLowerCase(), account: this.entry, name, session: running });
  }

  /** Make the server return the given number of sessions, one per minute; `more` returns fields to replace by the index from the newest. */
  list(count: number, more: (index: number) => object = () => ({})): void {
    this.archive.sessions = Array.from({ length: count }, (_, index) => session(count - index, index + 10, more(index)));
  }

  /** Advance the time by milliseconds. */
  async pass(milliseconds: number): Promise<void> {
    vi.advanceTimersByTime(milliseconds);
    await flushPromises();
    await drawn(this.card);
    await flushPromises();
  }

  async refresh(): Promise<void> {
    await refresh(this.card, this.house);
    await this.pass(0);
  }

  async click(name: string): Promise<void> {
    button(this.card, name).click();
    await this.pass(0);
  }

  /** Type into a field without completing the input. */
  async type(name: string, value: string): Promise<void> {
    const field = this.field(name);
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await this.pass(0);
  }

  /** Type into a field and complete the input. */
  async enter(name: string, value: string): Promise<void> {
    await this.type(name, value);
    this.field(name).dispatchEvent(new Event("change", { bubbles: true }));
    await this.pass(0);
  }

  field(name: string): HTMLInputElement {
    return only<HTMLInputElement>(this.card, `input[name=${name}]`);
  }

  /** Bring the end of the list into view. */
  async reachEnd(): Promise<void> {
    moveIntoView(all(this.card, ".end"));
    await this.pass(0);
  }

  /** The computers of the shown sessions. */
  get computers(): string[] {
    return texts(this.card, ".computer");
  }

  get persons(): string[] {
    return texts(this.card, ".login");
  }

  get count(): number {
    return all(this.card, ".session").length;
  }

  /** The texts that are shown in addition to the sessions. */
  get notes(): string[] {
    return texts(this.card, ".none, .foot, .message").filter(Boolean);
  }

  /** The texts that screen readers read out. */
  get spoken(): string[] {
    return texts(this.card, "[role=status].spoken").filter(Boolean);
  }
}
