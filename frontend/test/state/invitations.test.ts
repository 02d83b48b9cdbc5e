import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Invitations, invitationsOf } from "../../src/state/invitations.js";
import { type Deferred, defer, flushPromises, House, stopClock } from "../house.js";

let entry = "";
let house: House;
let list: Invitations;

const invitation = (id: number, more: object = {}) => ({ id, status: "waiting_for_client", ...more });

const idsOf = ({ open }: Invitations): number[] | undefined => open?.map(({ id }) => id);

/** Make the server return invitations. */
const answer = (ids: number[], remaining?: number | null): void => {
  house.answers.list_invitations = () => ({ invitations: ids.map((id) => invitation(id)), remaining });
};

let number = 0;

beforeEach(() => {
  stopClock();
  // Each test has its own account, because the page shares the list of an account.
  number += 1;
  entry = `entry${number}`;
  house = new House().addAccount(entry);
  list = invitationsOf(entry);
  answer([]);
});

test("All cards of a page share the list of an account", () => {
  expect(invitationsOf(entry)).toBe(list);
  expect(invitationsOf("another")).not.toBe(list);
});

describe("The list", () => {
  test("has the open invitations and the remaining number", async () => {
    house.answers.list_invitations = () => ({ invitations: [invitation(1), invitation(2, { status: "closed" })], remaining: 3 });
    expect([list.open, list.remaining, list.isLoading]).toEqual([undefined, undefined, false]);
    const loading = list.load(house.hass);
    expect(list.isLoading).toBe(true);
    await loading;
    expect([idsOf(list), list.remaining, list.isLoading]).toEqual([[1], 3, false]);
    expect(house.calls).toEqual([{ action: "list_invitations", data: { config_entry_id: entry }, target: undefined }]);
  });

  test("has no remaining number if the plan has no limit", async () => {
    answer([1], 5);
    await list.load(house.hass);
    answer([1], null);
    await list.load(house.hass);
    expect(list.remaining).toBeUndefined();
  });

  test("is requested once for simultaneous calls", async () => {
    await Promise.all([list.load(house.hass), list.load(house.hass)]);
    expect(house.calls).toHaveLength(1);
    await list.load(house.hass);
    expect(house.calls).toHaveLength(2);
  });

  test("keeps its invitations after a failure, which the next answer clears", async () => {
    answer([1], 2);
    await list.load(house.hass);
    const failure = new Error("Down");
    house.answers.list_invitations = () => Promise.reject(failure);
    await list.load(house.hass);
    expect([list.error, idsOf(list), list.remaining, list.isLoading]).toEqual([failure, [1], 2, false]);
    answer([2]);
    await list.load(house.hass);
    expect([list.error, idsOf(list)]).toEqual([undefined, [2]]);
  });

  test("notifies when a request begins and ends", async () => {
    const states: [boolean, number[] | undefined][] = [];
    list.addEventListener("change", () => states.push([list.isLoading, idsOf(list)]));
    answer([1]);
    await list.load(house.hass);
    expect(states).toEqual([
      [true, undefined],
      [false, [1]],
    ]);
  });
});

