/** The computers that a user has selected as in a file manager: one, a range from the last one, or all. */

export class Selection {
  private chosen = new Set<string>();
  private anchor: string | undefined;

  /** By device id. */
  get ids(): ReadonlySet<string> {
    return this.chosen;
  }

  has(id: string): boolean {
    return this.chosen.has(id);
  }

  toggle(id: string): void {
    if (!this.chosen.delete(id)) this.chosen.add(id);
    this.anchor = id;
  }

  /** Select the range from the last toggled computer to this one, in the order of `ids`. */
  extendTo(id: string, ids: readonly string[]): void {
    const from = this.anchor === undefined ? -1 : ids.indexOf(this.anchor);
    const to = ids.indexOf(id);
    if (from < 0 || to < 0) {
      if (!this.has(id)) this.toggle(id);
      return;
    }
    for (const each of ids.slice(Math.min(from, to), Math.max(from, to) + 1)) this.chosen.add(each);
  }

  /** Select all of `ids`; deselect them if all are selected already. */
  toggleAll(ids: readonly string[]): void {
    const areAllSelected = ids.every((id) => this.chosen.has(id));
    for (const id of ids) areAllSelected ? this.chosen.delete(id) : this.chosen.add(id);
    this.anchor = undefined;
  }

  clear(): void {
    this.chosen.clear();
    this.anchor = undefined;
  }

  /** Deselect all but `ids`, so that no command goes to computers that are no longer shown. Return whether any was deselected. */
  restrictTo(ids: ReadonlySet<string>): boolean {
    const before = this.chosen.size;
    for (const id of this.chosen) if (!ids.has(id)) this.chosen.delete(id);
    return this.chosen.size !== before;
  }
}
