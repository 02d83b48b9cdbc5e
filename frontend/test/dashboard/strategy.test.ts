import { beforeEach, describe, expect, test } from "vitest";
import "../../src/dashboard/strategy.js";
import type { Dashboard, DashboardConfig } from "../../src/dashboard/views.js";
import type { HomeAssistant } from "../../src/home-assistant/types.js";
import { House, localize, localizeNothing } from "../house.js";

/** The interface of a dashboard strategy that Home Assistant uses. */
interface Strategy {
  generate(config: DashboardConfig & { type: string }, hass: HomeAssistant): Promise<Dashboard>;
  shouldRegenerate(config: DashboardConfig & { type: string }, before: HomeAssistant, now: HomeAssistant): boolean;
  getCreateSuggestions(): object;
}

interface View {
  sections: { cards: { content?: string }[] }[];
}

const strategy = customElements.get("ll-strategy-dashboard-getscreen") as unknown as Strategy;

const generate = async (house: House, config: DashboardConfig = {}): Promise<View[]> =>
  (await strategy.generate({ type: "custom:getscreen", ...config }, house.hass)).views as View[];

describe("The dashboard without an account", () => {
  test("says how to add an account", async () => {
    const views = await generate(new House());
    expect(views.map(({ sections }) => sections.map(({ cards }) => cards[1]?.content))).toEqual([
      [
        "No Getscreen.me account is set up. After you add one, this dashboard shows its computers automatically.\n\n" +
          "[Add an account](/config/integrations/dashboard/add?domain=getscreen)",
      ],
    ]);
  });

  test("says if there are other accounts", async () => {
    const [view] = await generate(new House().addAccount("entry"), { account: "gone" });
    expect(view?.sections[0]?.cards[1]?.content).toMatch(/^The account to show here is no longer set up\./);
  });
});

describe("The texts", () => {
  test("are loaded before the dashboard is built", async () => {
    const house = new House({ localize: localizeNothing, loadBackendTranslation: async () => localize, language: "hu" });
    expect((await generate(house.addAccount("entry")))[0]).toMatchObject({ title: "Overview" });
  });

  test("are the available ones if loading fails", async () => {
    const house = new House({ loadBackendTranslation: () => Promise.reject(new Error("Down")), language: "tr" });
    expect((await generate(house.addAccount("entry")))[0]).toMatchObject({ title: "Overview" });
  });
});

describe("The dashboard is rebuilt", () => {
  let number = 0;
  let account: string;
  let house: House;
  let before: HomeAssistant;

  const isRegenerated = (config: DashboardConfig = { account }): boolean =>
    strategy.shouldRegenerate({ type: "custom:getscreen", ...config }, before, house.hass);

  beforeEach(async () => {
    // The strategy caches its result for each account.
    number += 1;
    account = `entry${number}`;
    house = new House().addAccount(account, { devices: "60" });
    for (let computer = 1; computer <= 60; computer++) house.addComputer(`pc${computer}`, { entry: account });
    await generate(house, { account });
    before = house.hass;
  });

  test("if it was not built before", () => {
    expect([isRegenerated({ account: "unheard of" }), isRegenerated()]).toEqual([true, false]);
  });

  test.each<[string, boolean, () => void]>([
    ["nothing", false, () => house.change({})],
    ["another part of Home Assistant", false, () => house.change({ config: { ...house.hass.config } })],
    ["another integration's entity", false, () => house.change({ entities: { ...house.hass.entities } })],
    ["another integration's device", false, () => house.addDevice({ id: "lamp", name: "Lamp" })],
    ["a removed computer", false, () => house.remove("pc1")],
    ["a renamed computer", false, () => house.changeDevice("pc1", { name: "Renamed" })],
    ["a new entity of a computer", false, () => house.addEntities("pc1", { session: "off", group: "Shop" })],
    ["a new state", false, () => house.set("pc1", "online", "off")],
    ["so many computers that another order is used", true, () => house.addComputer("new", { entry: account })],
    ["a computer of another account", false, () => house.addComputer("new", { entry: "another" })],
    ["a renamed account", true, () => house.changeDevice(`account_${account}`, { name_by_user: "Mine" })],
    ["a new entity of the account", true, () => house.addEntities(`account_${account}`, { connection_history: "off" })],
    ["a removed account", true, () => house.remove(`account_${account}`)],
    ["another added account", false, () => house.addAccount("another")],
  ])("if changed by %s: %s", (_, answer, change) => {
    change();
    expect(isRegenerated()).toBe(answer);
  });

  test("for another account if it shows all accounts", async () => {
    await generate(house);
    before = house.hass;
    house.addAccount("another");
    expect(isRegenerated({})).toBe(true);
  });

  test("only once for the same change", async () => {
    house.addComputer("new", { entry: account });
    expect(isRegenerated()).toBe(true);
    await generate(house, { account });
    before = house.hass;
    house.addComputer("newer", { entry: account });
    expect(isRegenerated()).toBe(false);
  });

  test("not for an earlier change when another state changes", () => {
    house.addComputer("new", { entry: account });
    before = house.hass;
    house.set("new", "online", "off");
    expect(isRegenerated()).toBe(false);
  });
});

describe("Home Assistant's dialog for new dashboards", () => {
  test("offers the dashboard with a name and an icon", () => {
    expect(window.customStrategies).toMatchObject([{ type: "getscreen", strategyType: "dashboard", name: "Getscreen.me" }]);
    expect(strategy.getCreateSuggestions()).toEqual({ title: "Getscreen.me", icon: "mdi:monitor-multiple" });
  });
});
