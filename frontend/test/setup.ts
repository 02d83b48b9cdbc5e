/** What happy-dom lacks of a browser, for every test; and nothing that one test leaves reaches the next. */

import { afterEach, beforeEach, vi } from "vitest";
import { installFocus } from "./focus.js";
import { FakeResizeObserver, installLayout } from "./layout.js";
import { FakeIntersectionObserver } from "./view.js";

// What Lit would say of tests: they run it as developers do, and load it once more where it matters what the page has when it is loaded.
// What a list draws depends on where it is in the page, which is known after it was drawn.
Object.assign(window, { litIssuedWarnings: new Set(["change-in-update", "dev-mode", "multiple-versions"]) });

installFocus();
installLayout();

beforeEach(() => {
  window.IntersectionObserver = FakeIntersectionObserver;
  window.ResizeObserver = FakeResizeObserver;
});

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  localStorage.clear();
});
