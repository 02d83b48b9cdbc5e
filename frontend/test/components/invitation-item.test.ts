import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { focused } from "../focus.js";
import { defer, flushPromises, secondsAgo } from "../house.js";
import { all, button, buttons, collect, drawn, isShown, only, question, textOf, texts } from "../mount.js";
import { watchTabs, wholePage } from "../tabs.js";
import { invitation, SupportBench } from "./support-bench.js";

const WHOLE = invitation(1, { code: "123456789", client_name: "Ada" });

const LINK = "https://getscreen.test/invite/1";

let bench: SupportBench;

beforeEach(() => {
  bench = new SupportBench();
});

/** Show a card with one invitation. */
const show = async (change: object = {}): Promise<void> => {
  bench.list({ ...WHOLE, ...change });
  await bench.show();
};

describe("An invitation", () => {
  test("shows its client, age, code and status", async () => {
    await show({ created: secondsAgo(120) });
    expect(["name", "created", "status", "code"].map((name) => texts(bench.shown, `.${name}`))).toEqual([
      ["Ada"],
      ["2 minutes ago"],
      ["Waiting for the client"],
      ["123 456 789"],
    ]);
    expect(bench.shown.getAttribute("aria-label")).toBe("Ada");
    expect(buttons(bench.shown)).toEqual(["Copy code, Ada", "Copy link, Ada", "QR code, Ada", "Close invitation, Ada"]);
  });

  test("has its code digit by digit for screen readers, in the same order in every language", async () => {
    await show();
    const code = only(bench.shown, ".code");
    expect([code.getAttribute("dir"), code.getAttribute("aria-hidden")]).toEqual(["ltr", "true"]);
    expect(texts(bench.shown, ".hidden")).toEqual(["Code \u20661 2 3, 4 5 6, 7 8 9\u2069"]);
  });

  test.each([
    ["waiting_for_client", "Waiting for the client", "mdi:timer-sand", []],
    ["client_joined", "Client has joined", "mdi:account-check", [true]],
    ["active", "In session", "mdi:remote-desktop", [false]],
    ["unheard_of", "State unknown", "mdi:help-circle-outline", [false]],
  ])("shows the status %s, and offers to connect once a client has joined", async (status, text, icon, isPrimary) => {
    await show({ status });
    expect(texts(bench.shown, ".status")).toEqual([text]);
    expect(only<HTMLElement & { icon: string }>(bench.shown, ".status ha-icon").icon).toBe(icon);
    expect(only(bench.shown, ".invitation").getAttribute("data-status")).toBe(status === "unheard_of" ? "unknown" : status);
    const offered = all(bench.shown, ".connect").filter(isShown);
    expect(offered.map(({ classList }) => classList.contains("primary"))).toEqual(isPrimary);
  });

  test("shows a long client name in full in a tooltip", async () => {
    await show({ client_name: "A client with a long name" });
    expect(only(bench.shown, ".name").title).toBe("A client with a long name");
  });

  test("is named by its code without a client name, and says if it has neither", async () => {
    await show({ client_name: "" });
    expect([texts(bench.shown, ".name"), bench.shown.getAttribute("aria-label")]).toEqual([["No name"], "\u2066123 456 789\u2069"]);
    bench.card.remove();
    bench = new SupportBench();
    await show({ client_name: null, code: null });
    expect([texts(bench.shown, ".name"), bench.shown.getAttribute("aria-label")]).toEqual([["No name"], "No name"]);
    expect(only(bench.shown, ".name").title).toBe("");
    expect([texts(bench.shown, ".code"), texts(bench.shown, ".created"), texts(bench.shown, ".hidden")]).toEqual([[], [""], []]);
  });

  test("without a link disables the ways to share it", async () => {
    await show({ invite_url: null });
    const isDisabled = ["Copy code", "Copy link", "QR code", "Close invitation"].map(
      (name) => button(bench.shown, `${name}, Ada`).disabled,
    );
    expect(isDisabled).toEqual([false, true, true, false]);
  });
});

describe("The hint for the client", () => {
  const hint = (): string[] => texts(bench.shown, ".hint");

  test("names the address of the invite link, on any server", async () => {
    await show({ invite_url: "https://help.example.com:8443/invite/123456789" });
    expect(hint()).toEqual(["The client opens \u2066help.example.com:8443\u2069 and enters the code."]);
  });

  test.each([
    ["no link", { invite_url: null }],
    ["an invalid link", { invite_url: "invite" }],
    ["no code", { code: null }],
    ["a client who has joined", { status: "client_joined" }],
  ])("is missing with %s", async (_, change) => {
    await show(change);
    expect(hint()).toEqual([]);
  });
});

