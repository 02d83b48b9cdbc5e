import { beforeEach, describe, expect, test, vi } from "vitest";
import { ComputersCard } from "../../src/components/computers-card.js";
import { EDITOR } from "../../src/components/computers-card-editor.js";
import type { CardConfig } from "../../src/home-assistant/types.js";
import { record } from "../fleet-bench.js";
import { entityId, House, localize, localizeNothing } from "../house.js";
import { all, type Card, drawn, mount, only, question, refresh, textOf, texts } from "../mount.js";
import { moveIntoView } from "../view.js";
import { ComputersBench, many } from "./computers-bench.js";

const WATCH = "getscreen/computers/watch";

const THREE = [
  record({ device_id: "till", name: "Till", group: null }),
  record({ group: null }),
  record({ device_id: "sleeper", name: "Sleeper", group: null, online: false }),
];

let bench: ComputersBench;

beforeEach(() => {
  bench = new ComputersBench();
});

describe("The card", () => {
  test("has a title and a sorted list of computers, also for screen readers", async () => {
    await bench.show({ title: "My computers" }, THREE);
    expect([texts(bench.card, "h2"), bench.names, bench.notices]).toEqual([["My computers"], ["Desk", "Sleeper", "Till"], []]);
    const items = all(only(bench.card, "[role=list]"), "[role=listitem]");
    expect(items.map((item) => [item.getAttribute("aria-posinset"), item.getAttribute("aria-setsize")])).toEqual([
      ["1", "3"],
      ["2", "3"],
      ["3", "3"],
    ]);
    const status = only(bench.card, "[role=status]");
    expect([status.getAttribute("aria-live"), status.hidden]).toEqual(["polite", false]);
  });

  test("has no heading over a single chosen computer and no group that hides it", async () => {
    await bench.show({ device: "pc1", collapsed: true }, many(2));
    expect([bench.names, all(bench.card, "getscreen-group-heading")]).toEqual([["PC 1"], []]);
  });

  test("has no title if the option is empty", async () => {
    await bench.show();
    expect(texts(bench.card, "h2")).toEqual([]);
  });

  test("renders neither names nor groups as HTML", async () => {
    const name = "<img src=x onerror=alert(1)> & co";
    await bench.show({ title: name, toolbar: true }, [record({ name, group: name })]);
    expect([texts(bench.card, "h2"), bench.names, texts(bench.card, ".toggle .name")]).toEqual([[name], [name], [name]]);
    expect(all(bench.card, "img")).toEqual([]);
  });

  test("explains why it is empty and shows computers that appear", async () => {
    await bench.show({ group: "Nobody's" });
    expect([bench.names, bench.notices]).toEqual([[], ["No computer matches the settings of this card."]]);
    await bench.change({ group: "Nobody's" });
    expect([bench.names, bench.notices]).toEqual([["Desk"], []]);
  });

  test("shows that it is loading until the computers are known", async () => {
    bench.card = await mount("getscreen-card", bench.house);
    expect(bench.notices).toEqual(["Loading"]);
    await bench.send({ computers: [], available: { entry: true } });
    expect(bench.notices).toEqual(["No computers yet. Computers that are linked to the account appear here."]);
  });

  test("shows the computers that exist and says if a chosen one does not", async () => {
    await bench.show({ devices: ["desk", "gone"] });
    expect([bench.names, bench.notices]).toEqual([
      ["Desk"],
      ["A computer of this card is no longer in Home Assistant, or its device is disabled."],
    ]);
  });

  test("shows during an outage the last known computers and says so", async () => {
    await bench.show();
    await bench.send({ available: { entry: false } });
    expect([bench.state, bench.names, bench.notices]).toEqual(["Last known state: Online", ["Desk"], []]);
    await bench.send({ available: { entry: true } });
    expect(bench.state).toBe("Online");
  });

  test("follows its configuration", async () => {
    await bench.show({}, [...THREE, record({ device_id: "cash", name: "Cash", group: "Shop" })]);
    bench.card.setConfig({ type: "custom:getscreen-card", group: "Shop", title: "Shop" });
    await bench.drawn();
    expect([texts(bench.card, "h2"), bench.names]).toEqual([["Shop"], ["Cash"]]);
  });

  test("is empty until it has a configuration and Home Assistant, in either order", async () => {
    const [early, late] = [document.createElement("getscreen-card") as Card, document.createElement("getscreen-card") as Card];
    document.body.append(early, late);
    early.setConfig({ type: "custom:getscreen-card" });
    late.hass = bench.house.hass;
    for (const card of [early, late]) await drawn(card);
    expect([early, late].map((card) => [textOf(card), card.getCardSize()])).toEqual([
      ["", 1],
      ["", 1],
    ]);
    early.hass = bench.house.hass;
    late.setConfig({ type: "custom:getscreen-card" });
    for (const card of [early, late]) await drawn(card);
    bench.card = early;
    await bench.send({ computers: THREE });
    await drawn(late);
    expect([early, late].map((card) => all(card, "getscreen-computer-row").length)).toEqual([3, 3]);
    expect(early.hass).toBe(bench.house.hass);
  });

  test("keeps the rows of computers when others come and go", async () => {
    await bench.show({ online: true }, THREE);
    const [first, till] = bench.rows;
    await bench.send({ computers: [{ ...(THREE[2] as (typeof THREE)[0]), online: true }] });
    expect([bench.names, bench.rows[0] === first, bench.rows[2] === till]).toEqual([["Desk", "Sleeper", "Till"], true, true]);
    await bench.change({ online: false });
    expect([bench.names, bench.rows[1] === till]).toEqual([["Sleeper", "Till"], true]);
  });

  test("is not updated when another entity changes its state", async () => {
    await bench.show({}, THREE);
    bench.house.change({ states: { ...bench.house.hass.states, "light.one": { entity_id: "light.one", state: "on", attributes: {} } } });
    bench.card.hass = bench.house.hass;
    expect([bench.card.isUpdatePending, bench.card.hass === bench.house.hass]).toEqual([false, true]);
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
    bench.house.change({ localize: localizeNothing, loadBackendTranslation: load, language: "pl" });
    await bench.show();
    await refresh(bench.card, bench.house);
    expect(load).toHaveBeenCalledOnce();
    bench.house.change({ language: "cs", localize: (key, values) => localize(key, values).replace("Connect", "Spojit") });
    await refresh(bench.card, bench.house);
    await bench.drawn();
    expect(load).toHaveBeenCalledTimes(2);
    expect(texts(bench.card, "[data-action=connect]")).toEqual(["Spojit"]);
  });

  test("updates every minute how long ago a computer was seen, only while it is in the page", async () => {
    await bench.show({}, [record({ online: false, last_seen: "2026-06-15T11:01:00Z" })]);
    expect(bench.state).toBe("Offline, seen 59 minutes ago");
    await bench.pass(60_000);
    expect(bench.state).toBe("Offline, seen 1 hour ago");
    bench.card.remove();
    await bench.pass(10_000);
    expect([vi.getTimerCount(), bench.house.connection.open]).toEqual([0, []]);
  });

  test("shows only computers that need attention if configured", async () => {
    await bench.show({ attention: true, toolbar: true }, [
      ...THREE,
      record({ device_id: "old", name: "Old", attention: ["offline_long"] }),
    ]);
    expect([all(bench.card, "getscreen-computers-toolbar"), texts(only(bench.card, "getscreen-attention"), ".name")]).toEqual([
      [],
      ["Old"],
    ]);
  });

  test("opens the dialog of a computer", async () => {
    await bench.show();
    bench.head().click();
    await bench.drawn();
    expect(textOf(question(bench.card) as HTMLElement)).toContain("Desk");
  });
});

