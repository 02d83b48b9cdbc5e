/** How large elements are: happy-dom lays nothing out, so tests say how wide a card is, and lines of a list have fixed heights. */

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

/** Make an element so many pixels wide. */
export const resize = (element: Element, width: number): void => {
  for (const observer of [...observers]) observer.report(element, width);
};

/** Pixels. */
export const HEADING = 52;
export const ROW = 57;
export const TILES = 260;

const heightOf = (element: HTMLElement): number => {
  if (!element.classList.contains("line")) return 0;
  if (element.classList.contains("headings")) return HEADING;
  return element.closest(".compact") ? ROW : TILES;
};

export const installLayout = (): void => {
  Object.defineProperty(HTMLElement.prototype, "offsetHeight", {
    configurable: true,
    get(this: HTMLElement) {
      return heightOf(this);
    },
  });
};
