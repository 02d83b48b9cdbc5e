import { LitElement } from "lit";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { HomeAssistant } from "../../src/home-assistant/types.js";
import { invitationsOf } from "../../src/state/invitations.js";
import { ListRequests } from "../../src/state/list-requests.js";
import { flushPromises, House, stopClock } from "../house.js";
import { hidePage, moveIntoView, scrollPast } from "../view.js";

/** A minimal card that shows a list. */
class TestCard extends LitElement {
  readonly changed = vi.fn();
  readonly requests = new ListRequests(this, this.changed);

  get hass(): HomeAssistant {
    return house.hass;
  }
}
customElements.define("test-list-card", TestCard);

let house: House;
let card: TestCard;
let entry: string;
let number = 0;

const requested = (): number => house.callsOf("list_invitations").length;

/** Advance the time by milliseconds. */
const pass = async (milliseconds: number): Promise<void> => {
  vi.advanceTimersByTime(milliseconds);
  await flushPromises();
};

/** Make Home Assistant notice a change of the list. */
const change = (state: string): void => {
  house.set(`account_${entry}`, "open_invitations", state);
  card.requests.check();
};

const addCard = (): TestCard => {
  const added = document.createElement("test-list-card") as TestCard;
  document.body.append(added);
  added.requests.use(invitationsOf(entry));
  return added;
};

beforeEach(() => {
  stopClock();
  number += 1;
  entry = `entry${number}`;
  house = new House().addAccount(entry);
  house.answers.list_invitations = () => ({ invitations: [] });
  card = addCard();
});

/** Show the card, and wait for its first request. */
const showFirst = async (): Promise<void> => {
  moveIntoView([card]);
  await pass(500);
};

describe("The first request", () => {
  test("waits until the card is in view and the page is built", async () => {
    await pass(60_000);
    expect(requested()).toBe(0);
    moveIntoView([card]);
    await pass(499);
    expect(requested()).toBe(0);
    await pass(1);
    expect(requested()).toBe(1);
    await pass(60_000);
    expect(requested()).toBe(1);
  });

  test("is not sent for a card that was in view for a moment", async () => {
    moveIntoView([card]);
    await pass(100);
    moveIntoView([card], false);
    await pass(60_000);
    expect(requested()).toBe(0);
    moveIntoView([card]);
    await pass(500);
    expect(requested()).toBe(1);
  });

  test("is not sent for a card that was scrolled past: the last change counts", async () => {
    scrollPast(card, true, false);
    await pass(60_000);
    expect(requested()).toBe(0);
    scrollPast(card, false, true);
    await pass(500);
    expect(requested()).toBe(1);
  });

  test("is not sent in a hidden page", async () => {
    hidePage(true);
    await showFirst();
    expect(requested()).toBe(0);
    hidePage(false);
    await pass(500);
    expect(requested()).toBe(1);
  });

  test("is not sent if the page is hidden before it", async () => {
    moveIntoView([card]);
    await pass(100);
    hidePage(true);
    await pass(60_000);
    expect(requested()).toBe(0);
  });

  test("is sent once for two cards of an account", async () => {
    const other = addCard();
    moveIntoView([card, other]);
    await pass(500);
    expect(requested()).toBe(1);
    expect([card.changed.mock.calls.length, other.changed.mock.calls.length]).toEqual([2, 2]);
  });
});

describe("Later requests", () => {
  test("are sent once for each change, after a short wait for further ones", async () => {
    await showFirst();
    change("1");
    await pass(100);
    change("2");
    await pass(149);
    expect(requested()).toBe(1);
    await pass(1);
    expect(requested()).toBe(2);
    await pass(60_000);
    expect(requested()).toBe(2);
    change("3");
    await pass(250);
    expect(requested()).toBe(3);
  });

  test("wait until the card is in view again", async () => {
    await showFirst();
    moveIntoView([card], false);
    change("1");
    await pass(60_000);
    expect(requested()).toBe(1);
    moveIntoView([card]);
    await pass(250);
    expect(requested()).toBe(2);
  });

  test("wait until the page is visible again", async () => {
    await showFirst();
    hidePage(true);
    change("1");
    await pass(60_000);
    expect(requested()).toBe(1);
    hidePage(false);
    await pass(250);
    expect(requested()).toBe(2);
  });

  test("are not sent only because the card comes into view", async () => {
    await showFirst();
    await pass(3_600_000);
    for (const isVisible of [false, true, true]) moveIntoView([card], isVisible);
    hidePage(true);
    hidePage(false);
    await pass(60_000);
    expect(requested()).toBe(1);
  });

  test("are sent when the card comes into view after a while if the account's entities are disabled", async () => {
    house.remove(`account_${entry}`);
    await showFirst();
    await pass(3_600_000);
    // A card that stays in view causes no request.
    card.requests.check();
    moveIntoView([card]);
    await pass(60_000);
    expect(requested()).toBe(1);
    moveIntoView([card], false);
    moveIntoView([card]);
    await pass(250);
    expect(requested()).toBe(2);
    await pass(3_600_000);
    hidePage(false);
    await pass(250);
    expect(requested()).toBe(3);
    await pass(3_600_000);
    card.requests.check();
    await pass(60_000);
    expect(requested()).toBe(3);
  });
});

