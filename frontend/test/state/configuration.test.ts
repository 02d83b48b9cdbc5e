import { expect, test } from "vitest";
import { BOOLEAN, checkConfig, TEXT, TEXT_LIST } from "../../src/state/configuration.js";

const OPTIONS = { title: TEXT, devices: TEXT_LIST, online: BOOLEAN };

test.each([
  [{ title: 1 }, '"title" has to be a text.'],
  [{ devices: "one" }, '"devices" has to be a list of texts.'],
  [{ devices: ["one", 2] }, '"devices" has to be a list of texts.'],
  [{ online: "on" }, '"online" has to be true or false.'],
  [{ online: 0, title: [] }, '"title" has to be a text.'],
])("%j is rejected with an error that names the option and the expected type", (config, message) => {
  expect(() => checkConfig(config, OPTIONS)).toThrow(new Error(message));
});

test.each([
  {},
  { title: "", devices: [], online: false },
  { title: "Shop", devices: ["one"], online: true },
  { title: null, devices: undefined, online: null },
  { type: 1, grid_options: {} },
])("%j is valid", (config) => {
  expect(() => checkConfig(config, OPTIONS)).not.toThrow();
});
