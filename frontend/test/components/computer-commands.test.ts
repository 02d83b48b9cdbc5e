import { beforeEach, describe, expect, test, vi } from "vitest";
import type { Computer } from "../../src/state/fleet.js";
import { Bench, record } from "../fleet-bench.js";
import { defer, settle } from "../house.js";
import { button, question, textOf } from "../mount.js";

const LOST = "The connection to Home Assistant was lost. The last command may still have been carried out.";
const SESSION = { start: "2026-06-15T11:53:00Z", country: "Portugal", city: "Lisbon" };

let bench: Bench;

/** Advance the time by milliseconds. */
const pass = async (milliseconds: number): Promise<void> => {
  vi.advanceTimersByTime(milliseconds);
  await settle();
};

/** Click a button of the open question. */
const answer = async (name: string): Promise<void> => {
  button(bench.card, name).click();
  await settle();
};

/** Return the text of the open question; undefined if there is none. */
const asked = (): string | undefined => {
  const open = question(bench.card);
  return open && textOf(open);
};

beforeEach(() => {
  bench = new Bench();
});

describe("Wake", () => {
  const wake = async (change: Partial<Computer> = {}): Promise<void> => {
    await bench.load(record({ online: false, ...change }));
    void bench.commands.wake(bench.computer());
    await settle();
  };

  test("shows the computer as waking at once, then as its record says", async () => {
    await wake();
    expect(bench.house.calls).toEqual([{ action: "wake", data: {}, target: { device_id: "desk" } }]);
    expect([bench.activity.busy, bench.activity.transition, bench.spoken]).toEqual(["sending", "waking", ["Desk, Waking …"]]);
    await bench.change({ transition: "waking" });
    expect([bench.activity.busy, bench.activity.transition]).toEqual([undefined, null]);
    await bench.change({ transition: null, online: true });
    expect([bench.activity.message, bench.spoken]).toEqual([undefined, ["Desk, Waking …", "Desk, Online"]]);
    expect(bench.activity).toBe(bench.commands.activityOf("another"));
  });

  test("notifies the card of each change of this computer only", async () => {
    await wake();
    expect(new Set(bench.changed)).toEqual(new Set(["desk"]));
    const before = bench.changed.length;
    await bench.change({ last_seen: "2026-06-15T11:59:00Z" });
    expect(bench.changed).toHaveLength(before);
  });

  test("disables all commands until it has finished: three clicks send one request", async () => {
    await bench.load(record({ online: false }), record({ device_id: "till", name: "Till", online: false }));
    for (let click = 0; click < 2; click++) void bench.commands.wake(bench.computer());
    await settle();
    await bench.change({ transition: "waking" });
    void bench.commands.wake(bench.computer());
    void bench.commands.reboot(bench.computer());
    void bench.commands.connect(bench.computer());
    await settle();
    expect([bench.house.calls.length, asked()]).toEqual([1, undefined]);
    void bench.commands.wake(bench.computer("till"));
    await settle();
    expect(bench.house.callsOf("wake").map(({ target }) => target)).toEqual([{ device_id: "desk" }, { device_id: "till" }]);
  });

  test("shows what to check when Home Assistant gives up, and the message can be dismissed", async () => {
    await wake();
    await bench.change({ transition: "waking" });
    await bench.change({ transition: null });
    const { message } = bench.activity;
    expect(message?.isError).toBe(false);
    expect(message?.text).toMatch(/^Desk did not come online\. Check that it has power .*same network\.$/);
    expect(bench.spoken[bench.spoken.length - 1]).toBe(message?.text);
    bench.commands.dismiss("desk");
    expect(bench.activity.message).toBeUndefined();
  });

  test("gives up three minutes after the answer if Home Assistant never reports a waking computer", async () => {
    const answered = defer();
    bench.house.answers.wake = () => answered.promise;
    await wake();
    await pass(3_600_000);
    expect(bench.activity.busy).toBe("sending");
    answered.resolve();
    await settle();
    await pass(180_000);
    expect([bench.activity.busy, bench.activity.message?.text.startsWith("Desk did not come online.")]).toEqual([undefined, true]);
  });

  test("has finished once the computer is online, even before the answer arrives", async () => {
    bench.house.answers.wake = () => new Promise(() => undefined);
    await wake();
    await bench.change({ online: true });
    expect([bench.activity.busy, bench.activity.message]).toEqual([undefined, undefined]);
  });

  test("shows no message during an outage or for a computer that has left", async () => {
    await wake();
    await bench.change({ transition: "waking" });
    await bench.send({ available: { entry: false } });
    await bench.change({ transition: null });
    expect([bench.activity.busy, bench.activity.message]).toEqual([undefined, undefined]);
    await bench.send({ available: { entry: true } });
    void bench.commands.wake(bench.computer());
    await settle();
    await bench.send({ removed: ["desk"] });
    expect([bench.activity.busy, bench.activity.transition, bench.activity.message]).toEqual([undefined, null, undefined]);
  });

  test("shows the reason when it fails and removes it at the next attempt", async () => {
    bench.house.answers.wake = () => Promise.reject({ code: 3 });
    await wake();
    expect(bench.activity).toMatchObject({ busy: undefined, transition: null, message: { text: LOST, isError: true } });
    expect(bench.spoken[bench.spoken.length - 1]).toBe(`Desk, ${LOST}`);
    bench.house.answers.wake = () => undefined;
    void bench.commands.wake(bench.computer());
    await settle();
    expect(bench.activity.message).toBeUndefined();
  });

  test.each<[Partial<Computer>, string]>([
    [{ operating_system: "android" }, "Computers with Android cannot be woken."],
    [{ wakeable: false }, "None of the computer's network adapters has Wake-on-LAN enabled."],
  ])("asks for confirmation with the reason if the computer will probably not wake: %j", async (change, reason) => {
    await wake(change);
    expect(asked()).toBe(`Wake Desk? The computer will probably not wake up. ${reason} Cancel Try anyway`);
    expect(bench.house.calls).toEqual([]);
    await answer("Try anyway");
    expect(bench.house.callsOf("wake")).toHaveLength(1);
    await bench.change({ transition: "waking" });
    await bench.change({ transition: null });
    expect(bench.activity.message?.text).toBe(`Desk did not come online. ${reason}`);
  });

  test("continues while its card is not in the page", async () => {
    await wake();
    bench.card.remove();
    await bench.change({ transition: "waking" });
    await bench.change({ transition: null, online: true });
    expect(bench.activity.busy).toBeUndefined();
  });
});

