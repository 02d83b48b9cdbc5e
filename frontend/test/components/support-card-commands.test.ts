import { beforeEach, describe, expect, test } from "vitest";
import { focused } from "../focus.js";
import { defer, flushPromises } from "../house.js";
import { button, drawn, only, texts } from "../mount.js";
import { watchTabs, wholePage } from "../tabs.js";
import { invitation, Office } from "./office.js";

const JOINED = { status: "client_joined" };

let office: Office;

beforeEach(() => {
  office = new Office();
});

describe("Inviting", () => {
  const submit = async (): Promise<void> => {
    const event = new Event("submit", { cancelable: true });
    only(office.card, "form").dispatchEvent(event);
    // Otherwise the browser would leave the page.
    expect(event.defaultPrevented).toBe(true);
    await flushPromises();
    await drawn(office.card);
  };

  test("creates an invitation for the typed name and reads out its code", async () => {
    office.list(invitation(1));
    office.house.answers.create_invitation = () => invitation(2, { client_name: "Ada" });
    await office.show();
    office.field.value = "  Ada ";
    await submit();
    expect(office.house.callsOf("create_invitation").map(({ data }) => data)).toEqual([
      { config_entry_id: office.entry, client_name: "Ada" },
    ]);
    expect([office.names, office.field.value]).toEqual([["Ada", "Client 1"], ""]);
    expect(office.spoken).toEqual(["The invitation is open, with the code \u20661 2 3, 4 5 6, 7 8 2\u2069."]);
  });

  test("opens the QR code of the new invitation only", async () => {
    office.list(invitation(1));
    office.house.answers.create_invitation = () => invitation(2, { client_name: "Ada" });
    await office.show();
    await submit();
    expect(texts(office.card, ".link")).toEqual(["https://getscreen.test/invite/2"]);
    expect(button(office.card, "QR code, Ada").getAttribute("aria-expanded")).toBe("true");
  });

  test("works without a code", async () => {
    office.house.answers.create_invitation = () => invitation(2, { code: null });
    await office.show();
    await submit();
    expect(office.spoken).toEqual(["The invitation is open, with the code ."]);
  });

  test("ignores further submissions until the answer: three create one invitation", async () => {
    const answer = defer<object>();
    office.house.answers.create_invitation = () => answer.promise;
    await office.show();
    await submit();
    await submit();
    await submit();
    expect(office.house.callsOf("create_invitation")).toHaveLength(1);
    expect(button(office.card, "Invite").disabled).toBe(true);
    answer.resolve(invitation(2));
    await flushPromises();
    await drawn(office.card);
    expect(button(office.card, "Invite").disabled).toBe(false);
    await submit();
    expect(office.house.callsOf("create_invitation")).toHaveLength(2);
  });

  test("shows the reason and keeps the name when it fails, and can be tried again", async () => {
    office.house.answers.create_invitation = () => Promise.reject(new Error("The plan allows no more"));
    await office.show();
    office.field.value = "Ada";
    await submit();
    expect([office.spoken, office.field.value]).toEqual([["The plan allows no more"], "Ada"]);
    expect(only(office.card, ".message").classList.contains("error")).toBe(true);
    expect(button(office.card, "Invite").disabled).toBe(false);
    office.house.answers.create_invitation = () => invitation(2);
    await submit();
    expect(office.messages).toEqual([]);
    expect(office.names).toEqual(["Client 2"]);
  });

  test("with the button returns the focus to the button", async () => {
    office.house.answers.create_invitation = () => invitation(2);
    await office.show();
    button(office.card, "Invite").focus();
    await submit();
    expect(focused()).toBe(button(office.card, "Invite"));
  });

  test("with the mouse moves no focus, because Safari does not focus a clicked button", async () => {
    office.house.answers.create_invitation = () => invitation(2);
    await office.show();
    await submit();
    expect(focused()).toBe(document.body);
  });

  test("with the Enter key keeps the focus in the field", async () => {
    office.house.answers.create_invitation = () => invitation(2);
    await office.show();
    office.field.focus();
    await submit();
    expect(focused()).toBe(office.field);
  });

  test("leaves the focus where the user has moved it before the answer", async () => {
    const answer = defer<object>();
    office.house.answers.create_invitation = () => answer.promise;
    await office.show();
    button(office.card, "Invite").focus();
    await submit();
    office.field.focus();
    answer.resolve(invitation(2));
    await flushPromises();
    await drawn(office.card);
    expect(focused()).toBe(office.field);
  });
});