describe("Copy code", () => {
  test("copies the code without spaces, confirms it and keeps the focus", async () => {
    const written: string[] = [];
    vi.stubGlobal("navigator", { clipboard: { writeText: async (value: string) => written.push(value) } });
    const toasts = collect("hass-notification");
    await show();
    await bench.click("Copy code, Ada", bench.shown);
    expect([written, toasts]).toEqual([["123456789"], [{ message: "Code copied." }]]);
    expect(focused()).toBe(button(bench.shown, "Copy code, Ada"));
  });

  test("says what to do if the browser forbids it", async () => {
    vi.stubGlobal("navigator", {});
    document.execCommand = () => false;
    const toasts = collect("hass-notification");
    await show();
    await bench.click("Copy code, Ada", bench.shown);
    Reflect.deleteProperty(document, "execCommand");
    expect(toasts).toEqual([{ message: "The browser did not allow copying. Select the code and copy it yourself." }]);
  });
});

describe("Connect", () => {
  const SECRET = "https://getscreen.test/support/secret";

  test("opens the operator link in a new tab and shows it nowhere else", async () => {
    const { opened, tabs, visits } = watchTabs();
    bench.house.answers.get_invitation = () => ({ ...WHOLE, connect_url: SECRET });
    await show({ status: "client_joined" });
    button(bench.shown, "Connect, Ada").click();
    expect(opened).toEqual([["", "_blank"]]);
    expect(tabs[0]?.document.title).toBe("The session is about to open …");
    await flushPromises();
    await drawn(bench.card);
    expect(visits.map(({ href }) => href)).toEqual([SECRET]);
    expect(bench.house.callsOf("get_invitation").map(({ data }) => data)).toEqual([{ config_entry_id: bench.entry, invitation_id: 1 }]);
    expect(wholePage()).not.toContain("secret");
  });

  test("ignores further clicks until the link arrives, and then has the focus again", async () => {
    const { opened } = watchTabs();
    const link = defer<object>();
    bench.house.answers.get_invitation = () => link.promise;
    await show({ status: "client_joined" });
    button(bench.shown, "Connect, Ada").focus();
    // Clicked before the invitation is drawn again, and after it.
    button(bench.shown, "Connect, Ada").click();
    await bench.click("Connect, Ada", bench.shown);
    expect(button(bench.shown, "Connect, Ada").disabled).toBe(true);
    expect(button(bench.shown, "Close invitation, Ada").disabled).toBe(false);
    await bench.click("Connect, Ada", bench.shown);
    expect(opened).toHaveLength(1);
    link.resolve({ connect_url: SECRET });
    await flushPromises();
    await drawn(bench.card);
    expect(button(bench.shown, "Connect, Ada").disabled).toBe(false);
    expect(focused()).toBe(button(bench.shown, "Connect, Ada"));
  });

  test("shows the reason and closes its tab when it fails", async () => {
    const { tabs } = watchTabs();
    bench.house.answers.get_invitation = () => Promise.reject(new Error("The invitation is closed"));
    await show({ status: "client_joined" });
    await bench.click("Connect, Ada", bench.shown);
    expect([bench.messages, tabs[0]?.closed]).toEqual([["The invitation is closed"], true]);
    expect(button(bench.shown, "Connect, Ada").disabled).toBe(false);
  });
});

describe("Copy link", () => {
  test("copies the link, confirms it and keeps the focus", async () => {
    const written: string[] = [];
    vi.stubGlobal("navigator", { clipboard: { writeText: async (value: string) => written.push(value) } });
    const toasts = collect("hass-notification");
    await show();
    await bench.click("Copy link, Ada", bench.shown);
    expect([written, toasts]).toEqual([[LINK], [{ message: "Link copied." }]]);
    expect(focused()).toBe(button(bench.shown, "Copy link, Ada"));
    expect(all(bench.shown, "svg")).toEqual([]);
  });

  test("shows the link for copying by hand if the browser forbids it", async () => {
    vi.stubGlobal("navigator", {});
    document.execCommand = () => false;
    const toasts = collect("hass-notification");
    await show();
    await bench.click("Copy link, Ada", bench.shown);
    Reflect.deleteProperty(document, "execCommand");
    expect(toasts).toEqual([{ message: "The browser did not allow copying. The link is shown below the QR code." }]);
    expect(texts(bench.shown, ".link")).toEqual([LINK]);
    expect(button(bench.shown, "QR code, Ada").getAttribute("aria-expanded")).toBe("true");
  });
});

