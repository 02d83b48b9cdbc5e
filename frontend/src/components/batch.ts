/** The selected computers of a card, and the current command for many computers. */

import { text } from "../home-assistant/texts.js";
import { Bulk, type BulkAction } from "../state/bulk.js";
import type { Computer, Fleet } from "../state/fleet.js";
import { Selection } from "../state/selection.js";
import { bulkText } from "./bulk-bar.js";
import { askBulkReboot } from "./bulk-question.js";
import type { ComputersHost } from "./computers-host.js";

export class Batch {
  private readonly selection = new Selection();
  private selecting = false;
  private current: Bulk | undefined;

  /** `shown` returns the visible computers, in order. `onChange` is called after each change. */
  constructor(
    private readonly host: ComputersHost,
    private readonly fleet: () => Fleet | undefined,
    private readonly shown: () => readonly Computer[],
    private readonly onChange: () => void,
  ) {}

  /** Whether the user is selecting computers, so that a click selects instead of opening. */
  get isSelecting(): boolean {
    return this.selecting;
  }

  /** The last command, until the user dismisses its result. */
  get bulk(): Bulk | undefined {
    return this.current;
  }

  has(id: string): boolean {
    return this.selection.has(id);
  }

  /** Deselect all but the card's current computers, so that no command goes to computers that are no longer shown. */
  restrictTo(computers: readonly Computer[]): void {
    if (this.selection.ids.size) this.selection.restrictTo(new Set(computers.map(({ device_id: id }) => id)));
  }

  startSelecting(): void {
    this.selecting = true;
    this.host.announce(text(this.host.hass, "bulk_selected", { count: this.selection.ids.size }));
    this.onChange();
  }

  /** Select or deselect a computer. With `extend`, select the range from the last toggled computer to this one. */
  select(id: string, extend: boolean): void {
    const ids = this.shown().map(({ device_id }) => device_id);
    if (extend) this.selection.extendTo(id, ids);
    else this.selection.toggle(id);
    this.startSelecting();
  }

  /** Select computers; deselect them if all are selected already. */
  selectComputers(computers: readonly Computer[]): void {
    this.selection.toggleAll(computers.map(({ device_id: id }) => id));
    this.startSelecting();
  }

  selectAll(): void {
    this.selectComputers(this.shown());
  }

  endSelecting(): void {
    this.selection.clear();
    this.selecting = false;
    this.onChange();
  }

  /** Send a command to computers; ask before a reboot. */
  command(action: BulkAction, computers: readonly Computer[]): void {
    if (!computers.length || this.isBusy) return;
    if (action === "reboot") askBulkReboot(this.host, computers, () => this.send(action, computers));
    else this.send(action, computers);
  }

  /** Dismiss the result of a command; if it is still running, cancel it instead. */
  dismiss(): void {
    if (this.isBusy) this.current?.cancel();
    else this.current = undefined;
    this.onChange();
  }

  private get isBusy(): boolean {
    return this.current !== undefined && !this.current.isOver;
  }

  private send(action: BulkAction, computers: readonly Computer[]): void {
    const fleet = this.fleet();
    if (!fleet || this.isBusy) return;
    const bulk: Bulk = new Bulk(
      () => this.host.hass,
      fleet,
      action,
      computers,
      () => this.onBulkChange(bulk),
    );
    this.current = bulk;
    this.host.announce(bulkText(this.host, bulk));
    this.endSelecting();
  }

  private onBulkChange(bulk: Bulk): void {
    if (bulk.isOver) this.host.announce([bulkText(this.host, bulk), ...bulk.failures.slice(0, 1)].join(". "));
    this.onChange();
  }
}
