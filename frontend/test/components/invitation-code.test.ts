import { expect, test } from "vitest";
import { addressOf, groupDigits, isolate, spell } from "../../src/components/invitation-code.js";

test.each([
  ["123456789", "123 456 789"],
  ["12345678", "12345678"],
  ["1234567890", "1234567890"],
  ["12345678a", "12345678a"],
  ["", ""],
])("The digits of %j are written as %j", (code, written) => {
  expect(groupDigits(code)).toBe(written);
});

test.each([
  ["123456789", "\u20661 2 3, 4 5 6, 7 8 9\u2069"],
  ["AB12", "\u2066A B 1 2\u2069"],
  ["", ""],
])("%j is read out as %j", (code, spoken) => {
  expect(spell(code)).toBe(spoken);
});

test("A code keeps its order in right-to-left text, and an empty code stays empty", () => {
  expect([isolate("123 456 789"), isolate("")]).toEqual(["\u2066123 456 789\u2069", ""]);
});

test.each([
  ["https://getscreen.me/invite/123456789", "getscreen.me"],
  ["https://help.example.com:8443/i/1", "help.example.com:8443"],
  ["invite", ""],
  ["", ""],
])("The client opens the host of the link: %j", (link, address) => {
  expect(addressOf(link)).toBe(address);
});
