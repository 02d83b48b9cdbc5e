import { beforeEach, describe, expect, test } from "vitest";
import { defer, settle } from "../house.js";
import { button, drawn, only, question, textOf } from "../mount.js";
import { watchTabs, wholePage } from "../tabs.js";
import { CONNECT, Desk } from "./desk.js";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

describe("Connect", () => {
  const LINK = "https://getscreen.test/connect/secret";

  beforeEach(() => {
    desk.house.answers.get_connection_link = ({ device_id: id }) => ({ url: id === "desk" ? LINK : "" });
  });

  test("opens the link in a new tab, and shows it nowhere", async () => {
    const { opened, visits, tabs } = watchTabs();
    await desk.show();
    button(desk.card, CONNECT).click();
    // Within the click.
    expect(opened).toEqual([["", "_blank"]]);
    expect(tabs[0]?.document.title).toBe("Connecting to Desk …");
    await drawn(desk.card);
    expect(visits.map(({ href }) => href)).toEqual([LINK]);
    expect(desk.house.calls).toEqual([{ action: "get_connection_link", data: { device_id: "desk" }, target: undefined }]);
    expect(wholePage()).not.toContain("secret");
    expect(desk.messages).toEqual([]);
  });

  test("is held until the link is there: three clicks open one tab", async () => {
    const { opened } = watchTabs();
    const link = defer<object>();
    desk.house.answers.get_connection_link = () => link.promise;
    await desk.show();
    button(desk.card, CONNECT).click();
    await desk.click(CONNECT);
    expect(button(desk.card, CONNECT).getAttribute("aria-disabled")).toBe("true");
    await desk.click(CONNECT);
    expect([opened.length, desk.house.calls.length]).toEqual([1, 1]);
    // Not disabled, or it would lose the focus.
    expect(button(desk.card, CONNECT).disabled).toBe(false);
    link.resolve({ url: LINK });
    await settle();
    await drawn(desk.card);
    expect(button(desk.card, CONNECT).getAttribute("aria-disabled")).toBe("false");
    await desk.click(CONNECT);
    expect(opened).toHaveLength(2);
  });

  test("that fails says why, closes its tab, and can be tried again", async () => {
    const { tabs } = watchTabs();
    desk.house.answers.get_connection_link = () => Promise.reject({ code: "home_assistant_error", message: "It is asleep" });
    await desk.show();
    await desk.click(CONNECT);
    expect([desk.messages, desk.spoken, tabs[0]?.closed]).toEqual([["It is asleep"], "Desk, It is asleep", true]);
    expect(only(desk.card, ".message").classList.contains("error")).toBe(true);
    desk.house.answers.get_connection_link = () => ({ url: LINK });
    await desk.click(CONNECT);
    expect(desk.messages).toEqual([]);
  });

  test("says an error that names the computer as it is", async () => {
    watchTabs();
    desk.house.answers.get_connection_link = () => Promise.reject(new Error("Desk: it is asleep"));
    await desk.show();
    await desk.click(CONNECT);
    expect(desk.spoken).toBe("Desk: it is asleep");
  });

  test.each<[string, null | Window]>([
    ["the browser opens no tab", null],
    ["Android's app returns its only window", window],
  ])("asks for another click where %s, and opens the link within it", async (_, instead) => {
    const { opened } = watchTabs(instead);
    await desk.show();
    await desk.click(CONNECT);
    expect(textOf(question(desk.card) as HTMLElement)).toBe("Desk is ready The session opens in the browser. Cancel Connect");
    expect(wholePage()).not.toContain("secret");
    button(desk.card, "Connect").click();
    expect(opened).toEqual([
      ["", "_blank"],
      [LINK, "_blank", "noopener,noreferrer"],
    ]);
    await drawn(desk.card);
    expect([question(desk.card), desk.messages, desk.state]).toEqual([undefined, [], "Online"]);
  });
});
