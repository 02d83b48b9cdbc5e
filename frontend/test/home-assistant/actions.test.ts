import { describe, expect, test } from "vitest";
import {
  callAction,
  errorText,
  isUnauthorized,
  queryAction,
  reportConfig,
  showMoreInfo,
  showToast,
} from "../../src/home-assistant/actions.js";
import { House, localize, localizeNothing } from "../house.js";
import { collect } from "../mount.js";

const LOST = "The connection to Home Assistant was lost. The last command may still have been carried out.";
const TRANSLATED = {
  message: "Untranslated",
  translation_domain: "getscreen",
  translation_key: "refused",
  translation_placeholders: { name: "Desk", reason: "Asleep" },
};
const TRANSLATION = "Desk: the server refused the request: Asleep";

describe("The text of an error", () => {
  test.each<[string, unknown, string]>([
    ["a lost connection as a whole message", { type: "result", success: false, error: { code: 3, message: "Connection lost" } }, LOST],
    ["a lost connection as the bare code", 3, LOST],
    ["missing permissions", { code: "unauthorized", message: "Unauthorized" }, "You do not have permission to do this."],
    [
      "an action that the user may not call",
      { code: "home_assistant_error", message: "Unauthorized" },
      "You do not have permission to do this.",
    ],
    ["an error of Home Assistant", { code: "home_assistant_error", message: "It is asleep" }, "It is asleep"],
    ["an error in a whole message", { type: "result", success: false, error: { code: "timeout", message: "Too late" } }, "Too late"],
    ["an error with a message around its bare code", { error: 5, message: "Something happened" }, "Something happened"],
    ["an error of the browser", new TypeError("Failed to fetch"), "Failed to fetch"],
    ["an error without a message", new Error(""), "Error"],
    ["a text", "Broken", "Broken"],
    ["another code", 1, "1"],
    ["nothing at all", undefined, "undefined"],
    ["null", null, "null"],
    ["an error with a translation", TRANSLATED, TRANSLATION],
    ["an error with a translation in a whole message", { type: "result", error: TRANSLATED }, TRANSLATION],
    ["an error of another integration", { ...TRANSLATED, translation_domain: "other" }, "Untranslated"],
    ["a translation that does not exist", { ...TRANSLATED, translation_key: "unheard_of" }, "Untranslated"],
    ["a translation without a domain", { ...TRANSLATED, translation_domain: undefined }, "Untranslated"],
    ["a translation without a key", { ...TRANSLATED, translation_key: null }, "Untranslated"],
  ])("explains %s", async (_, error, message) => {
    expect(await errorText(new House().hass, error)).toBe(message);
  });

  test.each([
    ["RUNNING", "Getscreen.me is not set up, or failed to start. Check Settings > Devices & services."],
    ["STARTING", "Home Assistant is starting"],
  ])("says that the integration is not loaded if the action is missing while Home Assistant is %s", async (state, message) => {
    const { hass } = new House({ config: { state, components: [] } });
    const error = {
      code: "not_found",
      message: "Service getscreen.wake not found.",
      translation_domain: "homeassistant",
      translation_key: "service_not_found",
    };
    expect(await errorText(hass, error)).toBe(message);
  });

  test("is translated with the texts of the integration that raised it", async () => {
    const loaded: string[][] = [];
    const house = new House({
      localize: localizeNothing,
      loadBackendTranslation: async (...what) => {
        loaded.push(what);
        return localize;
      },
    });
    expect(await errorText(house.hass, TRANSLATED)).toBe(TRANSLATION);
    expect(loaded).toEqual([["exceptions", "getscreen"]]);
  });

  test.each([
    ["fails", () => Promise.reject(new Error("Down"))],
    ["is not offered", undefined],
    ["returns nothing", () => undefined],
  ])("uses the loaded translations if loading %s", async (_, loadBackendTranslation) => {
    const { hass } = new House();
    Object.assign(hass, { loadBackendTranslation });
    expect(await errorText(hass, TRANSLATED)).toBe(TRANSLATION);
    Object.assign(hass, { localize: localizeNothing });
    expect(await errorText(hass, TRANSLATED)).toBe("Untranslated");
  });
});

describe("Actions", () => {
  test("are called with data and target, and return nothing", async () => {
    const house = new House();
    house.answers.wake = () => "ignored";
    expect(await callAction(house.hass, "wake", { some: "data" }, { device_id: "desk" })).toBeUndefined();
    expect(house.calls).toEqual([{ action: "wake", data: { some: "data" }, target: { device_id: "desk" } }]);
  });

  test("return their response if it is requested", async () => {
    const house = new House();
    house.answers.get_connection_link = (data) => ({ url: `https://getscreen.test/${data.device_id}` });
    expect(await queryAction(house.hass, "get_connection_link", { device_id: "desk" })).toEqual({ url: "https://getscreen.test/desk" });
    expect(house.calls).toEqual([{ action: "get_connection_link", data: { device_id: "desk" }, target: undefined }]);
  });

  test.each([
    ["callAction", callAction],
    ["queryAction", queryAction],
  ])("%s throws what the action throws", async (_, call) => {
    const house = new House();
    house.answers.wake = () => Promise.reject(new Error("Asleep"));
    await expect(call(house.hass, "wake", {})).rejects.toThrow("Asleep");
  });
});

test.each<[string, (node: EventTarget) => void, object]>([
  ["hass-notification", (node) => showToast(node, "Copied"), { message: "Copied" }],
  ["hass-more-info", (node) => showMoreInfo(node, "sensor.desk"), { entityId: "sensor.desk" }],
  ["config-changed", (node) => reportConfig(node, { title: "Mine" }), { config: { title: "Mine" } }],
])("%s crosses shadow roots, so that Home Assistant's page receives it", (name, send, detail) => {
  const details = collect(name);
  const host = document.body.appendChild(document.createElement("div"));
  const node = document.createElement("span");
  host.attachShadow({ mode: "open" }).append(node);
  send(node);
  expect(details).toEqual([detail]);
});

test.each([
  [{ code: "unauthorized", message: "Unauthorized" }, true],
  [{ type: "result", success: false, error: { code: "unauthorized" } }, true],
  [{ code: "not_found" }, false],
  [3, false],
  [undefined, false],
])("What a user is not allowed to do is told from other failures: %j is %s", (error, expected) => {
  expect(isUnauthorized(error)).toBe(expected);
});