describe("A card that leaves the page", () => {
  test("cancels its pending request and sends no other", async () => {
    moveIntoView([card]);
    await pass(100);
    card.remove();
    hidePage(false);
    await pass(60_000);
    expect([requested(), card.requests.list]).toEqual([0, undefined]);
    card.requests.use(invitationsOf(entry));
    await pass(60_000);
    expect(requested()).toBe(0);
  });

  test("sends requests again once it is back and in view", async () => {
    await showFirst();
    card.remove();
    change("1");
    document.body.append(card);
    card.requests.use(invitationsOf(entry));
    await pass(60_000);
    expect(requested()).toBe(1);
    moveIntoView([card]);
    await pass(250);
    expect(requested()).toBe(2);
  });

  test("starts its wait again if it comes back during it", async () => {
    moveIntoView([card]);
    await pass(400);
    card.remove();
    document.body.append(card);
    card.requests.use(invitationsOf(entry));
    moveIntoView([card]);
    await pass(499);
    expect(requested()).toBe(0);
    await pass(1);
    expect(requested()).toBe(1);
  });

  test("is not notified of changes", async () => {
    await showFirst();
    card.remove();
    card.changed.mockClear();
    await invitationsOf(entry).load(house.hass);
    expect(card.changed).not.toHaveBeenCalled();
  });
});

describe("Another list", () => {
  test("is requested in place of the one before, which is no longer watched", async () => {
    await showFirst();
    const before = invitationsOf(entry);
    const other = invitationsOf(`${entry}-other`);
    card.requests.use(other);
    expect(card.requests.list).toBe(other);
    await pass(500);
    expect(house.callsOf("list_invitations").map(({ data }) => data)).toEqual([
      { config_entry_id: entry },
      { config_entry_id: `${entry}-other` },
    ]);
    card.changed.mockClear();
    await before.load(house.hass);
    expect(card.changed).not.toHaveBeenCalled();
    await other.load(house.hass);
    expect(card.changed).toHaveBeenCalledTimes(2);
  });

  test("is watched once if it is chosen again", async () => {
    card.requests.use(invitationsOf(entry));
    await showFirst();
    expect(card.changed).toHaveBeenCalledTimes(2);
  });

  test("may be none", async () => {
    moveIntoView([card]);
    card.requests.use(undefined);
    await pass(60_000);
    expect(requested()).toBe(0);
  });
});

describe("Home Assistant's events", () => {
  const SUBSCRIBE = "getscreen/invitations/subscribe";

  const sendOpenCount = (count: number): void => house.connection.send(SUBSCRIBE, { open: { [entry]: count } });

  /** Show the card long enough for it to watch. */
  const watch = async (): Promise<void> => {
    await showFirst();
    await pass(500);
    sendOpenCount(0);
    expect([house.connection.open, requested()]).toEqual([[{ type: SUBSCRIBE, account: entry, watch: true }], 1]);
  };

  test("are subscribed to while the card is in view and has a list", async () => {
    await watch();
    card.requests.use(undefined);
    await flushPromises();
    expect(house.connection.open).toEqual([]);
    card.requests.use(invitationsOf(entry));
    await pass(1_000);
    hidePage(true);
    await flushPromises();
    expect([house.connection.sent.length, house.connection.open]).toEqual([2, []]);
  });

  test("stay subscribed for a moved card, and end shortly after it has left", async () => {
    await watch();
    card.remove();
    await pass(1_000);
    document.body.append(card);
    card.requests.use(invitationsOf(entry));
    moveIntoView([card]);
    await pass(60_000);
    expect([house.connection.sent.length, house.connection.open.length]).toEqual([1, 1]);
    card.remove();
    sendOpenCount(1);
    await pass(5_000);
    expect([house.connection.open, requested()]).toEqual([[], 1]);
  });

  test("cause one request for a change, shared with the states of the entities and all cards of the account", async () => {
    const other = addCard();
    moveIntoView([other]);
    await watch();
    house.answers.list_invitations = () => ({ invitations: [{ id: 1, status: "client_joined" }] });
    sendOpenCount(1);
    await pass(100);
    change("1");
    other.requests.check();
    await pass(149);
    expect(requested()).toBe(1);
    await pass(60_000);
    expect(requested()).toBe(2);
    // The same in the other order.
    change("2");
    house.answers.list_invitations = () => ({ invitations: [1, 2].map((id) => ({ id, status: "client_joined" })) });
    await pass(250);
    sendOpenCount(2);
    other.requests.check();
    await pass(60_000);
    expect(requested()).toBe(3);
    // An invitation changes, but their number does not.
    sendOpenCount(2);
    await pass(60_000);
    expect(requested()).toBe(4);
  });

  test("cause no second request if another card has just sent one", async () => {
    await watch();
    sendOpenCount(1);
    await pass(100);
    house.answers.list_invitations = () => ({ invitations: [{ id: 1, status: "client_joined" }] });
    await invitationsOf(entry).load(house.hass);
    await pass(60_000);
    expect(requested()).toBe(2);
  });

  test("are not subscribed to in a dialog, where the list is still requested", async () => {
    const dialog = document.body.appendChild(document.createElement("hui-dialog-edit-card"));
    const preview = document.createElement("test-list-card") as TestCard;
    dialog.attachShadow({ mode: "open" }).append(preview);
    preview.requests.use(invitationsOf(entry));
    moveIntoView([preview]);
    await pass(60_000);
    expect([requested(), house.connection.sent]).toEqual([1, []]);
  });
});
