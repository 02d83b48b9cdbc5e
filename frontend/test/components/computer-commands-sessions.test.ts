/** Commands to a computer that open a session. */

import { beforeEach, describe, expect, test, vi } from "vitest";
import { Bench, record } from "../fleet-bench.js";
import { defer, settle } from "../house.js";
import { button, question, textOf } from "../mount.js";
import { watchTabs, wholePage } from "../tabs.js";

const LINK = "https://getscreen.test/connect/secret";

let bench: Bench;

const pass = async (milliseconds: number): Promise<void> => {
  vi.advanceTimersByTime(milliseconds);
  await settle();
};

const asked = (): string | undefined => {
  const open = question(bench.card);
  return open && textOf(open);
};

beforeEach(() => {
  bench = new Bench();
  bench.house.answers.get_connection_link = ({ device_id: id }) => ({ url: id === "desk" ? LINK : "" });
});

describe("Connect", () => {
  test("opens the link in a new tab within the click and shows it nowhere else", async () => {
    const { opened, visits, tabs } = watchTabs();
    await bench.load(record());
    void bench.commands.connect(bench.computer());
    expect(opened).toEqual([["", "_blank"]]);
    expect([tabs[0]?.document.title, bench.activity.busy]).toEqual(["Connecting to Desk …", "connecting"]);
    await settle();
    expect(visits.map(({ href }) => href)).toEqual([LINK]);
    expect(bench.house.calls).toEqual([{ action: "get_connection_link", data: { device_id: "desk" }, target: undefined }]);
    expect(wholePage()).not.toContain("secret");
    expect([bench.activity.busy, bench.activity.message]).toEqual([undefined, undefined]);
  });

  test("ignores further clicks until the link arrives: three clicks open one tab", async () => {
    const { opened } = watchTabs();
    const link = defer<object>();
    bench.house.answers.get_connection_link = () => link.promise;
    await bench.load(record());
    for (let click = 0; click < 3; click++) void bench.commands.connect(bench.computer());
    await settle();
    expect([opened.length, bench.house.calls.length]).toEqual([1, 1]);
    link.resolve({ url: LINK });
    await settle();
    await bench.commands.connect(bench.computer());
    expect(opened).toHaveLength(2);
  });

  test("shows the reason and closes its tab when it fails, and can be tried again", async () => {
    const { tabs } = watchTabs();
    bench.house.answers.get_connection_link = () => Promise.reject({ code: "home_assistant_error", message: "It is asleep" });
    await bench.load(record());
    await bench.commands.connect(bench.computer());
    expect([bench.activity.message, tabs[0]?.closed]).toEqual([{ text: "It is asleep", isError: true }, true]);
    expect(bench.spoken[bench.spoken.length - 1]).toBe("Desk, It is asleep");
    bench.house.answers.get_connection_link = () => ({ url: LINK });
    await bench.commands.connect(bench.computer());
    expect(bench.activity.message).toBeUndefined();
  });

  test.each<[string, null | Window]>([
    ["the browser opens no tab", null],
    ["Android's app returns its only window", window],
  ])("asks for another click if %s, and opens the link within that click", async (_, instead) => {
    const { opened } = watchTabs(instead);
    await bench.load(record());
    await bench.commands.connect(bench.computer());
    await settle();
    expect(asked()).toBe("Desk is ready The session opens in the browser. Cancel Connect");
    expect(wholePage()).not.toContain("secret");
    button(bench.card, "Connect").click();
    expect(opened).toEqual([
      ["", "_blank"],
      [LINK, "_blank", "noopener,noreferrer"],
    ]);
  });

  test("asks nothing if the link arrives after the card has left the page", async () => {
    watchTabs(null);
    const link = defer<object>();
    bench.house.answers.get_connection_link = () => link.promise;
    await bench.load(record());
    void bench.commands.connect(bench.computer());
    bench.card.remove();
    link.resolve({ url: LINK });
    await settle();
    document.body.append(bench.card);
    await settle();
    expect(asked()).toBeUndefined();
  });

  describe("to a computer with a session", () => {
    const session = { start: "2026-06-15T11:53:00Z", country: "Portugal", city: "Lisbon" };
    const AGO = /^Connect to Desk\? Somebody from Lisbon, Portugal has been connected since \d.* \(for 7 min\)\. Cancel Connect anyway$/;

    test("asks for confirmation and opens the tab within the confirming click", async () => {
      const { opened } = watchTabs();
      await bench.load(record({ session }));
      void bench.commands.connect(bench.computer());
      await settle();
      expect([opened, asked()]).toEqual([[], expect.stringMatching(AGO)]);
      button(bench.card, "Connect anyway").click();
      expect(opened).toHaveLength(1);
    });

    test.each<[string, () => unknown]>([
      ["fails", () => Promise.reject({ code: 3 })],
      ["knows no session", () => ({ sessions: [] })],
      ["does not have this session yet", () => ({ sessions: [{ end: "2026-06-15T10:00:00Z", clients: [{ login: "another" }] }] })],
      ["does not know who it is", () => ({ sessions: [{ end: null, clients: [{ login: null }] }] })],
    ])("keeps its question if the history %s", async (_, history) => {
      bench.house.answers.get_history = history;
      await bench.load(record({ session }));
      void bench.commands.connect(bench.computer());
      await settle();
      expect([asked(), bench.activity.message]).toEqual([expect.stringMatching(AGO), undefined]);
    });
  });
});

