import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { define, isInCardPicker, isInDialog, offer } from "../../src/home-assistant/offers.js";
import { flushPromises, House, localizeNothing } from "../house.js";

const DOCUMENTATION = "https://github.com/getscreen-home-assistant/getscreen";

/** Put Home Assistant's main element into the page, as when a dashboard loads the cards. */
const openPage = (house: House): void => {
  const element = document.createElement("home-assistant");
  document.body.append(Object.assign(element, { hass: house.hass }));
};

beforeEach(() => {
  Reflect.deleteProperty(window, "customCards");
  Reflect.deleteProperty(window, "customStrategies");
});

describe("The offers", () => {
  test("have a name and a description in the user's language", () => {
    openPage(new House());
    offer("customCards", { type: "one", preview: true, title: "support_title", description: "support_offer" });
    offer("customCards", { type: "two", description: "card_offer" });
    expect(window.customCards).toEqual([
      {
        type: "one",
        preview: true,
        name: "Getscreen.me – Quick support",
        description: "Invite somebody to a session, by code, link or QR code.",
        documentationURL: DOCUMENTATION,
      },
      {
        type: "two",
        name: "Getscreen.me",
        description: "Computers of Getscreen.me: see their desktops, connect to them, wake and reboot them.",
        documentationURL: DOCUMENTATION,
      },
    ]);
  });

  test("have the brand as their name until the texts are loaded", () => {
    const offers = (): string[][] | undefined => window.customCards?.map(({ name, description }) => [name, description]);
    offer("customCards", { type: "one", title: "support_title", description: "support_offer" });
    // When the page itself loads the cards, it has no texts yet.
    expect(offers()).toEqual([["Getscreen.me", ""]]);
    openPage(new House({ localize: localizeNothing }));
    expect(offers()).toEqual([["Getscreen.me", ""]]);
    document.body.replaceChildren();
    openPage(new House());
    expect(offers()).toEqual([["Getscreen.me – Quick support", "Invite somebody to a session, by code, link or QR code."]]);
  });

  test("are added once, beside those of other integrations", () => {
    const other = { type: "other", name: "Other", description: "", documentationURL: "" };
    window.customCards = [other];
    offer("customCards", { type: "one", description: "card_offer" });
    offer("customCards", { type: "one", description: "support_offer" });
    expect(window.customCards.map(({ type }) => type)).toEqual(["other", "one"]);
    expect(window.customCards[0]).toBe(other);
  });

  test("of dashboards are separate from those of cards", () => {
    offer("customStrategies", { type: "getscreen", strategyType: "dashboard", description: "dashboard_offer" });
    expect(window.customCards).toBeUndefined();
    expect(window.customStrategies).toMatchObject([{ type: "getscreen", strategyType: "dashboard", name: "Getscreen.me" }]);
  });

  test("load the texts when the page is ready", async () => {
    const load = vi.fn();
    openPage(new House({ loadBackendTranslation: load, language: "nl" }));
    offer("customCards", { type: "one", description: "card_offer" });
    await flushPromises();
    expect(load.mock.calls).toEqual([["common", "getscreen"]]);
  });
});

describe("The elements", () => {
  class First extends HTMLElement {}
  class Second extends HTMLElement {}

  afterEach(() => vi.restoreAllMocks());

  test("are registered unless an earlier copy has registered them", () => {
    define("test-element", First);
    define("test-element", Second);
    expect(customElements.get("test-element")).toBe(First);
  });
});

describe("A card", () => {
  /** Return a card within the shadow roots of elements. */
  const cardIn = (...names: string[]): HTMLElement => {
    let place: ParentNode = document.body;
    for (const name of names) {
      const element = document.createElement(name);
      place.append(element);
      place = element.attachShadow({ mode: "open" });
    }
    const card = document.createElement("div");
    place.append(card);
    return card;
  };

  test.each([
    [["hui-dialog-create-card", "hui-card-picker", "hui-card"], true, true],
    [["hui-card-picker"], true, true],
    [["hui-dialog-edit-card", "hui-card"], false, true],
    [["hui-dialog-delete-card"], false, true],
    [["hui-root", "hui-view", "hui-card"], false, false],
    [[], false, false],
  ])("in %j is a sample: %s, in a dialog: %s", (names, isSample, isPreview) => {
    const card = cardIn(...names);
    expect([isInCardPicker(card), isInDialog(card)]).toEqual([isSample, isPreview]);
  });
});
