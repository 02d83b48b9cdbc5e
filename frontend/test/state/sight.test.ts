import { LitElement } from "lit";
import { beforeEach, expect, test } from "vitest";
import { Sight } from "../../src/state/sight.js";
import { hidePage, isObserved, moveIntoView, scrollPast } from "../view.js";

/** A minimal card. */
class TestCard extends LitElement {
  readonly reported: boolean[] = [];
  readonly sight = new Sight(this, () => this.reported.push(this.sight.isVisible));
}
customElements.define("test-sight-card", TestCard);

let card: TestCard;

beforeEach(() => {
  card = document.body.appendChild(document.createElement("test-sight-card") as TestCard);
});

test("A card is seen while it is in view, and notifies of changes", () => {
  expect([card.sight.isVisible, card.reported]).toEqual([false, []]);
  for (const isVisible of [false, true, true, false]) moveIntoView([card], isVisible);
  expect(card.reported).toEqual([true, false]);
});

test("The last of several simultaneous changes counts", () => {
  scrollPast(card, true, false);
  expect(card.reported).toEqual([]);
  scrollPast(card, false, true);
  expect(card.reported).toEqual([true]);
  scrollPast(card);
  expect(card.reported).toEqual([true, false]);
});

test("A card is not seen while the page is hidden", () => {
  moveIntoView([card]);
  hidePage(true);
  hidePage(false);
  expect(card.reported).toEqual([true, false, true]);
});

test("A card that has left the page is seen again once it is back and in view", () => {
  moveIntoView([card]);
  card.remove();
  expect([card.reported, isObserved(card)]).toEqual([[true, false], false]);
  hidePage(true);
  hidePage(false);
  document.body.append(card);
  expect([card.reported, card.sight.isVisible]).toEqual([[true, false], false]);
  moveIntoView([card]);
  expect(card.reported).toEqual([true, false, true]);
});
