import { beforeEach, describe, expect, test, vi } from "vitest";
import { SupportCard } from "../../src/components/support-card.js";
import type { FormField } from "../../src/home-assistant/types.js";
import { focused } from "../focus.js";
import { defer, House, localize, localizeNothing, secondsAgo, settle, stopClock } from "../house.js";
import { all, button, buttons, type Card, drawn, isShown, mount, only, refresh, textOf, texts } from "../mount.js";
import { watchTabs, wholePage } from "../tabs.js";
import { moveIntoView } from "../view.js";

let house: House;
let card: Card;
let entry: string;
let number = 0;

const invitation = (id: number, more: object = {}) => ({
  id,
  status: "waiting_for_client",
  code: `12345678${id}`,
  invite_url: `https://getscreen.test/invite/${id}`,
  client_name: `Client ${id}`,
  ...more,
});

const list = (...invitations: object[]): void => {
  house.answers.list_invitations = () => ({ invitations, remaining: 3 });
};

/** Show the card, in view of a user, once its list is there. */
const show = async (config: Record<string, unknown> = {}, place?: ParentNode): Promise<void> => {
  card = await mount("getscreen-support-card", house, config, place);
  moveIntoView([card]);
  await pass(500);
};

const pass = async (milliseconds: number): Promise<void> => {
  vi.advanceTimersByTime(milliseconds);
  await settle();
  await drawn(card);
};

const click = async (name: string, within: ParentNode = card): Promise<void> => {
  button(within, name).click();
  await settle();
  await drawn(card);
};

const item = (id: number): HTMLElement => {
  const found = all(card, "[role=listitem]").find((each) => each.getAttribute("aria-label") === `Client ${id}`);
  if (!found) throw new Error(`There is no invitation ${id}`);
  return found;
};

const names = (): string[] => texts(card, "[role=listitem] .name");
const statuses = (): string[] => texts(card, "[role=status]").filter(Boolean);
const field = (): HTMLInputElement => only<HTMLInputElement>(card, "input");
const requested = (): number => house.callsOf("list_invitations").length;

beforeEach(() => {
  stopClock();
  number += 1;
  entry = `entry${number}`;
  house = new House().addAccount(entry);
  list();
});

describe("The card", () => {
  test("has a title, how many invitations remain, a form, and the open invitations, the newest first", async () => {
    list(invitation(1), invitation(3), invitation(2));
    await show();
    expect([texts(card, "h2"), texts(card, ".remaining")]).toEqual([["Quick support"], ["Invitations remaining: 3"]]);
    expect(names()).toEqual(["Client 3", "Client 2", "Client 1"]);
    expect([field().placeholder, field().getAttribute("aria-label")]).toEqual(["Client's name", "Client's name"]);
    expect(buttons(card)[0]).toBe("Invite");
    expect(all(only(card, "[role=list]"), "[role=listitem]")).toHaveLength(3);
    expect(texts(card, ".none")).toEqual([]);
  });

  test("says that it is loading, and then that there are none", async () => {
    const answer = defer<object>();
    house.answers.list_invitations = () => answer.promise;
    await show();
    expect([texts(card, ".none"), texts(card, ".remaining")]).toEqual([["Loading"], [""]]);
    answer.resolve({ invitations: [] });
    await pass(0);
    expect([texts(card, ".none"), texts(card, ".remaining")]).toEqual([["No open invitations"], [""]]);
  });

  test.each([
    [{ title: "Help" }, ["Help"]],
    [{ title: "" }, []],
  ])("has another title, or none: %j", async (config, titles) => {
    await show(config);
    expect(texts(card, "h2")).toEqual(titles);
  });

  test("refuses a wrong configuration", () => {
    const made = document.createElement("getscreen-support-card") as Card;
    for (const option of ["title", "account"]) {
      expect(() => made.setConfig({ type: "custom:getscreen-support-card", [option]: 1 })).toThrow(`"${option}" has to be a text.`);
    }
  });

  test("is empty until it knows Home Assistant, and has a size of its own", async () => {
    const made = document.createElement("getscreen-support-card") as Card;
    made.setConfig({ type: "custom:getscreen-support-card" });
    document.body.append(made);
    await drawn(made);
    expect(textOf(made)).toBe("");
    expect([made.getCardSize(), made.getGridOptions()]).toEqual([4, { columns: 12, rows: "auto", min_columns: 6 }]);
  });

  test("has its texts once they are loaded", async () => {
    const load = vi.fn(() => Promise.resolve(localize));
    house.change({ localize: localizeNothing, loadBackendTranslation: load, language: "fi" });
    list(invitation(1));
    await show();
    expect([texts(card, "h2"), texts(item(1), ".status")]).toEqual([["Title"], ["Waiting for client"]]);
    house.change({ localize });
    await refresh(card, house);
    expect([texts(card, "h2"), texts(item(1), ".status")]).toEqual([["Quick support"], ["Waiting for the client"]]);
    expect(load).toHaveBeenCalledOnce();
  });

  test("keeps what is open and focused when Home Assistant loads more texts", async () => {
    list(invitation(1));
    await show();
    button(item(1), "QR code").focus();
    await click("QR code", item(1));
    house.change({ localize: (key, values) => localize(key, values) });
    await refresh(card, house);
    expect(all(item(1), "svg")).toHaveLength(1);
    expect(focused()).toBe(button(item(1), "QR code"));
  });

  test("shows again how old invitations are, with the next state of the house", async () => {
    list(invitation(1, { created: secondsAgo(59) }));
    await show();
    expect(texts(item(1), ".created")).toEqual(["now"]);
    await pass(19_500);
    house.change({});
    await refresh(card, house);
    expect(texts(item(1), ".created")).toEqual(["now"]);
    await pass(1_000);
    house.change({});
    await refresh(card, house);
    expect(texts(item(1), ".created")).toEqual(["1 minute ago"]);
  });
});

