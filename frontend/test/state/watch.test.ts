import { LitElement } from "lit";
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { HomeAssistant } from "../../src/home-assistant/types.js";
import { Watch, type WatchMessage } from "../../src/state/watch.js";
import { flushPromises, House, stopClock } from "../house.js";
import { hidePage, moveIntoView } from "../view.js";

const COMPUTERS: WatchMessage = { type: "getscreen/computers/watch", account: "entry" };
const ALL: WatchMessage = { type: "getscreen/computers/watch" };

/** A minimal card that watches. */
class TestCard extends LitElement {
  readonly onEvent = vi.fn();
  readonly watch = new Watch(this, this.onEvent);

  get hass(): HomeAssistant {
    return house.hass;
  }
}
customElements.define("test-watch-card", TestCard);

/** A card that watches but does not use the events. */
class CardWithoutListener extends LitElement {
  readonly watch = new Watch(this);

  get hass(): HomeAssistant {
    return house.hass;
  }
}
customElements.define("test-silent-card", CardWithoutListener);

let house: House;
let card: TestCard;

/** Advance the time by milliseconds. */
const pass = async (milliseconds: number): Promise<void> => {
  vi.advanceTimersByTime(milliseconds);
  await flushPromises();
};

const addCard = (): TestCard => {
  const added = document.body.appendChild(document.createElement("test-watch-card") as TestCard);
  added.watch.use({ ...COMPUTERS });
  return added;
};

/** Bring the card into view long enough for it to watch. */
const show = async (): Promise<void> => {
  moveIntoView([card]);
  await pass(1_000);
  expect(house.connection.open).toEqual([COMPUTERS]);
};

beforeEach(() => {
  stopClock();
  house = new House();
  card = addCard();
});

describe("A watch begins", () => {
  test("once the card has been in view for a second", async () => {
    await pass(60_000);
    expect(house.connection.sent).toEqual([]);
    moveIntoView([card]);
    await pass(999);
    expect(house.connection.sent).toEqual([]);
    await pass(1);
    await pass(3_600_000);
    expect([house.connection.sent, house.connection.open]).toEqual([[COMPUTERS], [COMPUTERS]]);
  });

  test("not for a card that was in view for a moment", async () => {
    for (let round = 0; round < 3; round++) {
      moveIntoView([card]);
      await pass(900);
      moveIntoView([card], false);
      await pass(round * 1_000);
    }
    expect(house.connection.sent).toEqual([]);
  });

  test("not in a hidden page, nor if the page is hidden before it begins", async () => {
    hidePage(true);
    moveIntoView([card]);
    await pass(60_000);
    hidePage(false);
    await pass(900);
    hidePage(true);
    await pass(60_000);
    expect(house.connection.sent).toEqual([]);
    hidePage(false);
    await pass(1_000);
    expect(house.connection.open).toEqual([COMPUTERS]);
  });

  test("not for a card that has left the page", async () => {
    moveIntoView([card]);
    await pass(900);
    card.remove();
    await pass(60_000);
    card.watch.use(ALL);
    await pass(60_000);
    expect(house.connection.sent).toEqual([]);
  });

  test("when there is something to watch", async () => {
    card.watch.use(undefined);
    moveIntoView([card]);
    await pass(60_000);
    expect(house.connection.sent).toEqual([]);
    card.watch.use(ALL);
    await pass(1_000);
    expect(house.connection.open).toEqual([ALL]);
  });
});

