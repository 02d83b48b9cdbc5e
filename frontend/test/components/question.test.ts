import { beforeEach, describe, expect, test, vi } from "vitest";
import { askQuestion } from "../../src/components/question.js";
import { focused } from "../focus.js";
import { flushPromises, House } from "../house.js";
import { all, button, buttons, only, pressEscape, question, textOf } from "../mount.js";

let card: HTMLElement;
let onYes: ReturnType<typeof vi.fn<() => void>>;

/** Ask a question in the shadow root of a card, like the cards. */
const ask = async (isDangerous?: boolean): Promise<void> => {
  const content = { title: "Reboot Desk?", message: "Unsaved work is lost.", yes: "Reboot", onYes };
  askQuestion(card.shadowRoot as ShadowRoot, new House().hass, isDangerous === undefined ? content : { ...content, isDangerous });
  await flushPromises();
};

beforeEach(async () => {
  onYes = vi.fn();
  card = document.body.appendChild(document.createElement("div"));
  card.attachShadow({ mode: "open" });
});

describe("A question", () => {
  test("is a named alert dialog above the page", async () => {
    const showModal = vi.spyOn(HTMLDialogElement.prototype, "showModal");
    await ask();
    const dialog = only(card, "dialog");
    expect(showModal.mock.contexts).toEqual([dialog]);
    expect(dialog.getAttribute("role")).toBe("alertdialog");
    const root = dialog.getRootNode() as ShadowRoot;
    const texts = ["aria-labelledby", "aria-describedby"].map((name) => root.getElementById(dialog.getAttribute(name) ?? "")?.textContent);
    expect(texts).toEqual(["Reboot Desk?", "Unsaved work is lost."]);
    expect(buttons(card)).toEqual(["Cancel", "Reboot"]);
  });

  test("has the focus on the harmless answer", async () => {
    await ask();
    expect(focused()).toBe(button(card, "Cancel"));
  });

  test.each([
    [true, "danger", "primary"],
    [false, "primary", "danger"],
    [undefined, "primary", "danger"],
  ])("marks its confirming button as dangerous: %s", async (isDangerous, has, hasNot) => {
    await ask(isDangerous);
    const { classList } = button(card, "Reboot");
    expect([classList.contains(has), classList.contains(hasNot)]).toEqual([true, false]);
  });

  test("does not render texts as HTML", async () => {
    askQuestion(card.shadowRoot as ShadowRoot, new House().hass, { title: "<b>Desk</b>", message: "<i>", yes: "<u>", onYes });
    await flushPromises();
    expect(textOf(only(card, "dialog"))).toContain("<b>Desk</b> <i> Cancel <u>");
  });
});

describe("A later message", () => {
  test("replaces the first one and is read out, and the rest stays", async () => {
    const content = { title: "Reboot Desk?", message: "Somebody is connected.", yes: "Reboot", onYes };
    const update = askQuestion(card.shadowRoot as ShadowRoot, new House().hass, content);
    await flushPromises();
    update("Maria is connected.");
    await flushPromises();
    expect(textOf(only(card, "dialog"))).toBe("Reboot Desk? Maria is connected. Cancel Reboot");
    expect(only(card, "p").getAttribute("aria-live")).toBe("polite");
  });

  test("does not open an answered question again", async () => {
    const content = { title: "Reboot Desk?", message: "Somebody is connected.", yes: "Reboot", onYes };
    const update = askQuestion(card.shadowRoot as ShadowRoot, new House().hass, content);
    await flushPromises();
    button(card, "Cancel").click();
    await flushPromises();
    update("Maria is connected.");
    await flushPromises();
    expect(all(card, "dialog")).toEqual([]);
  });
});

describe("Confirming", () => {
  test("opens a tab within the click after the dialog has closed, because WebKit would block it as a pop-up", async () => {
    const states: unknown[] = [];
    const opened = vi.spyOn(window, "open").mockReturnValue(null);
    let isInClick = false;
    onYes.mockImplementation(() => {
      states.push(isInClick, question(card));
      window.open("https://getscreen.test/", "_blank");
    });
    await ask();
    isInClick = true;
    button(card, "Reboot").click();
    expect(opened).toHaveBeenCalledOnce();
    isInClick = false;
    await flushPromises();
    expect(states).toEqual([true, undefined]);
    expect(onYes).toHaveBeenCalledOnce();
    expect(all(card, "dialog")).toEqual([]);
  });
});

describe("Not confirming", () => {
  test.each<[string, () => void]>([
    ["Cancel", () => button(card, "Cancel").click()],
    ["Escape", () => pressEscape(card)],
    ["A click beside the dialog", () => question(card)?.click()],
  ])("%s closes the question without an answer", async (_, answer) => {
    await ask();
    answer();
    await flushPromises();
    expect(all(card, "dialog")).toEqual([]);
    expect(onYes).not.toHaveBeenCalled();
  });

  test("A click on its text does nothing", async () => {
    await ask();
    only(card, "p").click();
    await flushPromises();
    expect(question(card)).toBeDefined();
  });

  test("Removing or moving its card closes it", async () => {
    await ask();
    card.remove();
    document.body.append(card);
    await flushPromises();
    expect(all(card, "dialog")).toEqual([]);
    await ask();
    expect(question(card)).toBeDefined();
    expect(onYes).not.toHaveBeenCalled();
  });
});