describe("A failed list", () => {
  const alerts = (): string[] => texts(office.card, "[role=alert] span");

  beforeEach(() => {
    office.house.answers.list_invitations = () => Promise.reject({ code: 3 });
  });

  test("shows the reason and can be requested again with a button", async () => {
    await office.show();
    expect(alerts()).toEqual(["The connection to Home Assistant was lost. The last command may still have been carried out."]);
    expect(texts(office.card, ".none")).toEqual([]);
    const answer = defer<object>();
    office.house.answers.list_invitations = () => answer.promise;
    await office.click("Try again");
    expect(office.requests).toBe(2);
    expect(texts(office.card, ".none")).toEqual(["Loading"]);
    answer.resolve({ invitations: [invitation(1)] });
    await office.pass(0);
    expect([alerts(), office.names]).toEqual([[], ["Client 1"]]);
  });

  test("keeps the invitations that it had", async () => {
    office.list(invitation(1));
    await office.show();
    office.house.answers.list_invitations = () => Promise.reject(new Error("Down"));
    await office.notice("1");
    expect([alerts(), office.names]).toEqual([["Down"], ["Client 1"]]);
  });
});

describe("Invitations", () => {
  test("pass the focus to the card when they are closed", async () => {
    office.list(invitation(1), invitation(2));
    await office.show();
    button(office.item(1), "Close invitation, Client 1").focus();
    await office.click("Close invitation, Client 1", office.item(1));
    await office.answer("Close invitation");
    expect(office.names).toEqual(["Client 2"]);
    expect(focused()).toBe(only(office.card, ".content"));
  });

  test("pass the focus to the card when they disappear by themselves", async () => {
    office.list(invitation(1, JOINED), invitation(2, JOINED));
    await office.show();
    button(office.item(1), "Connect, Client 1").focus();
    office.list(invitation(2, JOINED));
    await office.notice("1");
    expect(focused()).toBe(only(office.card, ".content"));
  });

  test("move no focus from elsewhere when they disappear by themselves", async () => {
    office.list(invitation(1, JOINED), invitation(2, JOINED));
    await office.show();
    button(office.item(2), "Connect, Client 2").focus();
    office.list(invitation(2, JOINED));
    await office.notice("1");
    expect(focused()).toBe(button(office.item(2), "Connect, Client 2"));
  });

  test("open a link that the browser has blocked by another click, without the link in the page", async () => {
    const link = "https://getscreen.test/support/secret";
    const { opened } = watchTabs(null);
    office.list(invitation(1, JOINED));
    office.house.answers.get_invitation = () => invitation(1, { ...JOINED, connect_url: link });
    await office.show();
    button(office.item(1), "Connect, Client 1").focus();
    await office.click("Connect, Client 1", office.item(1));
    expect(texts(office.card, ".message span")).toContain("The session is ready. It opens in the browser.");
    expect(only(office.card, ".message").classList.contains("error")).toBe(false);
    expect(focused()).toBe(button(office.card, "Open"));
    expect(wholePage()).not.toContain("secret");
    await office.click("Open");
    expect(opened.slice(1)).toEqual([[link, "_blank", "noopener,noreferrer"]]);
    expect(office.messages).toEqual([]);
    expect(focused()).toBe(button(office.item(1), "Connect, Client 1"));
  });

  test("pass the focus to the card when they leave with a blocked link", async () => {
    watchTabs(null);
    office.list(invitation(1, JOINED));
    office.house.answers.get_invitation = () => invitation(1, { ...JOINED, connect_url: "https://getscreen.test/" });
    await office.show();
    await office.click("Connect, Client 1", office.item(1));
    office.list();
    await office.notice("1");
    expect(office.names).toEqual([]);
    await office.click("Open");
    expect(focused()).toBe(only(office.card, ".content"));
  });

  test("move to the top and keep the focus when a client waits", async () => {
    office.list(invitation(1), invitation(2), invitation(3));
    await office.show();
    button(office.item(1), "Copy code, Client 1").focus();
    office.list(invitation(1, JOINED), invitation(2), invitation(3));
    await office.notice("2");
    expect(office.names).toEqual(["Client 1", "Client 3", "Client 2"]);
    expect(focused()).toBe(button(office.item(1), "Copy code, Client 1"));
  });

  test("are read out when a client joins", async () => {
    office.list(invitation(1), invitation(2, JOINED));
    await office.show();
    expect(office.spoken).toEqual([]);
    office.list(invitation(1, JOINED), invitation(2, JOINED));
    await office.notice("2");
    expect(office.spoken).toEqual(["Client 1 has joined and is waiting for you."]);
  });
});
