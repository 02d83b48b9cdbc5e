import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { subscribe } from "../../src/home-assistant/subscriptions.js";
import { TestConnection } from "../connection.js";
import { type Deferred, defer, flushPromises, stopClock } from "../house.js";

const MESSAGE = { type: "one" };

let connection: TestConnection;
let events: string[];
const unhandled = vi.fn();

const listen = (name: string, message: { type: string; account?: string } = MESSAGE): (() => void) =>
  subscribe<{ value: number }>(connection, message, ({ value }) => events.push(`${name} ${value}`));

/** Advance the time by milliseconds. */
const pass = async (milliseconds: number): Promise<void> => {
  vi.advanceTimersByTime(milliseconds);
  await flushPromises();
};

/** Wait until Node has reported unhandled rejections, which it does after all other promises. */
const nextMacrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  stopClock();
  connection = new TestConnection();
  events = [];
  unhandled.mockReset();
  process.on("unhandledRejection", unhandled);
});

afterEach(async () => {
  await nextMacrotask();
  process.off("unhandledRejection", unhandled);
  expect(unhandled).not.toHaveBeenCalled();
});

describe("Equal messages", () => {
  test("share one subscription until the last one ends", async () => {
    const ends = Array.from({ length: 30 }, (_, number) => listen(`${number}`, { type: "one" }));
    await flushPromises();
    expect([connection.sent, connection.open]).toEqual([[MESSAGE], [MESSAGE]]);
    for (const end of ends.splice(1)) end();
    await flushPromises();
    expect(connection.open).toEqual([MESSAGE]);
    connection.send("one", { value: 1 });
    expect(events).toEqual(["0 1"]);
    ends[0]?.();
    await flushPromises();
    expect([connection.sent.length, connection.open]).toEqual([1, []]);
  });

  test("each receive every event, even with the same function", async () => {
    const onEvent = vi.fn();
    const ends = [subscribe(connection, MESSAGE, onEvent), subscribe(connection, MESSAGE, onEvent)];
    await flushPromises();
    connection.send("one", { value: 1 });
    expect(onEvent.mock.calls).toEqual([
      [{ value: 1 }, true],
      [{ value: 1 }, true],
    ]);
    ends[0]?.();
    connection.send("one", { value: 2 });
    expect(onEvent.mock.calls.slice(2)).toEqual([[{ value: 2 }, false]]);
  });

  test("can be unsubscribed twice without ending a later subscription", async () => {
    const end = listen("early");
    end();
    listen("late");
    end();
    await flushPromises();
    connection.send("one", { value: 1 });
    expect([connection.open, events]).toEqual([[MESSAGE], ["late 1"]]);
    const both = [listen("third"), listen("fourth")];
    both[0]?.();
    both[0]?.();
    await flushPromises();
    expect(connection.open).toEqual([MESSAGE]);
  });

  test("of another connection have a separate subscription", async () => {
    const other = new TestConnection();
    listen("here");
    subscribe(other, MESSAGE, () => undefined);
    await flushPromises();
    expect([connection.open, other.open]).toEqual([[MESSAGE], [MESSAGE]]);
  });
});

test("Different messages have separate subscriptions and events", async () => {
  listen("one");
  const end = listen("two", { type: "two", account: "entry" });
  await flushPromises();
  connection.send("two", { value: 2 });
  expect([connection.open, events]).toEqual([[MESSAGE, { type: "two", account: "entry" }], ["two 2"]]);
  end();
  await flushPromises();
  expect(connection.open).toEqual([MESSAGE]);
});

describe("A subscription that ends before the answer", () => {
  let answer: Deferred<void>;
  let end: () => void;

  beforeEach(async () => {
    answer = defer();
    connection.answer = () => answer.promise;
    end = listen("early");
    await flushPromises();
  });

  test("is ended when the answer arrives, and delivers nothing", async () => {
    end();
    answer.resolve();
    await flushPromises();
    expect([connection.open, events]).toEqual([[], []]);
  });

  test("may be rejected", async () => {
    end();
    answer.reject({ code: "unknown_command" });
    await flushPromises();
    await pass(3_600_000);
    expect(connection.sent).toHaveLength(1);
  });

  test("does not affect a new one for the same message", async () => {
    end();
    const late = defer();
    connection.answer = () => late.promise;
    listen("late");
    answer.resolve();
    // The old subscription is open for a moment, during which events may arrive.
    while (!connection.open.length) await Promise.resolve();
    connection.send("one", { value: 0 });
    await flushPromises();
    expect(connection.open).toEqual([]);
    late.resolve();
    await flushPromises();
    connection.send("one", { value: 1 });
    expect([connection.open, events]).toEqual([[MESSAGE], ["late 1"]]);
  });
});

test("The answer to an unsubscribe request does not matter", async () => {
  connection.answerEnd = () => {
    throw { code: 3 };
  };
  const end = listen("one");
  await flushPromises();
  end();
  const answer = defer();
  connection.answer = () => answer.promise;
  listen("early")();
  answer.resolve();
  await flushPromises();
  expect(connection.open).toEqual([]);
});

