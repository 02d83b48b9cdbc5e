import { LitElement } from "lit";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { HomeAssistant } from "../../src/home-assistant/types.js";
import { type Arrival, Arrivals } from "../../src/state/arrivals.js";
import { invitationsOf } from "../../src/state/invitations.js";
import { flushPromises, House, stopClock } from "../house.js";
import { hidePage } from "../view.js";

const TYPE = "getscreen/invitations/subscribe";

/** A card that reports who has joined. */
class Host extends LitElement {
  hass!: HomeAssistant;
  readonly reported: string[] = [];
  readonly arrivals = new Arrivals(this, ({ invitation, invitations }: Arrival) =>
    this.reported.push(`${invitation.client_name} at ${invitations.entryId.replace(/\d+$/, "")}`),
  );
}
customElements.define("test-arrivals-host", Host);

let number = 0;
let entry: string;
let house: House;
let lists: Record<string, object[]>;

/** Each test has its own accounts, because the page shares the lists of an account. */
beforeEach(() => {
  stopClock();
  number += 1;
  entry = `office${number}`;
  house = new House().addAccount(entry, { devices: "1" });
  lists = {};
  house.answers.list_invitations = (data) => ({ invitations: lists[(data as { config_entry_id: string }).config_entry_id] ?? [] });
});

const invitation = (id: number, status = "client_joined") => ({ id, status, client_name: `Client ${id}` });

const mount = async (place: ParentNode = document.body): Promise<Host> => {
  const host = document.createElement("test-arrivals-host") as Host;
  host.hass = house.hass;
  place.append(host);
  await flushPromises();
  return host;
};

const pass = async (milliseconds: number): Promise<void> => {
  vi.advanceTimersByTime(milliseconds);
  await flushPromises();
};

/** Make Home Assistant send the number of open invitations. */
const sendOpenCounts = async (open: Record<string, number | null>): Promise<void> => {
  const before = house.connection.open.length;
  house.connection.send(TYPE, { open });
  await flushPromises();
  // The first event of a new subscription contains the current state.
  if (house.connection.open.length > before) house.connection.send(TYPE, { open });
  await pass(250);
};

/** Change the list of the account, and make Home Assistant send the number of open invitations. */
const list = async (...invitations: object[]): Promise<void> => {
  lists[entry] = invitations;
  await sendOpenCounts({ [entry]: invitations.length });
};

const requests = (): number => house.callsOf("list_invitations").length;

describe("A client who joins", () => {
  test("is noticed once, whatever the client does afterwards", async () => {
    const host = await mount();
    await pass(1_000);
    await list(invitation(1, "waiting_for_client"));
    expect(host.reported).toEqual([]);
    await list(invitation(1));
    expect(host.reported).toEqual(["Client 1 at office"]);
    await list(invitation(1, "active"));
    await list(invitation(1));
    expect(host.reported).toEqual(["Client 1 at office"]);
  });

  test("is noticed by one card of the page, and by another one after that has left", async () => {
    const [first, second] = [await mount(), await mount()];
    await pass(1_000);
    await sendOpenCounts({ [entry]: 0 });
    await list(invitation(1));
    first.remove();
    await list(invitation(1), invitation(2));
    expect([first.reported, second.reported]).toEqual([["Client 1 at office"], ["Client 2 at office"]]);
    expect(first.arrivals.hostInPage).toBe(second);
    expect(second.arrivals.hostInPage).toBe(second);
  });

  test("is noticed by the next card between two views", async () => {
    const first = await mount();
    await pass(1_000);
    await list(invitation(1, "waiting_for_client"));
    lists[entry] = [invitation(1)];
    house.connection.send(TYPE, { open: { [entry]: 1 } });
    vi.advanceTimersByTime(250);
    first.remove();
    await flushPromises();
    expect([first.reported, (await mount()).reported]).toEqual([[], ["Client 1 at office"]]);
  });

  test("is not announced if that was before the page was opened", async () => {
    const host = await mount();
    await pass(1_000);
    await list(invitation(1), invitation(2, "waiting_for_client"));
    expect(host.reported).toEqual([]);
    await list(invitation(1), invitation(2));
    expect(host.reported).toEqual(["Client 2 at office"]);
  });

  test("is announced in the page's first list if the page has created the invitation", async () => {
    const host = await mount();
    lists[entry] = [invitation(1), invitation(2)];
    house.answers.create_invitation = () => invitation(1, "waiting_for_client");
    await invitationsOf(entry).create(house.hass, "Client 1");
    await pass(1_000);
    await sendOpenCounts({ [entry]: 2 });
    expect(host.reported).toEqual(["Client 1 at office"]);
  });

  test("is announced if no invitation was open before, even if the list was never requested", async () => {
    const host = await mount();
    await pass(1_000);
    await sendOpenCounts({ [entry]: 0 });
    expect(requests()).toBe(0);
    await list(invitation(1));
    expect(host.reported).toEqual(["Client 1 at office"]);
  });

  test("is noticed if a card requests the list before the page is followed", async () => {
    const host = await mount();
    const invitations = invitationsOf(entry);
    lists[entry] = [invitation(1, "waiting_for_client")];
    await invitations.load(house.hass);
    lists[entry] = [invitation(1)];
    await invitations.load(house.hass);
    await pass(1_000);
    expect(host.reported).toEqual([]);
    await sendOpenCounts({ [entry]: 1 });
    expect(host.reported).toEqual(["Client 1 at office"]);
  });

  test("is noticed in each account", async () => {
    const other = `shop${number}`;
    house.addAccount(other, {});
    const host = await mount();
    await pass(1_000);
    await sendOpenCounts({ [entry]: 0, [other]: 0 });
    Object.assign(lists, { [entry]: [invitation(1)], [other]: [invitation(1)] });
    await sendOpenCounts({ [entry]: 1, [other]: 1 });
    expect(host.reported).toEqual(["Client 1 at office", "Client 1 at shop"]);
  });

  test("is noticed when the page is visible again after being hidden", async () => {
    const host = await mount();
    await pass(1_000);
    await list(invitation(1, "waiting_for_client"));
    hidePage(true);
    lists[entry] = [invitation(1)];
    await pass(120_000);
    expect([host.reported, house.connection.open]).toEqual([[], []]);
    hidePage(false);
    await pass(1_000);
    await sendOpenCounts({ [entry]: 1 });
    expect(host.reported).toEqual(["Client 1 at office"]);
  });
});

