/** Limits the size of a page with a long list: blocks far from view become empty boxes of the same height. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Blocks within this distance from the view are drawn. */
const MARGIN = "800px 0px";

export class Blocks implements ReactiveController {
  private readonly observer = new IntersectionObserver((entries) => this.onView(entries), { rootMargin: MARGIN });
  // Heights in pixels of the blocks that are far from view, by index.
  private readonly heights = new Map<number, number>();

  /** `nodes` returns the elements of the blocks in order; their attribute `data-index` is the index. */
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly nodes: () => Iterable<HTMLElement>,
  ) {
    host.addController(this);
  }

  /** Return the height in pixels of a block that is far from view; undefined if it has to be drawn. */
  heightOf(index: number): number | undefined {
    return this.heights.get(index);
  }

  /** Draw all blocks again, because the list has been replaced. */
  reset(): void {
    this.heights.clear();
    this.observer.disconnect();
    this.host.requestUpdate();
  }

  hostUpdated(): void {
    for (const node of this.nodes()) this.observer.observe(node);
  }

  hostDisconnected(): void {
    this.reset();
  }

  private onView(entries: IntersectionObserverEntry[]): void {
    const focused = this.host.shadowRoot?.activeElement ?? null;
    for (const { target, isIntersecting, boundingClientRect: box } of entries) {
      const index = Number((target as HTMLElement).dataset.index);
      if (isIntersecting) this.heights.delete(index);
      // A height of 0 means that the whole card is hidden. A block with the focus stays, or the focus would be lost.
      else if (box.height && !target.contains(focused)) this.heights.set(index, box.height);
    }
    this.host.requestUpdate();
  }
}
