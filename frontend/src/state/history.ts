/** The sessions of an account or a computer, newest first, as the server last listed them; all cards of a page share them. */

import { isUnauthorized, queryAction } from "../home-assistant/actions.js";
import type { HomeAssistant } from "../home-assistant/types.js";

/** Times are ISO 8601; what is unknown is null. */
export interface Session {
  id: number;
  start: string | null;
  /** Null while the session is running. */
  end: string | null;
  /** Seconds. */
  duration: number | null;
  /** Null for a quick-support session. */
  device: { device_id: string | null; name: string | null } | null;
  clients: { login: string | null; country: string | null; city: string | null }[];
  video: { media_content_id: string } | null;
}

/** Which sessions: of an account (a config entry's id) or a computer, that began from `start` to `end`, both included. */
export interface HistoryQuery {
  readonly account?: string | undefined;
  readonly device?: string | undefined;
  readonly start?: string | undefined;
  readonly end?: string | undefined;
  readonly isRecorded?: boolean | undefined;
}

interface Page {
  sessions: Session[];
  /** How many sessions match on all pages; null if that is unknown. */
  total: number | null;
}

/** The most that Home Assistant gets in one request of the server's, so that more of them cost no less. */
const PAGE = 100;

/** The most that one call of the action returns. */
const LARGEST_PAGE = 1000;

/** Milliseconds between two requests that no user asked for. */
export const PAUSE = 30_000;

/** Milliseconds after which a list that comes into view is requested again: sessions may have begun and ended meanwhile. */
const OLD = 300_000;

/** How many lists are cached; each has other filters. */
const MOST_LISTS = 20;

const lists = new Map<string, History>();

/** Return the sessions that match a query. */
export const historyOf = (query: HistoryQuery): History => {
  const { account, device, start, end, isRecorded } = query;
  const key = JSON.stringify([account, device, start, end, Boolean(isRecorded)]);
  const list = lists.get(key) ?? new History(query);
  // Those that were used last are at the end.
  lists.delete(key);
  lists.set(key, list);
  for (const first of lists.keys()) {
    if (lists.size <= MOST_LISTS) break;
    lists.delete(first);
  }
  return list;
};

/** Dispatches `change` whenever something of it has changed. */
export class History extends EventTarget {
  /** Undefined until the server has listed them. */
  sessions: readonly Session[] | undefined;
  /** Whether there are no older ones. */
  isComplete = false;
  /** What the last request was rejected with. */
  error: unknown;
  isLoading = false;
  // Which sessions ran at the time of the last request for the newest, and that time.
  private mark: string | undefined;
  private time = Number.NEGATIVE_INFINITY;

  constructor(readonly query: HistoryQuery) {
    super();
  }

  /** Whether one of the sessions has no end yet. */
  get hasRunning(): boolean {
    return Boolean(this.sessions?.some(({ end }) => end === null));
  }

  /**
   * Return in how many milliseconds the newest sessions have to be requested; undefined if they need not be. `mark` stands for the
   * sessions that are running, undefined while they are unknown; `cameIntoView`: a user has just come to see the list.
   */
  dueIn(mark: string | undefined, cameIntoView: boolean): number | undefined {
    // Home Assistant logs each attempt of a user who is not allowed to.
    if (isUnauthorized(this.error) && !cameIntoView) return undefined;
    const age = Date.now() - this.time;
    if (this.sessions) this.mark ??= mark;
    const isChanged = mark !== undefined && mark !== this.mark;
    const isMissing = !this.sessions && !this.error;
    if (isChanged || isMissing || (cameIntoView && (age > OLD || Boolean(this.error)))) return Math.max(0, PAUSE - age);
    return undefined;
  }

