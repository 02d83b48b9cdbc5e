import { beforeEach, describe, expect, test, vi } from "vitest";
import { ComputersCard } from "../../src/components/computers-card.js";
import { EDITOR } from "../../src/components/computers-card-editor.js";
import type { CardConfig } from "../../src/home-assistant/types.js";
import { entityId, House, localize, localizeNothing, stopClock } from "../house.js";
import { all, type Card, drawn, mount, only, refresh, texts } from "../mount.js";
import { isObserved, moveIntoView } from "../view.js";

let house: House;

beforeEach(() => {
  house = new House()
    .addAccount()
    .addComputer("till", { name: "Till", states: { online: "on", group: "Shop" } })
    .addComputer("desk", { name: "Desk" })
    .addComputer("sleeper", { name: "Sleeper", states: { online: "off" } });
});

const rows = (card: Card): HTMLElement[] => all(card, "getscreen-computer");

describe("The card", () => {
  test("has a title and a list of computers, sorted, for screen readers too", async () => {
    const card = await mount("getscreen-card", house, { title: "My computers" });
    expect([texts(card, "h2"), texts(card, ".name"), texts(card, ".notice")]).toEqual([["My computers"], ["Desk", "Sleeper", "Till"], []]);
    expect(all(only(card, "[role=list]"), "[role=listitem]")).toHaveLength(3);
    const status = only(card, "[role=status]");
    expect([status.getAttribute("aria-live"), status.hidden]).toEqual(["polite", false]);
  });

  test("has no title if none is wanted", async () => {
    expect(texts(await mount("getscreen-card", house), "h2")).toEqual([]);
  });

  test("says why it shows nothing", async () => {
    const card = await mount("getscreen-card", house, { group: "Nobody's" });
    expect([texts(card, ".name"), texts(card, ".notice")]).toEqual([[], ["No computer matches what this card shows."]]);
    await refresh(card, house.set("desk", "group", "Nobody's").addEntities("desk", { group: "Nobody's" }));
    expect([texts(card, ".name"), texts(card, ".notice")]).toEqual([["Desk"], []]);
  });

  test("follows its configuration", async () => {
    const card = await mount("getscreen-card", house);
    card.setConfig({ type: "custom:getscreen-card", group: "Shop", title: "Shop" });
    await drawn(card);
    expect([texts(card, "h2"), texts(card, ".name")]).toEqual([["Shop"], ["Till"]]);
  });

  test("is empty until it has a configuration and knows Home Assistant, in either order", async () => {
    const [early, late] = [document.createElement("getscreen-card") as Card, document.createElement("getscreen-card") as Card];
    document.body.append(early, late);
    early.setConfig({ type: "custom:getscreen-card" });
    late.hass = house.hass;
    await drawn(early);
    await drawn(late);
    expect([texts(early, "ul"), texts(late, "ul"), early.getCardSize(), late.getCardSize()]).toEqual([[], [], 1, 1]);
    early.hass = house.hass;
    late.setConfig({ type: "custom:getscreen-card" });
    for (const card of [early, late]) {
      await drawn(card);
      expect(texts(card, ".name")).toEqual(["Desk", "Sleeper", "Till"]);
      expect(card.hass).toBe(house.hass);
    }
  });

  test("keeps the rows of computers when others come and go", async () => {
    const card = await mount("getscreen-card", house, { online: true });
    const [desk, till] = rows(card);
    await refresh(card, house.set("sleeper", "online", "on"));
    expect([rows(card)[0], rows(card)[2]]).toEqual([desk, till]);
    await refresh(card, house.set("desk", "online", "off"));
    expect(rows(card)[1]).toBe(till);
  });

  test("is drawn again for what it shows alone", async () => {
    const card = await mount("getscreen-card", house);
    const changes: MutationRecord[] = [];
    const observer = new MutationObserver((records) => changes.push(...records));
    for (const { shadowRoot } of [card, ...rows(card)]) {
      if (shadowRoot) observer.observe(shadowRoot, { subtree: true, childList: true, attributes: true, characterData: true });
    }
    house.change({ states: { ...house.hass.states, "light.one": { entity_id: "light.one", state: "on", attributes: {} } } });
    card.hass = house.hass;
    expect(card.isUpdatePending).toBe(false);
    expect([...changes, ...observer.takeRecords()]).toEqual([]);
    await refresh(card, house.set("desk", "online", "off"));
    changes.push(...observer.takeRecords());
    const changed = changes.map(({ target }) => (target.getRootNode() as ShadowRoot).host);
    expect(new Set(changed)).toEqual(new Set([rows(card)[0]]));
  });

  test("refuses a wrong configuration", () => {
    const card = document.createElement("getscreen-card") as Card;
    const refused = [{ title: 1 }, { devices: "one" }, { online: "on" }, { device: [] }, { account: 1 }, { group: 1 }, { pictures: 1 }];
    const told = refused.map((config) => {
      try {
        card.setConfig({ type: "custom:getscreen-card", ...config });
        return "nothing";
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(told).toEqual([
      '"title" has to be a text.',
      '"devices" has to be a list of texts.',
      '"online" has to be true or false.',
      '"device" has to be a text.',
      '"account" has to be a text.',
      '"group" has to be a text.',
      '"pictures" has to be true or false.',
    ]);
  });

  test("loads the texts of the user's language", async () => {
    const load = vi.fn(() => Promise.resolve(localize));
    house.change({ localize: localizeNothing, loadBackendTranslation: load, language: "pl" });
    const card = await mount("getscreen-card", house, { title: "Mine" });
    await refresh(card, house);
    expect(load).toHaveBeenCalledOnce();
    house.change({ language: "cs" });
    await refresh(card, house);
    expect(load).toHaveBeenCalledTimes(2);
  });
});

describe("The layout", () => {
  const add = (count: number): House => {
    const many = new House();
    for (let number = 0; number < count; number++) many.addComputer(`${number}`);
    return many;
  };

  test.each([
    [{}, 2, "pictures", 12],
    [{}, 1, "pictures single", 6],
    [{ device: "0" }, 2, "pictures single", 6],
    [{ pictures: false }, 2, "compact", 3],
    [{ pictures: false, title: "Mine" }, 1, "compact single", 3],
    [{ pictures: true, title: "Mine" }, 2, "pictures", 13],
    // No wall of pictures.
    [{}, 50, "pictures", 300],
    [{}, 51, "compact", 67],
    [{ pictures: true }, 51, "compact", 67],
    [{ device: "gone" }, 1, "pictures", 1],
  ])("%j with %i computers is %s and %i high", async (config, count, classes, size) => {
    const card = await mount("getscreen-card", add(count), config);
    expect([only(card, "ul").className.trim(), card.getCardSize()]).toEqual([classes, size]);
  });

  test.each([
    [{}, "full"],
    [{ devices: ["0", "1"] }, "full"],
    [{ device: "0" }, 12],
    [{ devices: ["0"] }, 12],
  ])("%j is %s columns wide", async (config, columns) => {
    expect((await mount("getscreen-card", add(2), config)).getGridOptions()).toEqual({ columns, min_columns: 6 });
  });

  test("of a card without a configuration is wide", () => {
    expect((document.createElement("getscreen-card") as Card).getGridOptions()).toEqual({ columns: "full", min_columns: 6 });
  });
});

describe("What comes into view", () => {
  const iconsOf = (row: HTMLElement | undefined): number => (row ? all(row, "ha-icon").length : -1);

  test("gets its icons, and no row else", async () => {
    const card = await mount("getscreen-card", house);
    const [desk, sleeper, till] = rows(card) as [HTMLElement, HTMLElement, HTMLElement];
    moveIntoView([desk], false);
    moveIntoView([till]);
    await drawn(card);
    expect([desk, sleeper, till].map(iconsOf)).toEqual([0, 0, 5]);
    expect([desk, sleeper, till].map(isObserved)).toEqual([true, true, false]);
    // What has been seen stays.
    moveIntoView([till], false);
    await refresh(card, house.set("till", "online", "off"));
    expect(iconsOf(till)).toBe(5);
    expect(isObserved(till)).toBe(false);
  });

  test("includes rows that come later, and rows of a card that is moved", async () => {
    const card = await mount("getscreen-card", house, { online: true });
    await refresh(card, house.set("sleeper", "online", "on"));
    const sleeper = rows(card)[1] as HTMLElement;
    expect(isObserved(sleeper)).toBe(true);
    card.remove();
    expect(isObserved(sleeper)).toBe(false);
    document.body.append(card);
    moveIntoView([sleeper]);
    await drawn(card);
    expect(iconsOf(sleeper)).toBe(5);
  });
});

test("A card that is gone needs no clock", async () => {
  const [started, stopped] = [vi.spyOn(window, "setInterval"), vi.spyOn(window, "clearInterval")];
  const card = await mount("getscreen-card", house);
  expect(started).toHaveBeenCalledOnce();
  expect(stopped).not.toHaveBeenCalled();
  card.remove();
  expect(stopped.mock.calls).toEqual([[started.mock.results[0]?.value]]);
});

describe("The card watches", () => {
  const SUBSCRIBE = "getscreen/computers/subscribe";

  /** Bring a card into view for so long that it watches. */
  const show = async (config: Record<string, unknown>, place?: ParentNode): Promise<Card> => {
    const card = await mount("getscreen-card", house, config, place);
    moveIntoView([card]);
    vi.advanceTimersByTime(1_000);
    await drawn(card);
    return card;
  };

  beforeEach(() => stopClock());

  test.each([
    [{}, { type: SUBSCRIBE, watch: true }],
    [{ account: "entry" }, { type: SUBSCRIBE, account: "entry", watch: true }],
    [{ device: "desk" }, { type: SUBSCRIBE, account: "entry", watch: true }],
  ])("%j as %j", async (config, message) => {
    await show(config);
    expect(house.connection.open).toEqual([message]);
  });

  test("what it shows, as that changes, and no more for a state of the house", async () => {
    const card = await show({});
    await refresh(card, house.set("desk", "online", "off"));
    expect(house.connection.sent).toHaveLength(1);
    card.setConfig({ type: "custom:getscreen-card", device: "desk" });
    await drawn(card);
    vi.advanceTimersByTime(1_000);
    await drawn(card);
    expect(house.connection.open).toEqual([{ type: SUBSCRIBE, account: "entry", watch: true }]);
    await refresh(card, house.remove("desk"));
    expect(house.connection.open).toEqual([]);
  });

  test("not in the dialogs of the editor and the card picker", async () => {
    for (const name of ["hui-card-picker", "hui-dialog-edit-card"]) {
      const dialog = document.body.appendChild(document.createElement(name));
      await show({}, dialog.attachShadow({ mode: "open" }));
    }
    vi.advanceTimersByTime(60_000);
    expect(house.connection.sent).toEqual([]);
  });
});

describe("Home Assistant's card picker", () => {
  const suggest = (id: string): { config: CardConfig } | null | undefined =>
    window.customCards?.find(({ type }) => type === "getscreen-card")?.getEntitySuggestion?.(house.hass, id);

  test("offers the card with a preview of the first account", () => {
    expect(window.customCards).toMatchObject([{ type: "getscreen-card", preview: true, name: "Getscreen.me" }]);
    expect(ComputersCard.getStubConfig(house.hass)).toEqual({ account: "entry" });
    expect(ComputersCard.getStubConfig(new House().hass)).toEqual({});
  });

  test("suggests it for the state of a computer alone", () => {
    house.addEntities("lamp", { online: "on" }, "other").addEntities("desk", { session: "off" });
    house.change({
      entities: {
        ...house.hass.entities,
        loose: { entity_id: "loose", platform: "getscreen", translation_key: "online", device_id: null },
      },
    });
    expect(suggest(entityId("desk", "online"))).toEqual({ config: { type: "custom:getscreen-card", device: "desk" } });
    const others = [entityId("desk", "session"), entityId("lamp", "online"), "loose", "gone"];
    expect(others.map(suggest)).toEqual([null, null, null, null]);
  });

  test("opens the editor", () => {
    expect(ComputersCard.getConfigElement().localName).toBe(EDITOR);
  });
});