describe("A rejected subscription", () => {
  const refuse = (error: unknown): void => {
    connection.answer = () => Promise.reject(error);
  };

  test("is retried at growing intervals, because the integration may be starting", async () => {
    refuse({ code: "unknown_command", message: "Unknown command." });
    listen("one");
    await flushPromises();
    const delays: number[] = [];
    let last = Date.now();
    while (delays.length < 9) {
      const { length } = connection.sent;
      await pass(1_000);
      if (connection.sent.length === length) continue;
      delays.push((Date.now() - last) / 1_000);
      last = Date.now();
    }
    expect(delays).toEqual([10, 20, 40, 80, 160, 320, 600, 600, 600]);
    connection.answer = () => undefined;
    await pass(600_000);
    connection.send("one", { value: 1 });
    expect(events).toEqual(["one 1"]);
    await pass(3_600_000);
    expect(connection.sent).toHaveLength(11);
  });

  test("starts again with a short interval after a success", async () => {
    refuse(new Error("Not ready"));
    listen("one");
    await flushPromises();
    await pass(10_000);
    connection.answer = () => undefined;
    await pass(20_000);
    connection.disconnect();
    refuse(new Error("Not ready"));
    connection.reconnect();
    await flushPromises();
    expect(connection.sent).toHaveLength(4);
    await pass(10_000);
    expect(connection.sent).toHaveLength(5);
  });

  test("is not retried after its end", async () => {
    refuse(undefined);
    const end = listen("one");
    await flushPromises();
    end();
    await pass(3_600_000);
    expect(connection.sent).toHaveLength(1);
  });

  test("is not retried for a user without permission until the connection is restored", async () => {
    refuse({ code: "unauthorized", message: "Unauthorized" });
    const end = listen("one");
    await flushPromises();
    await pass(3_600_000);
    end();
    listen("two");
    await pass(3_600_000);
    expect(connection.sent).toHaveLength(1);
    connection.disconnect();
    connection.reconnect();
    await flushPromises();
    expect(connection.sent).toHaveLength(2);
  });

  test("is retried at once for the next card", async () => {
    refuse({ code: "not_found" });
    const end = listen("one");
    await flushPromises();
    await pass(10_000);
    end();
    listen("two");
    await flushPromises();
    expect(connection.sent).toHaveLength(3);
    await pass(10_000);
    expect(connection.sent).toHaveLength(4);
  });
});

describe("A lost connection", () => {
  test("renews subscriptions when it is restored, even if the message is unknown at first", async () => {
    listen("one");
    await flushPromises();
    connection.disconnect();
    await pass(60_000);
    expect(connection.sent).toHaveLength(1);
    connection.answer = () => Promise.reject({ code: "unknown_command" });
    connection.reconnect();
    await flushPromises();
    connection.answer = () => undefined;
    await pass(10_000);
    connection.send("one", { value: 1 });
    expect([connection.open, events]).toEqual([[MESSAGE], ["one 1"]]);
  });

  test("starts each subscription again with a first event", async () => {
    const onEvent = vi.fn();
    subscribe(connection, MESSAGE, onEvent);
    await flushPromises();
    connection.send("one", {});
    connection.disconnect();
    connection.reconnect();
    await flushPromises();
    connection.send("one", {});
    connection.send("one", {});
    expect(onEvent.mock.calls.map(([, isFirst]) => isFirst)).toEqual([true, true, false]);
  });

  test("needs no unsubscribe request", async () => {
    const end = listen("one");
    await flushPromises();
    connection.disconnect();
    end();
    connection.reconnect();
    await flushPromises();
    expect([connection.sent.length, connection.open]).toEqual([1, []]);
  });

  test("has new numbers once it is restored: no earlier subscription is ended", async () => {
    const end = listen("one");
    await flushPromises();
    connection.disconnect();
    connection.answer = () => new Promise(() => undefined);
    connection.reconnect();
    end();
    await flushPromises();
    expect([connection.open, connection.strayUnsubscribes]).toEqual([[], 0]);
  });

  test("discards a pending answer", async () => {
    const answer = defer();
    connection.answer = () => answer.promise;
    listen("one");
    await flushPromises();
    connection.disconnect();
    answer.resolve();
    connection.answer = () => undefined;
    connection.reconnect();
    await flushPromises();
    connection.send("one", { value: 1 });
    expect([connection.sent.length, connection.open, events]).toEqual([2, [MESSAGE], ["one 1"]]);
  });

  test("delays new subscriptions and pending retries", async () => {
    connection.answer = () => Promise.reject({ code: "unknown_command" });
    listen("one");
    await flushPromises();
    connection.disconnect();
    listen("two", { type: "two" });
    await pass(60_000);
    expect(connection.sent).toEqual([MESSAGE]);
    connection.answer = () => undefined;
    connection.reconnect();
    await flushPromises();
    expect(connection.open).toEqual([MESSAGE, { type: "two" }]);
    await pass(3_600_000);
    expect(connection.sent).toHaveLength(3);
  });
});
