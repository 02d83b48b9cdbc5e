import { beforeEach, describe, expect, test, vi } from "vitest";
import { ComputersCard } from "../../src/components/computers-card.js";
import { EDITOR } from "../../src/components/computers-card-editor.js";
import type { CardConfig } from "../../src/home-assistant/types.js";
import { record } from "../fleet-bench.js";
import { entityId, House, localize, localizeNothing } from "../house.js";
import { all, type Card, drawn, mount, only, question, refresh, textOf, texts } from "../mount.js";
import { moveIntoView } from "../view.js";
import { Desk, many } from "./desk.js";

const WATCH = "getscreen/computers/watch";

const THREE = [
  record({ device_id: "till", name: "Till", group: null }),
  record({ group: null }),
  record({ device_id: "sleeper", name: "Sleeper", group: null, online: false }),
];

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

describe("The card", () => {
  test("has a title and a sorted list of computers, also for screen readers", async () => {
    await desk.show({ title: "My computers" }, THREE);
    expect([texts(desk.card, "h2"), desk.names, desk.notices]).toEqual([["My computers"], ["Desk", "Sleeper", "Till"], []]);
    const items = all(only(desk.card, "[role=list]"), "[role=listitem]");
    expect(items.map((item) => [item.getAttribute("aria-posinset"), item.getAttribute("aria-setsize")])).toEqual([
      ["1", "3"],
      ["2", "3"],
      ["3", "3"],
    ]);
    const status = only(desk.card, "[role=status]");
    expect([status.getAttribute("aria-live"), status.hidden]).toEqual(["polite", false]);
  });

  test("has no heading over a single chosen computer and no group that hides it", async () => {
    await desk.show({ device: "pc1", collapsed: true }, many(2));
    expect([desk.names, all(desk.card, "getscreen-group-heading")]).toEqual([["PC 1"], []]);
  });

  test("has no title if the option is empty", async () => {
    await desk.show();
    expect(texts(desk.card, "h2")).toEqual([]);
  });

  test("renders neither names nor groups as HTML", async () => {
    const name = "<img src=x onerror=alert(1)> & co";
    await desk.show({ title: name, toolbar: true }, [record({ name, group: name })]);
    expect([texts(desk.card, "h2"), desk.names, texts(desk.card, ".toggle .name")]).toEqual([[name], [name], [name]]);
    expect(all(desk.card, "img")).toEqual([]);
  });

  test("explains why it is empty and shows computers that appear", async () => {
    await desk.show({ group: "Nobody's" });
    expect([desk.names, desk.notices]).toEqual([[], ["No computer matches the settings of this card."]]);
    await desk.change({ group: "Nobody's" });
    expect([desk.names, desk.notices]).toEqual([["Desk"], []]);
  });

  test("shows that it is loading until the computers are known", async () => {
    desk.card = await mount("getscreen-card", desk.house);
    expect(desk.notices).toEqual(["Loading"]);
    await desk.send({ computers: [], available: { entry: true } });
    expect(desk.notices).toEqual(["No computers yet. Computers that are linked to the account appear here."]);
  });

  test("shows the computers that exist and says if a chosen one does not", async () => {
    await desk.show({ devices: ["desk", "gone"] });
    expect([desk.names, desk.notices]).toEqual([["Desk"], ["A computer of this card is no longer in Home Assistant, or its device is disabled."]]);
  });

  test("shows during an outage the last known computers and says so", async () => {
    await desk.show();
    await desk.send({ available: { entry: false } });
    expect([desk.state, desk.names, desk.notices]).toEqual(["Last known state: Online", ["Desk"], []]);
    await desk.send({ available: { entry: true } });
    expect(desk.state).toBe("Online");
  });

  test("follows its configuration", async () => {
    await desk.show({}, [...THREE, record({ device_id: "cash", name: "Cash", group: "Shop" })]);
    desk.card.setConfig({ type: "custom:getscreen-card", group: "Shop", title: "Shop" });
    await desk.drawn();
    expect([texts(desk.card, "h2"), desk.names]).toEqual([["Shop"], ["Cash"]]);
  });

  test("is empty until it has a configuration and Home Assistant, in either order", async () => {
    const [early, late] = [document.createElement("getscreen-card") as Card, document.createElement("getscreen-card") as Card];
    document.body.append(early, late);
    early.setConfig({ type: "custom:getscreen-card" });
    late.hass = desk.house.hass;
    for (const card of [early, late]) await drawn(card);
    expect([early, late].map((card) => [textOf(card), card.getCardSize()])).toEqual([
      ["", 1],
      ["", 1],
    ]);
    early.hass = desk.house.hass;
    late.setConfig({ type: "custom:getscreen-card" });
    for (const card of [early, late]) await drawn(card);
    desk.card = early;
    await desk.send({ computers: THREE });
    await drawn(late);
    expect([early, late].map((card) => all(card, "getscreen-computer-row").length)).toEqual([3, 3]);
    expect(early.hass).toBe(desk.house.hass);
  });

  test("keeps the rows of computers when others come and go", async () => {
    await desk.show({ online: true }, THREE);
    const [first, till] = desk.rows;
    await desk.send({ computers: [{ ...(THREE[2] as (typeof THREE)[0]), online: true }] });
    expect([desk.names, desk.rows[0] === first, desk.rows[2] === till]).toEqual([["Desk", "Sleeper", "Till"], true, true]);
    await desk.change({ online: false });
    expect([desk.names, desk.rows[1] === till]).toEqual([["Sleeper", "Till"], true]);
  });

  test("is not updated when another entity changes its state", async () => {
    await desk.show({}, THREE);
    desk.house.change({ states: { ...desk.house.hass.states, "light.one": { entity_id: "light.one", state: "on", attributes: {} } } });
    desk.card.hass = desk.house.hass;
    expect([desk.card.isUpdatePending, desk.card.hass === desk.house.hass]).toEqual([false, true]);
  });

  test.each([
    [{ title: 1 }, '"title" has to be a text.'],
    [{ devices: "one" }, '"devices" has to be a list of texts.'],
    [{ online: "on" }, '"online" has to be true or false.'],
    [{ device: [] }, '"device" has to be a text.'],
    [{ account: 1 }, '"account" has to be a text.'],
    [{ group: 1 }, '"group" has to be a text.'],
    [{ pictures: 1 }, '"pictures" has to be true or false.'],
    [{ toolbar: "yes" }, '"toolbar" has to be true or false.'],
    [{ collapsed: 0 }, '"collapsed" has to be true or false.'],
    [{ attention: "all" }, '"attention" has to be true or false.'],
  ])("rejects %j", (config, message) => {
    const card = document.createElement("getscreen-card") as Card;
    expect(() => card.setConfig({ type: "custom:getscreen-card", ...config })).toThrow(message);
  });

  test("loads the texts of the user's language and shows them when they are loaded", async () => {
    const load = vi.fn(() => Promise.resolve(localize));
    desk.house.change({ localize: localizeNothing, loadBackendTranslation: load, language: "pl" });
    await desk.show();
    await refresh(desk.card, desk.house);
    expect(load).toHaveBeenCalledOnce();
    desk.house.change({ language: "cs", localize: (key, values) => localize(key, values).replace("Connect", "Spojit") });
    await refresh(desk.card, desk.house);
    await desk.drawn();
    expect(load).toHaveBeenCalledTimes(2);
    expect(texts(desk.card, "[data-action=connect]")).toEqual(["Spojit"]);
  });

  test("updates every minute how long ago a computer was seen, only while it is in the page", async () => {
    await desk.show({}, [record({ online: false, last_seen: "2026-06-15T11:01:00Z" })]);
    expect(desk.state).toBe("Offline, seen 59 minutes ago");
    await desk.pass(60_000);
    expect(desk.state).toBe("Offline, seen 1 hour ago");
    desk.card.remove();
    await desk.pass(10_000);
    expect([vi.getTimerCount(), desk.house.connection.open]).toEqual([0, []]);
  });

  test("shows only computers that need attention if configured", async () => {
    await desk.show({ attention: true, toolbar: true }, [...THREE, record({ device_id: "old", name: "Old", attention: ["offline_long"] })]);
    expect([all(desk.card, "getscreen-computers-toolbar"), texts(only(desk.card, "getscreen-attention"), ".name")]).toEqual([[], ["Old"]]);
  });

  test("opens the dialog of a computer", async () => {
    await desk.show();
    desk.head().click();
    await desk.drawn();
    expect(textOf(question(desk.card) as HTMLElement)).toContain("Desk");
  });
});

