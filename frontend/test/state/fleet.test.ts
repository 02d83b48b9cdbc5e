import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Fleet, type FleetListener, fleetOf } from "../../src/state/fleet.js";
import { TestConnection } from "../connection.js";
import { record } from "../fleet-bench.js";
import { flushPromises, stopClock } from "../house.js";

const SUBSCRIBE = "getscreen/computers/subscribe";
const DESK = record();
const TILL = record({ device_id: "till", name: "Till" });

let connection: TestConnection;
let fleet: Fleet;
let listener: ReturnType<typeof vi.fn<FleetListener>>;

const send = (event: object): void => connection.send(SUBSCRIBE, { computers: [], removed: [], available: {}, ...event });

/** Follow the fleet, and make Home Assistant send it for the first time. */
const follow = async (): Promise<() => void> => {
  const end = fleet.add(listener);
  await flushPromises();
  send({ computers: [DESK, TILL], available: { entry: true } });
  return end;
};

/** Advance the time by milliseconds. */
const pass = async (milliseconds: number): Promise<void> => {
  vi.advanceTimersByTime(milliseconds);
  await flushPromises();
};

beforeEach(() => {
  stopClock();
  connection = new TestConnection();
  fleet = fleetOf(connection);
  listener = vi.fn<FleetListener>();
});

describe("The fleet", () => {
  test("is shared by all callers with the same connection and account", () => {
    expect(fleetOf(connection)).toBe(fleet);
    expect(fleetOf(connection, "entry")).toBe(fleetOf(connection, "entry"));
    expect(fleetOf(connection, "entry")).not.toBe(fleet);
    expect(fleetOf(new TestConnection())).not.toBe(fleet);
  });

  test("is empty before the first event", async () => {
    fleet.add(listener);
    await flushPromises();
    expect([fleet.isLoaded, fleet.computers.size, fleet.isAvailable("entry"), listener.mock.calls]).toEqual([false, 0, false, []]);
  });

  test("subscribes once for all, and to one account if requested", async () => {
    fleet.add(listener);
    fleet.add(vi.fn());
    fleetOf(connection, "entry").add(listener);
    await flushPromises();
    expect(connection.open).toEqual([{ type: SUBSCRIBE }, { type: SUBSCRIBE, account: "entry" }]);
  });

  test("has all computers after the first event, which names no changes", async () => {
    await follow();
    expect([fleet.isLoaded, [...fleet.computers.keys()], fleet.isAvailable("entry")]).toEqual([true, ["desk", "till"], true]);
    expect(listener.mock.calls).toEqual([[undefined]]);
  });

  test("names changed, added and removed computers", async () => {
    await follow();
    const lab = record({ device_id: "lab", name: "Lab" });
    send({ computers: [{ ...DESK, online: false }, lab], removed: ["till"] });
    expect([...fleet.computers.keys()]).toEqual(["desk", "lab"]);
    expect(fleet.computers.get("desk")?.online).toBe(false);
    expect([...(listener.mock.lastCall?.[0] ?? [])].sort()).toEqual(["desk", "lab", "till"]);
  });

  test("keeps the records of unchanged computers", async () => {
    await follow();
    const before = fleet.computers.get("till");
    send({ computers: [{ ...DESK, online: false }] });
    expect(fleet.computers.get("till")).toBe(before);
  });

  test("keeps a computer that is sent with another device id", async () => {
    await follow();
    send({ computers: [{ ...DESK, device_id: "desk2" }], removed: ["desk"] });
    expect([...fleet.computers.keys()]).toEqual(["till", "desk2"]);
    // Also if the same id is removed and sent.
    send({ computers: [TILL], removed: ["till"] });
    expect(fleet.computers.has("till")).toBe(true);
  });
});

describe("An outage", () => {
  test("keeps the last known computers and may change how each is shown", async () => {
    await follow();
    send({ available: { entry: false } });
    expect([fleet.isAvailable("entry"), fleet.computers.size, listener.mock.lastCall]).toEqual([false, 2, [undefined]]);
    send({ available: { entry: true } });
    expect(fleet.isAvailable("entry")).toBe(true);
  });

  test("of one account does not affect another account", async () => {
    await follow();
    send({ available: { other: true } });
    send({ available: { other: false } });
    expect([fleet.isAvailable("entry"), fleet.isAvailable("other")]).toEqual([true, false]);
  });

  test("of the connection ends with all computers sent again", async () => {
    await follow();
    connection.disconnect();
    expect(fleet.computers.size).toBe(2);
    connection.reconnect();
    await flushPromises();
    send({ computers: [TILL], available: { entry: true } });
    expect([...fleet.computers.keys()]).toEqual(["till"]);
    expect(listener.mock.lastCall).toEqual([undefined]);
  });
});

describe("The followers", () => {
  test("receive nothing after they have left, even if they leave while an event is delivered", async () => {
    const end = await follow();
    const later = vi.fn();
    const endLater = fleet.add(later);
    listener.mockImplementation(() => endLater());
    send({ computers: [DESK] });
    later.mockClear();
    end();
    send({ computers: [DESK] });
    expect([listener.mock.calls.length, later.mock.calls.length]).toEqual([2, 0]);
  });

  test("end the subscription when none is left for five seconds, and the computers stay known", async () => {
    const end = await follow();
    end();
    await pass(4_999);
    expect(connection.open).toHaveLength(1);
    await pass(1);
    expect([connection.open, fleet.computers.size]).toEqual([[], 2]);
  });

  test("do not subscribe again if they return before that", async () => {
    const end = await follow();
    end();
    await pass(4_999);
    fleet.add(listener);
    await pass(10_000);
    expect([connection.sent.length, connection.open.length]).toEqual([1, 1]);
  });

  test("can leave twice with the effect of once", async () => {
    const end = await follow();
    fleet.add(vi.fn());
    end();
    end();
    await pass(5_000);
    expect(connection.open).toHaveLength(1);
  });

  test("receive all computers again if they return later", async () => {
    const end = await follow();
    end();
    await pass(5_000);
    fleet.add(listener);
    await flushPromises();
    send({ computers: [TILL], available: { entry: false } });
    expect([[...fleet.computers.keys()], fleet.isAvailable("entry")]).toEqual([["till"], false]);
  });
});

describe("Loading the computers", () => {
  test("ends with the first event, and the subscription ends afterwards", async () => {
    const loaded = vi.fn();
    void fleet.loaded().then(loaded);
    await flushPromises();
    expect(loaded).not.toHaveBeenCalled();
    send({ computers: [DESK], available: { entry: true } });
    await flushPromises();
    expect(loaded).toHaveBeenCalledOnce();
    await pass(5_000);
    expect(connection.open).toEqual([]);
  });

  test("needs no request while the computers are followed", async () => {
    await follow();
    await fleet.loaded();
    expect(connection.sent).toHaveLength(1);
  });

  test("subscribes again if the known computers are outdated", async () => {
    const end = await follow();
    end();
    await pass(5_000);
    void fleet.loaded();
    await flushPromises();
    expect(connection.open).toHaveLength(1);
  });
});
