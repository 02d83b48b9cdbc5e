import { beforeEach, describe, expect, test } from "vitest";
import { suggestComputer, suggestHistory, suggestSupport } from "../../src/home-assistant/suggestions.js";
import { entityId, House } from "../house.js";

let house: House;

beforeEach(() => {
  house = new House()
    .addAccount("entry", { open_invitations: "1", invitation: "unknown", devices: "3" })
    .addComputer("desk", { states: { online: "on", session: "off", preview: "unknown", wake: "unknown", last_seen: "unknown" } });
});

describe("The computers card", () => {
  test.each(["online", "session", "preview", "wake"])("is suggested for %s with its computer", (key) => {
    expect(suggestComputer(house.hass, entityId("desk", key))).toEqual({ config: { type: "custom:getscreen-card", device: "desk" } });
  });

  test("is not suggested for other entities", () => {
    house.addEntities("desk", { online_elsewhere: "on" }).addDevice({ id: "lamp" }).addEntities("lamp", { online: "on" }, "hue");
    const others = [entityId("desk", "last_seen"), entityId("lamp", "online"), entityId("account_entry", "open_invitations"), "sun.sun"];
    expect(others.map((id) => suggestComputer(house.hass, id))).toEqual([null, null, null, null]);
  });

  test("is not suggested for an entity without a device", () => {
    const id = entityId("desk", "online");
    house.change({ entities: { [id]: { entity_id: id, platform: "getscreen", translation_key: "online", device_id: null } } });
    expect(suggestComputer(house.hass, id)).toBeNull();
  });
});

describe("The quick-support card", () => {
  test.each(["open_invitations", "invitation"])("is suggested for %s with its account", (key) => {
    expect(suggestSupport(house.hass, entityId("account_entry", key))).toEqual({
      config: { type: "custom:getscreen-support-card", account: "entry" },
    });
  });

  test("is not suggested for other entities", () => {
    const others = [entityId("account_entry", "devices"), entityId("desk", "online"), "sun.sun"];
    expect(others.map((id) => suggestSupport(house.hass, id))).toEqual([null, null, null]);
  });

  test("is not suggested while the account's device is unknown", () => {
    house.change({ devices: {} });
    expect(suggestSupport(house.hass, entityId("account_entry", "invitation"))).toBeNull();
  });
});

describe("The history card", () => {
  test.each(["connection_history", "remote_session"])("is suggested for %s with its account", (key) => {
    house.addEntities("account_entry", { [key]: "off" });
    expect(suggestHistory(house.hass, entityId("account_entry", key))).toEqual({
      config: { type: "custom:getscreen-history-card", account: "entry" },
    });
  });

  test("is not suggested for other entities", () => {
    const others = [entityId("account_entry", "invitation"), entityId("desk", "session"), "sun.sun"];
    expect(others.map((id) => suggestHistory(house.hass, id))).toEqual([null, null, null]);
  });
});
