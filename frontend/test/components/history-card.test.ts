import { beforeEach, describe, expect, test } from "vitest";
import { HistoryCard } from "../../src/components/history-card.js";
import type { FormField } from "../../src/home-assistant/types.js";
import { entityId, House, localize, localizeNothing } from "../house.js";
import { all, type Card, drawn, mount, textOf, texts } from "../mount.js";
import { session } from "../sessions.js";
import { HistoryBench } from "./history-bench.js";

let bench: HistoryBench;

beforeEach(() => {
  bench = new HistoryBench();
});

describe("The card", () => {
  test.each([
    ["account", 1, "a text"],
    ["device", ["desk"], "a text"],
    ["title", 1, "a text"],
    ["running", "yes", "true or false"],
    ["rows", 0, "a number from 1 on"],
    ["rows", "10", "a number from 1 on"],
  ])("rejects %s: %j", (option, value, kind) => {
    const made = document.createElement("getscreen-history-card") as Card;
    expect(() => made.setConfig({ type: "custom:getscreen-history-card", [option]: value })).toThrow(`"${option}" has to be ${kind}.`);
  });

  test("is empty until it has Home Assistant, and has a size of its own", async () => {
    const made = document.createElement("getscreen-history-card") as Card;
    made.setConfig({ type: "custom:getscreen-history-card" });
    document.body.append(made);
    await drawn(made);
    expect(textOf(made)).toBe("");
    expect([made.getCardSize(), made.getGridOptions()]).toEqual([8, { columns: "full", rows: "auto", min_columns: 6 }]);
    made.setConfig({ type: "custom:getscreen-history-card", running: true });
    expect([made.getCardSize(), made.getGridOptions()]).toEqual([2, { columns: 12, rows: "auto", min_columns: 6 }]);
  });

  test("has a heading, a custom one or none", async () => {
    await bench.show();
    expect(texts(bench.card, "h2")).toEqual(["Remote sessions"]);
    await bench.show({ title: "Who" });
    expect(texts(bench.card, "h2")).toEqual(["Who"]);
    await bench.show({ title: "" });
    expect(texts(bench.card, "h2")).toEqual([]);
  });

  test("shows texts and times as in the user's profile, also when that changes", async () => {
    bench.list(1);
    bench.house.change({ localize: localizeNothing, language: "fi" });
    await bench.show();
    expect([texts(bench.card, "h2"), texts(bench.card, ".when")]).toEqual([["Title"], ["11:50 – 11:55"]]);
    bench.house.change({ localize, locale: { language: "en", time_zone: "server", time_format: "12" } });
    await bench.refresh();
    expect([texts(bench.card, "h2"), texts(bench.card, ".when")[0]?.slice(0, 5)]).toEqual([["Remote sessions"], "11:50"]);
    expect(texts(bench.card, ".when")[0]).toContain("AM");
  });

  test("updates the duration of running sessions twice a minute", async () => {
    bench.archive.sessions = [session(1, 7, { end: null, duration: null })];
    await bench.show();
    expect(texts(bench.card, ".length")).toEqual(["Running 7 min"]);
    await bench.pass(60_000);
    expect(texts(bench.card, ".length")).toEqual(["Running 8 min"]);
  });
});

describe("The account", () => {
  test("is the only one, the chosen one or that of the chosen computer", async () => {
    await bench.show();
    bench.house.addAccount("second");
    await bench.show({ account: "second" });
    await bench.show({ device: "desk" });
    expect(bench.archive.requests).toEqual([
      { config_entry_id: bench.entry, limit: 100 },
      { config_entry_id: "second", limit: 100 },
      { config_entry_id: bench.entry, device_id: "desk", limit: 100 },
    ]);
  });

  test("is reported as missing", async () => {
    const messages: string[] = [];
    for (const [house, config] of [
      [new House(), {}],
      [bench.house, { account: "gone" }],
      [new House().addAccount("one").addAccount("two"), {}],
    ] as const) {
      messages.push(textOf(await mount("getscreen-history-card", house, config)));
    }
    expect(messages).toEqual([
      "No Getscreen.me account is set up.",
      "The account of this card is no longer set up.",
      "There are several accounts. Choose one in the settings of this card.",
    ]);
  });

  test("may be added later", async () => {
    const { entities, devices } = bench.house.hass;
    bench.house.change({ entities: {}, devices: {} });
    bench.list(1);
    await bench.show();
    expect(bench.computers).toEqual([]);
    bench.house.change({ entities, devices });
    await bench.refresh();
    await bench.setVisible();
    expect(bench.computers).toEqual(["Desk"]);
  });
});

describe("Home Assistant's card picker", () => {
  test.each([
    [{}, ["Reception PC", "Quick support", "Till 2"]],
    [{ running: true }, []],
  ])("shows a sample without a request: %j", async (config, computers) => {
    const picker = document.body.appendChild(document.createElement("hui-card-picker"));
    await bench.show(config, picker.attachShadow({ mode: "open" }));
    await bench.pass(60_000);
    expect(bench.computers).toEqual(computers);
    expect(textOf(bench.card)).toContain("Reception PC");
    expect([bench.archive.requests, bench.house.connection.sent]).toEqual([[], []]);
  });

  test("offers the card for the first account or the account of an entity", () => {
    expect(window.customCards).toMatchObject([{ type: "getscreen-history-card", preview: true }]);
    expect(HistoryCard.getStubConfig(bench.house.hass)).toEqual({});
    expect(HistoryCard.getStubConfig(bench.house.addAccount("other").hass)).toEqual({ account: bench.entry });
    expect(HistoryCard.getStubConfig(new House().hass)).toEqual({});
    bench.house.addEntities(`account_${bench.entry}`, { connection_history: "off" });
    const id = entityId(`account_${bench.entry}`, "connection_history");
    expect(window.customCards?.[0]?.getEntitySuggestion?.(bench.house.hass, id)).toEqual({
      config: { type: "custom:getscreen-history-card", account: bench.entry },
    });
  });

  test("has a form for all options", () => {
    const form = HistoryCard.getConfigForm() as { schema: FormField[]; computeLabel(field: FormField, translate: typeof localize): string };
    expect(form.schema.map((field) => [field.name, form.computeLabel(field, localize)])).toEqual([
      ["title", "Title"],
      ["account", "Account"],
      ["device", "Computer"],
      ["running", "Only running sessions"],
      ["rows", "Sessions per page"],
    ]);
  });
});

test("Hidden elements are not displayed", async () => {
  await bench.show();
  expect([bench.notes, all(bench.card, "[role=alert]")]).toEqual([["No sessions yet"], []]);
});
