/** Draws only those lines of a long list that are in view, whether the window or another element scrolls. */

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  observeWindowOffset,
  observeWindowRect,
  Virtualizer,
  type VirtualizerOptions,
  windowScroll,
} from "@tanstack/virtual-core";
import type { ReactiveController, ReactiveControllerHost } from "lit";

export interface Line {
  readonly key: string;
  /** The expected height in pixels, used until the line is drawn. */
  readonly size: number;
}

/** A line that has to be drawn. */
export interface PlacedLine {
  readonly index: number;
  /** Pixels from the top of the list. */
  readonly top: number;
}

/** Number of lines that are drawn above and below the view. */
const OVERSCAN = 4;

type Options = VirtualizerOptions<Element | Window, HTMLElement>;

export class VirtualLines implements ReactiveController {
  private lines: readonly Line[] = [];
  private pinnedIndex = -1;
  /** Replaced only if keys have changed: a new function makes the library place all lines again, which is slow for thousands. */
  private keyAt = (index: number): string | number => this.lines[index]?.key ?? index;
  private scroller: Element | Window = window;
  private virtualizer: Virtualizer<Element | Window, HTMLElement> | undefined;
  private cleanUp: (() => void) | undefined;
  private margin = 0;

  private readonly sizeAt = (index: number): number => this.lines[index]?.size ?? 0;

  /** `list`: the element that is as high as all lines; each drawn line in it has `data-index` and is measured. */
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement,
    private readonly list: () => HTMLElement | null,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.scroller = scrollerOf(this.host);
    this.virtualizer = new Virtualizer(this.options);
    this.cleanUp = this.virtualizer._didMount();
    // The library attaches its scroll listeners after the host has been drawn.
    this.host.requestUpdate();
  }

  hostDisconnected(): void {
    this.cleanUp?.();
    this.virtualizer = undefined;
  }

  /** Set the lines. The line at `pinnedIndex` is always drawn, because it has the keyboard focus or will receive it. */
  use(lines: readonly Line[], pinnedIndex: number): void {
    const before = this.lines;
    const isSame =
      lines.length === before.length && lines.every(({ key, size }, index) => key === before[index]?.key && size === before[index]?.size);
    this.lines = lines;
    if (isSame && pinnedIndex === this.pinnedIndex) return;
    this.pinnedIndex = pinnedIndex;
    if (!isSame) this.keyAt = (index) => this.lines[index]?.key ?? index;
    this.virtualizer?.setOptions(this.options);
  }

  /** Pixels. */
  get height(): number {
    return this.virtualizer?.getTotalSize() ?? 0;
  }

  get placed(): PlacedLine[] {
    return (this.virtualizer?.getVirtualItems() ?? []).map(({ index, start }) => ({ index, top: start - this.margin }));
  }

  scrollTo(index: number): void {
    this.virtualizer?.scrollToIndex(index, { align: "auto" });
  }

  hostUpdated(): void {
    const { virtualizer } = this;
    if (!virtualizer) return;
    virtualizer._willUpdate();
    const list = this.list();
    // Remove elements that have left the page or show another line now.
    virtualizer.measureElement(null);
    for (const [key, line] of [...virtualizer.elementsCache]) {
      if (this.keyAt(Number(line.dataset.index)) !== key) virtualizer.elementsCache.delete(key);
    }
    for (const line of list?.querySelectorAll<HTMLElement>("[data-index]") ?? []) virtualizer.measureElement(line);
    this.updateMargin(list);
  }

  /** Update the position of the list, because the content above it may have grown. */
  private updateMargin(list: HTMLElement | null): void {
    if (!list) return;
    const { scroller } = this;
    const before = scroller instanceof Element ? scroller.scrollTop - scroller.getBoundingClientRect().top : window.scrollY;
    const margin = Math.round(list.getBoundingClientRect().top + before);
    if (margin === this.margin) return;
    this.margin = margin;
    this.virtualizer?.setOptions(this.options);
    this.host.requestUpdate();
  }

  private get options(): Options {
    const isWindow = this.scroller === window;
    return {
      ...((isWindow ? WINDOW : ELEMENT) as Pick<Options, "observeElementRect" | "observeElementOffset" | "scrollToFn">),
      count: this.lines.length,
      getScrollElement: () => this.scroller,
      initialRect: { width: window.innerWidth, height: window.innerHeight },
      initialOffset: () => (isWindow ? window.scrollY : (this.scroller as Element).scrollTop),
      estimateSize: this.sizeAt,
      // Without an entry of the observer, the content of the line has not been drawn yet.
      measureElement: (line, entry) => (entry ? line.offsetHeight : this.knownSize(Number(line.dataset.index))),
      getItemKey: this.keyAt,
      rangeExtractor: ({ startIndex, endIndex, count }) => this.indexesToDraw(startIndex, endIndex, count),
      onChange: () => this.host.requestUpdate(),
      scrollMargin: this.margin,
      // Home Assistant's header covers the top of the page.
      scrollPaddingStart: 72,
      scrollPaddingEnd: 16,
    };
  }

  private knownSize(index: number): number {
    return this.virtualizer?.itemSizeCache.get(this.keyAt(index)) ?? this.sizeAt(index);
  }

  private indexesToDraw(start: number, end: number, count: number): number[] {
    const indexes = new Set<number>();
    for (let index = Math.max(0, start - OVERSCAN); index <= Math.min(count - 1, end + OVERSCAN); index++) indexes.add(index);
    if (this.pinnedIndex >= 0 && this.pinnedIndex < count) indexes.add(this.pinnedIndex);
    return [...indexes].sort((one, other) => one - other);
  }
}

const WINDOW = { observeElementRect: observeWindowRect, observeElementOffset: observeWindowOffset, scrollToFn: windowScroll };
const ELEMENT = { observeElementRect, observeElementOffset, scrollToFn: elementScroll };

/** Return the scrolling element around a node, at any depth of shadow roots; the window if there is none. */
const scrollerOf = (node: Element): Element | Window => {
  for (let each = parentOf(node); each && each !== document.body; each = parentOf(each)) {
    if (/auto|scroll|overlay/.test(getComputedStyle(each).overflowY)) return each;
  }
  return window;
};

const parentOf = (node: Element): Element | null => {
  const parent = node.assignedSlot ?? node.parentNode;
  return parent instanceof ShadowRoot ? parent.host : (parent as Element | null);
};