describe("The layout", () => {
  const isCompact = (): boolean => only(bench.card, ".list").classList.contains("compact");

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
    await bench.show(config, many(count));
    await bench.resize(width);
    expect([isCompact(), bench.card.getCardSize()]).toEqual([compact, size]);
  });

  test.each([
    [{}, "full"],
    [{ devices: ["0", "1"] }, "full"],
    [{ device: "0" }, 12],
    [{ devices: ["0"] }, 12],
  ])("with %j is %s columns wide", async (config, columns) => {
    await bench.show(config, many(2));
    expect(bench.card.getGridOptions()).toEqual({ columns, min_columns: 6 });
  });

  test("without a configuration is wide", () => {
    expect((document.createElement("getscreen-card") as Card).getGridOptions()).toEqual({ columns: "full", min_columns: 6 });
  });
});

describe("The card watches", () => {
  /** Bring the card into view long enough for it to watch. */
  const show = async (config: Record<string, unknown>, place?: ParentNode): Promise<void> => {
    await bench.show(config, THREE, place);
    moveIntoView([bench.card]);
    await bench.pass(1_000);
  };

  test.each([
    [{}, { type: WATCH }],
    [{ account: "entry" }, { type: WATCH, account: "entry" }],
  ])("with %j by sending %j", async (config, message) => {
    await show(config);
    expect(bench.house.connection.open).toContainEqual(message);
  });

  test("nothing if it shows no computer", async () => {
    await show({ group: "Nobody's" });
    expect(bench.house.connection.open).not.toContainEqual({ type: WATCH });
  });

  test.each(["hui-card-picker", "hui-dialog-edit-card"])("nothing in %s", async (name) => {
    const dialog = document.body.appendChild(document.createElement(name));
    await show({}, dialog.attachShadow({ mode: "open" }));
    await bench.pass(60_000);
    expect(bench.house.connection.sent).not.toContainEqual({ type: WATCH });
  });
});

describe("Home Assistant's card picker", () => {
  const suggest = (id: string): { config: CardConfig } | null | undefined =>
    window.customCards?.find(({ type }) => type === "getscreen-card")?.getEntitySuggestion?.(bench.house.hass, id);

  test("offers the card with a preview of the first account", () => {
    expect(window.customCards).toContainEqual(expect.objectContaining({ type: "getscreen-card", preview: true }));
    expect(ComputersCard.getStubConfig(bench.house.hass)).toEqual({ account: "entry" });
    expect(ComputersCard.getStubConfig(new House().hass)).toEqual({});
  });

  test("shows a sample without requests, whose buttons do nothing", async () => {
    const picker = document.body.appendChild(document.createElement("hui-card-picker"));
    bench.card = await mount("getscreen-card", bench.house, { account: "entry" }, picker.attachShadow({ mode: "open" }));
    await bench.drawn();
    expect([bench.names, bench.notices, texts(bench.card, ".state")]).toEqual([
      ["Laptop", "Reception PC"],
      [],
      ["Offline, seen 2 hours ago", "Online"],
    ]);
    for (const each of all(bench.card, "button")) each.click();
    await bench.drawn();
    expect([bench.house.connection.sent, bench.house.calls, question(bench.card)]).toEqual([[], [], undefined]);
  });

  test("suggests the card for a computer", () => {
    bench.house.addComputer("till");
    expect(suggest(entityId("till", "online"))).toEqual({ config: { type: "custom:getscreen-card", device: "till" } });
    expect(suggest("light.lamp")).toBeNull();
  });

  test("opens the editor", () => {
    expect(ComputersCard.getConfigElement().localName).toBe(EDITOR);
  });
});