describe("A watch ends", () => {
  test("five seconds after the card was scrolled away", async () => {
    await show();
    moveIntoView([card], false);
    await pass(4_999);
    expect(house.connection.open).toEqual([COMPUTERS]);
    await pass(1);
    expect(house.connection.open).toEqual([]);
    moveIntoView([card]);
    await pass(1_000);
    expect([house.connection.sent.length, house.connection.open]).toEqual([2, [COMPUTERS]]);
  });

  test("not for a card that is back in time", async () => {
    await show();
    for (let round = 0; round < 3; round++) {
      moveIntoView([card], false);
      await pass(4_000);
      moveIntoView([card]);
      await pass(4_000);
    }
    await pass(60_000);
    expect([house.connection.sent.length, house.connection.open]).toEqual([1, [COMPUTERS]]);
  });

  test("at once when the page is hidden, even while it waits after a scroll", async () => {
    await show();
    hidePage(true);
    await flushPromises();
    expect(house.connection.open).toEqual([]);
    hidePage(false);
    await pass(1_000);
    expect(house.connection.open).toEqual([COMPUTERS]);
    moveIntoView([card], false);
    await pass(1_000);
    hidePage(true);
    await flushPromises();
    expect(house.connection.open).toEqual([]);
    hidePage(false);
    await pass(60_000);
    expect(house.connection.sent).toHaveLength(2);
  });

  test("five seconds after the card has left the page, but not if it was moved", async () => {
    await show();
    card.remove();
    await pass(1_000);
    document.body.append(card);
    moveIntoView([card]);
    await pass(60_000);
    expect([house.connection.sent.length, house.connection.open]).toEqual([1, [COMPUTERS]]);
    card.remove();
    await pass(5_000);
    expect(house.connection.open).toEqual([]);
  });

  test("at once when there is nothing left to watch", async () => {
    await show();
    card.watch.use(undefined);
    await flushPromises();
    expect(house.connection.open).toEqual([]);
    await pass(60_000);
    expect(house.connection.sent).toHaveLength(1);
  });
});

describe("Cards with the same message", () => {
  test("share a subscription", async () => {
    const cards = [card, ...Array.from({ length: 29 }, addCard)];
    moveIntoView(cards);
    await pass(1_000);
    expect(house.connection.sent).toEqual([COMPUTERS]);
    moveIntoView(cards.slice(1), false);
    await pass(60_000);
    expect(house.connection.open).toEqual([COMPUTERS]);
    moveIntoView([card], false);
    await pass(5_000);
    expect([house.connection.sent.length, house.connection.open]).toEqual([1, []]);
  });

  test("keep the subscription from one view of a dashboard to the next", async () => {
    await show();
    card.remove();
    moveIntoView([addCard()]);
    await pass(60_000);
    expect([house.connection.sent.length, house.connection.open]).toEqual([1, [COMPUTERS]]);
  });
});

describe("Another message", () => {
  test("replaces the one before", async () => {
    await show();
    card.watch.use(ALL);
    await flushPromises();
    expect(house.connection.open).toEqual([]);
    await pass(1_000);
    expect([house.connection.sent, house.connection.open]).toEqual([[COMPUTERS, ALL], [ALL]]);
  });

  test("changes nothing if it is equal", async () => {
    moveIntoView([card]);
    await pass(900);
    card.watch.use({ ...COMPUTERS });
    await pass(100);
    expect(house.connection.open).toEqual([COMPUTERS]);
    card.watch.use({ ...COMPUTERS });
    await pass(60_000);
    expect([house.connection.sent.length, house.connection.open]).toEqual([1, [COMPUTERS]]);
  });
});

describe("The events of a watch", () => {
  test("are delivered to the card while it watches", async () => {
    await show();
    house.connection.send(COMPUTERS.type, { computers: [] });
    expect(card.onEvent.mock.calls).toEqual([[{ computers: [] }, true]]);
    hidePage(true);
    house.connection.send(COMPUTERS.type, { computers: [] });
    expect(card.onEvent).toHaveBeenCalledTimes(1);
  });

  test("may be ignored by the card", async () => {
    const silent = document.body.appendChild(document.createElement("test-silent-card") as CardWithoutListener);
    silent.watch.use(ALL);
    moveIntoView([silent]);
    await pass(1_000);
    house.connection.send(ALL.type, { computers: [] });
    expect(house.connection.open).toEqual([ALL]);
  });
});
