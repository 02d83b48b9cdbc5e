import { beforeEach, describe, expect, test, vi } from "vitest";
import { playRecording } from "../../src/components/recording-player.js";
import type { Session } from "../../src/state/history.js";
import { focused } from "../focus.js";
import { type Deferred, defer, flushPromises, House, stopClock } from "../house.js";
import { all, button, buttons, only, pressEscape, question, texts } from "../mount.js";
import { session } from "../sessions.js";

const RECORDED = session(1, 30, { video: { media_content_id: "media-source://getscreen/entry/recording/1" } });

let house: House;
let root: HTMLElement;
let answer: Deferred<object>;

const play = async (recorded: Session = RECORDED): Promise<void> => {
  playRecording(root, house.hass, recorded);
  await flushPromises();
};

beforeEach(() => {
  stopClock();
  house = new House({ locale: { language: "en", time_zone: "server" }, config: { state: "RUNNING", components: [], time_zone: "UTC" } });
  root = document.body.appendChild(document.createElement("div"));
  answer = defer<object>();
  house.connection.answerMessage = () => answer.promise;
});

describe("A recording", () => {
  test("is played from the address that Home Assistant has signed", async () => {
    await play();
    expect(texts(root, "[role=status]")).toEqual(["Loading"]);
    expect(house.connection.sent).toEqual([
      { type: "media_source/resolve_media", media_content_id: "media-source://getscreen/entry/recording/1" },
    ]);
    answer.resolve({ url: "/api/recording?authSig=1", mime_type: "video/webm" });
    await flushPromises();
    expect(only<HTMLVideoElement>(root, "video").getAttribute("src")).toBe("https://house.test/api/recording?authSig=1");
    expect(texts(root, "[role=status]")).toEqual([]);
  });

  test("is titled with the computer, the user and the time", async () => {
    await play();
    expect([texts(root, "h2"), texts(root, "#details")]).toEqual([
      ["Desk"],
      [expect.stringMatching(/^jonas@example\.com – Monday, June 15, 2026, 11:30\sAM$/)],
    ]);
    pressEscape(root);
    await flushPromises();
    await play({ ...RECORDED, device: null, start: null, clients: [] });
    expect([texts(root, "h2"), texts(root, "#details")]).toEqual([["Quick support"], [""]]);
  });

  test("is not played if the session has none or the card has left the page", async () => {
    await play(session(1, 30));
    root.remove();
    await play();
    expect([all(root, "dialog"), house.connection.sent]).toEqual([[], []]);
  });

  test("can be tried again if Home Assistant rejects the request", async () => {
    await play();
    answer.reject({ code: "resolve_media_failed", message: "This recording does not exist any more." });
    await flushPromises();
    expect(texts(root, "[role=alert] span")).toEqual(["This recording does not exist any more."]);
    answer = defer<object>();
    button(root, "Try again").click();
    await flushPromises();
    expect([texts(root, "[role=alert]"), texts(root, "[role=status]")]).toEqual([[], ["Loading"]]);
    answer.resolve({ url: "/api/recording" });
    await flushPromises();
    expect(all(root, "video")).toHaveLength(1);
  });

  test("is reported if the browser cannot play it", async () => {
    await play();
    answer.resolve({ url: "/api/recording" });
    await flushPromises();
    only(root, "video").dispatchEvent(new Event("error"));
    await flushPromises();
    expect([all(root, "video"), texts(root, "[role=alert] > span")]).toEqual([
      [],
      ["The recording could not be played. Try again, or open it under Media."],
    ]);
  });
});

describe("The player's dialog", () => {
  test("closes by its button, Escape or a click beside it, and returns the focus", async () => {
    const before = root.appendChild(document.createElement("button"));
    for (const close of [
      () => button(root, "Close").click(),
      () => pressEscape(root),
      () => question(root)?.dispatchEvent(new MouseEvent("click", { bubbles: true })),
    ]) {
      before.focus();
      await play();
      expect(buttons(root)).toContain("Close");
      close();
      await flushPromises();
      expect([all(root, "dialog"), focused()]).toEqual([[], before]);
    }
  });

  test("stays open after a click inside", async () => {
    await play();
    only(root, "h2").click();
    await flushPromises();
    expect(question(root)).toBeDefined();
  });

  test("stops loading when it closes", async () => {
    await play();
    answer.resolve({ url: "/api/recording" });
    await flushPromises();
    const video = only<HTMLVideoElement>(root, "video");
    const load = vi.spyOn(video, "load");
    root.remove();
    expect([video.hasAttribute("src"), load.mock.calls.length]).toEqual([false, 1]);
    document.body.append(root);
    expect(all(root, "dialog")).toEqual([]);
  });
});