describe("The layout", () => {
  const isCompact = (): boolean => only(desk.card, ".list").classList.contains("compact");

  test.each<[Record<string, unknown>, number, number, boolean, number]>([
    [{}, 2, 900, false, 12],
    [{}, 1, 900, false, 6],
    [{}, 1, 300, false, 6],
    // On a phone there are no pictures, because each would take half of the screen.
    [{}, 2, 400, true, 3],
    [{ device: "pc1" }, 2, 400, false, 6],
    [{ pictures: false }, 2, 900, true, 3],
    [{ pictures: false, title: "Mine" }, 1, 900, true, 3],
    [{ pictures: true, title: "Mine" }, 2, 900, false, 13],
    // With many computers there are no pictures by default.
    [{}, 50, 900, false, 300],
    [{}, 51, 900, true, 62],
    [{ pictures: true }, 51, 900, false, 306],
  ])("with %j, %i computers and %i pixels is compact: %s, with size %i", async (config, count, width, compact, size) => {
    await desk.show(config, many(count));
    await desk.resize(width);
    expect([isCompact(), desk.card.getCardSize()]).toEqual([compact, size]);
  });

  test.each([
    [{}, "full"],
    [{ devices: ["0", "1"] }, "full"],
    [{ device: "0" }, 12],
    [{ devices: ["0"] }, 12],
  ])("with %j is %s columns wide", async (config, columns) => {
    await desk.show(config, many(2));
    expect(desk.card.getGridOptions()).toEqual({ columns, min_columns: 6 });
  });

  test("without a configuration is wide", () => {
    expect((document.createElement("getscreen-card") as Card).getGridOptions()).toEqual({ columns: "full", min_columns: 6 });
  });
});

