import { beforeEach, describe, expect, test, vi } from "vitest";
import { SupportCard } from "../../src/components/support-card.js";
import type { FormField } from "../../src/home-assistant/types.js";
import { focused } from "../focus.js";
import { defer, entityId, House, localize, localizeNothing, secondsAgo } from "../house.js";
import { all, button, buttons, type Card, drawn, isShown, mount, only, refresh, textOf, texts } from "../mount.js";
import { watchTabs } from "../tabs.js";
import { moveIntoView } from "../view.js";
import { invitation, Office } from "./office.js";

let office: Office;

beforeEach(() => {
  office = new Office();
});

describe("The card", () => {
  test("has a title, the remaining number, a form, and the open invitations with the newest first", async () => {
    office.list(invitation(1), invitation(3), invitation(2));
    await office.show();
    expect([texts(office.card, "h2"), texts(office.card, ".remaining")]).toEqual([["Quick support"], ["Invitations remaining: 3"]]);
    expect(office.names).toEqual(["Client 3", "Client 2", "Client 1"]);
    expect([office.field.placeholder, office.field.getAttribute("aria-label")]).toEqual(["Client's name", "Client's name"]);
    expect(buttons(office.card)[0]).toBe("Invite");
    expect(all(only(office.card, "[role=list]"), "[role=listitem]")).toHaveLength(3);
    expect(texts(office.card, ".none")).toEqual([]);
  });

  test("shows that it is loading, and then that there are no invitations", async () => {
    const answer = defer<object>();
    office.house.answers.list_invitations = () => answer.promise;
    await office.show();
    expect([texts(office.card, ".none"), texts(office.card, ".remaining")]).toEqual([["Loading"], []]);
    answer.resolve({ invitations: [] });
    await office.pass(0);
    expect([texts(office.card, ".none"), texts(office.card, ".remaining")]).toEqual([["No open invitations"], []]);
  });

  test.each([
    [{ title: "Help" }, ["Help"]],
    [{ title: "" }, []],
  ])("has a custom title or none, and the remaining number right below it: %j", async (config, titles) => {
    await office.show(config);
    expect(texts(office.card, "h2")).toEqual(titles);
    expect(texts(office.card, ".head > *")).toEqual([...titles, "Invitations remaining: 3"]);
  });

  test("rejects a wrong configuration", () => {
    const made = document.createElement("getscreen-support-card") as Card;
    for (const option of ["title", "account"]) {
      expect(() => made.setConfig({ type: "custom:getscreen-support-card", [option]: 1 })).toThrow(`"${option}" has to be a text.`);
    }
  });

  test("is empty until it has Home Assistant, and has a size of its own", async () => {
    const made = document.createElement("getscreen-support-card") as Card;
    made.setConfig({ type: "custom:getscreen-support-card" });
    document.body.append(made);
    await drawn(made);
    expect(textOf(made)).toBe("");
    expect([made.getCardSize(), made.getGridOptions()]).toEqual([4, { columns: 12, rows: "auto", min_columns: 6 }]);
  });

  test("shows its texts once they are loaded", async () => {
    const load = vi.fn(() => Promise.resolve(localize));
    office.house.change({ localize: localizeNothing, loadBackendTranslation: load, language: "fi" });
    office.list(invitation(1));
    await office.show();
    expect([texts(office.card, "h2"), texts(office.item(1), ".status")]).toEqual([["Title"], ["Waiting for client"]]);
    office.house.change({ localize });
    await refresh(office.card, office.house);
    expect([texts(office.card, "h2"), texts(office.item(1), ".status")]).toEqual([["Quick support"], ["Waiting for the client"]]);
    expect(load).toHaveBeenCalledOnce();
  });

  test("keeps expanded parts and the focus when Home Assistant loads more texts", async () => {
    office.list(invitation(1));
    await office.show();
    button(office.item(1), "QR code, Client 1").focus();
    await office.click("QR code, Client 1", office.item(1));
    office.house.change({ localize: (key, values) => localize(key, values) });
    await refresh(office.card, office.house);
    expect(all(office.item(1), "svg")).toHaveLength(1);
    expect(focused()).toBe(button(office.item(1), "QR code, Client 1"));
  });

  test("updates the age of invitations when a state changes in Home Assistant", async () => {
    office.list(invitation(1, { created: secondsAgo(59) }));
    await office.show();
    expect(texts(office.item(1), ".created")).toEqual(["now"]);
    await office.pass(19_500);
    office.house.change({});
    await refresh(office.card, office.house);
    expect(texts(office.item(1), ".created")).toEqual(["now"]);
    await office.pass(1_000);
    office.house.change({});
    await refresh(office.card, office.house);
    expect(texts(office.item(1), ".created")).toEqual(["1 minute ago"]);
  });
});

