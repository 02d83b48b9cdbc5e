import { beforeEach, describe, expect, test } from "vitest";
import type { Computer } from "../../src/state/fleet.js";
import { record } from "../fleet-bench.js";
import { focused } from "../focus.js";
import { defer, localize, secondsAgo } from "../house.js";
import { all, button, buttons, only, question, refresh, textOf, texts } from "../mount.js";
import { watchTabs } from "../tabs.js";
import { CONNECT, ComputersBench, REBOOT, WAKE } from "./computers-bench.js";

const WAKE_AND_CONNECT = "Wake and connect, Desk";

let bench: ComputersBench;

beforeEach(() => {
  bench = new ComputersBench();
});

/** Show one computer, without a group. */
const show = (change: Partial<Computer> = {}, config: Record<string, unknown> = {}): Promise<void> =>
  bench.show(config, [record({ group: null, ...change })]);

const change = (next: Partial<Computer>): Promise<void> => bench.change({ group: null, ...next });

const tone = (): string => only(bench.card, ".computer").className.replace("computer", "").trim();

describe("A computer's row", () => {
  test.each<[Partial<Computer>, string, string[], string]>([
    [{ online: true }, "Online", [CONNECT, REBOOT], "on"],
    [{ online: false }, "Offline", [WAKE_AND_CONNECT, WAKE], "off"],
    [{ online: null }, "Unknown", [CONNECT, WAKE, REBOOT], "unknown"],
    [{ online: false, transition: "waking" }, "Waking …", [WAKE_AND_CONNECT, WAKE], "changing"],
    [{ online: true, transition: "rebooting" }, "Rebooting …", [CONNECT, REBOOT], "changing"],
  ])("shows for %j the state and the commands", async (state, text, names, look) => {
    await show(state);
    expect([bench.state, buttons(bench.row()).slice(1), tone()]).toEqual([text, names, look]);
  });

  test("shows during an outage the last known state and only possible commands", async () => {
    const { opened } = watchTabs();
    await show({ online: false });
    await bench.send({ available: { entry: false } });
    expect([bench.state, buttons(bench.row()).slice(1), tone()]).toEqual(["Last known state: Offline", [], "unavailable"]);
    await change({ online: true });
    expect(button(bench.card, CONNECT).getAttribute("aria-disabled")).toBe("true");
    await bench.click(CONNECT);
    expect([opened, bench.house.calls]).toEqual([[], []]);
    await bench.send({ available: { entry: true } });
    expect(button(bench.card, CONNECT).getAttribute("aria-disabled")).toBe("false");
  });

  test("shows when the computer was last seen, if that is known", async () => {
    await show({ online: false, last_seen: secondsAgo(3600) });
    expect([bench.state, only(bench.card, ".state").title]).toEqual(["Offline, seen 1 hour ago", "Offline, seen 1 hour ago"]);
    await change({ online: false });
    expect(bench.state).toBe("Offline");
  });

  test("shows the connected user and the badges with their reasons", async () => {
    await show({
      session: { start: secondsAgo(720), country: "Portugal", city: null },
      favorite: true,
      attention: ["offline_long", "blocked"],
    });
    expect(texts(bench.row(), ".chip")).toEqual(["Somebody from Portugal, 12 min"]);
    const marks = all(bench.row(), ".mark").map((mark) => [mark.getAttribute("role"), mark.getAttribute("aria-label"), mark.title]);
    expect(marks).toHaveLength(2);
    expect(marks.every(([role, label, title]) => role === "img" && label !== "" && label === title)).toBe(true);
    expect(marks[0]?.[1]).toBe("Favorite");
    await change({});
    expect([texts(bench.row(), ".chip"), all(bench.row(), ".mark")]).toEqual([[], []]);
  });

  test("has the full name where it is truncated, in its own direction and never as HTML", async () => {
    const name = "<img src=x onerror=alert(1)> & co";
    await show({ name });
    const node = only(bench.card, ".name");
    expect([textOf(node), node.title, node.getAttribute("dir")]).toEqual([name, name, "auto"]);
    expect(button(bench.card, `Connect, ${name}`)).toBeDefined();
    expect(all(bench.card, "img")).toEqual([]);
  });

  test("shows its texts once they are loaded", async () => {
    bench.house.change({ localize: () => "" });
    await show();
    expect(buttons(bench.row())).toEqual(["Desk State online", CONNECT, REBOOT].map((name) => name.replace("State online", "Online")));
    bench.house.change({ localize: (key, values) => localize(key, values).replace("Connect", "Verbinden") });
    await refresh(bench.card, bench.house);
    await bench.drawn();
    expect(buttons(bench.row())).toEqual(["Desk Online", "Verbinden, Desk", REBOOT]);
  });
});

