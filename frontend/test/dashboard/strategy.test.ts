import { beforeEach, describe, expect, test } from "vitest";
import "../../src/dashboard/strategy.js";
import type { Dashboard, DashboardConfig } from "../../src/dashboard/views.js";
import type { HomeAssistant } from "../../src/home-assistant/types.js";
import { House, localize, localizeNothing } from "../house.js";

/** What Home Assistant uses of a dashboard that builds itself. */
interface Strategy {
  generate(config: DashboardConfig & { type: string }, hass: HomeAssistant): Promise<Dashboard>;
  shouldRegenerate(config: DashboardConfig & { type: string }, before: HomeAssistant, now: HomeAssistant): boolean;
  getCreateSuggestions(): object;
}

interface View {
  path?: string;
  subview?: boolean;
  sections: { cards: { heading?: string; content?: string; tap_action?: { navigation_path: string } }[] }[];
}

const strategy = customElements.get("ll-strategy-dashboard-getscreen") as unknown as Strategy;

const generate = async (house: House, config: DashboardConfig = {}): Promise<View[]> =>
  (await strategy.generate({ type: "custom:getscreen", ...config }, house.hass)).views as View[];

/** Return a house with so many computers in so many groups. */
const largeHouse = (count: number, groups: number): House => {
  const house = new House().addAccount("entry", {}, "Large");
  const [devices, entities, states]: [HomeAssistant["devices"], HomeAssistant["entities"], HomeAssistant["states"]] = [
    { ...house.hass.devices },
    {},
    {},
  ];
  for (let number = 0; number < count; number++) {
    const [id, group] = [`device${number}`, `sensor.group${number}`];
    devices[id] = { id, name: `PC ${number}`, config_entries: ["entry"], entry_type: null, identifiers: [["getscreen", id]] };
    entities[`binary_sensor.${id}`] = {
      entity_id: `binary_sensor.${id}`,
      platform: "getscreen",
      translation_key: "session",
      device_id: id,
    };
    if (!groups) continue;
    entities[group] = { entity_id: group, platform: "getscreen", translation_key: "group", device_id: id };
    states[group] = { entity_id: group, state: `Group ${number % groups}`, attributes: {} };
  }
  house.change({ devices, entities, states });
  return house;
};

describe("Large accounts", () => {
  test("500 computers in 20 groups: each group has a page of its own, to which the overview leads", async () => {
    const [overview, ...pages] = await generate(largeHouse(500, 20));
    expect(pages).toHaveLength(20);
    expect(pages.every(({ subview, sections }) => subview && sections.length === 1)).toBe(true);
    const links = overview?.sections[overview.sections.length - 1]?.cards.slice(1) ?? [];
    expect(links.map((link) => link.tap_action?.navigation_path)).toEqual(pages.map(({ path }) => path));
    expect(new Set(pages.map(({ path }) => path)).size).toBe(20);
    expect(links[0]?.heading).toBe("Group 0 (25)");
    expect(pages[0]?.sections[0]?.cards).toEqual([{ type: "custom:getscreen-card", account: "entry", group: "Group 0" }]);
    // As numbers are sorted.
    expect(links[2]?.heading).toBe("Group 2 (25)");
  });

  test("500 computers without groups are on one page", async () => {
    const [, ...pages] = await generate(largeHouse(500, 0));
    expect(pages.map(({ sections }) => sections[0]?.cards)).toEqual([[{ type: "custom:getscreen-card", account: "entry" }]]);
  });

  test("25 computers in 5 groups are on the overview", async () => {
    const [overview, ...pages] = await generate(largeHouse(25, 5));
    expect([overview?.sections.length, pages]).toEqual([2 + 5, []]);
  });
});

describe("Without an account", () => {
  test("the dashboard says how one is added", async () => {
    const views = await generate(new House());
    expect(views.map(({ sections }) => sections.map(({ cards }) => cards[1]?.content))).toEqual([
      [
        "No Getscreen.me account is set up. Once there is one, this dashboard shows its computers by itself.\n\n" +
          "[Add an account](/config/integrations/dashboard/add?domain=getscreen)",
      ],
    ]);
  });

  test("the dashboard says if there are others", async () => {
    const [view] = await generate(new House().addAccount("entry"), { account: "gone" });
    expect(view?.sections[0]?.cards[1]?.content).toMatch(/^The account to be shown here is no longer set up\./);
  });
});