describe("The account", () => {
  const sentence = (): string[] => texts(card, ".none");
  const dataOf = (): unknown[] => house.callsOf("list_invitations").map(({ data }) => data);

  test("is the only one there is", async () => {
    await show();
    expect(dataOf()).toEqual([{ config_entry_id: entry }]);
  });

  test("is chosen where there are several", async () => {
    house.addAccount(`${entry}-other`);
    await show();
    expect(sentence()).toEqual(["There are several accounts. Choose one in the settings of this card."]);
    expect([all(card, "input"), dataOf()]).toEqual([[], []]);
    card.setConfig({ type: "custom:getscreen-support-card", account: `${entry}-other` });
    await pass(500);
    expect(dataOf()).toEqual([{ config_entry_id: `${entry}-other` }]);
    expect(all(card, "input")).toHaveLength(1);
  });

  test("may be there later", async () => {
    const entities = house.hass.entities;
    house = new House();
    await show({ account: entry });
    expect(sentence()).toEqual(["No Getscreen.me account is set up."]);
    expect(all(card, "input")).toEqual([]);
    list();
    house.addAccount(entry).change({ entities });
    await refresh(card, house);
    await pass(500);
    expect(dataOf()).toEqual([{ config_entry_id: entry }]);
  });

  test("of an added one leaves the card without a choice", async () => {
    list(invitation(1));
    await show();
    house.addAccount(`${entry}-other`);
    await refresh(card, house);
    expect([names(), sentence()]).toEqual([[], ["There are several accounts. Choose one in the settings of this card."]]);
  });
});

