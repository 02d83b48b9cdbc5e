import type { ReactiveController } from "lit";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { LongPress } from "../../src/components/long-press.js";
import { stopClock } from "../house.js";
import { all, only } from "../mount.js";
import { ComputersBench } from "./computers-bench.js";

let host: HTMLElement;
let node: HTMLElement;
let card: ReactiveController;
let onHold: ReturnType<typeof vi.fn<(path: EventTarget[]) => void>>;
let clicks: number;

beforeEach(() => {
  stopClock();
  host = document.body.appendChild(document.createElement("div"));
  node = host.appendChild(document.createElement("button"));
  clicks = 0;
  node.addEventListener("click", () => {
    clicks += 1;
  });
  onHold = vi.fn();
  new LongPress(Object.assign(host, { addController: (controller: ReactiveController) => (card = controller) }) as never, onHold);
});

const point = (type: string, init: PointerEventInit = {}, target: Element = node): void => {
  const all = { pointerType: "touch", bubbles: true, composed: true, cancelable: true, clientX: 100, clientY: 100, ...init };
  target.dispatchEvent(new PointerEvent(type, all));
};

const hold = (milliseconds: number): unknown => vi.advanceTimersByTime(milliseconds);

/** Return whether the browser opens its own menu. */
const opensMenu = (): boolean => node.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true }));

describe("A long press", () => {
  test("calls back with its position after half a second, and the following click is dropped", () => {
    point("pointerdown");
    hold(499);
    expect(onHold).not.toHaveBeenCalled();
    hold(1);
    expect(onHold.mock.calls[0]?.[0].slice(0, 2)).toEqual([node, host]);
    expect(opensMenu()).toBe(false);
    point("pointerup");
    node.click();
    expect(clicks).toBe(0);
    // The next click is not suppressed.
    node.click();
    expect([clicks, opensMenu()]).toEqual([1, true]);
  });

  test("without a following click does not affect the next click", () => {
    point("pointerdown");
    hold(500);
    point("pointerup");
    point("pointerdown");
    point("pointerup");
    node.click();
    expect(clicks).toBe(1);
  });

  test("tolerates small movements", () => {
    point("pointerdown");
    point("pointermove", { clientX: 106, clientY: 108 });
    hold(500);
    expect(onHold).toHaveBeenCalledOnce();
  });

  test.each<[string, string, PointerEventInit]>([
    ["scrolls", "pointermove", { clientY: 111 }],
    ["goes aside", "pointermove", { clientX: 89 }],
    ["is lifted", "pointerup", {}],
    ["is taken over by the browser", "pointercancel", {}],
  ])("is none if the finger %s: no callback, and the click counts", (_, type, init) => {
    point("pointerdown");
    hold(499);
    point(type, init);
    hold(1_000);
    node.click();
    expect([onHold.mock.calls.length, clicks]).toEqual([0, 1]);
  });

  test("does not call back twice with a second finger, as in a zoom gesture", () => {
    point("pointerdown");
    point("pointerdown", { clientX: 200 });
    point("pointercancel");
    hold(1_000);
    expect(onHold).not.toHaveBeenCalled();
  });

  test("is cancelled when the list leaves the page", () => {
    point("pointerdown");
    card.hostDisconnected?.();
    hold(1_000);
    expect(onHold).not.toHaveBeenCalled();
  });
});

test("A mouse causes no long press", () => {
  point("pointerdown", { pointerType: "mouse" });
  hold(1_000);
  node.click();
  expect([onHold.mock.calls.length, clicks, opensMenu()]).toEqual([0, 1, true]);
});

describe("In the list", () => {
  test("a long press selects the computer and opens nothing", async () => {
    const bench = new ComputersBench();
    await bench.show();
    point("pointerdown", {}, only(bench.card, ".state"));
    await bench.pass(500);
    await bench.click("Desk Online");
    expect([bench.selected, all(bench.card, "getscreen-computer-dialog")]).toEqual([["Desk"], []]);
  });

  test("a long press on a heading does nothing", async () => {
    const bench = new ComputersBench();
    await bench.show();
    point("pointerdown", {}, only(bench.card, ".toggle"));
    await bench.pass(500);
    expect([bench.selected, bench.bars]).toEqual([[], []]);
  });
});
