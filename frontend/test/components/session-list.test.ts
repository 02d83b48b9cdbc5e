import { beforeEach, describe, expect, test } from "vitest";
import "../../src/components/session-list.js";
import type { SessionsHost } from "../../src/components/session-item.js";
import type { SessionList } from "../../src/components/session-list.js";
import type { Session } from "../../src/state/history.js";
import { House, settle, stopClock } from "../house.js";
import { all, button, buttons, drawn, texts } from "../mount.js";
import { minutesAgo, NORA, session } from "../sessions.js";

const ZONE = {
  locale: { language: "en", time_zone: "server", time_format: "24" },
  config: { state: "RUNNING", components: [], time_zone: "UTC" },
};
const DAY = 24 * 60;

let host: SessionsHost;
let list: SessionList;

const show = async (sessions: Session[], more: Partial<SessionList> = {}): Promise<void> => {
  list = Object.assign(document.createElement("getscreen-sessions") as SessionList, { host, sessions }, more);
  document.body.append(list);
  await drawn(list);
};

const titles = (): (string | null)[] => all(list, ".kind").map((icon) => icon.getAttribute("aria-label"));

beforeEach(() => {
  stopClock();
  host = { hass: new House(ZONE).hass, renderRoot: document.body };
});

describe("A session", () => {
  test("shows its computer, user, place, time and duration", async () => {
    await show([session(1, 65)]);
    expect(["computer", "login", "place", "when", "length"].map((name) => texts(list, `.${name}`))).toEqual([
      ["Desk"],
      ["jonas@example.com"],
      ["Lisbon, Portugal"],
      ["10:55 – 11:00"],
      ["5 min"],
    ]);
    expect([titles(), buttons(list)]).toEqual([["Permanent access"], []]);
  });

  test("may be quick support", async () => {
    await show([session(1, 65, { device: null, clients: [NORA] })]);
    expect([texts(list, ".computer"), texts(list, ".login"), titles()]).toEqual([
      ["Quick support"],
      ["nora@example.com"],
      ["Quick support"],
    ]);
  });

  test("shows while it runs since when and for how long, and is updated", async () => {
    await show([session(1, 7, { end: null, duration: null })]);
    expect([texts(list, ".when"), texts(list, ".length")]).toEqual([["since 11:53"], ["Running 7 min"]]);
    stopClock("2026-06-15T12:01:00Z");
    list.requestUpdate();
    await drawn(list);
    expect(texts(list, ".length")).toEqual(["Running 8 min"]);
  });

  test("shows no wrong values if little is known", async () => {
    const unnamed = { device: { device_id: null, name: null }, clients: [] };
    await show([
      session(1, 65, { ...unnamed, duration: null, end: minutesAgo(65) }),
      session(2, 65, { ...unnamed, start: null, end: null }),
    ]);
    expect([texts(list, ".computer"), texts(list, ".login"), texts(list, ".when"), texts(list, ".length")]).toEqual([
      ["Unnamed computer", "Unnamed computer"],
      ["Unknown person", "Unknown person"],
      ["10:55", ""],
      ["", "Running"],
    ]);
  });

  test("shows hostile names as text", async () => {
    const name = "<img src=x onerror=alert(1)> \u202Efdp";
    await show([session(1, 65, { device: { device_id: null, name }, clients: [{ ...NORA, login: name, city: name }] })]);
    expect([all(list, "img"), texts(list, ".computer")]).toEqual([[], [name]]);
    for (const place of [".computer", ".login", ".place"]) expect(all(list, place)[0]?.getAttribute("dir")).toBe("auto");
    expect(all(list, ".computer")[0]?.title).toBe(name);
  });

  test("with a recording has a button that plays it, named after the session", async () => {
    await show([session(2, 65, { video: { media_content_id: "media-source://getscreen/1" } }), session(1, 70)]);
    expect(buttons(list)).toEqual(["Play recording, Desk, jonas@example.com, 10:55 – 11:00"]);
    button(list, "Play recording, Desk, jonas@example.com, 10:55 – 11:00").click();
    await settle();
    expect(texts(document.body, "dialog h2")).toEqual(["Desk"]);
  });
});

describe("A list of sessions", () => {
  test("has a heading for each day", async () => {
    await show([session(5, 65), session(4, 70), session(3, DAY), session(2, 3 * DAY), session(1, 0, { start: null })]);
    expect(texts(list, "h3")).toEqual(["Today – Monday, June 15, 2026", "Sunday, June 14, 2026", "Friday, June 12, 2026", "Unknown day"]);
    expect(all(list, "[role=list]").map((each) => all(each, "[role=listitem]").length)).toEqual([2, 1, 1, 1]);
  });

  test("continues the day of the list above", async () => {
    await show([session(3, 70), session(2, DAY)], { above: session(4, 65) });
    expect(texts(list, "h3")).toEqual(["Sunday, June 14, 2026"]);
  });

  test("of one computer does not repeat its name", async () => {
    await show([session(1, 65)], { isOfComputer: true });
    expect([texts(list, ".computer"), texts(list, ".login")]).toEqual([[], ["jonas@example.com"]]);
  });
});