describe("Texts", () => {
  test("are loaded before the dashboard is built", async () => {
    const house = new House({ localize: localizeNothing, loadBackendTranslation: async () => localize, language: "hu" });
    expect((await generate(house.addAccount("entry")))[0]).toMatchObject({ title: "Overview" });
  });

  test("that cannot be loaded are those that are there", async () => {
    const house = new House({ loadBackendTranslation: () => Promise.reject(new Error("Down")), language: "tr" });
    expect((await generate(house.addAccount("entry")))[0]).toMatchObject({ title: "Overview" });
  });
});

describe("Whether the dashboard is built anew", () => {
  let number = 0;
  let account: string;
  let house: House;
  let before: HomeAssistant;

  const isBuiltAnew = (config: DashboardConfig = { account }): boolean =>
    strategy.shouldRegenerate({ type: "custom:getscreen", ...config }, before, house.hass);

  beforeEach(async () => {
    // What was built is remembered for each account.
    number += 1;
    account = `entry${number}`;
    house = new House().addAccount(account);
    house.addComputer("till", { entry: account, states: { online: "on", group: "Shop" } });
    house.addComputer("spare", { entry: account, states: { online: "on", group: "unknown" } });
    house.addComputer("bare", { entry: account });
    await generate(house, { account });
    before = house.hass;
  });

  test("It is, where it was not built before", () => {
    expect([isBuiltAnew({ account: "unheard of" }), isBuiltAnew()]).toEqual([true, false]);
  });

  test.each<[string, boolean, () => void]>([
    ["nothing", false, () => house.change({})],
    ["something of Home Assistant that is none of ours", false, () => house.change({ config: { ...house.hass.config } })],
    ["the registry of entities, in nothing of ours", false, () => house.change({ entities: { ...house.hass.entities } })],
    ["the registry of devices, in nothing of ours", false, () => house.addDevice({ id: "lamp", name: "Lamp" })],
    ["a computer that comes", true, () => house.addComputer("new", { entry: account })],
    ["a device alone that comes", true, () => house.addDevice({ id: "new", identifiers: [["getscreen", "new"]] })],
    ["a computer that goes", true, () => house.remove("bare")],
    ["the name of a computer", true, () => house.changeDevice("bare", { name: "Renamed" })],
    ["the account of a computer", true, () => house.changeDevice("bare", { config_entries: ["other"] })],
    ["a new entity of a computer", true, () => house.addEntities("bare", { session: "off" })],
    ["a state that is no group", false, () => house.set("till", "online", "off")],
    ["the state of something else", false, () => house.set("lamp", "group", "Attic")],
    ["a group", true, () => house.set("till", "group", "Attic")],
    ["a group that is unavailable", false, () => house.set("till", "group", "unavailable")],
    ["no group any longer", true, () => house.set("till", "group", "unknown")],
    ["a first group", true, () => house.set("spare", "group", "Shop")],
    ["an attribute of a group", false, () => house.set("till", "group", "Shop", { icon: "mdi:store" })],
    ["a group without a state", false, () => house.change({ states: {} })],
  ])("With %s: %s", (_, answer, change) => {
    change();
    expect(isBuiltAnew()).toBe(answer);
  });

  test.each([
    ["Shop", false],
    ["Attic", true],
    ["unknown", true],
  ])("With a group that is back after an outage as %s: %s", (group, answer) => {
    before = house.set("till", "group", "unavailable").hass;
    house.set("till", "group", group);
    expect(isBuiltAnew()).toBe(answer);
  });

  test("It is not again after that", async () => {
    house.set("till", "group", "Attic");
    expect(isBuiltAnew()).toBe(true);
    await generate(house, { account });
    before = house.hass;
    house.set("till", "online", "off");
    expect(isBuiltAnew()).toBe(false);
  });

  test("It is not again for a change that was there before, with the next state of something else", () => {
    before = house.set("till", "group", "Attic").hass;
    house.set("till", "online", "off");
    expect(isBuiltAnew()).toBe(false);
  });

  test("It is not for a group that was another already when it was built", async () => {
    await generate(house.set("till", "group", "Attic"), { account });
    expect(isBuiltAnew()).toBe(false);
  });
});

describe("Home Assistant's dialog for new dashboards", () => {
  test("offers it, with a name and an icon", () => {
    expect(window.customStrategies).toMatchObject([{ type: "getscreen", strategyType: "dashboard", name: "Getscreen.me" }]);
    expect(strategy.getCreateSuggestions()).toEqual({ title: "Getscreen.me", icon: "mdi:monitor-multiple" });
  });
});
