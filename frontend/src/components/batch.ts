/** Which computers of a card are selected, and the command that is sent to many of them. */

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

  /** `shown`: the computers that the user sees, in order. `onChange` is called after each change. */
  constructor(
    private readonly host: ComputersHost,
    private readonly fleet: () => Fleet | undefined,
    private readonly shown: () => readonly Computer[],
    private readonly onChange: () => void,
  ) {}

  /** Whether the user is selecting, so that a click selects. */
  get isSelecting(): boolean {
    return this.selecting;
  }

  /** The command that was sent last, until its result is dismissed. */
  get bulk(): Bulk | undefined {
    return this.current;
  }

  has(id: string): boolean {
    return this.selection.has(id);
  }

  /** Forget those that are not among the computers of the card any more: what is not to be seen must not be commanded. */
  keep(computers: readonly Computer[]): void {
    if (this.selection.ids.size) this.selection.keep(new Set(computers.map(({ device_id: id }) => id)));
  }

  begin(): void {
    this.selecting = true;
    this.host.announce(text(this.host.hass, "bulk_selected", { count: this.selection.ids.size }));
    this.onChange();
  }

  /** Select a computer, or no longer; `extend`: all from the one that was selected before. */
  select(id: string, extend: boolean): void {
    const ids = this.shown().map(({ device_id }) => device_id);
    if (extend) this.selection.extendTo(id, ids);
    else this.selection.toggle(id);
    this.begin();
  }

  /** Select computers, or none of them if all are selected. */
  selectComputers(computers: readonly Computer[]): void {
    this.selection.toggleAll(computers.map(({ device_id: id }) => id));
    this.begin();
  }

  selectAll(): void {
    this.selectComputers(this.shown());
  }

  endSelecting(): void {
    this.selection.clear();
    this.selecting = false;
    this.onChange();
  }

  /** Send a command to computers; before a reboot, ask. */
  command(action: BulkAction, computers: readonly Computer[]): void {
    if (!computers.length || this.isBusy) return;
    if (action === "reboot") askBulkReboot(this.host, computers, () => this.send(action, computers));
    else this.send(action, computers);
  }

  /** Dismiss the result of a command; of one that is under way, send nothing more. */
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
      () => this.follow(bulk),
    );
    this.current = bulk;
    this.host.announce(bulkText(this.host, bulk));
    this.endSelecting();
  }

  private follow(bulk: Bulk): void {
    if (bulk.isOver) this.host.announce([bulkText(this.host, bulk), ...bulk.failures.slice(0, 1)].join(". "));
    this.onChange();
  }
}
