import { beforeEach, describe, expect, test, vi } from "vitest";
import type { MenuItem } from "../../src/components/menu.js";
import "../../src/components/menu.js";
import { focused } from "../focus.js";
import { all, button, drawn, only, textOf } from "../mount.js";

let menu: HTMLElementTagNameMap["getscreen-menu"];
let chosen: string[];

const items = (...labels: string[]): MenuItem[] =>
  labels.map((label) => ({ label, icon: "mdi:power", isDisabled: label === "Disabled", onChoose: () => chosen.push(label) }));

beforeEach(async () => {
  chosen = [];
  menu = Object.assign(document.createElement("getscreen-menu"), { label: "Actions", items: items("Wake", "Disabled", "<b>Read</b>") });
  document.body.append(menu);
  await drawn(menu);
});

const opener = (): HTMLElement => button(menu, "Actions");

const open = async (): Promise<void> => {
  opener().click();
  await drawn(menu);
};

const labels = (): string[] => all(menu, "[role=menuitem]").map(textOf);

const press = async (key: string): Promise<boolean> => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, composed: true, cancelable: true });
  const isLeft = focused()?.dispatchEvent(event) ?? true;
  await drawn(menu);
  return isLeft;
};

describe("A menu", () => {
  test("is closed until its button is pressed, which exposes the state", async () => {
    expect([labels(), opener().getAttribute("aria-haspopup"), opener().getAttribute("aria-expanded")]).toEqual([[], "menu", "false"]);
    await open();
    expect([labels(), opener().getAttribute("aria-expanded")]).toEqual([["Wake", "Disabled", "<b>Read</b>"], "true"]);
    expect([only(menu, "[role=menu]").getAttribute("aria-label"), textOf(focused() as Node)]).toEqual(["Actions", "Wake"]);
    await open();
    expect([labels(), focused()]).toEqual([[], opener()]);
  });

  test("keeps the focus when its button is pressed, because Safari would close the menu before the click", () => {
    expect(opener().dispatchEvent(new MouseEvent("mousedown", { bubbles: true, cancelable: true }))).toBe(false);
  });

  test("is no tab stop, and returns the focus to its button", () => {
    expect(opener().tabIndex).toBe(-1);
    menu.focus();
    expect(focused()).toBe(opener());
  });

  test("closes and then runs the chosen item", async () => {
    await open();
    all(menu, "li")[2]?.click();
    await drawn(menu);
    expect([chosen, labels(), focused()]).toEqual([["<b>Read</b>"], [], opener()]);
  });

  test("ignores disabled items and stays open", async () => {
    await open();
    const [, disabled] = all(menu, "li");
    disabled?.click();
    await drawn(menu);
    expect([chosen, labels().length, disabled?.getAttribute("aria-disabled")]).toEqual([[], 3, "true"]);
  });

  test("closes when the focus leaves it, within the page or out of it", async () => {
    const elsewhere = document.body.appendChild(document.createElement("button"));
    for (const relatedTarget of [elsewhere, null]) {
      await open();
      focused()?.dispatchEvent(new FocusEvent("focusout", { bubbles: true, composed: true, relatedTarget }));
      await drawn(menu);
      expect(labels()).toEqual([]);
    }
  });
});

describe("The keyboard", () => {
  const around = vi.fn();

  beforeEach(async () => {
    around.mockClear();
    menu.addEventListener("keydown", around);
    await open();
  });

  test("moves through the items and wraps at the ends", async () => {
    const names: string[] = [];
    for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "Home", "End"]) {
      expect(await press(key)).toBe(false);
      names.push(textOf(focused() as Node));
    }
    expect(names).toEqual(["Disabled", "<b>Read</b>", "Wake", "<b>Read</b>", "Wake", "<b>Read</b>"]);
    // The list around the menu must not receive the keys.
    expect(around).not.toHaveBeenCalled();
  });

  test.each(["Enter", " "])("chooses with %j", async (key) => {
    expect([await press(key), chosen, labels()]).toEqual([false, ["Wake"], []]);
  });

  test.each([
    ["Escape", false],
    ["Tab", true],
  ])("closes with %s", async (key, isLeft) => {
    expect([await press(key), labels(), focused()]).toEqual([isLeft, [], opener()]);
  });

  test("leaves other keys to the page", async () => {
    expect([await press("x"), labels().length, around.mock.calls.length]).toEqual([true, 3, 1]);
  });
});