describe("The card watches", () => {
  /** Bring the card into view long enough for it to watch. */
  const show = async (config: Record<string, unknown>, place?: ParentNode): Promise<void> => {
    await desk.show(config, THREE, place);
    moveIntoView([desk.card]);
    await desk.pass(1_000);
  };

  test.each([
    [{}, { type: WATCH }],
    [{ account: "entry" }, { type: WATCH, account: "entry" }],
  ])("with %j by sending %j", async (config, message) => {
    await show(config);
    expect(desk.house.connection.open).toContainEqual(message);
  });

  test("nothing if it shows no computer", async () => {
    await show({ group: "Nobody's" });
    expect(desk.house.connection.open).not.toContainEqual({ type: WATCH });
  });

  test.each(["hui-card-picker", "hui-dialog-edit-card"])("nothing in %s", async (name) => {
    const dialog = document.body.appendChild(document.createElement(name));
    await show({}, dialog.attachShadow({ mode: "open" }));
    await desk.pass(60_000);
    expect(desk.house.connection.sent).not.toContainEqual({ type: WATCH });
  });
});

describe("Home Assistant's card picker", () => {
  const suggest = (id: string): { config: CardConfig } | null | undefined =>
    window.customCards?.find(({ type }) => type === "getscreen-card")?.getEntitySuggestion?.(desk.house.hass, id);

  test("offers the card with a preview of the first account", () => {
    expect(window.customCards).toContainEqual(expect.objectContaining({ type: "getscreen-card", preview: true }));
    expect(ComputersCard.getStubConfig(desk.house.hass)).toEqual({ account: "entry" });
    expect(ComputersCard.getStubConfig(new House().hass)).toEqual({});
  });

  test("shows a sample without requests, whose buttons do nothing", async () => {
    const picker = document.body.appendChild(document.createElement("hui-card-picker"));
    desk.card = await mount("getscreen-card", desk.house, { account: "entry" }, picker.attachShadow({ mode: "open" }));
    await desk.drawn();
    expect([desk.names, desk.notices, texts(desk.card, ".state")]).toEqual([
      ["Laptop", "Reception PC"],
      [],
      ["Offline, seen 2 hours ago", "Online"],
    ]);
    for (const each of all(desk.card, "button")) each.click();
    await desk.drawn();
    expect([desk.house.connection.sent, desk.house.calls, question(desk.card)]).toEqual([[], [], undefined]);
  });

  test("suggests the card for a computer", () => {
    desk.house.addComputer("till");
    expect(suggest(entityId("till", "online"))).toEqual({ config: { type: "custom:getscreen-card", device: "till" } });
    expect(suggest("light.lamp")).toBeNull();
  });

  test("opens the editor", () => {
    expect(ComputersCard.getConfigElement().localName).toBe(EDITOR);
  });
});
