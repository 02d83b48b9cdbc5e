import { beforeEach, describe, expect, test } from "vitest";
import { type History, type HistoryQuery, historyOf } from "../../src/state/history.js";
import { defer, flushPromises, House, stopClock } from "../house.js";
import { Archive, minutesAgo, session } from "../sessions.js";

let house: House;
let archive: Archive;
let account = "";
let list: History;
let number = 0;

const idsOf = ({ sessions }: History): number[] | undefined => sessions?.map(({ id }) => id);

/** Return the numbers from one to another in descending order. */
const down = (from: number, to: number): number[] => Array.from({ length: from - to + 1 }, (_, index) => from - index);

const query = (more: HistoryQuery = {}): History => historyOf({ account, ...more });

beforeEach(() => {
  stopClock();
  // Each test has its own account, because the page shares the lists of an account.
  number += 1;
  account = `history${number}`;
  house = new House().addAccount(account);
  archive = new Archive(house);
  list = query();
});

describe("The session lists", () => {
  test("are shared by equal queries of a page", () => {
    expect(query()).toBe(list);
    expect(query({ isRecorded: false })).toBe(list);
    for (const more of [{ device: "desk" }, { start: "2026" }, { end: "2026" }, { isRecorded: true }]) expect(query(more)).not.toBe(list);
  });

  test("are dropped when there are many, starting with the least recently used", () => {
    const other = query({ device: "0" });
    for (let device = 1; device < 20; device++) {
      query({ device: String(device) });
      expect(query({ device: "0" })).toBe(other);
    }
    expect(query()).not.toBe(list);
    expect(query({ device: "0" })).toBe(other);
  });

  test("request what their query says", async () => {
    await query({ device: "desk", start: "2026-06-01", end: "2026-06-02", isRecorded: true }).refresh(house.hass);
    await list.refresh(house.hass);
    expect(archive.requests).toEqual([
      { config_entry_id: account, device_id: "desk", start: "2026-06-01", end: "2026-06-02", with_video: true, limit: 100 },
      { config_entry_id: account, limit: 100 },
    ]);
  });

  test("contain no addresses of users", async () => {
    archive.sessions = [session(1, 60, { video: { media_content_id: "media-source://getscreen/x", size: 5 } as never })];
    await list.refresh(house.hass);
    expect(list.sessions).toEqual([
      {
        ...session(1, 60),
        clients: [{ login: "jonas@example.com", country: "Portugal", city: "Lisbon" }],
        video: { media_content_id: "media-source://getscreen/x" },
      },
    ]);
  });
});

describe("Older sessions", () => {
  test("are loaded page by page until there are no more", async () => {
    archive.sessions = down(250, 1).map((id) => session(id, 1000 - id));
    await list.refresh(house.hass);
    expect([idsOf(list), list.isComplete]).toEqual([down(250, 151), false]);
    await list.loadMore(house.hass);
    expect(list.isComplete).toBe(false);
    await list.loadMore(house.hass);
    expect([idsOf(list), list.isComplete]).toEqual([down(250, 1), true]);
    await list.loadMore(house.hass);
    expect(archive.requests.map(({ end }) => end)).toEqual([undefined, minutesAgo(1000 - 151), minutesAgo(1000 - 52)]);
  });

  test.each([true, false])("are neither repeated nor missing if many began in the same second (total known: %s)", async (hasTotal) => {
    archive.hasTotal = hasTotal;
    // The second at the end of the first page has more sessions than fit into a page.
    archive.sessions = down(500, 1).map((id) => session(id, 10 * (1 + Number(id <= 450) + Number(id <= 50))));
    await list.refresh(house.hass);
    for (let page = 0; page < 10 && !list.isComplete; page++) await list.loadMore(house.hass);
    expect([idsOf(list), list.isComplete]).toEqual([down(500, 1), true]);
    // The page grows until it reaches beyond that second.
    expect(archive.requests.map(({ limit }) => limit)).toEqual([100, 100, 100, 400, 100, 400, 1000]);
  });

  test("end if more sessions began in one second than the server lists", async () => {
    archive.sessions = down(1200, 1).map((id) => session(id, 10));
    await list.refresh(house.hass);
    for (let page = 0; page < 20 && !list.isComplete; page++) await list.loadMore(house.hass);
    expect([list.sessions?.length, list.isComplete]).toEqual([1000, true]);
  });

  test("continue after a page from which unreadable sessions are missing", async () => {
    archive.sessions = down(250, 1).map((id) => session(id, 1000 - id));
    house.answers.get_history = () => ({ sessions: archive.sessions.slice(1, 100), total: 250 });
    await list.refresh(house.hass);
    expect([list.sessions?.length, list.isComplete]).toEqual([99, false]);
  });

  test("belong to the day that is shown", async () => {
    archive.sessions = down(250, 1).map((id) => session(id, 1000 - id));
    const day = query({ start: minutesAgo(950), end: minutesAgo(800) });
    await day.refresh(house.hass);
    await day.loadMore(house.hass);
    expect([idsOf(day), day.isComplete]).toEqual([down(200, 50), true]);
    expect(archive.requests.map(({ start }) => start)).toEqual([minutesAgo(950), minutesAgo(950)]);
  });

  test("continue after sessions without a time, which have no position", async () => {
    archive.sessions = [session(3, 10), session(2, 20, { start: null })];
    house.answers.get_history = () => ({ sessions: archive.sessions, total: 300 });
    await list.refresh(house.hass);
    house.answers.get_history = () => ({ sessions: [session(1, 30)], total: 1 });
    await list.loadMore(house.hass);
    expect([idsOf(list), archive.requests[1]?.end]).toEqual([[3, 2, 1], minutesAgo(10)]);
  });

  test("are the newest if none are known yet", async () => {
    archive.sessions = [session(1, 10)];
    await list.loadMore(house.hass);
    expect([idsOf(list), list.isComplete]).toEqual([[1], true]);
  });
});

