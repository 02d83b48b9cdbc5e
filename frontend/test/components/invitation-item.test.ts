import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { focused } from "../focus.js";
import { defer, House, secondsAgo, settle, stopClock } from "../house.js";
import { all, button, buttons, type Card, collect, drawn, mount, only, question, textOf, texts } from "../mount.js";
import { watchTabs, wholePage } from "../tabs.js";
import { moveIntoView } from "../view.js";
import "../../src/components/support-card.js";

const WHOLE = {
  id: 1,
  status: "waiting_for_client",
  code: "123456789",
  invite_url: "https://getscreen.test/invite/1",
  client_name: "Ada",
};

let house: House;
let card: Card;
let entry: string;
let number = 0;

beforeEach(() => {
  stopClock();
  number += 1;
  entry = `entry${number}`;
  house = new House().addAccount(entry);
});

/** Show a card with an invitation. */
const show = async (change: object = {}): Promise<void> => {
  house.answers.list_invitations = () => ({ invitations: [{ ...WHOLE, ...change }] });
  card = await mount("getscreen-support-card", house);
  moveIntoView([card]);
  vi.advanceTimersByTime(500);
  await settle();
  await drawn(card);
};

const item = (): HTMLElement => only(card, "[role=listitem]");

const click = async (name: string, within: ParentNode = item()): Promise<void> => {
  button(within, name).click();
  await settle();
  await drawn(card);
};

describe("An invitation shows", () => {
  test("its client, age, code and status", async () => {
    await show({ created: secondsAgo(120) });
    expect(["name", "created", "status", "code"].map((name) => texts(item(), `.${name}`))).toEqual([
      ["Ada"],
      ["2 minutes ago"],
      ["Waiting for the client"],
      ["123 456 789"],
    ]);
    expect(item().getAttribute("aria-label")).toBe("Ada");
    expect(buttons(item())).toEqual(["Connect", "Copy link", "QR code", "Close invitation"]);
  });

  test("its code digit by digit for screen readers, in the same order in every language", async () => {
    await show();
    const code = only(item(), ".code");
    expect([code.getAttribute("dir"), code.getAttribute("aria-hidden")]).toEqual(["ltr", "true"]);
    expect(texts(item(), ".hidden")).toEqual(["Code \u20661 2 3, 4 5 6, 7 8 9\u2069"]);
  });

  test.each([
    ["waiting_for_client", "Waiting for the client", "mdi:timer-sand", false],
    ["client_joined", "Client has joined", "mdi:account-check", true],
    ["active", "In session", "mdi:remote-desktop", false],
    ["unheard_of", "State unknown", "mdi:help-circle-outline", false],
  ])("the status %s", async (status, text, icon, isPrimary) => {
    await show({ status });
    expect(texts(item(), ".status")).toEqual([text]);
    expect(only<HTMLElement & { icon: string }>(item(), ".status ha-icon").icon).toBe(icon);
    expect(only(item(), ".invitation").getAttribute("data-status")).toBe(status === "unheard_of" ? "unknown" : status);
    expect(button(item(), "Connect").classList.contains("primary")).toBe(isPrimary);
  });

  test("the code for want of a name, and that there is no name for want of both", async () => {
    await show({ client_name: "" });
    expect([texts(item(), ".name"), item().getAttribute("aria-label")]).toEqual([["No name"], "\u2066123 456 789\u2069"]);
    card.remove();
    number += 1;
    entry = `entry${number}`;
    house = new House().addAccount(entry);
    await show({ client_name: null, code: null });
    expect([texts(item(), ".name"), item().getAttribute("aria-label")]).toEqual([["No name"], "No name"]);
    expect([texts(item(), ".code"), texts(item(), ".created"), texts(item(), ".hidden")]).toEqual([[], [""], [""]]);
  });

  test("no way to pass on a link that is not there", async () => {
    await show({ invite_url: null });
    const isDisabled = ["Connect", "Copy link", "QR code", "Close invitation"].map((name) => button(item(), name).disabled);
    expect(isDisabled).toEqual([false, true, true, false]);
  });
});

describe("Connect", () => {
  const LINK = "https://getscreen.test/support/secret";

  test("opens the operator's link in a new tab, and shows it nowhere", async () => {
    const { opened, tabs, visits } = watchTabs();
    house.answers.get_invitation = () => ({ ...WHOLE, connect_url: LINK });
    await show();
    button(item(), "Connect").click();
    expect(opened).toEqual([["", "_blank"]]);
    expect(tabs[0]?.document.title).toBe("The session is about to open …");
    await settle();
    await drawn(card);
    expect(visits.map(({ href }) => href)).toEqual([LINK]);
    expect(house.callsOf("get_invitation").map(({ data }) => data)).toEqual([{ config_entry_id: entry, invitation_id: 1 }]);
    expect(wholePage()).not.toContain("secret");
  });

  test("is held until the link is there, and then has the focus again", async () => {
    const { opened } = watchTabs();
    const link = defer<object>();
    house.answers.get_invitation = () => link.promise;
    await show();
    button(item(), "Connect").focus();
    await click("Connect");
    expect(button(item(), "Connect").disabled).toBe(true);
    expect(button(item(), "Close invitation").disabled).toBe(false);
    await click("Connect");
    expect(opened).toHaveLength(1);
    link.resolve({ connect_url: LINK });
    await settle();
    await drawn(card);
    expect(button(item(), "Connect").disabled).toBe(false);
    expect(focused()).toBe(button(item(), "Connect"));
  });

  test("that fails says why, and closes its tab", async () => {
    const { tabs } = watchTabs();
    house.answers.get_invitation = () => Promise.reject(new Error("The invitation is closed"));
    await show();
    await click("Connect");
    expect([texts(card, ".message"), tabs[0]?.closed]).toEqual([["The invitation is closed"], true]);
    expect(button(item(), "Connect").disabled).toBe(false);
  });
});

