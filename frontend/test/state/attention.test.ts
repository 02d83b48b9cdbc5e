import { expect, test } from "vitest";
import { adviceText, attentionText, knownReasons } from "../../src/state/attention.js";
import { House } from "../house.js";

const REASONS = ["offline_long", "disk_almost_full", "blocked", "limited", "agent_outdated"];

test("Each reason has its own text and advice", () => {
  const { hass } = new House();
  const texts = REASONS.map((reason) => [attentionText(hass, reason), adviceText(hass, reason)]);
  expect(texts[0]).toEqual(["Offline for more than 30 days", "Turn the computer on, or log it out if it is no longer used."]);
  expect(new Set(texts.map(String)).size).toBe(REASONS.length);
  expect(texts.map(String).join()).not.toContain("ttention");
});

test("A reason that this page does not know is skipped", () => {
  expect(knownReasons([...REASONS, "on_fire"])).toEqual(REASONS);
});