describe("Reboot", () => {
  const reboot = async (change: Partial<Computer> = {}, safeMode = false): Promise<void> => {
    await bench.load(record(change));
    void bench.commands.reboot(bench.computer(), safeMode);
    await settle();
  };

  test("asks for confirmation, says that nobody is connected, and does nothing without an answer", async () => {
    await reboot();
    expect(asked()).toBe("Reboot Desk? Nobody is connected. Unsaved work on the computer will be lost. Cancel Reboot");
    expect(button(bench.card, "Reboot").classList.contains("danger")).toBe(true);
    await answer("Cancel");
    expect([asked(), bench.house.calls]).toEqual([undefined, []]);
  });

  test("names the connected user as soon as the history is loaded", async () => {
    const history = defer<object>();
    bench.house.answers.get_history = () => history.promise;
    await reboot({ session: { ...SESSION, start: "2026-06-15T11:50:00Z" } });
    expect(asked()).toMatch(
      /^Reboot Desk\? Somebody from Lisbon, Portugal has been connected since .* \(for 10 min\)\. The session will end, /,
    );
    expect(bench.house.callsOf("get_history").map(({ data }) => data)).toEqual([{ device_id: "desk", limit: 1 }]);
    history.resolve({ sessions: [{ end: null, clients: [{ login: "maria@example.com" }] }] });
    await settle();
    expect(asked()).toMatch(/^Reboot Desk\? maria@example\.com from Lisbon, Portugal has been connected since /);
  });

  test("offers to connect again once the computer is back, until it is offline", async () => {
    await reboot();
    await answer("Reboot");
    expect(bench.house.calls).toEqual([{ action: "reboot", data: {}, target: { device_id: "desk" } }]);
    expect([bench.activity.transition, bench.spoken]).toEqual(["rebooting", ["Desk, Rebooting …"]]);
    await bench.change({ transition: "rebooting" });
    await bench.change({ online: false });
    expect(bench.activity.offersConnect).toBe(false);
    await bench.change({ online: true, transition: null });
    expect([bench.activity.offersConnect, bench.spoken[1]]).toEqual([true, "Desk is online again. You can connect again."]);
    await bench.change({ online: false });
    expect(bench.activity.offersConnect).toBe(false);
  });

  test("into safe mode says so in the question and in the request", async () => {
    await reboot({}, true);
    expect(asked()).toMatch(/^Reboot Desk into safe mode\? /);
    await answer("Reboot");
    expect(bench.house.calls).toEqual([{ action: "reboot", data: { safe_mode: true }, target: { device_id: "desk" } }]);
  });

  test.each<[string, Partial<Computer>[], RegExp]>([
    ["goes offline", [{ transition: "rebooting" }, { transition: null }], /^Desk may not have rebooted: .*between two updates/],
    [
      "comes back",
      [{ transition: "rebooting" }, { online: false }, { transition: null }],
      /^Desk did not come online\. It may still be starting/,
    ],
  ])("says if the computer never %s", async (_, changes, message) => {
    await reboot();
    await answer("Reboot");
    for (const change of changes) await bench.change(change);
    expect(bench.activity.message?.text).toMatch(message);
    expect(bench.activity.offersConnect).toBe(false);
  });

  test("has finished once a computer is online that went offline while the question was open", async () => {
    await reboot();
    await bench.change({ online: false });
    await answer("Reboot");
    await bench.change({ online: true });
    expect([bench.activity.busy, bench.activity.offersConnect]).toEqual([undefined, true]);
  });

  test("is not sent if another user has rebooted the computer before the answer", async () => {
    await reboot();
    await bench.change({ transition: "rebooting" });
    await answer("Reboot");
    expect(bench.house.calls).toEqual([]);
  });

  test("asks nothing once its card has left the page", async () => {
    await bench.load(record());
    bench.card.remove();
    void bench.commands.reboot(bench.computer());
    await settle();
    expect(asked()).toBeUndefined();
  });
});

