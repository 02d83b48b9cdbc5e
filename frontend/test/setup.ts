/** What happy-dom lacks of a browser, for every test; and nothing that one test leaves reaches the next. */

import { afterEach, beforeEach, vi } from "vitest";
import { installFocus } from "./focus.js";
import { FakeIntersectionObserver } from "./view.js";

// What Lit would say of tests: they run it as developers do, and load it once more where it matters what the page has when it is loaded.
Object.assign(window, { litIssuedWarnings: new Set(["dev-mode", "multiple-versions"]) });

installFocus();

beforeEach(() => {
  window.IntersectionObserver = FakeIntersectionObserver;
});

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  localStorage.clear();
});
