/** What happy-dom lacks of a browser, for every test; and nothing that one test leaves reaches the next. */

import { afterEach, beforeEach, vi } from "vitest";
import { FakeIntersectionObserver } from "./view.js";

beforeEach(() => {
  window.IntersectionObserver = FakeIntersectionObserver;
});

afterEach(() => {
  document.body.replaceChildren();
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});
