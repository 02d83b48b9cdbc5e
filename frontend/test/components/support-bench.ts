/** A simulated account with invitations, and the quick-support card that shows them. */

import { vi } from "vitest";
import "../../src/components/support-card.js";
import { flushPromises, House, stopClock } from "../house.js";
import { all, button, type Card, drawn, mount, only, refresh, texts } from "../mount.js";
import { moveIntoView } from "../view.js";

let number = 0;

/** Return an invitation as the server lists it. */
export const invitation = (id: number, more: object = {}) => ({
  id,
  status: "waiting_for_client",
  code: `12345678${id}`,
  invite_url: `https://getscreen.test/invite/${id}`,
  client_name: `Client ${id}`,
  ...more,
});

export class SupportBench {
  /** Each bench has its own account, because cards of a page share the list of an account. */
  readonly entry: string;
  house: House;
  card!: Card;

  constructor() {
    stopClock();
    number += 1;
    this.entry = `entry${number}`;
    this.house = new House().addAccount(this.entry);
    this.list();
  }

  /** Make the server return invitations. */
  list(...invitations: object[]): void {
    this.house.answers.list_invitations = () => ({ invitations, remaining: 3 });
  }

  /** Show the card in view, and wait for its list. */
  async show(config: Record<string, unknown> = {}, place?: ParentNode): Promise<void> {
    this.card = await mount("getscreen-support-card", this.house, config, place);
    moveIntoView([this.card]);
    await this.pass(500);
  }

  /** Make Home Assistant notice a change of the list, so that the card requests it. */
  async notice(state: string): Promise<void> {
    await refresh(this.card, this.house.set(`account_${this.entry}`, "open_invitations", state));
    await this.pass(250);
  }

  /** Advance the time by milliseconds. */
  async pass(milliseconds: number): Promise<void> {
    vi.advanceTimersByTime(milliseconds);
    await flushPromises();
    await drawn(this.card);
  }

  async click(name: string, within: ParentNode = this.card): Promise<void> {
    button(within, name).click();
    await this.pass(0);
  }

  /** Answer the open question. */
  async answer(name: string): Promise<void> {
    await this.click(name, only(this.card, "dialog"));
  }

  item(id = 1): HTMLElement {
    const found = all(this.card, "[role=listitem]").find((each) => each.getAttribute("aria-label") === `Client ${id}`);
    if (!found) throw new Error(`There is no invitation ${id}`);
    return found;
  }

  /** The only invitation. */
  get shown(): HTMLElement {
    return only(this.card, "[role=listitem]");
  }

  /** The field for the client's name. */
  get field(): HTMLInputElement {
    return only<HTMLInputElement>(this.card, "input");
  }

  /** The clients' names. */
  get names(): string[] {
    return texts(this.card, "[role=listitem] .name");
  }

  get messages(): string[] {
    return texts(this.card, ".message");
  }

  /** The texts that screen readers read out. */
  get spoken(): string[] {
    return texts(this.card, "[role=status]").filter(Boolean);
  }

  get requests(): number {
    return this.house.callsOf("list_invitations").length;
  }
}