describe("The account", () => {
  const sentence = (): string[] => texts(office.card, ".none");
  const dataOf = (): unknown[] => office.house.callsOf("list_invitations").map(({ data }) => data);

  test("is the only one", async () => {
    await office.show();
    expect(dataOf()).toEqual([{ config_entry_id: office.entry }]);
  });

  test("has to be chosen if there are several", async () => {
    office.house.addAccount(`${office.entry}-other`);
    await office.show();
    expect(sentence()).toEqual(["There are several accounts. Choose one in the settings of this card."]);
    expect([all(office.card, "input"), dataOf()]).toEqual([[], []]);
    office.card.setConfig({ type: "custom:getscreen-support-card", account: `${office.entry}-other` });
    await office.pass(500);
    expect(dataOf()).toEqual([{ config_entry_id: `${office.entry}-other` }]);
    expect(all(office.card, "input")).toHaveLength(1);
  });

  test("is reported as removed, without a form, even if there are others", async () => {
    await office.show({ account: "gone" });
    expect(sentence()).toEqual(["The account to show here is no longer set up."]);
    expect([all(office.card, "input"), dataOf()]).toEqual([[], []]);
  });

  test("may be added later", async () => {
    const entities = office.house.hass.entities;
    office.house = new House();
    await office.show({ account: office.entry });
    expect(sentence()).toEqual(["No Getscreen.me account is set up."]);
    expect(all(office.card, "input")).toEqual([]);
    office.list();
    office.house.addAccount(office.entry).change({ entities });
    await refresh(office.card, office.house);
    await office.pass(500);
    expect(dataOf()).toEqual([{ config_entry_id: office.entry }]);
  });

  test("is no longer chosen automatically when a second one is added", async () => {
    office.list(invitation(1));
    await office.show();
    office.house.addAccount(`${office.entry}-other`);
    await refresh(office.card, office.house);
    expect([office.names, sentence()]).toEqual([[], ["There are several accounts. Choose one in the settings of this card."]]);
  });
});

describe("Requests", () => {
  test("are sent while the card is in view, once for each change", async () => {
    office.card = await mount("getscreen-support-card", office.house);
    await office.pass(60_000);
    expect(office.requests).toBe(0);
    moveIntoView([office.card]);
    await office.pass(500);
    expect(office.requests).toBe(1);
    office.house.change({});
    await refresh(office.card, office.house);
    await office.pass(60_000);
    expect(office.requests).toBe(1);
    office.list(invitation(1));
    await office.notice("1");
    expect([office.requests, office.names]).toEqual([2, ["Client 1"]]);
  });

  test("continue after the card was moved", async () => {
    await office.show();
    office.card.remove();
    await refresh(office.card, office.house.set(`account_${office.entry}`, "open_invitations", "1"));
    await office.pass(60_000);
    expect(office.requests).toBe(1);
    document.body.append(office.card);
    moveIntoView([office.card]);
    await office.pass(250);
    expect(office.requests).toBe(2);
  });

  test("are not sent in the card picker, which shows a sample", async () => {
    const picker = document.body.appendChild(document.createElement("hui-card-picker"));
    const place = picker.attachShadow({ mode: "open" }).appendChild(document.createElement("hui-card"));
    const inner = place.attachShadow({ mode: "open" });
    await office.show({}, inner);
    await office.pass(60_000);
    expect([office.requests, office.house.connection.sent]).toEqual([0, []]);
    expect(office.names).toEqual(["Nora", "Henrik"]);
    expect(texts(office.card, ".status")).toEqual(["Client has joined", "Waiting for the client"]);
    expect([texts(office.card, ".none"), all(office.card, "input").length]).toEqual([[], 1]);
    // The buttons of the sample do nothing.
    const { opened } = watchTabs();
    for (const name of ["Invite", "Connect, Nora", "Close invitation, Nora"]) {
      all<HTMLButtonElement>(office.card, "button")
        .find((each) => (each.getAttribute("aria-label") ?? textOf(each)) === name)
        ?.click();
    }
    await office.pass(60_000);
    expect([office.house.calls, opened, all(office.card, "dialog")]).toEqual([[], [], []]);
  });

  test("follow Home Assistant's events while the card is in view", async () => {
    await office.show();
    await office.pass(500);
    expect(office.house.connection.open).toContainEqual({ type: "getscreen/invitations/subscribe", account: office.entry, watch: true });
    office.list(invitation(1));
    office.house.connection.send("getscreen/invitations/subscribe", { open: { [office.entry]: 1 } });
    await office.pass(250);
    expect([office.requests, office.names]).toEqual([2, ["Client 1"]]);
  });

  test("are sent within the shadow roots of a dashboard", async () => {
    const view = document.body.appendChild(document.createElement("hui-view"));
    await office.show({}, view.attachShadow({ mode: "open" }));
    expect(office.requests).toBe(1);
  });
});

describe("Home Assistant's card picker", () => {
  test("offers the card for the first account if there are several", () => {
    expect(window.customCards).toMatchObject([{ type: "getscreen-support-card", preview: true }]);
    const { hass } = office.house;
    const suggested = window.customCards?.[0]?.getEntitySuggestion?.(hass, entityId(`account_${office.entry}`, "open_invitations"));
    expect(suggested).toEqual({ config: { type: "custom:getscreen-support-card", account: office.entry } });
    expect(SupportCard.getStubConfig(office.house.hass)).toEqual({});
    expect(SupportCard.getStubConfig(office.house.addAccount("other").hass)).toEqual({ account: office.entry });
    expect(SupportCard.getStubConfig(new House().hass)).toEqual({});
  });

  test("has a form for its options", () => {
    const form = SupportCard.getConfigForm() as {
      schema: FormField[];
      computeLabel(field: FormField, say: typeof localize): string;
    };
    expect(form.schema).toEqual([
      { name: "title", selector: { text: {} } },
      { name: "account", selector: { config_entry: { integration: "getscreen" } } },
    ]);
    expect(form.schema.map((each) => form.computeLabel(each, localize))).toEqual(["Title", "Account"]);
  });
});

test("Hidden elements are not displayed", async () => {
  await office.show();
  expect(all(office.card, ".message").filter(isShown)).toEqual([]);
});
