import { expect, test } from "vitest";
import "../src/getscreen.js";

const CARDS_AND_DASHBOARDS = [
  "getscreen-card",
  "getscreen-card-editor",
  "getscreen-history-card",
  "getscreen-support-card",
  "ll-strategy-dashboard-getscreen",
];

test("All cards and the dashboard strategy are registered and offered", () => {
  for (const name of CARDS_AND_DASHBOARDS) {
    expect(customElements.get(name)).toBeDefined();
  }
  expect(window.customCards?.map(({ type }) => type)).toEqual(["getscreen-card", "getscreen-history-card", "getscreen-support-card"]);
  expect(window.customStrategies?.map(({ type, strategyType }) => [type, strategyType])).toEqual([["getscreen", "dashboard"]]);
});
