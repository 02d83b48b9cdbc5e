import { expect, test } from "vitest";
import "../src/getscreen.js";

test("Everything of the integration for dashboards is registered and offered", () => {
  for (const name of ["getscreen-card", "getscreen-card-editor", "getscreen-support-card", "ll-strategy-dashboard-getscreen"]) {
    expect(customElements.get(name)).toBeDefined();
  }
  expect(window.customCards?.map(({ type }) => type)).toEqual(["getscreen-card", "getscreen-support-card"]);
  expect(window.customStrategies?.map(({ type, strategyType }) => [type, strategyType])).toEqual([["getscreen", "dashboard"]]);
});
