import { beforeEach, describe, expect, test } from "vitest";
import { focused } from "../focus.js";
import { defer, flushPromises } from "../house.js";
import { button, drawn, only, texts } from "../mount.js";
import { watchTabs, wholePage } from "../tabs.js";
import { invitation, SupportBench } from "./support-bench.js";

const JOINED = { status: "client_joined" };

let bench: SupportBench;

beforeEach(() => {
  bench = new SupportBench();
});

describe("Inviting", () => {
  const submit = async (): Promise<void> => {
    const event = new Event("submit", { cancelable: true });
    only(bench.card, "form").dispatchEvent(event);
    // Otherwise the browser would leave the page.
    expect(event.defaultPrevented).toBe(true);
    await flushPromises();
    await drawn(bench.card);
  };

  test("creates an invitation for the typed name and reads out its code", async () => {
    bench.list(invitation(1));
    bench.house.answers.create_invitation = () => invitation(2, { client_name: "Ada" });
    await bench.show();
    bench.field.value = "  Ada ";
    await submit();
    expect(bench.house.callsOf("create_invitation").map(({ data }) => data)).toEqual([
      { config_entry_id: bench.entry, client_name: "Ada" },
    ]);
    expect([bench.names, bench.field.value]).toEqual([["Ada", "Client 1"], ""]);
    expect(bench.spoken).toEqual(["The invitation is open, with the code \u20661 2 3, 4 5 6, 7 8 2\u2069."]);
  });

  test("opens the QR code of the new invitation only", async () => {
    bench.list(invitation(1));
    bench.house.answers.create_invitation = () => invitation(2, { client_name: "Ada" });
    await bench.show();
    await submit();
    expect(texts(bench.card, ".link")).toEqual(["https://getscreen.test/invite/2"]);
    expect(button(bench.card, "QR code, Ada").getAttribute("aria-expanded")).toBe("true");
  });

  test("works without a code", async () => {
    bench.house.answers.create_invitation = () => invitation(2, { code: null });
    await bench.show();
    await submit();
    expect(bench.spoken).toEqual(["The invitation is open, with the code ."]);
  });

  test("ignores further submissions until the answer: three create one invitation", async () => {
    const answer = defer<object>();
    bench.house.answers.create_invitation = () => answer.promise;
    await bench.show();
    await submit();
    await submit();
    await submit();
    expect(bench.house.callsOf("create_invitation")).toHaveLength(1);
    expect(button(bench.card, "Invite").disabled).toBe(true);
    answer.resolve(invitation(2));
    await flushPromises();
    await drawn(bench.card);
    expect(button(bench.card, "Invite").disabled).toBe(false);
    await submit();
    expect(bench.house.callsOf("create_invitation")).toHaveLength(2);
  });

  test("shows the reason and keeps the name when it fails, and can be tried again", async () => {
    bench.house.answers.create_invitation = () => Promise.reject(new Error("The plan allows no more"));
    await bench.show();
    bench.field.value = "Ada";
    await submit();
    expect([bench.spoken, bench.field.value]).toEqual([["The plan allows no more"], "Ada"]);
    expect(only(bench.card, ".message").classList.contains("error")).toBe(true);
    expect(button(bench.card, "Invite").disabled).toBe(false);
    bench.house.answers.create_invitation = () => invitation(2);
    await submit();
    expect(bench.messages).toEqual([]);
    expect(bench.names).toEqual(["Client 2"]);
  });

  test("with the button returns the focus to the button", async () => {
    bench.house.answers.create_invitation = () => invitation(2);
    await bench.show();
    button(bench.card, "Invite").focus();
    await submit();
    expect(focused()).toBe(button(bench.card, "Invite"));
  });

  test("with the mouse moves no focus, because Safari does not focus a clicked button", async () => {
    bench.house.answers.create_invitation = () => invitation(2);
    await bench.show();
    await submit();
    expect(focused()).toBe(document.body);
  });

  test("with the Enter key keeps the focus in the field", async () => {
    bench.house.answers.create_invitation = () => invitation(2);
    await bench.show();
    bench.field.focus();
    await submit();
    expect(focused()).toBe(bench.field);
  });

  test("leaves the focus where the user has moved it before the answer", async () => {
    const answer = defer<object>();
    bench.house.answers.create_invitation = () => answer.promise;
    await bench.show();
    button(bench.card, "Invite").focus();
    await submit();
    bench.field.focus();
    answer.resolve(invitation(2));
    await flushPromises();
    await drawn(bench.card);
    expect(focused()).toBe(bench.field);
  });
});