describe("A command", () => {
  test("creates an invitation", async () => {
    answer([1, 2]);
    house.answers.create_invitation = () => invitation(3);
    await list.load(house.hass);
    const changed = vi.fn();
    list.addEventListener("change", changed);
    expect(await list.create(house.hass, "Ada")).toMatchObject({ id: 3 });
    expect(idsOf(list)).toEqual([1, 2, 3]);
    expect(house.callsOf("create_invitation")).toEqual([
      { action: "create_invitation", data: { config_entry_id: entry, client_name: "Ada" }, target: undefined },
    ]);
    expect(changed).toHaveBeenCalled();
    // The change of the entities leads to the next request, so the command makes none itself.
    expect(house.callsOf("list_invitations")).toHaveLength(1);
  });

  test("creates one before the list is loaded, and one that the list already has", async () => {
    house.answers.create_invitation = () => invitation(3, { client_name: "Ada" });
    await list.create(house.hass, "Ada");
    expect(idsOf(list)).toEqual([3]);
    answer([3, 4]);
    await list.load(house.hass);
    await list.create(house.hass, "Ada");
    expect(list.open).toMatchObject([{ id: 4 }, { id: 3, client_name: "Ada" }]);
  });

  test("closes an invitation", async () => {
    answer([1, 2]);
    await list.load(house.hass);
    const changed = vi.fn();
    list.addEventListener("change", changed);
    await list.close(house.hass, invitation(1));
    expect(idsOf(list)).toEqual([2]);
    expect(changed).toHaveBeenCalledOnce();
    expect(house.callsOf("close_invitation")).toEqual([
      { action: "close_invitation", data: { config_entry_id: entry, invitation_id: 1 }, target: undefined },
    ]);
  });

  test("closes one before the list is loaded", async () => {
    await list.close(house.hass, invitation(1));
    expect(list.open).toBeUndefined();
  });

  test("changes nothing when it fails", async () => {
    answer([1]);
    await list.load(house.hass);
    for (const action of ["create_invitation", "close_invitation", "get_invitation"] as const) {
      house.answers[action] = () => Promise.reject(new Error(action));
    }
    await expect(list.create(house.hass, "")).rejects.toThrow("create_invitation");
    await expect(list.close(house.hass, invitation(1))).rejects.toThrow("close_invitation");
    await expect(list.connectLink(house.hass, invitation(1))).rejects.toThrow("get_invitation");
    expect(idsOf(list)).toEqual([1]);
  });

  test.each([
    ["are disabled", () => house.remove(`account_${entry}`)],
    ["are unavailable", () => house.setUnavailable()],
  ])("requests the list if the account's entities %s", async (_, change) => {
    change();
    house.answers.create_invitation = () => invitation(3);
    answer([3, 4]);
    await list.create(house.hass, "");
    await flushPromises();
    expect(house.callsOf("list_invitations")).toHaveLength(1);
    expect(idsOf(list)).toEqual([3, 4]);
    await list.close(house.hass, invitation(4));
    await flushPromises();
    expect(house.callsOf("list_invitations")).toHaveLength(2);
  });

  test("is not undone by a list that was requested before it", async () => {
    const answers: Deferred<unknown>[] = [];
    const respond = (...ids: number[]): void => answers.shift()?.resolve({ invitations: ids.map((id) => invitation(id)), remaining: 1 });
    house = new House();
    house.answers.list_invitations = () => {
      const asked = defer<unknown>();
      answers.push(asked);
      return asked.promise;
    };
    house.answers.create_invitation = () => invitation(3);
    const first = list.load(house.hass);
    respond(1, 2);
    await first;
    const loading = list.load(house.hass);
    await list.create(house.hass, "");
    await list.close(house.hass, invitation(1));
    respond(1, 2);
    await flushPromises();
    expect([idsOf(list), list.isLoading]).toEqual([[2, 3], true]);
    respond(2, 3, 4);
    await loading;
    expect([idsOf(list), list.isLoading, answers.length]).toEqual([[2, 3, 4], false, 0]);
  });
});

describe("Secrets", () => {
  const SECRET = "https://getscreen.test/connect/secret";
  const whole = { code: "123456789", invite_url: "https://getscreen.test/i", client_name: "Ada", created: "2026-06-15T11:00:00Z" };

  test("of an answer are not stored", async () => {
    house.answers.list_invitations = () => ({ invitations: [invitation(1, { ...whole, connect_url: SECRET })] });
    house.answers.create_invitation = () => invitation(2, { ...whole, connect_url: SECRET });
    await list.load(house.hass);
    const created = await list.create(house.hass, "Ada");
    expect(list.open).toEqual([
      { ...invitation(1), ...whole },
      { ...invitation(2), ...whole },
    ]);
    expect(created).toEqual({ ...invitation(2), ...whole });
  });

  test("include the operator link, which is returned and never stored", async () => {
    answer([1]);
    await list.load(house.hass);
    house.answers.get_invitation = () => ({ ...invitation(1), connect_url: SECRET });
    expect(await list.connectLink(house.hass, invitation(1))).toBe(SECRET);
    expect(house.callsOf("get_invitation")).toEqual([
      { action: "get_invitation", data: { config_entry_id: entry, invitation_id: 1 }, target: undefined },
    ]);
    expect(JSON.stringify(list)).not.toContain(SECRET);
  });
});

