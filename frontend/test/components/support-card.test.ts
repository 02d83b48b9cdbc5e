import { beforeEach, describe, expect, test, vi } from "vitest";
import { SupportCard } from "../../src/components/support-card.js";
import type { FormField } from "../../src/home-assistant/types.js";
import { focused } from "../focus.js";
import { defer, entityId, House, localize, localizeNothing, secondsAgo } from "../house.js";
import { all, button, buttons, type Card, drawn, isShown, mount, only, refresh, textOf, texts } from "../mount.js";
import { watchTabs } from "../tabs.js";
import { moveIntoView } from "../view.js";
import { invitation, SupportBench } from "./support-bench.js";

let bench: SupportBench;

beforeEach(() => {
  bench = new SupportBench();
});

describe("The card", () => {
  test("has a title, the remaining number, a form, and the open invitations with the newest first", async () => {
    bench.list(invitation(1), invitation(3), invitation(2));
    await bench.show();
    expect([texts(bench.card, "h2"), texts(bench.card, ".remaining")]).toEqual([["Quick support"], ["Invitations remaining: 3"]]);
    expect(bench.names).toEqual(["Client 3", "Client 2", "Client 1"]);
    expect([bench.field.placeholder, bench.field.getAttribute("aria-label")]).toEqual(["Client's name", "Client's name"]);
    expect(buttons(bench.card)[0]).toBe("Invite");
    expect(await bench.card.updateComplete).toBe(true);
    expect(all(only(bench.card, "[role=list]"), "[role=listitem]")).toHaveLength(3);
    expect(texts(bench.card, ".none")).toEqual([]);
  });

  test("shows that it is loading, and then that there are no invitations", async () => {
    const answer = defer<object>();
    bench.house.answers.list_invitations = () => answer.promise;
    await bench.show();
    expect([texts(bench.card, ".none"), texts(bench.card, ".remaining")]).toEqual([["Loading"], []]);
    answer.resolve({ invitations: [] });
    await bench.pass(0);
    expect([texts(bench.card, ".none"), texts(bench.card, ".remaining")]).toEqual([["No open invitations"], []]);
  });

  test.each([
    [{ title: "Help" }, ["Help"]],
    [{ title: "" }, []],
  ])("has a custom title or none, and the remaining number right below it: %j", async (config, titles) => {
    await bench.show(config);
    expect(texts(bench.card, "h2")).toEqual(titles);
    expect(texts(bench.card, ".head > *")).toEqual([...titles, "Invitations remaining: 3"]);
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
    bench.house.change({ localize: localizeNothing, loadBackendTranslation: load, language: "fi" });
    bench.list(invitation(1));
    await bench.show();
    expect([texts(bench.card, "h2"), texts(bench.item(1), ".status")]).toEqual([["Title"], ["Waiting for client"]]);
    bench.house.change({ localize });
    await refresh(bench.card, bench.house);
    expect([texts(bench.card, "h2"), texts(bench.item(1), ".status")]).toEqual([["Quick support"], ["Waiting for the client"]]);
    expect(load).toHaveBeenCalledOnce();
  });

  test("keeps expanded parts and the focus when Home Assistant loads more texts", async () => {
    bench.list(invitation(1));
    await bench.show();
    button(bench.item(1), "QR code, Client 1").focus();
    await bench.click("QR code, Client 1", bench.item(1));
    bench.house.change({ localize: (key, values) => localize(key, values) });
    await refresh(bench.card, bench.house);
    expect(all(bench.item(1), "svg")).toHaveLength(1);
    expect(focused()).toBe(button(bench.item(1), "QR code, Client 1"));
  });

  test("updates the age of invitations when a state changes in Home Assistant", async () => {
    bench.list(invitation(1, { created: secondsAgo(59) }));
    await bench.show();
    expect(texts(bench.item(1), ".created")).toEqual(["now"]);
    await bench.pass(19_500);
    bench.house.change({});
    await refresh(bench.card, bench.house);
    expect(texts(bench.item(1), ".created")).toEqual(["now"]);
    await bench.pass(1_000);
    bench.house.change({});
    await refresh(bench.card, bench.house);
    expect(texts(bench.item(1), ".created")).toEqual(["1 minute ago"]);
  });
});

describe("The account", () => {
  const sentence = (): string[] => texts(bench.card, ".none");
  const dataOf = (): unknown[] => bench.house.callsOf("list_invitations").map(({ data }) => data);

  test("is the only one", async () => {
    await bench.show();
    expect(dataOf()).toEqual([{ config_entry_id: bench.entry }]);
  });

  test("has to be chosen if there are several", async () => {
    bench.house.addAccount(`${bench.entry}-other`);
    await bench.show();
    expect(sentence()).toEqual(["There are several accounts. Choose one in the settings of this card."]);
    expect([all(bench.card, "input"), dataOf()]).toEqual([[], []]);
    bench.card.setConfig({ type: "custom:getscreen-support-card", account: `${bench.entry}-other` });
    await bench.pass(500);
    expect(dataOf()).toEqual([{ config_entry_id: `${bench.entry}-other` }]);
    expect(all(bench.card, "input")).toHaveLength(1);
  });

  test("is reported as removed, without a form, even if there are others", async () => {
    await bench.show({ account: "gone" });
    expect(sentence()).toEqual(["The account to show here is no longer set up."]);
    expect([all(bench.card, "input"), dataOf()]).toEqual([[], []]);
  });

  test("may be added later", async () => {
    const entities = bench.house.hass.entities;
    bench.house = new House();
    await bench.show({ account: bench.entry });
    expect(sentence()).toEqual(["No Getscreen.me account is set up."]);
    expect(all(bench.card, "input")).toEqual([]);
    bench.list();
    bench.house.addAccount(bench.entry).change({ entities });
    await refresh(bench.card, bench.house);
    await bench.pass(500);
    expect(dataOf()).toEqual([{ config_entry_id: bench.entry }]);
  });

  test("is no longer chosen automatically when a second one is added", async () => {
    bench.list(invitation(1));
    await bench.show();
    bench.house.addAccount(`${bench.entry}-other`);
    await refresh(bench.card, bench.house);
    expect([bench.names, sentence()]).toEqual([[], ["There are several accounts. Choose one in the settings of this card."]]);
  });
});