  /** Request the newest sessions; a failure becomes `error`. */
  async refresh(hass: HomeAssistant, mark?: string): Promise<void> {
    if (this.isLoading) return;
    // After a failure too, so that the request is not repeated again and again.
    this.mark = mark ?? this.mark;
    this.time = Date.now();
    await this.during(async () => {
      const limit = this.limitOfRefresh;
      const page = await this.request(hass, { limit });
      const older = isLast(page, limit) ? [] : olderThan(page.sessions, this.sessions ?? []);
      this.sessions = [...page.sessions, ...older];
      if (!older.length) this.isComplete = isLast(page, limit);
    });
  }

  /** Request the sessions before the oldest one; a failure becomes `error`. */
  async loadMore(hass: HomeAssistant): Promise<void> {
    if (this.isLoading || this.isComplete) return;
    if (!this.sessions) return this.refresh(hass);
    await this.during(() => this.requestMore(hass));
  }

  private async requestMore(hass: HomeAssistant): Promise<void> {
    const known = this.sessions ?? [];
    const ids = new Set(known.map(({ id }) => id));
    // The oldest second is requested again, for others may have begun within it. Where it has more than a page, the page grows.
    for (let limit = PAGE; ; limit = Math.min(limit * 4, LARGEST_PAGE)) {
      const page = await this.request(hass, { limit, end: oldestStart(known) ?? this.query.end });
      const added = page.sessions.filter(({ id }) => !ids.has(id));
      const isEnd = isLast(page, limit) || (!added.length && limit === LARGEST_PAGE);
      if (!added.length && !isEnd) continue;
      this.sessions = [...known, ...added];
      this.isComplete = isEnd;
      return;
    }
  }

  /** Enough to reach the oldest session that was running, which may have ended. */
  private get limitOfRefresh(): number {
    const running = (this.sessions ?? []).map(({ end }) => end).lastIndexOf(null);
    return Math.min(Math.max(1, Math.ceil((running + 1) / PAGE)) * PAGE, LARGEST_PAGE);
  }

  private async request(hass: HomeAssistant, page: { limit: number; end?: string | undefined }): Promise<Page> {
    const { account, device, start, end, isRecorded } = this.query;
    const data = {
      ...(account ? { config_entry_id: account } : {}),
      ...(device ? { device_id: device } : {}),
      ...(start ? { start } : {}),
      ...(isRecorded ? { with_video: true } : {}),
      ...(page.end || end ? { end: page.end ?? end } : {}),
      limit: page.limit,
    };
    const { sessions, total } = await queryAction<Page>(hass, "get_history", data);
    return { sessions: sessions.map(withoutAddresses), total };
  }

  private async during(work: () => Promise<void>): Promise<void> {
    this.isLoading = true;
    this.notify();
    try {
      await work();
      this.error = undefined;
    } catch (error) {
      this.error = error;
    }
    this.isLoading = false;
    this.notify();
  }

  private notify(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** Unreadable sessions make a page shorter than its limit, so the number on all pages is the better sign. */
const isLast = ({ sessions, total }: Page, limit: number): boolean => (total === null ? sessions.length < limit : total <= limit);

/** Return the known sessions that are older than a page; none if the page does not reach the known ones, since some are between. */
const olderThan = (page: readonly Session[], known: readonly Session[]): Session[] => {
  const ids = new Set(page.map(({ id }) => id));
  const shared = known.map(({ id }) => ids.has(id)).lastIndexOf(true);
  return shared < 0 ? [] : known.slice(shared + 1);
};

const oldestStart = (sessions: readonly Session[]): string | undefined => {
  let oldest: string | undefined;
  for (const { start } of sessions) {
    if (start !== null && (oldest === undefined || new Date(start) < new Date(oldest))) oldest = start;
  }
  return oldest;
};

/** Addresses of people are not cached, since no card shows them. */
const withoutAddresses = ({ id, start, end, duration, device, clients, video }: Session): Session => ({
  id,
  start,
  end,
  duration,
  device: device && { device_id: device.device_id, name: device.name },
  clients: clients.map(({ login, country, city }) => ({ login, country, city })),
  video: video && { media_content_id: video.media_content_id },
});