describe("Requests", () => {
  test("are made while a user sees the card, once for each change", async () => {
    card = await mount("getscreen-support-card", house);
    await pass(60_000);
    expect(requested()).toBe(0);
    moveIntoView([card]);
    await pass(500);
    expect(requested()).toBe(1);
    house.change({});
    await refresh(card, house);
    await pass(60_000);
    expect(requested()).toBe(1);
    list(invitation(1));
    await refresh(card, house.set(`account_${entry}`, "open_invitations", "1"));
    await pass(250);
    expect([requested(), names()]).toEqual([2, ["Client 1"]]);
  });

  test("go on after the card was moved", async () => {
    await show();
    card.remove();
    await refresh(card, house.set(`account_${entry}`, "open_invitations", "1"));
    await pass(60_000);
    expect(requested()).toBe(1);
    document.body.append(card);
    moveIntoView([card]);
    await pass(250);
    expect(requested()).toBe(2);
  });

  test("are not made in the card picker, which shows a sample", async () => {
    const picker = document.body.appendChild(document.createElement("hui-card-picker"));
    const place = picker.attachShadow({ mode: "open" }).appendChild(document.createElement("hui-card"));
    const inner = place.attachShadow({ mode: "open" });
    await show({}, inner);
    await pass(60_000);
    expect(requested()).toBe(0);
    expect(names()).toEqual(["Henrik", "Nora"]);
    expect(texts(card, ".status")).toEqual(["Waiting for the client", "Client has joined"]);
    expect([texts(card, ".none"), all(card, "input").length]).toEqual([[], 1]);
    // Its buttons do nothing.
    const { opened } = watchTabs();
    for (const name of ["Invite", "Connect", "Close invitation"]) {
      all<HTMLButtonElement>(card, "button")
        .find((each) => (each.getAttribute("aria-label") ?? textOf(each)) === name)
        ?.click();
    }
    await pass(60_000);
    expect([house.calls, opened, all(card, "dialog")]).toEqual([[], [], []]);
  });

  test("are made within the shadows of a dashboard", async () => {
    const view = document.body.appendChild(document.createElement("hui-view"));
    await show({}, view.attachShadow({ mode: "open" }));
    expect(requested()).toBe(1);
  });
});

describe("Inviting", () => {
  const submit = async (): Promise<void> => {
    const event = new Event("submit", { cancelable: true });
    only(card, "form").dispatchEvent(event);
    // Or the browser would leave the page.
    expect(event.defaultPrevented).toBe(true);
    await settle();
    await drawn(card);
  };

  test("opens an invitation for the name that is written, and reads its code out", async () => {
    list(invitation(1));
    house.answers.create_invitation = () => invitation(2, { client_name: "Ada" });
    await show();
    field().value = "  Ada ";
    await submit();
    expect(house.callsOf("create_invitation").map(({ data }) => data)).toEqual([{ config_entry_id: entry, client_name: "Ada" }]);
    expect([names(), field().value]).toEqual([["Ada", "Client 1"], ""]);
    expect(statuses()).toEqual(["The invitation is open, with the code \u20661 2 3, 4 5 6, 7 8 2\u2069."]);
  });

  test("works without a code", async () => {
    house.answers.create_invitation = () => invitation(2, { code: null });
    await show();
    await submit();
    expect(statuses()).toEqual(["The invitation is open, with the code ."]);
  });

  test("is held until the answer: three times sent makes one invitation", async () => {
    const answer = defer<object>();
    house.answers.create_invitation = () => answer.promise;
    await show();
    await submit();
    await submit();
    await submit();
    expect(house.callsOf("create_invitation")).toHaveLength(1);
    expect(button(card, "Invite").disabled).toBe(true);
    answer.resolve(invitation(2));
    await settle();
    await drawn(card);
    expect(button(card, "Invite").disabled).toBe(false);
    await submit();
    expect(house.callsOf("create_invitation")).toHaveLength(2);
  });

  test("that fails says why, keeps the name, and can be tried again", async () => {
    house.answers.create_invitation = () => Promise.reject(new Error("The plan allows no more"));
    await show();
    field().value = "Ada";
    await submit();
    expect([statuses(), field().value]).toEqual([["The plan allows no more"], "Ada"]);
    expect(only(card, ".message").classList.contains("error")).toBe(true);
    expect(button(card, "Invite").disabled).toBe(false);
    house.answers.create_invitation = () => invitation(2);
    await submit();
    expect(texts(card, ".message")).toEqual([]);
    expect(names()).toEqual(["Client 2"]);
  });

  test("by its button brings the focus back to the button", async () => {
    house.answers.create_invitation = () => invitation(2);
    await show();
    button(card, "Invite").focus();
    await submit();
    expect(focused()).toBe(button(card, "Invite"));
  });

  test("by the field leaves the focus there", async () => {
    house.answers.create_invitation = () => invitation(2);
    await show();
    field().focus();
    await submit();
    expect(focused()).toBe(field());
  });

  test("leaves the focus where the user has moved it meanwhile", async () => {
    const answer = defer<object>();
    house.answers.create_invitation = () => answer.promise;
    await show();
    button(card, "Invite").focus();
    await submit();
    field().focus();
    answer.resolve(invitation(2));
    await settle();
    await drawn(card);
    expect(focused()).toBe(field());
  });
});

