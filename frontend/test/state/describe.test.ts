import { beforeEach, describe, expect, test } from "vitest";
import { iconOf, sessionText, stateText } from "../../src/state/describe.js";
import { record } from "../fleet-bench.js";
import { House, secondsAgo, stopClock } from "../house.js";

const { hass } = new House();

beforeEach(() => stopClock());

describe("A computer's state", () => {
  test.each([
    [{ online: true }, "Online"],
    [{ online: true, last_seen: "2026-06-15T11:00:00Z" }, "Online"],
    [{ online: false }, "Offline"],
    [{ online: false, last_seen: "2026-06-15T11:00:00Z" }, "Offline, seen 1 hour ago"],
    [{ online: false, last_seen: "2026-06-15T11:59:30Z" }, "Offline"],
    [{ online: null }, "Unknown"],
    [{ online: null, last_seen: "2026-06-15T11:00:00Z" }, "Unknown"],
    [{ online: false, transition: "waking" as const }, "Waking …"],
    [{ online: null, transition: "rebooting" as const }, "Rebooting …"],
  ])("is for %j the text %j", (change, text) => {
    expect(stateText(hass, record(change))).toBe(text);
  });
});

describe("The text of a session", () => {
  test("says from where and how long somebody is connected, if that is known", () => {
    const start = secondsAgo(12 * 60);
    const said = [
      null,
      { start, country: null, city: null },
      { start, country: "Portugal", city: null },
      { start, country: "Portugal", city: "Lisbon" },
    ].map((session) => sessionText(hass, record({ session })));
    expect(said).toEqual(["", "Somebody, 12 min", "Somebody from Portugal, 12 min", "Somebody from Lisbon, 12 min"]);
  });
});

test.each([
  ["win", "mdi:microsoft-windows"],
  ["mac", "mdi:apple"],
  ["android", "mdi:android"],
  ["linux", "mdi:linux"],
  ["beos", "mdi:monitor"],
  [null, "mdi:monitor"],
])("The icon of %s is %s", (system, icon) => {
  expect(iconOf(record({ operating_system: system }))).toBe(icon);
});