describe("The commands of a computer", () => {
  test("show after Wake that it is waking until it is online, which is read out", async () => {
    await show({ online: false });
    await bench.click(WAKE);
    expect([bench.state, bench.spoken, tone()]).toEqual(["Waking …", "Desk, Waking …", "changing"]);
    expect(bench.house.calls).toEqual([{ action: "wake", data: {}, target: { device_id: "desk" } }]);
    await change({ online: true });
    expect([bench.state, bench.spoken, bench.messages, tone()]).toEqual(["Online", "Desk, Online", [], "on"]);
  });

  test("ignore further clicks and keep the focus: three clicks send one wake", async () => {
    await show({ online: false });
    const wake = button(bench.card, WAKE);
    wake.focus();
    // Clicked before the row is drawn again, and after it.
    wake.click();
    wake.click();
    await bench.drawn();
    wake.click();
    await bench.drawn();
    expect([bench.house.callsOf("wake").length, wake.getAttribute("aria-disabled"), wake.disabled]).toEqual([1, "true", false]);
    expect(focused()).toBe(wake);
    // Keyboard users continue at the computer.
    await change({ online: true });
    expect(focused()).toBe(bench.head());
  });

  test("do not move a focus that is elsewhere", async () => {
    await show({ online: false });
    await bench.click(WAKE);
    await change({ online: true });
    expect(focused()).toBe(document.body);
  });

  test("wake and then open the session with Wake and connect", async () => {
    const { opened } = watchTabs();
    bench.house.answers.get_connection_link = () => ({ url: "https://getscreen.test/secret" });
    await show({ online: false });
    await bench.click(WAKE_AND_CONNECT);
    expect([opened.length, bench.house.callsOf("wake").length, bench.house.callsOf("get_connection_link").length]).toEqual([1, 1, 0]);
    await change({ online: true });
    expect(bench.house.callsOf("get_connection_link")).toHaveLength(1);
  });

  test("show the reason of a failure until it is dismissed, which returns the focus to the computer", async () => {
    bench.house.answers.wake = () => Promise.reject(new Error("It is <b>asleep</b>"));
    await show({ online: false });
    await bench.click(WAKE);
    expect([bench.messages, bench.spoken]).toEqual([["It is <b>asleep</b>"], "Desk, It is <b>asleep</b>"]);
    expect(only(bench.card, ".message").classList.contains("error")).toBe(true);
    button(bench.card, "Dismiss, Desk").focus();
    await bench.click("Dismiss, Desk");
    expect([bench.messages, focused()]).toEqual([[], bench.head()]);
  });

  test("ask before a reboot and offer to connect again afterwards", async () => {
    await show();
    await bench.click(REBOOT);
    expect(textOf(question(bench.card) as HTMLElement)).toContain("Reboot Desk?");
    await bench.click("Reboot", {}, question(bench.card));
    await change({ online: false });
    await change({ online: true });
    expect(buttons(bench.row())).toContain("Connect again, Desk");
  });

  test("continue while the card is not in the page", async () => {
    const answer = defer();
    bench.house.answers.wake = () => answer.promise;
    await show({ online: false });
    await bench.click(WAKE);
    const { card } = bench;
    card.remove();
    document.body.append(card);
    await bench.drawn();
    expect(bench.state).toBe("Waking …");
    answer.resolve();
    await change({ online: true });
    expect(bench.state).toBe("Online");
  });
});

describe("A click on a computer", () => {
  const isOpen = (): boolean => all(bench.card, "getscreen-computer-dialog").length > 0;

  test("opens the dialog, also on the picture", async () => {
    await show();
    only(bench.card, ".picture").click();
    await bench.drawn();
    expect([isOpen(), bench.bars]).toEqual([true, []]);
  });

  test.each([{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }])("selects it with %j", async (init) => {
    await show();
    await bench.click("Desk Online", init);
    expect([isOpen(), bench.selected, bench.bars.length]).toEqual([false, ["Desk"], 1]);
  });

  test("selects it while computers are being selected, also on its checkbox", async () => {
    await show({}, { toolbar: true });
    const box = (): HTMLInputElement => only<HTMLInputElement>(bench.row(), "[type=checkbox]");
    expect(box().hidden).toBe(true);
    await bench.click("Select computers");
    expect([box().hidden, box().getAttribute("aria-label"), box().checked]).toEqual([false, "Select Desk", false]);
    await bench.click("Desk Online");
    expect([bench.selected, box().checked, isOpen()]).toEqual([["Desk"], true, false]);
    box().click();
    await bench.drawn();
    expect([bench.selected, box().checked]).toEqual([[], false]);
  });

  test("selects a range with Shift", async () => {
    await bench.show(
      { toolbar: true },
      ["A", "B", "C", "D"].map((name) => record({ device_id: name, name, group: null })),
    );
    await bench.click("B Online", { ctrlKey: true });
    await bench.click("D Online", { shiftKey: true });
    expect(bench.selected).toEqual(["B", "C", "D"]);
  });
});

describe("The picture", () => {
  const PATH = "/api/image_proxy/image.desk?token=1";
  const picture = (): HTMLImageElement | undefined => all<HTMLImageElement>(bench.card, "img")[0];
  const loadedState = () => [only(bench.card, ".picture").classList.contains("loaded"), picture()?.className];

  const answer = async (type: "load" | "error"): Promise<void> => {
    picture()?.dispatchEvent(new Event(type));
    await bench.drawn();
  };

  test("is loaded when it comes into view and replaces the icon unless it fails", async () => {
    await show({ preview: PATH });
    expect([picture()?.src, picture()?.alt, picture()?.getAttribute("loading")]).toEqual([`https://house.test${PATH}`, "", "lazy"]);
    const loadedStates = [loadedState()];
    for (const type of ["load", "error"] as const) {
      await answer(type);
      loadedStates.push(loadedState());
    }
    expect(loadedStates).toEqual([
      [false, ""],
      [true, "loaded"],
      [false, ""],
    ]);
  });

  test("is not drawn again if nothing has changed", async () => {
    await show({ preview: PATH });
    await answer("load");
    const before = picture();
    await change({ preview: PATH, online: false });
    expect([picture() === before, loadedState()]).toEqual([true, [true, "loaded"]]);
  });

  test("is not there without a preview or where pictures are disabled", async () => {
    await show({ preview: PATH });
    await change({ preview: null });
    expect([picture(), loadedState()]).toEqual([undefined, [false, undefined]]);
    bench = new ComputersBench();
    await show({ preview: PATH }, { pictures: false });
    expect([picture(), all(bench.card, ".picture"), bench.row().hasAttribute("compact")]).toEqual([undefined, [], true]);
    expect([CONNECT, REBOOT].map((name) => button(bench.card, name).title)).toEqual(["Connect", "Reboot"]);
  });
});