describe("Wake and connect", () => {
  const start = async (change: object = {}): Promise<void> => {
    await bench.load(record({ online: false, ...change }));
    void bench.commands.wakeAndConnect(bench.computer());
  };

  test("opens a tab within the click, shows the waiting time in it, and follows the link once the computer is online", async () => {
    const { tabs, visits } = watchTabs();
    await start();
    expect([tabs[0]?.document.body.textContent, bench.activity.busy]).toEqual(["Waking Desk …", "waking_to_connect"]);
    await settle();
    expect(bench.house.calls).toEqual([{ action: "wake", data: {}, target: { device_id: "desk" } }]);
    await bench.change({ transition: "waking" });
    expect(bench.activity.busy).toBe("waking_to_connect");
    await pass(65_000);
    expect(tabs[0]?.document.title).toBe("Waking Desk … 1 min");
    const link = defer<object>();
    bench.house.answers.get_connection_link = () => link.promise;
    await bench.change({ transition: null, online: true });
    expect([tabs[0]?.document.title, bench.activity.busy]).toEqual(["Connecting to Desk …", "connecting"]);
    link.resolve({ url: LINK });
    await settle();
    expect([visits.map(({ href }) => href), bench.activity.busy, vi.getTimerCount()]).toEqual([[LINK], undefined, 0]);
    expect(bench.spoken).toEqual(["Waking Desk …", "Connecting to Desk …"]);
  });

  test("asks for another click in the companion apps once the computer is ready", async () => {
    const { opened } = watchTabs();
    bench.house.change({ auth: { external: {} } });
    await start();
    await bench.change({ online: true });
    await settle();
    expect([asked(), opened]).toEqual(["Desk is ready The session opens in the browser. Cancel Connect", []]);
    button(bench.card, "Connect").click();
    expect(opened).toEqual([[LINK, "_blank", "noopener,noreferrer"]]);
  });

  test("no longer connects if its tab is closed, while the wake continues", async () => {
    const { tabs, visits } = watchTabs();
    await start();
    await bench.change({ transition: "waking" });
    tabs[0]?.close();
    await pass(1_000);
    expect(bench.activity).toMatchObject({ busy: undefined, message: undefined });
    await bench.change({ transition: null, online: true });
    expect([visits, bench.house.callsOf("get_connection_link"), bench.spoken]).toEqual([[], [], ["Waking Desk …", "Desk, Online"]]);
  });

  test("shows that the computer is waking even if its tab was closed before Home Assistant reports that", async () => {
    const { tabs } = watchTabs();
    await start();
    tabs[0]?.close();
    await pass(1_000);
    expect(bench.activity).toMatchObject({ busy: "sending", transition: "waking" });
    await bench.change({ transition: "waking" });
    await bench.change({ transition: null });
    expect(bench.activity).toMatchObject({ busy: undefined, message: { isError: false } });
  });

  test("closes the tab and shows the reason if the computer does not come online", async () => {
    const { tabs } = watchTabs();
    await start();
    await bench.change({ transition: "waking" });
    await bench.change({ transition: null });
    await settle();
    expect([tabs[0]?.closed, bench.activity.busy]).toEqual([true, undefined]);
    expect(bench.activity.message?.isError).toBe(false);
    expect(bench.activity.message?.text).toMatch(/^Desk did not come online\. Check /);
  });

  test("closes the tab and shows the reason if an outage begins", async () => {
    const { tabs } = watchTabs();
    await start();
    await bench.change({ transition: "waking" });
    await bench.send({ available: { entry: false } });
    await bench.change({ transition: null });
    await settle();
    expect([tabs[0]?.closed, bench.activity.message?.text]).toEqual([true, "The account cannot be reached at the moment."]);
  });

  test("closes the tab and shows the reason if the wake fails", async () => {
    const { tabs } = watchTabs();
    bench.house.answers.wake = () => Promise.reject({ code: "home_assistant_error", message: "Desk: refused" });
    await start();
    await settle();
    expect([tabs[0]?.closed, bench.activity]).toMatchObject([true, { busy: undefined, message: { text: "Desk: refused", isError: true } }]);
  });

  test("waits for a computer that is already waking without sending another wake", async () => {
    const { visits } = watchTabs();
    await start({ transition: "waking" });
    await settle();
    expect(bench.house.calls).toEqual([]);
    await bench.change({ transition: null, online: true });
    await settle();
    expect(visits.map(({ href }) => href)).toEqual([LINK]);
  });

  test("asks for confirmation before it opens a tab if the computer will probably not wake", async () => {
    const { opened } = watchTabs();
    await start({ wakeable: false });
    await settle();
    expect([opened, asked()?.startsWith("Wake Desk? The computer will probably not wake up.")]).toEqual([[], true]);
    button(bench.card, "Try anyway").click();
    expect(opened).toHaveLength(1);
  });

  test("continues in its tab after the card has left the page", async () => {
    const { visits } = watchTabs();
    await start();
    await settle();
    bench.card.remove();
    await bench.change({ online: true });
    await settle();
    expect(visits.map(({ href }) => href)).toEqual([LINK]);
  });
});
