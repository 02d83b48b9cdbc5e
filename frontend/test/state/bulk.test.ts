import { beforeEach, describe, expect, test, vi } from "vitest";
import { Bulk, type BulkAction, reachable } from "../../src/state/bulk.js";
import type { Computer } from "../../src/state/fleet.js";
import { Bench, record } from "../fleet-bench.js";
import { type Deferred, defer, settle } from "../house.js";

const ids = (count: number): string[] => Array.from({ length: count }, (_, number) => `pc${number + 1}`);

let bench: Bench;
let changes: number;

beforeEach(() => {
  bench = new Bench();
  changes = 0;
});

const off = (id: string, change: Partial<Computer> = {}): Computer => record({ device_id: id, name: id, online: false, ...change });

/** Send a command to computers after their records have arrived. */
const begin = async (action: BulkAction, ...computers: Computer[]): Promise<Bulk> => {
  await bench.load(...computers);
  const bulk = new Bulk(
    () => bench.hass,
    bench.fleet,
    action,
    computers,
    () => {
      changes += 1;
    },
  );
  await settle();
  return bulk;
};

const pass = async (milliseconds: number): Promise<void> => {
  vi.advanceTimersByTime(milliseconds);
  await settle();
};

const targets = (): unknown[] => bench.house.calls.map(({ target }) => (target as { device_id: string }).device_id);

describe("The reachable computers", () => {
  const all = [true, false, null].map((online) => record({ online }));

  test.each<[BulkAction, (boolean | null)[]]>([
    ["wake", [false, null]],
    ["reboot", [true, null]],
    ["refresh_hardware", [true, false, null]],
  ])("for %s are those with online state %j", (action, states) => {
    expect(reachable(action, all).map(({ online }) => online)).toEqual(states);
  });
});

describe("A wake of many computers", () => {
  test("counts computers that are online and ends when all are", async () => {
    const bulk = await begin("wake", off("pc1"), off("pc2"));
    expect([bulk.done, bulk.total, bulk.isOver, targets()]).toEqual([0, 2, false, ["pc1", "pc2"]]);
    await bench.change({ online: true }, "pc1");
    expect([bulk.done, bulk.isOver]).toEqual([1, false]);
    const before = changes;
    await bench.change({ online: true }, "pc2");
    expect([bulk.done, bulk.isOver, bulk.failures, changes > before]).toEqual([2, true, [], true]);
  });

  test("reports a computer that did not come online once Home Assistant has stopped waiting", async () => {
    const bulk = await begin("wake", off("pc1"));
    await bench.change({ transition: "waking" }, "pc1");
    await pass(1_000_000);
    expect(bulk.isOver).toBe(false);
    await bench.change({ transition: null }, "pc1");
    expect([bulk.done, bulk.isOver, bulk.failures]).toEqual([
      0,
      true,
      ["pc1 did not come online. Check that it has power and that Wake-on-LAN is enabled in its firmware."],
    ]);
  });

  test.each<[Partial<Computer>, string]>([
    [{ operating_system: "android" }, "pc1 was skipped. Computers with Android cannot be woken."],
    [{ wakeable: false }, "pc1 was skipped. None of the computer's network adapters has Wake-on-LAN enabled."],
  ])("skips a computer with %j, reports the reason and counts the computer", async (change, failure) => {
    const bulk = await begin("wake", off("pc1", change), off("pc2"));
    expect([targets(), bulk.total, bulk.failures]).toEqual([["pc2"], 2, [failure]]);
  });

  test("times out after three minutes for a computer that Home Assistant never reports as waking", async () => {
    const bulk = await begin("wake", off("pc1"));
    await pass(179_999);
    expect(bulk.isOver).toBe(false);
    await pass(1);
    expect([bulk.isOver, bulk.failures.length]).toEqual([true, 1]);
  });

  test("counts a computer that is already online when its turn comes", async () => {
    await bench.load(off("pc1"));
    const stale = bench.computer("pc1");
    await bench.change({ online: true }, "pc1");
    const bulk = new Bulk(
      () => bench.hass,
      bench.fleet,
      "wake",
      [stale],
      () => undefined,
    );
    await settle();
    expect([bulk.done, bulk.isOver]).toEqual([1, true]);
  });

  test("reports an unknown result for a computer that has left or whose account is unavailable", async () => {
    const bulk = await begin("wake", off("pc1"), off("pc2"));
    await bench.change({ transition: "waking" }, "pc2");
    await bench.send({ removed: ["pc1"] });
    await bench.send({ computers: [off("pc2")], available: { entry: false } });
    expect([bulk.isOver, bulk.failures]).toEqual([
      true,
      [
        "The result for pc1 is unknown: the account cannot be reached, or the computer was removed from it.",
        "The result for pc2 is unknown: the account cannot be reached, or the computer was removed from it.",
      ],
    ]);
  });

  test("ends during an outage even if Home Assistant reports nothing more", async () => {
    const bulk = await begin("wake", off("pc1"));
    await bench.send({ available: { entry: false } });
    await pass(180_000);
    expect(bulk.failures).toEqual(["The result for pc1 is unknown: the account cannot be reached, or the computer was removed from it."]);
  });
});

