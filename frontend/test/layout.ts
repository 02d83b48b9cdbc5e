/** The sizes of elements. happy-dom has no layout, so tests set the width of a card, and the lines of a list have fixed heights. */

import { vi } from "vitest";

const observers = new Set<FakeResizeObserver>();

export class FakeResizeObserver implements ResizeObserver {
  private readonly targets = new Set<Element>();

  constructor(private readonly callback: ResizeObserverCallback) {}

  observe(target: Element): void {
    observers.add(this);
    this.targets.add(target);
  }

  unobserve(target: Element): void {
    this.targets.delete(target);
  }

  disconnect(): void {
    observers.delete(this);
    this.targets.clear();
  }

  report(target: Element, width: number): void {
    if (!this.targets.has(target)) return;
    const entry = {
      target,
      contentRect: { width } as DOMRectReadOnly,
      borderBoxSize: [],
      contentBoxSize: [],
      devicePixelContentBoxSize: [],
    };
    this.callback([entry], this);
  }
}

/** Set the width of an element in pixels. */
export const resize = (element: Element, width: number): void => {
  for (const observer of [...observers]) observer.report(element, width);
};

/** Pixels. */
export const HEADING_HEIGHT = 52;
export const ROW_HEIGHT = 57;
export const TILES_HEIGHT = 260;

const heightOf = (element: HTMLElement): number => {
  if (!element.classList.contains("line")) return 0;
  if (element.classList.contains("headings")) return HEADING_HEIGHT;
  return element.closest(".compact") ? ROW_HEIGHT : TILES_HEIGHT;
};

/** Return the position of an element: a list begins at the top of the page, which is endless. */
const boxOf = (element: Element): DOMRect => new DOMRect(0, element.matches(".list") ? -window.scrollY : 0, 0, 0);

export const installLayout = (): void => {
  Object.defineProperty(HTMLElement.prototype, "offsetHeight", {
    configurable: true,
    get(this: HTMLElement) {
      return heightOf(this);
    },
  });
  Object.defineProperty(document.documentElement, "scrollHeight", { configurable: true, value: 10_000_000 });
  Object.assign(Element.prototype, {
    getBoundingClientRect(this: Element) {
      return boxOf(this);
    },
  });
};

/** Scroll the page like a user. */
export const scrollPage = (top: number): void => {
  vi.spyOn(window, "scrollY", "get").mockReturnValue(top);
  window.dispatchEvent(new Event("scroll"));
};