describe("A failed list", () => {
  const alerts = (): string[] => texts(bench.card, "[role=alert] span");

  beforeEach(() => {
    bench.house.answers.list_invitations = () => Promise.reject({ code: 3 });
  });

  test("shows the reason and can be requested again with a button", async () => {
    await bench.show();
    expect(alerts()).toEqual(["The connection to Home Assistant was lost. The last command may still have been carried out."]);
    expect(texts(bench.card, ".none")).toEqual([]);
    const answer = defer<object>();
    bench.house.answers.list_invitations = () => answer.promise;
    await bench.click("Try again");
    expect(bench.requests).toBe(2);
    expect(texts(bench.card, ".none")).toEqual(["Loading"]);
    answer.resolve({ invitations: [invitation(1)] });
    await bench.pass(0);
    expect([alerts(), bench.names]).toEqual([[], ["Client 1"]]);
  });

  test("keeps the invitations that it had", async () => {
    bench.list(invitation(1));
    await bench.show();
    bench.house.answers.list_invitations = () => Promise.reject(new Error("Down"));
    await bench.notice("1");
    expect([alerts(), bench.names]).toEqual([["Down"], ["Client 1"]]);
  });
});

describe("Invitations", () => {
  test("pass the focus to the card when they are closed", async () => {
    bench.list(invitation(1), invitation(2));
    await bench.show();
    button(bench.item(1), "Close invitation, Client 1").focus();
    await bench.click("Close invitation, Client 1", bench.item(1));
    await bench.answer("Close invitation");
    expect(bench.names).toEqual(["Client 2"]);
    expect(focused()).toBe(only(bench.card, ".content"));
  });

  test("pass the focus to the card when they disappear by themselves", async () => {
    bench.list(invitation(1, JOINED), invitation(2, JOINED));
    await bench.show();
    button(bench.item(1), "Connect, Client 1").focus();
    bench.list(invitation(2, JOINED));
    await bench.notice("1");
    expect(focused()).toBe(only(bench.card, ".content"));
  });

  test("move no focus from elsewhere when they disappear by themselves", async () => {
    bench.list(invitation(1, JOINED), invitation(2, JOINED));
    await bench.show();
    button(bench.item(2), "Connect, Client 2").focus();
    bench.list(invitation(2, JOINED));
    await bench.notice("1");
    expect(focused()).toBe(button(bench.item(2), "Connect, Client 2"));
  });

  test("open a link that the browser has blocked by another click, without the link in the page", async () => {
    const link = "https://getscreen.test/support/secret";
    const { opened } = watchTabs(null);
    bench.list(invitation(1, JOINED));
    bench.house.answers.get_invitation = () => invitation(1, { ...JOINED, connect_url: link });
    await bench.show();
    button(bench.item(1), "Connect, Client 1").focus();
    await bench.click("Connect, Client 1", bench.item(1));
    expect(texts(bench.card, ".message span")).toContain("The session is ready. It opens in the browser.");
    expect(only(bench.card, ".message").classList.contains("error")).toBe(false);
    expect(focused()).toBe(button(bench.card, "Open"));
    expect(wholePage()).not.toContain("secret");
    await bench.click("Open");
    expect(opened.slice(1)).toEqual([[link, "_blank", "noopener,noreferrer"]]);
    expect(bench.messages).toEqual([]);
    expect(focused()).toBe(button(bench.item(1), "Connect, Client 1"));
  });

  test("pass the focus to the card when they leave with a blocked link", async () => {
    watchTabs(null);
    bench.list(invitation(1, JOINED));
    bench.house.answers.get_invitation = () => invitation(1, { ...JOINED, connect_url: "https://getscreen.test/" });
    await bench.show();
    await bench.click("Connect, Client 1", bench.item(1));
    bench.list();
    await bench.notice("1");
    expect(bench.names).toEqual([]);
    await bench.click("Open");
    expect(focused()).toBe(only(bench.card, ".content"));
  });

  test("move to the top and keep the focus when a client waits", async () => {
    bench.list(invitation(1), invitation(2), invitation(3));
    await bench.show();
    button(bench.item(1), "Copy code, Client 1").focus();
    bench.list(invitation(1, JOINED), invitation(2), invitation(3));
    await bench.notice("2");
    expect(bench.names).toEqual(["Client 1", "Client 3", "Client 2"]);
    expect(focused()).toBe(button(bench.item(1), "Copy code, Client 1"));
  });

  test("are read out when a client joins", async () => {
    bench.list(invitation(1), invitation(2, JOINED));
    await bench.show();
    expect(bench.spoken).toEqual([]);
    bench.list(invitation(1, JOINED), invitation(2, JOINED));
    await bench.notice("2");
    expect(bench.spoken).toEqual(["Client 1 has joined and is waiting for you."]);
  });
});
