import { beforeEach, describe, expect, test, vi } from "vitest";
import { defer, House, localize, localizeNothing, secondsAgo, stopClock } from "../house.js";

type Texts = typeof import("../../src/home-assistant/texts.js");

let texts: Texts;

beforeEach(async () => {
  // The module caches texts and formats for the life of the page, so load it again.
  vi.resetModules();
  texts = await import("../../src/home-assistant/texts.js");
});

describe("Texts", () => {
  test("are in the user's language, with values", () => {
    const { hass } = new House();
    expect(texts.text(hass, "card_reboot_title", { name: "Desk" })).toBe("Reboot Desk?");
    expect(texts.entityName(hass, "button", "wake")).toBe("Wake");
  });

  test("are the readable key until they are loaded", () => {
    const { hass } = new House({ localize: localizeNothing });
    expect(texts.text(hass, "card_account_gone")).toBe("Account gone");
    expect(texts.text(hass, "support_title")).toBe("Title");
    expect(texts.entityName(hass, "button", "reboot_safe_mode")).toBe("Reboot safe mode");
  });

  test("are loaded once for all callers", async () => {
    const loaded = defer<typeof localize>();
    const load = vi.fn(() => loaded.promise);
    const house = new House({ loadBackendTranslation: load });
    const first = texts.loadTexts(house.hass);
    house.change({});
    expect(texts.loadTexts(house.hass)).toBe(first);
    loaded.resolve(localize);
    expect(await first).toBe(localize);
    expect(await texts.loadTexts(house.hass)).toBe(localize);
    expect(load.mock.calls).toEqual([["common", "getscreen"]]);
  });

  test("are loaded again for another language", async () => {
    const load = vi.fn(() => Promise.resolve(localize));
    const house = new House({ loadBackendTranslation: load });
    await texts.loadTexts(house.hass);
    house.change({ language: "de" });
    await texts.loadTexts(house.hass);
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("are undefined if loading fails, and the next caller tries again", async () => {
    const load = vi.fn<() => Promise<typeof localize>>().mockRejectedValueOnce(new Error("Down")).mockResolvedValue(localize);
    const { hass } = new House({ loadBackendTranslation: load });
    expect(await texts.loadTexts(hass)).toBeUndefined();
    expect(await texts.loadTexts(hass)).toBe(localize);
    expect(load).toHaveBeenCalledTimes(2);
  });

  test("cannot be loaded if Home Assistant has no such function", async () => {
    const { hass } = new House();
    Reflect.deleteProperty(hass, "loadBackendTranslation");
    expect(await texts.loadTexts(hass)).toBeUndefined();
  });
});

describe("Names are sorted", () => {
  const sort = (change: object, names: string[]): string[] => names.sort(texts.collator(new House(change).hass));

  test("by the rules of the language", () => {
    expect(sort({ language: "de" }, ["Zug", "Ära", "Bus"])).toEqual(["Ära", "Bus", "Zug"]);
    expect(sort({ language: "sv" }, ["Zug", "Ära", "Bus"])).toEqual(["Bus", "Zug", "Ära"]);
  });

  test("by the rules of the number and date format's language, if it is another one", () => {
    expect(sort({ language: "sv", locale: { language: "de" } }, ["Zug", "Ära"])).toEqual(["Ära", "Zug"]);
  });

  test("by the value of their numbers", () => {
    expect(sort({}, ["PC 10", "PC 9"])).toEqual(["PC 9", "PC 10"]);
  });
});

describe("The time since a moment", () => {
  const [MINUTE, HOUR, DAY] = [60, 3600, 86400];

  beforeEach(() => stopClock());

  test.each([
    [-30, "now"],
    [0, "now"],
    [59, "now"],
    [MINUTE, "1 minute ago"],
    [2 * MINUTE - 1, "1 minute ago"],
    [HOUR - 1, "59 minutes ago"],
    [HOUR, "1 hour ago"],
    [DAY - 1, "23 hours ago"],
    [DAY, "yesterday"],
    [2 * DAY, "2 days ago"],
    [7 * DAY - 1, "6 days ago"],
    [7 * DAY, "last week"],
    [30 * DAY - 1, "4 weeks ago"],
    [30 * DAY, "last month"],
    [365 * DAY - 1, "12 months ago"],
    [365 * DAY, "last year"],
    [800 * DAY, "2 years ago"],
  ])("of %i seconds is %s", (seconds, words) => {
    expect(texts.ago(new House().hass, secondsAgo(seconds))).toBe(words);
  });

  test("is in the language of the user's formats", () => {
    const time = secondsAgo(2 * MINUTE);
    expect(texts.ago(new House({ language: "de" }).hass, time)).toBe("vor 2 Minuten");
    expect(texts.ago(new House({ language: "de", locale: { language: "fr" } }).hass, time)).toBe("il y a 2 minutes");
  });

  test("is computed for times with an offset", () => {
    expect(texts.ago(new House().hass, "2026-06-15T11:00:00+02:00")).toBe("3 hours ago");
  });

  test("is the time itself if the browser has no words for it", async () => {
    vi.stubGlobal("Intl", { Collator: Intl.Collator });
    vi.resetModules();
    texts = await import("../../src/home-assistant/texts.js");
    const time = secondsAgo(2 * MINUTE);
    expect(texts.ago(new House().hass, time)).toBe(new Date(time).toLocaleString("en"));
    expect(texts.ago(new House({ language: "de" }).hass, time)).toBe(new Date(time).toLocaleString("de"));
  });

  test("uses one formatter for each language, whatever the number of rows", async () => {
    const made = vi.fn();
    const { RelativeTimeFormat } = Intl as unknown as { RelativeTimeFormat: new (...all: unknown[]) => object };
    class Counted extends RelativeTimeFormat {
      constructor(...all: unknown[]) {
        super(...all);
        made(all[0]);
      }
    }
    vi.stubGlobal("Intl", { Collator: Intl.Collator, RelativeTimeFormat: Counted });
    vi.resetModules();
    texts = await import("../../src/home-assistant/texts.js");
    const time = secondsAgo(DAY);
    const words = ["en", "en", "de", "en"].map((language) => texts.ago(new House({ language }).hass, time));
    expect(words).toEqual(["yesterday", "yesterday", "gestern", "yesterday"]);
    expect(made.mock.calls).toEqual([["en"], ["de"]]);
  });
});