describe("Home Assistant", () => {
  const base = { type: TYPE };
  const watching = (): object => ({ type: TYPE, account: entry, watch: true });

  test("gets one subscription for all cards, and a watch only while an invitation is open", async () => {
    await mount();
    await mount();
    expect(house.connection.sent).toEqual([]);
    await pass(1_000);
    expect(house.connection.open).toEqual([base]);
    await sendOpenCounts({ [entry]: 0 });
    expect(house.connection.open).toEqual([base]);
    await list(invitation(1));
    expect(house.connection.open).toEqual([base, watching()]);
    await sendOpenCounts({ [entry]: null });
    expect(house.connection.open).toEqual([base, watching()]);
    await sendOpenCounts({ [entry]: 0 });
    expect(house.connection.open).toEqual([base]);
  });

  test("is unsubscribed from after the last card has left, but not between two views", async () => {
    const host = await mount();
    await pass(1_000);
    await list(invitation(1));
    host.remove();
    await pass(4_000);
    const next = await mount();
    await pass(60_000);
    expect(house.connection.sent).toHaveLength(2);
    next.remove();
    await pass(5_000);
    expect(house.connection.open).toEqual([]);
  });

  test("gets no subscription without an account, in the card picker or before it is known", async () => {
    house = new House();
    const host = await mount();
    const picker = document.body.appendChild(document.createElement("hui-card-picker"));
    await mount(picker.attachShadow({ mode: "open" }));
    document.body.append(document.createElement("test-arrivals-host"));
    await pass(60_000);
    expect(house.connection.sent).toEqual([]);
    host.hass = house.addAccount(entry).hass;
    host.requestUpdate();
    await flushPromises();
    await pass(1_000);
    expect(house.connection.sent).toEqual([base]);
  });

  test("gets one subscription from a user without permission, and no list is requested", async () => {
    house.connection.answer = () => Promise.reject({ code: "unauthorized" });
    await mount();
    await pass(1_000_000);
    expect([house.connection.sent, requests()]).toEqual([[base], 0]);
  });
});

describe("The list", () => {
  test("is requested once for several changes, and rarely when the page is hidden and shown", async () => {
    await mount();
    await pass(1_000);
    await list(invitation(1));
    expect(requests()).toBe(1);
    for (let change = 0; change < 5; change++) house.connection.send(TYPE, { open: { [entry]: 1 } });
    await pass(250);
    expect(requests()).toBe(2);
    for (let round = 0; round < 5; round++) {
      hidePage(true);
      hidePage(false);
      await pass(1_000);
      await sendOpenCounts({ [entry]: 1 });
    }
    // The list is only five seconds old.
    expect(requests()).toBe(2);
    hidePage(true);
    await pass(10_000);
    hidePage(false);
    await pass(1_000);
    await sendOpenCounts({ [entry]: 1 });
    expect(requests()).toBe(3);
  });

  test("is not requested repeatedly after a failure", async () => {
    house.answers.list_invitations = () => Promise.reject(new Error("Down"));
    await mount();
    await pass(1_000);
    await sendOpenCounts({ [entry]: 1 });
    await pass(600_000);
    expect(requests()).toBe(1);
  });
});
