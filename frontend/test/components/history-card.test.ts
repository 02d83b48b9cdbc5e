import { beforeEach, describe, expect, test } from "vitest";
import { HistoryCard } from "../../src/components/history-card.js";
import type { FormField } from "../../src/home-assistant/types.js";
import { entityId, House, localize, localizeNothing } from "../house.js";
import { all, type Card, drawn, mount, textOf, texts } from "../mount.js";
import { session } from "../sessions.js";
import { Journal } from "./journal.js";

let journal: Journal;

beforeEach(() => {
  journal = new Journal();
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
    await journal.show();
    expect(texts(journal.card, "h2")).toEqual(["Remote sessions"]);
    await journal.show({ title: "Who" });
    expect(texts(journal.card, "h2")).toEqual(["Who"]);
    await journal.show({ title: "" });
    expect(texts(journal.card, "h2")).toEqual([]);
  });

  test("shows texts and times as in the user's profile, also when that changes", async () => {
    journal.list(1);
    journal.house.change({ localize: localizeNothing, language: "fi" });
    await journal.show();
    expect([texts(journal.card, "h2"), texts(journal.card, ".when")]).toEqual([["Title"], ["11:50 – 11:55"]]);
    journal.house.change({ localize, locale: { language: "en", time_zone: "server", time_format: "12" } });
    await journal.refresh();
    expect([texts(journal.card, "h2"), texts(journal.card, ".when")[0]?.slice(0, 5)]).toEqual([["Remote sessions"], "11:50"]);
    expect(texts(journal.card, ".when")[0]).toContain("AM");
  });

  test("updates the duration of running sessions twice a minute", async () => {
    journal.archive.sessions = [session(1, 7, { end: null, duration: null })];
    await journal.show();
    expect(texts(journal.card, ".length")).toEqual(["Running 7 min"]);
    await journal.pass(60_000);
    expect(texts(journal.card, ".length")).toEqual(["Running 8 min"]);
  });
});

describe("The account", () => {
  test("is the only one, the chosen one or that of the chosen computer", async () => {
    await journal.show();
    journal.house.addAccount("second");
    await journal.show({ account: "second" });
    await journal.show({ device: "desk" });
    expect(journal.archive.requests).toEqual([
      { config_entry_id: journal.entry, limit: 100 },
      { config_entry_id: "second", limit: 100 },
      { config_entry_id: journal.entry, device_id: "desk", limit: 100 },
    ]);
  });

  test("is reported as missing", async () => {
    const sayings: string[] = [];
    for (const [house, config] of [
      [new House(), {}],
      [journal.house, { account: "gone" }],
      [new House().addAccount("one").addAccount("two"), {}],
    ] as const) {
      sayings.push(textOf(await mount("getscreen-history-card", house, config)));
    }
    expect(sayings).toEqual([
      "No Getscreen.me account is set up.",
      "The account of this card is no longer set up.",
      "There are several accounts. Choose one in the settings of this card.",
    ]);
  });

  test("may be added later", async () => {
    const { entities, devices } = journal.house.hass;
    journal.house.change({ entities: {}, devices: {} });
    journal.list(1);
    await journal.show();
    expect(journal.computers).toEqual([]);
    journal.house.change({ entities, devices });
    await journal.refresh();
    await journal.see();
    expect(journal.computers).toEqual(["Desk"]);
  });
});

describe("Home Assistant's card picker", () => {
  test.each([
    [{}, ["Reception PC", "Quick support", "Till 2"]],
    [{ running: true }, []],
  ])("shows a sample without a request: %j", async (config, computers) => {
    const picker = document.body.appendChild(document.createElement("hui-card-picker"));
    await journal.show(config, picker.attachShadow({ mode: "open" }));
    await journal.pass(60_000);
    expect(journal.computers).toEqual(computers);
    expect(textOf(journal.card)).toContain("Reception PC");
    expect([journal.archive.requests, journal.house.connection.sent]).toEqual([[], []]);
  });

  test("offers the card for the first account or the account of an entity", () => {
    expect(window.customCards).toMatchObject([{ type: "getscreen-history-card", preview: true }]);
    expect(HistoryCard.getStubConfig(journal.house.hass)).toEqual({});
    expect(HistoryCard.getStubConfig(journal.house.addAccount("other").hass)).toEqual({ account: journal.entry });
    expect(HistoryCard.getStubConfig(new House().hass)).toEqual({});
    journal.house.addEntities(`account_${journal.entry}`, { connection_history: "off" });
    const id = entityId(`account_${journal.entry}`, "connection_history");
    expect(window.customCards?.[0]?.getEntitySuggestion?.(journal.house.hass, id)).toEqual({
      config: { type: "custom:getscreen-history-card", account: journal.entry },
    });
  });

  test("has a form for all options", () => {
    const form = HistoryCard.getConfigForm() as { schema: FormField[]; computeLabel(field: FormField, say: typeof localize): string };
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
  await journal.show();
  expect([journal.notes, all(journal.card, "[role=alert]")]).toEqual([["No sessions yet"], []]);
});
