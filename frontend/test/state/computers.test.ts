import { describe, expect, test } from "vitest";
import { ComputerList, type ComputersConfig } from "../../src/state/computers.js";
import { entityId, House, localizeNothing } from "../house.js";

const listOf = (house: House, config: Omit<ComputersConfig, "type"> = {}, before?: ComputerList): ComputerList => {
  const list = new ComputerList({ type: "custom:getscreen-card", ...config }, before);
  list.update(house.hass);
  return list;
};

const shownIn = ({ shown }: ComputerList): string[] => shown.map(({ device }) => device.id);

/** Two accounts: desk, till and sleeper in one, laptop in the other. */
const someHouse = (): House =>
  new House()
    .addAccount("entry")
    .addAccount("other")
    .addComputer("till", { states: { online: "on", group: "Shop" } })
    .addComputer("desk", { states: { online: "on", group: "Office" } })
    .addComputer("sleeper", { states: { online: "off", group: "Shop" } })
    .addComputer("laptop", { entry: "other", states: { online: "off", group: "unknown" } });

describe("Which computers are shown", () => {
  test.each<[Omit<ComputersConfig, "type">, string[]]>([
    [{}, ["desk", "laptop", "sleeper", "till"]],
    [{ device: "till" }, ["till"]],
    // In the order of the configuration, each once.
    [{ devices: ["till", "desk", "till"] }, ["till", "desk"]],
    [{ device: "sleeper", devices: ["desk", "sleeper"] }, ["sleeper", "desk"]],
    [{ devices: [] }, ["desk", "laptop", "sleeper", "till"]],
    [{ device: "", account: "", group: "" }, ["desk", "laptop", "sleeper", "till"]],
    [{ account: "other" }, ["laptop"]],
    [{ account: "other", devices: ["desk", "laptop"] }, ["laptop"]],
    [{ group: "Shop" }, ["sleeper", "till"]],
    [{ online: true }, ["desk", "till"]],
    [{ online: false }, ["laptop", "sleeper"]],
    [{ group: "Shop", online: true }, ["till"]],
    [{ devices: ["desk", "account_entry"] }, ["desk"]],
    [{ devices: ["gone", "desk"] }, ["desk"]],
  ])("%j", (config, ids) => {
    expect(shownIn(listOf(someHouse(), config))).toEqual(ids);
  });

  test("A configuration names one computer, or several", () => {
    const house = someHouse();
    const singles = [{ device: "desk" }, { devices: ["desk"] }, { devices: ["desk", "till"] }, {}];
    expect(singles.map((config) => listOf(house, config).isSingle)).toEqual([true, true, false, false]);
  });

  test("A computer leaves and comes with its state", () => {
    const house = someHouse();
    const list = listOf(house, { account: "entry", online: false });
    house.set("till", "online", "off").set("sleeper", "online", "on");
    expect(list.update(house.hass)).toBe(true);
    expect(shownIn(list)).toEqual(["till"]);
    house.set("desk", "group", "Shop");
    const shop = listOf(house, { group: "Shop" });
    house.set("desk", "group", "Office");
    expect(shop.update(house.hass)).toBe(true);
    expect(shownIn(shop)).toEqual(["sleeper", "till"]);
  });
});

