/** What happy-dom lacks of a browser, for every test; and nothing that one test leaves reaches the next. */

import { afterEach, beforeEach, vi } from "vitest";
import { installFocus } from "./focus.js";
import { FakeIntersectionObserver } from "./view.js";

// Tests run Lit as developers do, which it would say in each file.
Object.assign(window, { litIssuedWarnings: new Set(["dev-mode"]) });

installFocus();

beforeEach(() => {
  window.IntersectionObserver = FakeIntersectionObserver;
});

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});
