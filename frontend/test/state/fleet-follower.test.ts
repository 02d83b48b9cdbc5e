import type { ReactiveController, ReactiveControllerHost } from "lit";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type FleetListener, fleetOf } from "../../src/state/fleet.js";
import { FleetFollower } from "../../src/state/fleet-follower.js";
import { TestConnection } from "../connection.js";
import { record } from "../fleet-bench.js";
import { flushPromises, stopClock } from "../house.js";

const SUBSCRIBE = "getscreen/computers/subscribe";

let connection: TestConnection;
let listener: ReturnType<typeof vi.fn<FleetListener>>;
let follower: FleetFollower;
let card: ReactiveController;

beforeEach(() => {
  stopClock();
  connection = new TestConnection();
  listener = vi.fn<FleetListener>();
  const host = { addController: (controller: ReactiveController) => (card = controller) };
  follower = new FleetFollower(host as unknown as ReactiveControllerHost, listener);
});

const open = async (): Promise<object[]> => {
  vi.advanceTimersByTime(5_000);
  await flushPromises();
  return connection.open;
};

describe("A card", () => {
  test("follows the computers while it is in the page", async () => {
    expect(follower.fleet).toBeUndefined();
    follower.use(connection, undefined);
    expect([await open(), follower.fleet]).toEqual([[], fleetOf(connection)]);
    card.hostConnected?.();
    expect(await open()).toEqual([{ type: SUBSCRIBE }]);
    card.hostDisconnected?.();
    expect(await open()).toEqual([]);
  });

  test("may be added to the page before its account is known", async () => {
    card.hostConnected?.();
    follower.use(connection, "entry");
    expect(await open()).toEqual([{ type: SUBSCRIBE, account: "entry" }]);
  });

  test("gets all computers when it is added, and then each change", async () => {
    follower.use(connection, undefined);
    card.hostConnected?.();
    await flushPromises();
    connection.send(SUBSCRIBE, { computers: [record()], removed: [], available: {} });
    connection.send(SUBSCRIBE, { computers: [record()], removed: [], available: {} });
    expect(listener.mock.calls).toEqual([[undefined], [undefined], [new Set(["desk"])]]);
    card.hostDisconnected?.();
    connection.send(SUBSCRIBE, { computers: [record()], removed: [], available: {} });
    expect(listener).toHaveBeenCalledTimes(3);
    card.hostConnected?.();
    expect(listener.mock.lastCall).toEqual([undefined]);
  });

  test("without a need for computers does not subscribe, and is still updated", async () => {
    const host = { addController: (controller: ReactiveController) => (card = controller) };
    follower = new FleetFollower(host as unknown as ReactiveControllerHost, listener, () => false);
    follower.use(connection, "entry");
    card.hostConnected?.();
    expect([await open(), listener.mock.calls]).toEqual([[], [[undefined]]]);
    card.hostDisconnected?.();
  });

  test("follows another account in place of the first one", async () => {
    card.hostConnected?.();
    follower.use(connection, "entry");
    follower.use(connection, "entry");
    follower.use(connection, "other");
    expect(await open()).toEqual([{ type: SUBSCRIBE, account: "other" }]);
    expect(listener).toHaveBeenCalledTimes(2);
  });
});