describe("What is shown of a computer", () => {
  const describeWith = (states: Record<string, string | undefined>) => listOf(new House().addComputer("desk", { states })).shown[0];

  test.each([
    ["on", "on", false],
    ["off", "off", false],
    ["unknown", undefined, false],
    ["unavailable", undefined, true],
    [undefined, undefined, false],
  ])("Online is %s", (state, online, isUnavailable) => {
    const computer = describeWith({ online: state });
    expect(computer).toMatchObject({ online, isUnavailable });
    expect(computer?.onlineState?.state).toBe(state);
  });

  test("A session", () => {
    expect(["on", "off", "unavailable", undefined].map((session) => describeWith({ session })?.inSession)).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test.each([
    ["win", "mdi:microsoft-windows"],
    ["Microsoft Windows 11", "mdi:microsoft-windows"],
    ["mac", "mdi:apple"],
    ["OS X 10.9", "mdi:apple"],
    ["android", "mdi:android"],
    ["Ubuntu 24.04", "mdi:linux"],
    ["Linux Mint", "mdi:linux"],
    // Not Windows.
    ["darwin", "mdi:monitor"],
    ["BeOS", "mdi:monitor"],
  ])("The icon of %s", (operating_system, icon) => {
    expect(describeWith({ operating_system })?.icon).toBe(icon);
  });

  test.each([
    [{ hw_version: "Windows 10", model: null }, "mdi:microsoft-windows"],
    [{ hw_version: null, model: "Android tablet" }, "mdi:android"],
    [{}, "mdi:monitor"],
  ])("Without a known system, the icon is that of the device's versions: %j", (entry, icon) => {
    const house = new House().addComputer("desk", { states: { operating_system: "unknown" } });
    house.addDevice({ id: "desk", identifiers: [["getscreen", "1"]], ...entry });
    expect(listOf(house).shown[0]?.icon).toBe(icon);
  });

  test("The address of a preview changes with the picture, and there is none while it is not known", () => {
    const house = new House().addComputer("desk", { states: { preview: undefined } });
    const list = listOf(house);
    const previews = [list.shown[0]?.preview];
    const attributes = { entity_picture: "/api/image_proxy/image.desk?token=1" };
    for (const state of ["2026-06-15T12:00:00+00:00", "unknown", "unavailable"]) {
      list.update(house.set("desk", "preview", state, attributes).hass);
      previews.push(list.shown[0]?.preview);
    }
    list.update(house.set("desk", "preview", "2026-06-15T12:00:00+00:00").hass);
    previews.push(list.shown[0]?.preview);
    const known = "/api/image_proxy/image.desk?token=1&state=2026-06-15T12%3A00%3A00%2B00%3A00";
    expect(previews).toEqual([undefined, known, undefined, undefined, undefined]);
  });
});

describe("What the user should know", () => {
  const GONE = "A computer of this card is no longer in Home Assistant, or is disabled.";
  const NOT_LOADED = "Getscreen.me is not set up, or could not be started. Look under Settings, Devices & services.";

  test.each<[Omit<ComputersConfig, "type">, string]>([
    [{}, ""],
    [{ device: "desk" }, ""],
    [{ device: "gone" }, GONE],
    [{ devices: ["desk", "gone"] }, GONE],
    [{ account: "gone" }, "The account to be shown here is no longer set up."],
    [{ group: "Nobody's" }, "No computer matches what this card shows."],
    [{ account: "other", online: true }, "No computer matches what this card shows."],
    [{ account: "other", devices: ["desk"] }, "There are no computers yet: those that are linked to the account appear here."],
  ])("%j", (config, notice) => {
    expect(listOf(someHouse(), config).notice).toBe(notice);
  });

  test("There are no computers yet", () => {
    expect(listOf(new House().addAccount()).notice).toBe("There are no computers yet: those that are linked to the account appear here.");
    expect(listOf(new House().addAccount(), { account: "entry" }).notice).toMatch(/^There are no computers yet/);
  });

  test("The integration is not loaded, which goes before everything else", () => {
    const house = someHouse();
    house.change({ config: { state: "RUNNING", components: ["other"] } });
    expect([listOf(house).notice, listOf(house, { device: "gone" }).notice]).toEqual([NOT_LOADED, NOT_LOADED]);
  });

  test("While Home Assistant starts, nothing is wrong yet", () => {
    const house = new House({ config: { state: "STARTING", components: [] } });
    const list = listOf(house, { device: "desk" });
    expect(list.notice).toBe("Home Assistant is starting");
    list.update(house.addComputer("desk").hass);
    expect(list.notice).toBe("");
    house.change({ config: { state: "RUNNING", components: ["getscreen"] } });
    list.update(house.remove("desk").hass);
    expect(list.notice).toBe(GONE);
  });

  test("Before the texts are loaded, the notice is the readable key", () => {
    const house = new House({ localize: localizeNothing });
    const list = listOf(house);
    expect(list.notice).toBe("No devices");
    house.change({ localize: new House().hass.localize });
    expect(list.update(house.hass)).toBe(true);
    expect(list.notice).toMatch(/^There are no computers yet/);
  });
});

describe("During an outage", () => {
  test.each<[Omit<ComputersConfig, "type">, string[]]>([
    [{ group: "Shop" }, ["sleeper", "till"]],
    [{ online: true }, ["desk", "till"]],
    [{ group: "Shop", online: true }, ["till"]],
  ])("What %j shows stays, and a card that is added says why it shows none", (config, ids) => {
    const house = someHouse();
    const { states } = house.hass;
    const list = listOf(house, config);
    list.update(house.setUnavailable().hass);
    expect([shownIn(list), list.notice]).toEqual([ids, ""]);
    expect(list.shown.every(({ isUnavailable }) => isUnavailable)).toBe(true);
    const added = listOf(house, config);
    expect([shownIn(added), added.notice]).toEqual([[], "The account can't be reached at the moment."]);
    // The editor makes a list for each change of the configuration.
    expect(shownIn(listOf(house, { ...config, title: "Mine" }, list))).toEqual(ids);
    house.change({ states });
    for (const each of [list, added]) {
      each.update(house.hass);
      expect(shownIn(each)).toEqual(ids);
    }
  });

  test("A computer that is known not to match is no outage", () => {
    const house = someHouse();
    const list = listOf(house.set("laptop", "online", "unavailable"), { online: true, devices: ["laptop", "sleeper"] });
    expect(list.notice).toBe("No computer matches what this card shows.");
  });
});

describe("What changes", () => {
  test("Nothing, if nothing of Home Assistant has changed", () => {
    const house = someHouse();
    const list = listOf(house);
    expect(list.update(house.hass)).toBe(false);
    house.change({ auth: {} });
    expect(list.update(house.hass)).toBe(false);
  });

  test.each(["online", "session", "preview", "operating_system"])("The computer, with its %s", (key) => {
    const house = someHouse().addEntities("desk", { session: "off", preview: "unknown", operating_system: "win" });
    const list = listOf(house);
    const [before] = list.shown;
    expect(list.update(house.set("desk", key, "on").hass)).toBe(true);
    expect(list.shown[0]).not.toBe(before);
  });

  test("Not the computer, with its group or something that no card shows", () => {
    const house = someHouse().addEntities("desk", { cpu: "1" });
    const list = listOf(house);
    const [before] = list.shown;
    expect(list.update(house.set("desk", "cpu", "2").hass)).toBe(false);
    expect(list.update(house.set("desk", "group", "Attic").hass)).toBe(true);
    expect(list.shown[0]).toBe(before);
  });

  test("Not for a computer that the card does not show", () => {
    const house = someHouse();
    const list = listOf(house, { device: "desk" });
    expect(list.update(house.set("till", "online", "off").hass)).toBe(false);
  });

  test.each<[string, (house: House) => void]>([
    ["the registry of entities", ({ hass }) => Object.assign(hass, { entities: { ...hass.entities } })],
    ["the registry of devices", ({ hass }) => Object.assign(hass, { devices: { ...hass.devices } })],
    ["the texts", ({ hass }) => Object.assign(hass, { localize: () => "" })],
    ["the user's formats", ({ hass }) => Object.assign(hass, { locale: { language: "de" } })],
    ["what Home Assistant has loaded", ({ hass }) => Object.assign(hass, { config: { ...hass.config } })],
  ])("Every computer, with %s", (_, change) => {
    const house = someHouse();
    const list = listOf(house);
    const before = list.shown;
    house.change({});
    change(house);
    expect(list.update(house.hass)).toBe(true);
    expect(list.shown).toHaveLength(before.length);
    expect(list.shown.some((computer) => before.includes(computer))).toBe(false);
  });

  test("Of 500 computers, one object for one state, and none for the states of others", () => {
    const house = new House();
    house.change(fiveHundred());
    const list = listOf(house);
    const before = list.shown;
    expect(before).toHaveLength(500);
    for (const state of ["on", "off"]) {
      house.change({ states: { ...house.hass.states, "light.one": { entity_id: "light.one", state, attributes: {} } } });
      expect(list.update(house.hass)).toBe(false);
      expect(list.shown).toBe(before);
    }
    expect(list.update(house.set("d250", "online", "off").hass)).toBe(true);
    expect(list.shown.filter((computer, index) => computer !== before[index]).map(({ device }) => device.id)).toEqual(["d250"]);
  });
});

const fiveHundred = () => {
  const [devices, entities, states]: [House["hass"]["devices"], House["hass"]["entities"], House["hass"]["states"]] = [{}, {}, {}];
  for (let number = 1; number <= 500; number++) {
    const id = `d${number}`;
    devices[id] = { id, name: `Computer ${number}`, identifiers: [["getscreen", id]], config_entries: ["entry"] };
    for (const [key, state] of Object.entries({ online: "on", session: "off", group: "Office", operating_system: "win" })) {
      const entity = entityId(id, key);
      entities[entity] = { entity_id: entity, platform: "getscreen", translation_key: key, device_id: id };
      states[entity] = { entity_id: entity, state, attributes: {} };
    }
  }
  return { devices, entities, states };
};

describe("What is watched", () => {
  test.each<[Omit<ComputersConfig, "type">, { account?: string } | undefined]>([
    [{}, {}],
    [{ group: "Shop" }, {}],
    [{ account: "other" }, { account: "other" }],
    [{ account: "other", group: "Nobody's" }, { account: "other" }],
    [{ account: "other", devices: ["desk", "laptop"] }, { account: "other" }],
    // The account of the computers, where there is but one.
    [{ device: "desk" }, { account: "entry" }],
    [{ devices: ["desk", "till"] }, { account: "entry" }],
    [{ devices: ["desk", "gone"] }, { account: "entry" }],
    [{ devices: ["desk", "laptop"] }, {}],
    [{ account: "gone" }, undefined],
    [{ device: "gone" }, undefined],
  ])("of %j is %j", (config, watched) => {
    expect(listOf(someHouse(), config).watched).toEqual(watched);
  });

  test("is nothing where there are no computers", () => {
    expect(listOf(new House().addAccount()).watched).toBeUndefined();
    expect(new ComputerList({ type: "custom:getscreen-card" }).watched).toBeUndefined();
  });

  test("is every account for a computer without one", () => {
    const house = new House().addComputer("desk").changeDevice("desk", { config_entries: [] });
    expect(listOf(house, { device: "desk" }).watched).toEqual({});
  });
});