describe("A list is outdated", () => {
  const isOld = (): boolean[] => [list.isStale(house.hass, false), list.isStale(house.hass, true)];
  const account = (): string => `account_${entry}`;

  test("before its first request, and not after it, even if that fails", async () => {
    expect(isOld()).toEqual([true, true]);
    house.answers.list_invitations = () => Promise.reject(new Error("Down"));
    await list.load(house.hass);
    expect(isOld()).toEqual([false, false]);
  });

  test.each(["invitation", "open_invitations"])("when the account's %s has changed", async (key) => {
    await list.load(house.hass);
    vi.advanceTimersByTime(3_600_000);
    expect(isOld()).toEqual([false, false]);
    house.set(account(), key, "7");
    expect(isOld()).toEqual([true, true]);
    await list.load(house.hass);
    expect(isOld()).toEqual([false, false]);
  });

  test("if a change arrives during its request", async () => {
    const asked = defer<unknown>();
    house.answers.list_invitations = () => asked.promise;
    const loading = list.load(house.hass);
    house.set(account(), "open_invitations", "1");
    asked.resolve({ invitations: [] });
    await loading;
    expect(isOld()).toEqual([true, true]);
  });

  test("not through other entities of the account", async () => {
    house.addEntities(account(), { devices: "1" });
    await list.load(house.hass);
    house.set(account(), "devices", "2");
    expect(isOld()).toEqual([false, false]);
  });

  test.each([["invitation"], ["open_invitations"]])("not during an outage, in which %s is unavailable", async (key) => {
    await list.load(house.hass);
    const before = house.hass;
    house.set(account(), key, "unavailable");
    expect(isOld()).toEqual([false, false]);
    house.hass = before;
    expect(isOld()).toEqual([false, false]);
  });

  test("not after a rejection for missing permission, because Home Assistant logs each attempt, until a request succeeds", async () => {
    house.answers.list_invitations = () => Promise.reject({ code: "home_assistant_error", message: "Unauthorized" });
    await list.load(house.hass);
    house.set(account(), "open_invitations", "2");
    expect(isOld()).toEqual([false, false]);
    answer([1]);
    await list.load(house.hass);
    house.set(account(), "open_invitations", "3");
    expect([idsOf(list), isOld()]).toEqual([[1], [true, true]]);
  });

  test("after an outage in which it was first requested", async () => {
    const before = house.hass;
    await list.load(house.setUnavailable().hass);
    expect(isOld()).toEqual([false, false]);
    house.hass = before;
    expect(isOld()).toEqual([true, true]);
  });

  test("without entities, if it comes into view more than a minute after its request", async () => {
    house.remove(account());
    expect(isOld()).toEqual([true, true]);
    await list.load(house.hass);
    expect(isOld()).toEqual([false, false]);
    vi.advanceTimersByTime(60_000);
    expect(isOld()).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    expect(isOld()).toEqual([false, true]);
  });

  test("through one entity if the other is disabled", async () => {
    house = new House().addAccount(entry, { open_invitations: "0" });
    await list.load(house.hass);
    vi.advanceTimersByTime(3_600_000);
    expect(isOld()).toEqual([false, false]);
    house.set(account(), "open_invitations", "1");
    expect(isOld()).toEqual([true, true]);
  });
});

describe("An event", () => {
  const sendOpenCount = (count: number | null, isFirst = false): void => list.onEvent({ open: { [entry]: count } }, isFirst);

  beforeEach(async () => {
    answer([1, 2]);
    await list.load(house.hass);
  });

  test("makes the list outdated until it is requested if its number differs from the list's", async () => {
    sendOpenCount(3, true);
    expect(list.isStale(house.hass, false)).toBe(true);
    await list.load(house.hass);
    expect(list.isStale(house.hass, false)).toBe(false);
    sendOpenCount(4);
    expect(list.isStale(house.hass, false)).toBe(true);
  });

  test("does not make the list outdated if it has the list's number, as for a new card or after a command", async () => {
    sendOpenCount(2, true);
    expect(list.isStale(house.hass, false)).toBe(false);
    house.answers.create_invitation = () => invitation(3);
    await list.create(house.hass, "");
    sendOpenCount(3);
    expect(list.isStale(house.hass, false)).toBe(false);
    sendOpenCount(3, true);
    expect(list.isStale(house.hass, false)).toBe(false);
  });

  test("reports another change even if it has the number of the event before", async () => {
    sendOpenCount(2, true);
    sendOpenCount(2);
    expect(list.isStale(house.hass, false)).toBe(true);
    await list.load(house.hass);
    expect(list.isStale(house.hass, false)).toBe(false);
    sendOpenCount(2);
    sendOpenCount(3);
    sendOpenCount(2);
    expect(list.isStale(house.hass, false)).toBe(true);
  });

  test("counts once, however many cards receive it", () => {
    const event = { open: { [entry]: 2 } };
    list.onEvent(event, false);
    list.onEvent(event, false);
    expect(list.isStale(house.hass, false)).toBe(false);
  });

  test("does not make the list outdated if its number is unknown, of another account or from an outage", () => {
    sendOpenCount(null, true);
    list.onEvent({ open: { another: 3 } }, false);
    expect(list.isStale(house.hass, false)).toBe(false);
    sendOpenCount(3);
    sendOpenCount(null);
    sendOpenCount(null);
    expect(list.isStale(house.hass, false)).toBe(false);
    sendOpenCount(3);
    house.setUnavailable();
    expect(list.isStale(house.hass, false)).toBe(false);
  });

  test("may arrive before the answer to a request that shows the same", async () => {
    answer([1, 2, 3]);
    const loading = list.load(house.hass);
    sendOpenCount(3);
    await loading;
    expect(list.isStale(house.hass, false)).toBe(false);
  });

  test("makes the list outdated even after a failure and if the account's entities are disabled", async () => {
    house.answers.list_invitations = () => Promise.reject(new Error("Down"));
    const other = invitationsOf(`${entry}-other`);
    await other.load(house.hass);
    expect(other.isStale(house.hass, false)).toBe(false);
    other.onEvent({ open: { [`${entry}-other`]: 0 } }, true);
    expect(other.isStale(house.hass, false)).toBe(true);
  });
});