describe("Requests", () => {
  test("are sent while the card is in view, once for each change", async () => {
    bench.card = await mount("getscreen-support-card", bench.house);
    await bench.pass(60_000);
    expect(bench.requests).toBe(0);
    moveIntoView([bench.card]);
    await bench.pass(500);
    expect(bench.requests).toBe(1);
    bench.house.change({});
    await refresh(bench.card, bench.house);
    await bench.pass(60_000);
    expect(bench.requests).toBe(1);
    bench.list(invitation(1));
    await bench.notice("1");
    expect([bench.requests, bench.names]).toEqual([2, ["Client 1"]]);
  });

  test("continue after the card was moved", async () => {
    await bench.show();
    bench.card.remove();
    await refresh(bench.card, bench.house.set(`account_${bench.entry}`, "open_invitations", "1"));
    await bench.pass(60_000);
    expect(bench.requests).toBe(1);
    document.body.append(bench.card);
    moveIntoView([bench.card]);
    await bench.pass(250);
    expect(bench.requests).toBe(2);
  });

  test("are not sent in the card picker, which shows a sample", async () => {
    const picker = document.body.appendChild(document.createElement("hui-card-picker"));
    const place = picker.attachShadow({ mode: "open" }).appendChild(document.createElement("hui-card"));
    const inner = place.attachShadow({ mode: "open" });
    await bench.show({}, inner);
    await bench.pass(60_000);
    expect([bench.requests, bench.house.connection.sent]).toEqual([0, []]);
    expect(bench.names).toEqual(["Nora", "Henrik"]);
    expect(texts(bench.card, ".status")).toEqual(["Client has joined", "Waiting for the client"]);
    expect([texts(bench.card, ".none"), all(bench.card, "input").length]).toEqual([[], 1]);
    // The buttons of the sample do nothing.
    const { opened } = watchTabs();
    for (const name of ["Invite", "Connect, Nora", "Close invitation, Nora"]) {
      all<HTMLButtonElement>(bench.card, "button")
        .find((each) => (each.getAttribute("aria-label") ?? textOf(each)) === name)
        ?.click();
    }
    await bench.pass(60_000);
    expect([bench.house.calls, opened, all(bench.card, "dialog")]).toEqual([[], [], []]);
  });

  test("follow Home Assistant's events while the card is in view", async () => {
    await bench.show();
    await bench.pass(500);
    expect(bench.house.connection.open).toContainEqual({ type: "getscreen/invitations/subscribe", account: bench.entry, watch: true });
    bench.list(invitation(1));
    bench.house.connection.send("getscreen/invitations/subscribe", { open: { [bench.entry]: 1 } });
    await bench.pass(250);
    expect([bench.requests, bench.names]).toEqual([2, ["Client 1"]]);
  });

  test("are sent within the shadow roots of a dashboard", async () => {
    const view = document.body.appendChild(document.createElement("hui-view"));
    await bench.show({}, view.attachShadow({ mode: "open" }));
    expect(bench.requests).toBe(1);
  });
});

describe("Home Assistant's card picker", () => {
  test("offers the card for the first account if there are several", () => {
    expect(window.customCards).toMatchObject([{ type: "getscreen-support-card", preview: true }]);
    const { hass } = bench.house;
    const suggested = window.customCards?.[0]?.getEntitySuggestion?.(hass, entityId(`account_${bench.entry}`, "open_invitations"));
    expect(suggested).toEqual({ config: { type: "custom:getscreen-support-card", account: bench.entry } });
    expect(SupportCard.getStubConfig(bench.house.hass)).toEqual({});
    expect(SupportCard.getStubConfig(bench.house.addAccount("other").hass)).toEqual({ account: bench.entry });
    expect(SupportCard.getStubConfig(new House().hass)).toEqual({});
  });

  test("has a form for its options", () => {
    const form = SupportCard.getConfigForm() as {
      schema: FormField[];
      computeLabel(field: FormField, translate: typeof localize): string;
    };
    expect(form.schema).toEqual([
      { name: "title", selector: { text: {} } },
      { name: "account", selector: { config_entry: { integration: "getscreen" } } },
    ]);
    expect(form.schema.map((each) => form.computeLabel(each, localize))).toEqual(["Title", "Account"]);
  });
});

test("Hidden elements are not displayed", async () => {
  await bench.show();
  expect(all(bench.card, ".message").filter(isShown)).toEqual([]);
});