describe("A refresh", () => {
  const load = async (): Promise<void> => {
    archive.sessions = down(250, 1).map((id) => session(id, 1000 - id));
    await list.refresh(house.hass);
    await list.loadMore(house.hass);
  };

  test("adds new sessions and drops those that are gone", async () => {
    await load();
    archive.sessions = [session(252, 2), session(251, 3), ...archive.sessions.filter(({ id }) => id !== 249)];
    await list.refresh(house.hass);
    expect([idsOf(list), list.isComplete]).toEqual([[252, 251, 250, ...down(248, 52)], false]);
  });

  test("starts the list again if sessions between the new and the known ones are missing", async () => {
    await load();
    archive.sessions = [...down(600, 251).map((id) => session(id, 700 - id)), ...archive.sessions];
    await list.refresh(house.hass);
    expect([idsOf(list), list.isComplete]).toEqual([down(600, 501), false]);
  });

  test("notices when all sessions are loaded", async () => {
    await load();
    archive.sessions = [session(1, 5)];
    await list.refresh(house.hass);
    expect([idsOf(list), list.isComplete]).toEqual([[1], true]);
  });

  test("reaches the oldest session that was running", async () => {
    archive.sessions = down(250, 1).map((id) => session(id, 1000 - id, id === 130 ? { end: null, duration: null } : {}));
    await list.refresh(house.hass);
    await list.loadMore(house.hass);
    expect(list.hasRunning).toBe(true);
    archive.sessions = down(250, 1).map((id) => session(id, 1000 - id));
    await list.refresh(house.hass);
    expect([archive.requests[2]?.limit, list.hasRunning, idsOf(list)?.length]).toEqual([200, false, 200]);
  });

  test("keeps the known sessions when it fails, and stores the error", async () => {
    await load();
    house.answers.get_history = () => Promise.reject(new Error("No"));
    let changes = 0;
    list.addEventListener("change", () => (changes += 1));
    await list.refresh(house.hass);
    expect([idsOf(list)?.length, (list.error as Error).message, list.isLoading, changes]).toEqual([199, "No", false, 2]);
    archive = new Archive(house);
    await list.refresh(house.hass);
    expect(list.error).toBeUndefined();
  });

  test("joins the one in flight", async () => {
    const answer = defer<object>();
    house.answers.get_history = () => answer.promise;
    void list.refresh(house.hass);
    void list.refresh(house.hass);
    void list.loadMore(house.hass);
    expect([list.isLoading, archive.requests.length]).toEqual([true, 1]);
    answer.resolve({ sessions: [], total: 0 });
    await flushPromises();
    expect([list.isLoading, list.sessions]).toEqual([false, []]);
  });
});

describe("A refresh of the newest sessions is due", () => {
  test("at once if none are known", () => {
    expect(list.dueIn(undefined, false)).toBe(0);
  });

  test("when another session is running, at the earliest 30 seconds after the last request", async () => {
    await list.refresh(house.hass, "one");
    stopClock("2026-06-15T12:00:10Z");
    expect([list.dueIn("one", true), list.dueIn(undefined, true), list.dueIn("two", false)]).toEqual([undefined, undefined, 20_000]);
    stopClock("2026-06-15T12:02:00Z");
    expect([list.dueIn("one", true), list.dueIn("two", false)]).toEqual([undefined, 0]);
  });

  test("not when the running sessions become known later", async () => {
    await list.refresh(house.hass);
    stopClock("2026-06-15T12:02:00Z");
    expect([list.dueIn("one", false), list.dueIn("two", false)]).toEqual([undefined, 0]);
  });

  test("when an outdated or failed list comes into view", async () => {
    await list.refresh(house.hass, "one");
    stopClock("2026-06-15T12:05:01Z");
    expect([list.dueIn("one", false), list.dueIn("one", true)]).toEqual([undefined, 0]);
    house.answers.get_history = () => Promise.reject(new Error("No"));
    await list.refresh(house.hass, "one");
    stopClock("2026-06-15T12:05:31Z");
    expect([list.dueIn("one", false), list.dueIn("one", true)]).toEqual([undefined, 0]);
  });

  test("for a user without permission only when the list comes into view, because Home Assistant logs each attempt", async () => {
    house.answers.get_history = () => Promise.reject({ code: "home_assistant_error", message: "Unauthorized" });
    await list.refresh(house.hass, "one");
    stopClock("2026-06-15T12:10:00Z");
    expect([list.dueIn("two", false), list.dueIn("two", true)]).toEqual([undefined, 0]);
  });

  test("not after a failure until another session is running", async () => {
    house.answers.get_history = () => Promise.reject(new Error("No"));
    await list.refresh(house.hass, "one");
    stopClock("2026-06-15T12:10:00Z");
    expect([list.dueIn("one", false), list.dueIn("two", false)]).toEqual([undefined, 0]);
  });
});