describe("QR code", () => {
  test("shows the link as a code and as text, and hides both again", async () => {
    await show();
    const toggle = button(bench.shown, "QR code, Ada");
    expect([toggle.getAttribute("aria-expanded"), texts(bench.shown, ".link"), wholePage()]).toEqual([
      "false",
      [],
      expect.not.stringContaining(LINK),
    ]);
    await bench.click("QR code, Ada", bench.shown);
    expect([toggle.getAttribute("aria-expanded"), texts(bench.shown, ".link")]).toEqual(["true", [LINK]]);
    expect(only(bench.shown, "svg").getAttribute("aria-label")).toBe("QR code of the invite link");
    await bench.click("QR code, Ada", bench.shown);
    expect([toggle.getAttribute("aria-expanded"), texts(bench.shown, ".link"), all(bench.shown, "svg")]).toEqual(["false", [], []]);
  });

  test("is the only button that expands something", async () => {
    await show();
    expect(button(bench.shown, "Copy link, Ada").hasAttribute("aria-expanded")).toBe(false);
  });
});

describe("Close invitation", () => {
  test("asks for confirmation and does nothing without an answer", async () => {
    await show();
    await bench.click("Close invitation, Ada", bench.shown);
    expect(textOf(question(bench.card) as HTMLElement)).toBe(
      "Close the invitation for Ada? Its code and link stop working, and its session ends if one is running. Cancel Close invitation",
    );
    await bench.click("Cancel", bench.card);
    expect([question(bench.card), bench.house.callsOf("close_invitation")]).toEqual([undefined, []]);
  });

  test("closes the invitation once after the confirmation", async () => {
    const answer = defer();
    bench.house.answers.close_invitation = () => answer.promise;
    await show({ status: "client_joined" });
    await bench.click("Close invitation, Ada", bench.shown);
    await bench.answer("Close invitation");
    expect(button(bench.shown, "Close invitation, Ada").disabled).toBe(true);
    expect(button(bench.shown, "Connect, Ada").disabled).toBe(false);
    await bench.click("Close invitation, Ada", bench.shown);
    expect(question(bench.card)).toBeUndefined();
    answer.resolve();
    await flushPromises();
    await drawn(bench.card);
    expect(all(bench.card, "[role=listitem]")).toEqual([]);
    expect(bench.house.callsOf("close_invitation").map(({ data }) => data)).toEqual([{ config_entry_id: bench.entry, invitation_id: 1 }]);
  });

  test("shows the reason when it fails, and can be tried again", async () => {
    bench.house.answers.close_invitation = () => Promise.reject(new Error("Try later"));
    await show();
    await bench.click("Close invitation, Ada", bench.shown);
    await bench.answer("Close invitation");
    expect(bench.messages).toEqual(["Try later"]);
    expect(button(bench.shown, "Close invitation, Ada").disabled).toBe(false);
  });

  test("closes the invitation in the account for which it was confirmed", async () => {
    await show();
    await bench.click("Close invitation, Ada", bench.shown);
    const dialog = only(bench.card, "dialog");
    bench.house.addAccount(`${bench.entry}-other`);
    bench.card.setConfig({ type: "custom:getscreen-support-card", account: `${bench.entry}-other` });
    await drawn(bench.card);
    await bench.click("Close invitation", dialog);
    expect(bench.house.callsOf("close_invitation").map(({ data }) => data)).toEqual([{ config_entry_id: bench.entry, invitation_id: 1 }]);
  });
});

describe("Share link", () => {
  const share = vi.fn<(data: ShareData) => Promise<void>>();

  /** Loads the card again, because it checks only at that time whether the browser can share links. */
  beforeEach(async () => {
    vi.resetModules();
    Object.defineProperty(navigator, "share", { configurable: true, value: share });
    const { InvitationItem } = await import("../../src/components/invitation-item.js");
    const name = `test-invitation-${bench.entry}`;
    customElements.define(name, InvitationItem);
    share.mockReset();
    await show();
    const sharing = document.createElement(name);
    Object.assign(sharing, { card: bench.card, invitation: WHOLE });
    sharing.setAttribute("role", "listitem");
    bench.shown.replaceWith(sharing);
    await drawn(bench.card);
  });

  afterEach(() => {
    Reflect.deleteProperty(navigator, "share");
  });

  test("is shown if the browser can share links, and passes on the link", async () => {
    await bench.click("Share link, Ada", bench.shown);
    expect(share.mock.calls).toEqual([[{ title: "Quick support", url: LINK }]]);
    expect(bench.messages).toEqual([]);
  });

  test("shows no message if the user cancels", async () => {
    share.mockRejectedValue(Object.assign(new Error("Cancelled"), { name: "AbortError" }));
    await bench.click("Share link, Ada", bench.shown);
    expect(bench.messages).toEqual([]);
  });

  test("shows the reason when it fails", async () => {
    share.mockRejectedValue(new Error("Not allowed"));
    await bench.click("Share link, Ada", bench.shown);
    expect(bench.messages).toEqual(["Not allowed"]);
  });
});
