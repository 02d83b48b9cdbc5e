import { beforeEach, describe, expect, test, vi } from "vitest";
import { AwaitedTransition, wakeProblem } from "../../src/state/awaited.js";
import type { Computer } from "../../src/state/fleet.js";
import { record } from "../fleet-bench.js";
import { flushPromises, stopClock } from "../house.js";

const OFF = { online: false } as const;
const ON = { online: true } as const;
const WAKING = { online: false, transition: "waking" } as const;
const REBOOTING = { online: true, transition: "rebooting" } as const;

/** Return the outcome; "pending" if there is none yet. */
const outcomeOf = async (awaited: AwaitedTransition): Promise<string> => {
  let outcome = "pending";
  void awaited.outcome.then((found) => {
    outcome = found;
  });
  await flushPromises();
  return outcome;
};

/** Return the outcome of a command after records of the computer; `before` is the one before the command. */
const outcomeAfter = async (action: "wake" | "reboot", before: Partial<Computer>, ...later: Partial<Computer>[]): Promise<string> => {
  const awaited = new AwaitedTransition(action, record(before));
  for (const change of later) awaited.update(record(change), true);
  return outcomeOf(awaited);
};

beforeEach(() => stopClock());

describe("A wake", () => {
  test.each<[string, Partial<Computer>[]]>([
    ["done", [WAKING, ON]],
    // The transition may be missing in the records.
    ["done", [ON]],
    ["pending", [OFF]],
    ["pending", [WAKING]],
    ["pending", [{ online: null, transition: "waking" }]],
    ["failed", [WAKING, OFF]],
    ["failed", [WAKING, { online: null }]],
  ])("is %s after %j", async (outcome, later) => {
    expect(await outcomeAfter("wake", OFF, ...later)).toBe(outcome);
  });

  test("fails for a computer that was already waking when that ends without success", async () => {
    expect(await outcomeAfter("wake", WAKING, OFF)).toBe("failed");
  });
});

describe("A reboot", () => {
  test.each<[string, Partial<Computer>[]]>([
    ["done", [REBOOTING, { ...OFF, transition: "rebooting" }, ON]],
    ["done", [OFF, ON]],
    ["pending", [ON]],
    ["pending", [REBOOTING]],
    ["not_seen", [REBOOTING, ON]],
    ["failed", [REBOOTING, { ...OFF, transition: "rebooting" }, OFF]],
  ])("is %s after %j", async (outcome, later) => {
    expect(await outcomeAfter("reboot", ON, ...later)).toBe(outcome);
  });

  test("of an offline computer is done once it is online", async () => {
    expect(await outcomeAfter("reboot", OFF, ON)).toBe("done");
  });
});

describe("The outcome is unknown", () => {
  test("if the account is unavailable when Home Assistant stops waiting", async () => {
    const awaited = new AwaitedTransition("wake", record(WAKING));
    awaited.update(record(OFF), false);
    expect(await outcomeOf(awaited)).toBe("unknown");
  });

  test("if the computer has left", async () => {
    const awaited = new AwaitedTransition("wake", record(OFF));
    awaited.update(undefined, true);
    expect(await outcomeOf(awaited)).toBe("unknown");
  });
});

describe("A transition that Home Assistant never reports", () => {
  test.each([
    [true, "failed"],
    [false, "unknown"],
  ])("times out after three minutes; with an available account: %s", async (isAvailable, outcome) => {
    const awaited = new AwaitedTransition("wake", record(OFF));
    awaited.startTimer(() => isAvailable);
    vi.advanceTimersByTime(179_999);
    expect(await outcomeOf(awaited)).toBe("pending");
    vi.advanceTimersByTime(1);
    expect(await outcomeOf(awaited)).toBe(outcome);
  });

  test("is different from one that is reported late, which does not time out", async () => {
    const awaited = new AwaitedTransition("wake", record(OFF));
    awaited.startTimer(() => true);
    awaited.update(record(WAKING), true);
    vi.advanceTimersByTime(3_600_000);
    expect([awaited.isReported, await outcomeOf(awaited)]).toEqual([true, "pending"]);
  });
});

test("A command that has finished before its answer starts no timer", async () => {
  const awaited = new AwaitedTransition("wake", record(OFF));
  awaited.update(record(ON), true);
  awaited.startTimer(() => true);
  expect(vi.getTimerCount()).toBe(0);
});

test("A cancelled command stops its timer", async () => {
  const awaited = new AwaitedTransition("wake", record(OFF));
  awaited.startTimer(() => true);
  awaited.cancel();
  expect(vi.getTimerCount()).toBe(0);
});

test.each<[string | undefined, Partial<Computer>]>([
  ["android", { operating_system: "android", wakeable: null }],
  ["android", { operating_system: "android", wakeable: false }],
  ["no_wake_on_lan", { wakeable: false }],
  [undefined, { wakeable: null }],
  [undefined, { wakeable: true }],
])("The reason not to wake is %s for %j", (problem, change) => {
  expect(wakeProblem(record(change))).toBe(problem);
});
