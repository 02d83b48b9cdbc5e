import { expect, test } from "vitest";
import { accountDevices, computers, knownValue, ourDevices, stateOf } from "../../src/state/devices.js";
import { House } from "../house.js";

const namesOf = (devices: { name: string }[]): string[] => devices.map(({ name }) => name);

test("Only enabled devices of Getscreen.me are found, accounts separate from computers", () => {
  const house = new House().addAccount("entry").addComputer("desk").addComputer("off");
  house.addDevice({ id: "lamp", name: "Lamp", identifiers: [["hue", "lamp"]] }).addDevice({ id: "bare" });
  house.addDevice({ id: "off", name: "Off", identifiers: [["getscreen", "off"]], disabled_by: "user" });
  expect([...ourDevices(house.hass).keys()]).toEqual(["account_entry", "desk"]);
  expect(namesOf(computers(house.hass))).toEqual(["desk"]);
  expect(namesOf(accountDevices(house.hass))).toEqual(["entry"]);
});

test("A device that belongs to another integration too is found", () => {
  const house = new House().addDevice({
    id: "both",
    identifiers: [
      ["other", "1"],
      ["getscreen", "2"],
    ],
  });
  expect(namesOf(computers(house.hass))).toEqual(["both"]);
});

test("A device has the user's name, else its own, else its id", () => {
  const identifiers: [string, string][] = [["getscreen", "1"]];
  const house = new House().addDevice({ id: "1", name: "DESKTOP-1", name_by_user: "Desk", identifiers });
  house.addDevice({ id: "2", name: "PC", name_by_user: null, identifiers }).addDevice({ id: "3", name: null, identifiers });
  expect(namesOf(computers(house.hass))).toEqual(["3", "Desk", "PC"]);
});

test("Computers are sorted by name in the user's language, with numbers by their value", () => {
  const house = new House({ locale: { language: "de" } });
  for (const name of ["PC 10", "Zebra", "pc 2", "Ärger", "Amsel"]) house.addComputer(name);
  expect(namesOf(computers(house.hass))).toEqual(["Amsel", "Ärger", "pc 2", "PC 10", "Zebra"]);
});

test("A device has its accounts, with its own first, and its entities by translation key", () => {
  const house = new House().addComputer("desk", { entry: "one", states: { online: "on", group: "Office" } });
  house.addEntities("desk", { extra: "1" }, "other").addEntities("nowhere", { online: "on" });
  house.change({
    entities: {
      ...house.hass.entities,
      "sensor.bare": { entity_id: "sensor.bare", platform: "getscreen", device_id: "desk" },
      "sensor.free": { entity_id: "sensor.free", platform: "getscreen", translation_key: "free" },
      "sensor.second": { entity_id: "sensor.second", platform: "getscreen", translation_key: "group", device_id: "desk" },
    },
  });
  const desk = ourDevices(house.hass).get("desk");
  expect(desk?.accounts).toEqual(["one"]);
  expect(desk?.entities).toEqual({ online: "binary_sensor.desk_online", group: "sensor.desk_group" });
});

test("A device without a config entry belongs to no account", () => {
  const house = new House().addDevice({ id: "1", identifiers: [["getscreen", "1"]] });
  expect(ourDevices(house.hass).get("1")?.accounts).toEqual([]);
});

test("The devices stay the same objects until a registry changes, whatever states change", () => {
  const house = new House().addComputer("desk");
  const before = ourDevices(house.hass);
  house.set("desk", "online", "off");
  expect(ourDevices(house.hass)).toBe(before);
  house.change({ devices: { ...house.hass.devices } });
  const after = ourDevices(house.hass);
  expect(after).not.toBe(before);
  house.change({ entities: { ...house.hass.entities } });
  expect(ourDevices(house.hass)).not.toBe(after);
});

test("No device is found before Home Assistant has sent its registries", () => {
  const house = new House();
  Object.assign(house.hass, { devices: undefined, entities: undefined });
  expect(ourDevices(house.hass).size).toBe(0);
});

test("A state is undefined if the entity is disabled or has none yet, and a value also if the state is unknown", () => {
  const house = new House().addComputer("desk", { states: { online: "on", group: undefined, session: "unknown", preview: "unavailable" } });
  const desk = computers(house.hass)[0];
  if (!desk) throw new Error("There is no computer");
  expect(stateOf(house.hass, desk, "online")?.state).toBe("on");
  expect(stateOf(house.hass, desk, "group")).toBeUndefined();
  expect(stateOf(house.hass, desk, "missing")).toBeUndefined();
  const values = ["online", "group", "missing", "session", "preview"].map((key) => knownValue(stateOf(house.hass, desk, key)));
  expect(values).toEqual(["on", undefined, undefined, undefined, undefined]);
});