describe("A failed list", () => {
  const alerts = (): string[] => texts(card, "[role=alert] span");

  beforeEach(() => {
    house.answers.list_invitations = () => Promise.reject({ code: 3 });
  });

  test("says why, and is requested again by a button", async () => {
    await show();
    expect(alerts()).toEqual(["The connection to Home Assistant was lost. A command that was under way may have been carried out."]);
    expect(texts(card, ".none")).toEqual([]);
    const answer = defer<object>();
    house.answers.list_invitations = () => answer.promise;
    await click("Try again");
    expect(requested()).toBe(2);
    expect(texts(card, ".none")).toEqual(["Loading"]);
    answer.resolve({ invitations: [invitation(1)] });
    await pass(0);
    expect([alerts(), names()]).toEqual([[], ["Client 1"]]);
  });

  test("keeps the invitations that it had", async () => {
    list(invitation(1));
    await show();
    house.answers.list_invitations = () => Promise.reject(new Error("Down"));
    await refresh(card, house.set(`account_${entry}`, "open_invitations", "1"));
    await pass(250);
    expect([alerts(), names()]).toEqual([["Down"], ["Client 1"]]);
  });
});

describe("Invitations", () => {
  test("that are closed leave, and the focus goes to the card", async () => {
    list(invitation(1), invitation(2));
    await show();
    button(item(1), "Close invitation").focus();
    await click("Close invitation", item(1));
    await click("Close invitation", only(card, "dialog"));
    expect(names()).toEqual(["Client 2"]);
    expect(focused()).toBe(only(card, ".content"));
  });

  test("that leave by themselves take no focus from elsewhere", async () => {
    list(invitation(1), invitation(2));
    await show();
    button(item(2), "Connect").focus();
    list(invitation(2));
    await refresh(card, house.set(`account_${entry}`, "open_invitations", "1"));
    await pass(250);
    expect(focused()).toBe(button(item(2), "Connect"));
  });

  test("A link that the browser has blocked opens by another click, and is nowhere in the page", async () => {
    const link = "https://getscreen.test/support/secret";
    const { opened } = watchTabs(null);
    list(invitation(1));
    house.answers.get_invitation = () => invitation(1, { connect_url: link });
    await show();
    button(item(1), "Connect").focus();
    await click("Connect", item(1));
    expect(texts(card, ".message span")).toContain("The session is ready. It opens in the browser.");
    expect(only(card, ".message").classList.contains("error")).toBe(false);
    expect(focused()).toBe(button(card, "Open"));
    expect(wholePage()).not.toContain("secret");
    await click("Open");
    expect(opened.slice(1)).toEqual([[link, "_blank", "noopener,noreferrer"]]);
    expect(texts(card, ".message")).toEqual([]);
    expect(focused()).toBe(button(item(1), "Connect"));
  });

  test("A blocked link of an invitation that is gone leaves the focus on the card", async () => {
    watchTabs(null);
    list(invitation(1));
    house.answers.get_invitation = () => invitation(1, { connect_url: "https://getscreen.test/" });
    await show();
    await click("Connect", item(1));
    list();
    await refresh(card, house.set(`account_${entry}`, "open_invitations", "1"));
    await pass(250);
    expect(names()).toEqual([]);
    await click("Open");
    expect(focused()).toBe(only(card, ".content"));
  });
});

describe("Home Assistant's card picker", () => {
  test("offers the card, of the first account where there are several", () => {
    expect(window.customCards).toMatchObject([{ type: "getscreen-support-card", preview: true }]);
    expect(SupportCard.getStubConfig(house.hass)).toEqual({});
    expect(SupportCard.getStubConfig(house.addAccount("other").hass)).toEqual({ account: entry });
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

test("What is hidden is hidden", async () => {
  await show();
  expect(all(card, ".message").filter(isShown)).toEqual([]);
});