describe("Copy link", () => {
  test("copies the link, says so, and keeps the focus", async () => {
    const written: string[] = [];
    vi.stubGlobal("navigator", { clipboard: { writeText: async (value: string) => written.push(value) } });
    const toasts = collect("hass-notification");
    await show();
    await click("Copy link");
    expect([written, toasts]).toEqual([[WHOLE.invite_url], [{ message: "Link copied." }]]);
    expect(focused()).toBe(button(item(), "Copy link"));
    expect(all(item(), "svg")).toEqual([]);
  });

  test("shows the link to be copied by hand where the browser does not let it", async () => {
    vi.stubGlobal("navigator", {});
    document.execCommand = () => false;
    const toasts = collect("hass-notification");
    await show();
    await click("Copy link");
    Reflect.deleteProperty(document, "execCommand");
    expect(toasts).toEqual([{ message: "The browser did not let the link be copied. It is below the QR code." }]);
    expect(texts(item(), ".link")).toEqual([WHOLE.invite_url]);
    expect(button(item(), "QR code").getAttribute("aria-expanded")).toBe("true");
  });
});

describe("QR code", () => {
  test("shows the link as a code and as a text, and hides both again", async () => {
    await show();
    const toggle = button(item(), "QR code");
    expect([toggle.getAttribute("aria-expanded"), texts(item(), ".link"), wholePage()]).toEqual([
      "false",
      [],
      expect.not.stringContaining(WHOLE.invite_url),
    ]);
    await click("QR code");
    expect([toggle.getAttribute("aria-expanded"), texts(item(), ".link")]).toEqual(["true", [WHOLE.invite_url]]);
    expect(only(item(), "svg").getAttribute("aria-label")).toBe("QR code of the invite link");
    await click("QR code");
    expect([toggle.getAttribute("aria-expanded"), texts(item(), ".link"), all(item(), "svg")]).toEqual(["false", [], []]);
  });

  test("Other buttons have nothing that expands", async () => {
    await show();
    expect(button(item(), "Copy link").hasAttribute("aria-expanded")).toBe(false);
  });
});

describe("Close invitation", () => {
  test("asks first, and does nothing without an answer", async () => {
    await show();
    await click("Close invitation");
    expect(textOf(question(card) as HTMLElement)).toBe(
      "Close the invitation for Ada? Its code and link stop working, and its session ends if one is running. Cancel Close invitation",
    );
    await click("Cancel", card);
    expect([question(card), house.callsOf("close_invitation")]).toEqual([undefined, []]);
  });

  test("closes it after an answer, once", async () => {
    const answer = defer();
    house.answers.close_invitation = () => answer.promise;
    await show();
    await click("Close invitation");
    await click("Close invitation", only(card, "dialog"));
    expect(button(item(), "Close invitation").disabled).toBe(true);
    expect(button(item(), "Connect").disabled).toBe(false);
    await click("Close invitation");
    expect(question(card)).toBeUndefined();
    answer.resolve();
    await settle();
    await drawn(card);
    expect(all(card, "[role=listitem]")).toEqual([]);
    expect(house.callsOf("close_invitation").map(({ data }) => data)).toEqual([{ config_entry_id: entry, invitation_id: 1 }]);
  });

  test("that fails says why, and can be tried again", async () => {
    house.answers.close_invitation = () => Promise.reject(new Error("Try later"));
    await show();
    await click("Close invitation");
    await click("Close invitation", only(card, "dialog"));
    expect(texts(card, ".message")).toEqual(["Try later"]);
    expect(button(item(), "Close invitation").disabled).toBe(false);
  });

  test("closes it in the account in which it was asked for", async () => {
    await show();
    await click("Close invitation");
    const dialog = only(card, "dialog");
    house.addAccount(`${entry}-other`);
    card.setConfig({ type: "custom:getscreen-support-card", account: `${entry}-other` });
    await drawn(card);
    await click("Close invitation", dialog);
    expect(house.callsOf("close_invitation").map(({ data }) => data)).toEqual([{ config_entry_id: entry, invitation_id: 1 }]);
  });
});

describe("Share link", () => {
  const share = vi.fn<(data: ShareData) => Promise<void>>();

  /** Whether a browser can share links is known when the page is loaded, and elements are registered once. */
  beforeEach(async () => {
    vi.resetModules();
    Object.defineProperty(navigator, "share", { configurable: true, value: share });
    const { InvitationItem } = await import("../../src/components/invitation-item.js");
    const name = `test-invitation-${number}`;
    customElements.define(name, InvitationItem);
    share.mockReset();
    await show();
    const sharing = document.createElement(name);
    Object.assign(sharing, { card, invitation: WHOLE, role: "listitem" });
    sharing.setAttribute("role", "listitem");
    item().replaceWith(sharing);
    await drawn(card);
  });

  afterEach(() => {
    Reflect.deleteProperty(navigator, "share");
  });

  test("is there where the browser can share links, and gives it the link", async () => {
    await click("Share link");
    expect(share.mock.calls).toEqual([[{ title: "Quick support", url: WHOLE.invite_url }]]);
    expect(texts(card, ".message")).toEqual([]);
  });

  test("says nothing to a user who changes their mind", async () => {
    share.mockRejectedValue(Object.assign(new Error("Cancelled"), { name: "AbortError" }));
    await click("Share link");
    expect(texts(card, ".message")).toEqual([]);
  });

  test("that fails says why", async () => {
    share.mockRejectedValue(new Error("Not allowed"));
    await click("Share link");
    expect(texts(card, ".message")).toEqual(["Not allowed"]);
  });
});
