/** Whether a card is visible: it is in the page and in view, and the page is not hidden. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Milliseconds before a card's first request: while a page is being built, cards that end up far below are visible for a moment. */
export const FIRST_REQUEST_DELAY = 500;

export class Sight implements ReactiveController {
  // Several entries may come at once; the last one is the current state.
  private readonly observer = new IntersectionObserver((entries) => this.onView(entries[entries.length - 1]?.isIntersecting ?? false));
  private isInView = false;

  /** `onChange` is called when the card or the page becomes visible or hidden. */
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly onChange: () => void,
  ) {
    host.addController(this);
  }

  get isVisible(): boolean {
    return this.isInView && !document.hidden;
  }

  hostConnected(): void {
    this.observer.observe(this.host);
    document.addEventListener("visibilitychange", this.onChange);
  }

  hostDisconnected(): void {
    this.observer.disconnect();
    document.removeEventListener("visibilitychange", this.onChange);
    this.onView(false);
  }

  private onView(isInView: boolean): void {
    if (isInView === this.isInView) return;
    this.isInView = isInView;
    this.onChange();
  }
}
