import { beforeEach, describe, expect, test } from "vitest";
import { boundsOf, dayOf, dayText, durationText, secondsSince, timeText } from "../../src/home-assistant/times.js";
import type { HomeAssistant } from "../../src/home-assistant/types.js";
import { House, stopClock } from "../house.js";

const NOON = "2026-06-15T12:00:00+00:00";

/** Return the `hass` of a user who sees times in Home Assistant's time zone. */
const inZone = (time_zone: string, locale: object = {}): HomeAssistant =>
  new House({
    config: { state: "RUNNING", components: [], time_zone },
    locale: { language: "en", time_zone: "server", ...locale },
  }).hass;

beforeEach(() => stopClock());

describe("A moment", () => {
  test("is shown in Home Assistant's time zone if the profile says so", () => {
    expect(timeText(inZone("Europe/Kyiv"), NOON)).toMatch(/^3:00\sPM$/);
    expect(dayText(inZone("Pacific/Auckland"), "2026-06-15T22:00:00Z")).toBe("Tuesday, June 16, 2026");
    expect([dayOf(inZone("Pacific/Auckland"), "2026-06-15T22:00:00Z"), dayOf(inZone("UTC"))]).toEqual(["2026-06-16", "2026-06-15"]);
  });

  test("is shown in the browser's time zone otherwise", () => {
    const { hass } = new House({ config: { state: "RUNNING", components: [], time_zone: "Pacific/Auckland" } });
    const here = new Date(NOON);
    expect(timeText(hass, NOON)).toBe(here.toLocaleTimeString("en", { hour: "numeric", minute: "2-digit" }));
    expect(dayOf(hass, NOON).slice(-2)).toBe(String(here.getDate()).padStart(2, "0"));
  });

  test("has 12 or 24 hours as in the profile", () => {
    expect(timeText(inZone("UTC", { time_format: "24" }), NOON)).toBe("12:00");
    expect(timeText(inZone("UTC", { time_format: "24" }), "2026-06-15T00:05:00Z")).toBe("00:05");
    expect(timeText(inZone("UTC", { time_format: "12", language: "de" }), NOON)).toContain("PM");
    expect(timeText(inZone("UTC", { time_format: "language", language: "de" }), NOON)).toBe("12:00");
    expect(timeText(inZone("UTC", { time_format: "system", language: "de" }), NOON)).toBe(
      new Date(NOON).toLocaleTimeString(navigator.language, { hour: "numeric", minute: "2-digit", timeZone: "UTC" }),
    );
  });

  test("is written in the user's language", () => {
    expect(dayText(inZone("UTC", { language: "de" }), NOON)).toBe("Montag, 15. Juni 2026");
  });
});

describe("A day", () => {
  test("in Home Assistant's time zone has limits without an offset", () => {
    expect(boundsOf(inZone("Europe/Kyiv"), "2026-06-15")).toEqual({ start: "2026-06-15T00:00:00", end: "2026-06-15T23:59:59" });
  });

  test("in the browser's time zone ends one second before the next, whatever its length", () => {
    const { hass } = new House();
    for (const [year, month, day] of [
      [2026, 2, 29],
      [2026, 9, 25],
      [2026, 11, 31],
    ] as const) {
      const { start, end } = boundsOf(hass, `${year}-${String(month + 1).padStart(2, "0")}-${day}`);
      expect(new Date(start)).toEqual(new Date(year, month, day));
      expect(new Date(end).getTime() + 1000).toBe(new Date(year, month, day + 1).getTime());
    }
  });
});

test.each([
  [-5, "0 s"],
  [59.9, "59 s"],
  [60, "1 min"],
  [3599, "59 min"],
  [3600, "1 h"],
  [7325, "2 h 2 min"],
  [90_000, "25 h"],
])("A duration of %d seconds is short", (seconds, text) => {
  expect(durationText(new House().hass, seconds)).toBe(text);
});

test("A future moment has the duration zero", () => {
  expect([secondsSince("2026-06-15T11:59:00Z"), secondsSince("2026-06-15T12:01:00Z")]).toEqual([60, 0]);
});
