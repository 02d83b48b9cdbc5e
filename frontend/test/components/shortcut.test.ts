import type { ReactiveController } from "lit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Shortcut } from "../../src/components/shortcut.js";
import { focused } from "../focus.js";
import { ComputersBench, many } from "./computers-bench.js";

let card: ReactiveController;
let act: ReturnType<typeof vi.fn<() => boolean>>;

const listen = (): ReactiveController => {
  const host = { addController: (controller: ReactiveController) => (card = controller) };
  new Shortcut(host as never, "/", act);
  return card;
};

/** Press a key in an element or in the page; return whether the browser's default action follows. */
const press = (init: KeyboardEventInit = {}, node: Element = document.body): boolean =>
  node.dispatchEvent(new KeyboardEvent("keydown", { key: "/", bubbles: true, composed: true, cancelable: true, ...init }));

beforeEach(() => {
  act = vi.fn(() => true);
  listen().hostConnected?.();
});

afterEach(() => {
  card.hostDisconnected?.();
});

/** Put an element into a shadow root, like elements of Home Assistant. */
const place = (html: string, selector: string): Element => {
  const shadow = document.body.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
  shadow.innerHTML = html;
  return shadow.querySelector(selector) as Element;
};

describe("The shortcut key", () => {
  test("calls back and types no letter", () => {
    expect([press(), act.mock.calls.length]).toEqual([false, 1]);
    // On many keyboards, a slash needs the Shift key.
    expect([press({ shiftKey: true }), act.mock.calls.length]).toEqual([false, 2]);
  });

  test("is left to the browser if it has no effect", () => {
    act.mockReturnValue(false);
    expect([press(), act.mock.calls.length]).toEqual([true, 1]);
  });

  test.each([{ key: "a" }, { ctrlKey: true }, { altKey: true }, { metaKey: true }])("is ignored with %j", (init) => {
    expect([press(init), act.mock.calls.length]).toEqual([true, 0]);
  });

  test.each([
    ["<input>", "input"],
    ["<textarea></textarea>", "textarea"],
    ["<select></select>", "select"],
    ["<ha-code-editor><b></b></ha-code-editor>", "b"],
    ["<dialog open><button></button></dialog>", "button"],
    ["<ha-dialog><button></button></ha-dialog>", "button"],
  ])("types a letter in %s", (html, selector) => {
    expect([press({}, place(html, selector)), act.mock.calls.length]).toEqual([true, 0]);
  });

  test("types a letter in editable text", () => {
    const node = place("<p></p>", "p");
    // happy-dom does not support this property.
    Object.defineProperty(node, "isContentEditable", { value: true });
    expect([press({}, node), act.mock.calls.length]).toEqual([true, 0]);
  });

  test("works from a button", () => {
    expect([press({}, place("<button></button>", "button")), act.mock.calls.length]).toEqual([false, 1]);
  });

  test("belongs to the first card", () => {
    const first = card;
    listen().hostConnected?.();
    press();
    expect(act).toHaveBeenCalledOnce();
    first.hostDisconnected?.();
  });

  test("does nothing once the card has left the page", () => {
    card.hostDisconnected?.();
    expect([press(), act.mock.calls.length]).toEqual([true, 0]);
  });
});

describe("The shortcut in a card", () => {
  test("focuses the search and selects its text", async () => {
    card.hostDisconnected?.();
    const bench = new ComputersBench();
    await bench.show({}, many(9));
    await bench.search("PC");
    bench.field.blur();
    expect([press(), focused()]).toEqual([false, bench.field]);
    expect([bench.field.selectionStart, bench.field.selectionEnd]).toEqual([0, 2]);
    // In the search field, the key is text.
    expect(press({}, bench.field)).toBe(true);
  });

  test("belongs to another card if the first one has no toolbar", async () => {
    card.hostDisconnected?.();
    await new ComputersBench().show({ toolbar: false }, many(9));
    expect(press()).toBe(true);
  });
});
