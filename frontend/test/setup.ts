/** Adds the browser features that happy-dom lacks, and resets the page after each test. */

import { afterEach, beforeEach, vi } from "vitest";
import { installFocus } from "./focus.js";
import { FakeResizeObserver, installLayout } from "./layout.js";
import { FakeIntersectionObserver } from "./view.js";

// Suppress Lit's warnings: tests use its development mode and load it more than once, and a list draws again once its position is known.
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
