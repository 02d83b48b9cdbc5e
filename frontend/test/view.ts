/** Which parts of the page are visible. happy-dom has no layout, so tests set which elements are in view. */

import { vi } from "vitest";

const observers = new Set<FakeIntersectionObserver>();

export class FakeIntersectionObserver implements IntersectionObserver {
  readonly root = null;
  readonly rootMargin = "";
  readonly scrollMargin = "";
  readonly thresholds = [];
  readonly targets = new Set<Element>();

  constructor(private readonly callback: IntersectionObserverCallback) {}

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

  takeRecords(): IntersectionObserverEntry[] {
    return [];
  }

  /** Call the observer's callback like a browser. */
  report(entries: [target: Element, isIntersecting: boolean][]): void {
    this.callback(
      entries.map(
        ([target, isIntersecting]) =>
          ({ target, isIntersecting, boundingClientRect: target.getBoundingClientRect() }) as IntersectionObserverEntry,
      ),
      this,
    );
  }
}

/** Bring elements into view, or out of it; every observer is notified once. */
export const moveIntoView = (elements: Iterable<Element>, isVisible = true): void => {
  for (const observer of observers) {
    const entries = [...elements].filter((element) => observer.targets.has(element));
    if (entries.length) observer.report(entries.map((element) => [element, isVisible]));
  }
};

/** Hide the whole page, as when another tab is selected, or show it again. */
export const hidePage = (isHidden: boolean): void => {
  vi.spyOn(document, "hidden", "get").mockReturnValue(isHidden);
  document.dispatchEvent(new Event("visibilitychange"));
};

/** Scroll past an element so fast that an observer gets several changes at once. */
export const scrollPast = (element: Element, ...changes: boolean[]): void => {
  for (const observer of observers) {
    if (observer.targets.has(element)) observer.report(changes.map((isVisible) => [element, isVisible]));
  }
};

/** Return whether any observer still observes an element. */
export const isObserved = (element: Element): boolean => [...observers].some(({ targets }) => targets.has(element));
