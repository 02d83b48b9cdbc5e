/** Notices when the end of a list comes into view, so that more of it can be loaded. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

/** More is loaded when the end is within this distance from the view. */
const MARGIN = "400px 0px";

/** Maximum number of pages that are loaded in a row while the end stays in view: each is a request, and filters may hide most of it. */
export const MAX_IN_A_ROW = 5;

export class ListEnd implements ReactiveController {
  private readonly observer = new IntersectionObserver((entries) => this.onView(entries), { rootMargin: MARGIN });
  private observed: HTMLElement | null = null;
  private needsCheck = true;
  private pagesInARow = 0;

  /**
   * `node` returns the element at the end, if there is one. `onReached` is called when that is in view, once for each `observeAgain`; it
   * returns whether it has requested more.
   */
  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly node: () => HTMLElement | null,
    private readonly onReached: () => boolean,
  ) {
    host.addController(this);
  }

  /** Whether loading has stopped after too many pages in a row, until the user continues it. */
  get isPaused(): boolean {
    return this.pagesInARow >= MAX_IN_A_ROW;
  }

  /** Check again, once a change of the list has been drawn, whether its end is in view. */
  observeAgain(): void {
    this.needsCheck = true;
    this.host.requestUpdate();
  }

  /** Start to count the loaded pages again. */
  reset(): void {
    this.pagesInARow = 0;
    this.observeAgain();
  }

  hostUpdated(): void {
    const node = this.node();
    if (node === this.observed && !this.needsCheck) return;
    this.needsCheck = false;
    this.observed = node;
    this.observer.disconnect();
    if (node) this.observer.observe(node);
  }

  hostDisconnected(): void {
    this.observer.disconnect();
    this.needsCheck = true;
  }

  private onView(entries: IntersectionObserverEntry[]): void {
    if (!entries[entries.length - 1]?.isIntersecting) {
      this.pagesInARow = 0;
    } else if (!this.isPaused && this.onReached()) {
      this.pagesInARow += 1;
    }
    if (this.isPaused) this.host.requestUpdate();
  }
}