describe("A reboot of many computers", () => {
  test("counts computers that are back after they went offline", async () => {
    const bulk = await begin("reboot", off("pc1", { online: true }));
    await bench.change({ last_seen: "2026-06-15T11:59:00Z" }, "pc1");
    await bench.change({ online: false }, "pc1");
    expect(bulk.done).toBe(0);
    await bench.change({ online: true }, "pc1");
    expect([bulk.done, bulk.isOver]).toEqual([1, true]);
  });

  test("reports computers that did not come back, without advice about waking", async () => {
    const bulk = await begin("reboot", off("pc1", { online: true, wakeable: false }));
    await bench.change({ transition: "rebooting" }, "pc1");
    await bench.change({ online: false }, "pc1");
    await bench.change({ transition: null }, "pc1");
    expect(bulk.failures).toEqual(["pc1 did not come online. It may still be starting, or waiting for input on its screen."]);
  });

  test("reports computers that were not seen going offline", async () => {
    const bulk = await begin("reboot", off("pc1", { online: true }));
    await bench.change({ transition: "rebooting" }, "pc1");
    await bench.change({ transition: null }, "pc1");
    expect(bulk.failures).toEqual(["pc1 may not have rebooted: it was online at every update."]);
  });
});

describe("A hardware refresh", () => {
  test("is done when the answer arrives", async () => {
    const answers = ids(2).map(() => defer());
    let next = 0;
    bench.house.answers.refresh_hardware = () => answers[next++]?.promise;
    const bulk = await begin("refresh_hardware", ...ids(2).map((id) => off(id)));
    expect(bulk.done).toBe(0);
    answers[0]?.resolve();
    await settle();
    expect([bulk.done, bulk.isOver]).toEqual([1, false]);
    answers[1]?.resolve();
    await settle();
    expect([bulk.done, bulk.isOver]).toEqual([2, true]);
  });
});

describe("The commands to many computers", () => {
  let answers: Map<string, Deferred<void>>;

  beforeEach(() => {
    answers = new Map(ids(6).map((id) => [id, defer()]));
    bench.house.answers.wake = () => answers.get(String(targets()[targets().length - 1]))?.promise;
  });

  test("are sent four at a time", async () => {
    await begin("wake", ...ids(6).map((id) => off(id)));
    expect(targets()).toEqual(["pc1", "pc2", "pc3", "pc4"]);
    answers.get("pc2")?.resolve();
    await settle();
    expect(targets()).toEqual(["pc1", "pc2", "pc3", "pc4", "pc5"]);
  });

  test("report a shared reason once", async () => {
    const bulk = await begin("wake", ...ids(6).map((id) => off(id)));
    for (const [id, answer] of answers) {
      answer.reject(id === "pc6" ? { code: "unauthorized" } : { code: "error", message: "The request limit is reached." });
      await settle();
    }
    expect([bulk.isOver, bulk.done, targets().length]).toEqual([true, 0, 6]);
    expect(bulk.failures).toEqual(["The request limit is reached.", "You do not have permission to do this."]);
  });

  test("continue after a failure", async () => {
    const bulk = await begin("wake", off("pc1"), off("pc2"));
    answers.get("pc1")?.reject(new Error("No"));
    answers.get("pc2")?.resolve();
    await settle();
    await bench.change({ online: true }, "pc2");
    expect([bulk.isOver, bulk.done, bulk.failures]).toEqual([true, 1, ["No"]]);
  });

  test("are not sent after a cancellation, while the sent ones are still followed", async () => {
    const bulk = await begin("wake", ...ids(6).map((id) => off(id)));
    bulk.cancel();
    for (const answer of answers.values()) answer.resolve();
    await settle();
    expect([targets().length, bulk.isOver]).toEqual([4, false]);
    for (const id of ids(4)) await bench.change({ online: true }, id);
    const rest = "Canceled. Computers that did not get the command: 2.";
    expect([bulk.done, bulk.isOver, bulk.failures]).toEqual([4, true, [rest]]);
  });
});

test("A command that has finished no longer follows the computers", async () => {
  const end = vi.fn();
  await bench.load(off("pc1"));
  vi.spyOn(bench.fleet, "add").mockReturnValue(end);
  const answer = defer();
  bench.house.answers.refresh_hardware = () => answer.promise;
  new Bulk(
    () => bench.hass,
    bench.fleet,
    "refresh_hardware",
    [off("pc1")],
    () => undefined,
  );
  await settle();
  expect(end).not.toHaveBeenCalled();
  answer.resolve();
  await settle();
  expect(end).toHaveBeenCalledOnce();
});