describe("Refresh", () => {
  test("reads the hardware and says when it is done", async () => {
    const read = defer();
    bench.house.answers.refresh_hardware = () => read.promise;
    await bench.load(record());
    void bench.commands.refresh(bench.computer());
    await settle();
    expect([bench.house.calls, bench.activity.busy]).toEqual([
      [{ action: "refresh_hardware", data: {}, target: { device_id: "desk" } }],
      "sending",
    ]);
    read.resolve();
    await settle();
    expect(bench.activity).toMatchObject({ busy: undefined, message: { text: "The details of Desk are up to date.", isError: false } });
  });

  test("shows the reason when it fails", async () => {
    bench.house.answers.refresh_hardware = () => Promise.reject({ code: "home_assistant_error", message: "Desk: it is asleep" });
    await bench.load(record());
    await bench.commands.refresh(bench.computer());
    expect([bench.activity.message, bench.spoken]).toEqual([{ text: "Desk: it is asleep", isError: true }, ["Desk: it is asleep"]]);
  });
});

describe("Log out", () => {
  test("asks for confirmation and says when it is done", async () => {
    bench.house.change({ user: { is_admin: true } });
    await bench.load(record());
    void bench.commands.logout(bench.computer());
    await settle();
    expect(asked()).toMatch(/^Log out Desk\? The computer is permanently removed from the account, .* Cancel Log out$/);
    await answer("Log out");
    expect(bench.house.calls).toEqual([{ action: "logout", data: { confirm: true }, target: { device_id: "desk" } }]);
    expect(bench.spoken).toEqual(["Desk was logged out."]);
  });

  test.each([undefined, { is_admin: false }])("is for administrators only: %j", async (user) => {
    bench.house.change(user ? { user } : {});
    await bench.load(record());
    await bench.commands.logout(bench.computer());
    expect([asked(), bench.house.calls]).toEqual([undefined, []]);
  });
});

test("No command can be sent while the account is unavailable", async () => {
  bench.house.change({ user: { is_admin: true } });
  await bench.load(record());
  await bench.send({ available: { entry: false } });
  const { commands } = bench;
  for (const action of ["connect", "wake", "wakeAndConnect", "reboot", "refresh", "logout"] as const) {
    expect(commands.isHeld(bench.computer(), action)).toBe(true);
    await commands[action](bench.computer());
  }
  expect([asked(), bench.house.calls]).toEqual([undefined, []]);
});
