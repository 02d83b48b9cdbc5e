/** The tabs that the page opens, which happy-dom does not support. */

import { vi } from "vitest";

export interface FakeTab {
  opener: unknown;
  closed: boolean;
  document: Document;
  close(): void;
}

export interface Visit {
  href: string;
  rel: string;
  tab: Document;
}

export interface Browser {
  /** The arguments of each call of `window.open`. */
  opened: unknown[][];
  tabs: FakeTab[];
  /** The links that were followed. */
  visits: Visit[];
}

/** Record the opened tabs; `instead` is what `window.open` returns instead of a new tab. */
export const watchTabs = (instead?: null | Window): Browser => {
  const browser: Browser = { opened: [], tabs: [], visits: [] };
  vi.spyOn(window, "open").mockImplementation((...all) => {
    browser.opened.push(all);
    if (instead !== undefined) return instead;
    const tab: FakeTab = {
      opener: window,
      closed: false,
      document: document.implementation.createHTMLDocument(),
      close() {
        tab.closed = true;
      },
    };
    browser.tabs.push(tab);
    return tab as unknown as Window;
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (this: HTMLAnchorElement) {
    browser.visits.push({ href: this.href, rel: this.rel, tab: this.ownerDocument });
  });
  return browser;
};

/** Return all texts in the page, including shadow roots, attributes and fields. */
export const wholePage = (root: Node = document): string => {
  const parts: string[] = [root.nodeType === Node.TEXT_NODE ? (root.textContent ?? "") : ""];
  if (root instanceof HTMLElement) {
    parts.push(...[...root.attributes].map(({ value }) => value));
    if (root.shadowRoot) parts.push(wholePage(root.shadowRoot));
    if (root instanceof HTMLInputElement) parts.push(root.value);
  }
  return [...parts, ...[...root.childNodes].map(wholePage)].join(" ");
};
