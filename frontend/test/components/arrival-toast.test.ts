import { beforeEach, describe, expect, test } from "vitest";
import { flushPromises } from "../house.js";
import { button, collect, drawn, mount, question, textOf } from "../mount.js";
import { watchTabs, wholePage } from "../tabs.js";
import { invitation, SupportBench } from "./support-bench.js";

interface Toast {
  message: string;
  duration?: number;
  action?: { text: string; action: () => void };
}

const LINK = "https://getscreen.test/support/secret";

let bench: SupportBench;
let toasts: Toast[];

/** Make a client join while the card is out of view. */
const join = async (change: object = {}): Promise<void> => {
  bench.card = await mount("getscreen-support-card", bench.house);
  await bench.pass(1_000);
  const { connection } = bench.house;
  connection.send("getscreen/invitations/subscribe", { open: { [bench.entry]: 0 } });
  bench.list(invitation(1, { status: "client_joined", ...change }));
  connection.send("getscreen/invitations/subscribe", { open: { [bench.entry]: 1 } });
  await bench.pass(250);
};

const click = async (): Promise<void> => {
  toasts[0]?.action?.action();
  await flushPromises();
  await drawn(bench.card);
};

beforeEach(() => {
  bench = new SupportBench();
  toasts = collect<Toast>("hass-notification");
  bench.house.answers.get_invitation = () => invitation(1, { connect_url: LINK });
});

describe("A client who joins", () => {
  test("is announced in a toast with a button, and read out by the card", async () => {
    await join();
    expect(toasts).toMatchObject([
      { message: "Client 1 has joined and is waiting for you.", duration: 30_000, action: { text: "Connect" } },
    ]);
    expect(bench.spoken).toEqual(["Client 1 has joined and is waiting for you."]);
  });

  test("is named by the code if the client has no name", async () => {
    await join({ client_name: "", code: "123456789" });
    expect(toasts.map(({ message }) => message)).toEqual([
      "The client with the code \u2066123 456 789\u2069 has joined and is waiting for you.",
    ]);
  });
});

describe("The toast's button", () => {
  test("opens the tab within the click and then the session in it, without the link in the page", async () => {
    const { opened, visits } = watchTabs();
    await join();
    toasts[0]?.action?.action();
    expect(opened).toEqual([["", "_blank"]]);
    await flushPromises();
    expect(visits.map(({ href }) => href)).toEqual([LINK]);
    expect(bench.house.callsOf("get_invitation").map(({ data }) => data)).toEqual([{ config_entry_id: bench.entry, invitation_id: 1 }]);
    expect(wholePage()).not.toContain("secret");
  });

  test("offers the session by a second click in a card of the page if the browser opens no tab", async () => {
    const { opened } = watchTabs(null);
    await join();
    const other = await mount("getscreen-support-card", bench.house);
    bench.card.remove();
    bench.card = other;
    await click();
    expect(textOf(question(other) as HTMLElement)).toBe("Client 1 is ready The session opens in the browser. Cancel Connect");
    expect(wholePage()).not.toContain("secret");
    button(question(other) as HTMLElement, "Connect").click();
    expect(opened.slice(1)).toEqual([[LINK, "_blank", "noopener,noreferrer"]]);
  });

  test("shows the reason if connecting fails", async () => {
    const { tabs } = watchTabs();
    bench.house.answers.get_invitation = () => Promise.reject(new Error("The invitation is closed"));
    await join();
    await click();
    expect([toasts[1], tabs[0]?.closed]).toEqual([{ message: "The invitation is closed" }, true]);
  });
});
