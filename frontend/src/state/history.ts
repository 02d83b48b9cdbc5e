/** The sessions of an account or a computer, newest first, as the server last listed them. All cards of a page share them. */

import { isUnauthorized, queryAction } from "../home-assistant/actions.js";
import type { HomeAssistant } from "../home-assistant/types.js";

/** Times are ISO 8601; null if unknown. */
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

/** Selects the sessions of an account (a config entry's id) or a computer (a device id) that began from `start` to `end`, inclusive. */
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

/** Sessions per page: Home Assistant reads at most this many in one API request, so larger pages would save no requests. */
const PAGE_SIZE = 100;

/** The maximum number of sessions that one call of the action returns. */
const MAX_PAGE_SIZE = 1000;

/** Minimum milliseconds between two automatic requests. */
export const MIN_REQUEST_INTERVAL = 30_000;

/** Milliseconds. An older list is requested again when it comes into view: sessions may have begun and ended since. */
const MAX_AGE = 300_000;

/** Maximum number of cached lists, one for each combination of filters. */
const MAX_LISTS = 20;

const lists = new Map<string, History>();

/** Return the shared list of the sessions that match a query. */
export const historyOf = (query: HistoryQuery): History => {
  const { account, device, start, end, isRecorded } = query;
  const key = JSON.stringify([account, device, start, end, Boolean(isRecorded)]);
  const list = lists.get(key) ?? new History(query);
  // Move the list to the end, because the least recently used lists are dropped from the beginning.
  lists.delete(key);
  lists.set(key, list);
  for (const first of lists.keys()) {
    if (lists.size <= MAX_LISTS) break;
    lists.delete(first);
  }
  return list;
};

/** A list of sessions. Dispatches `change` after each change. */
export class History extends EventTarget {
  /** Undefined until the server has listed them. */
  sessions: readonly Session[] | undefined;
  /** Whether the list contains the oldest session. */
  isComplete = false;
  /** The error of the last request; undefined if it succeeded. */
  error: unknown;
  isLoading = false;
  // The `fingerprint` of the running sessions at the last request for the newest sessions, and the time of that request.
  private fingerprint: string | undefined;
  private requestTime = Number.NEGATIVE_INFINITY;

  constructor(readonly query: HistoryQuery) {
    super();
  }

  /** Whether one of the sessions has no end yet. */
  get hasRunning(): boolean {
    return Boolean(this.sessions?.some(({ end }) => end === null));
  }

  /**
   * Return the milliseconds until the newest sessions have to be requested; undefined if no request is needed. `fingerprint` identifies the set
   * of running sessions; undefined while they are unknown. `cameIntoView`: whether the list has just become visible.
   */
  dueIn(fingerprint: string | undefined, cameIntoView: boolean): number | undefined {
    // No automatic retry, because Home Assistant logs every attempt without permission.
    if (isUnauthorized(this.error) && !cameIntoView) return undefined;
    const age = Date.now() - this.requestTime;
    if (this.sessions) this.fingerprint ??= fingerprint;
    const isChanged = fingerprint !== undefined && fingerprint !== this.fingerprint;
    const isMissing = !this.sessions && !this.error;
    if (isChanged || isMissing || (cameIntoView && (age > MAX_AGE || Boolean(this.error)))) return Math.max(0, MIN_REQUEST_INTERVAL - age);
    return undefined;
  }

  /** Request the newest sessions; a failure is stored in `error`. */
  async refresh(hass: HomeAssistant, fingerprint?: string): Promise<void> {
    if (this.isLoading) return;
    // Set even if the request fails, so that it is not repeated again and again.
    this.fingerprint = fingerprint ?? this.fingerprint;
    this.requestTime = Date.now();
    await this.runRequest(async () => {
      const limit = this.refreshLimit;
      const page = await this.request(hass, { limit });
      const older = isLast(page, limit) ? [] : olderThan(page.sessions, this.sessions ?? []);
      this.sessions = [...page.sessions, ...older];
      if (!older.length) this.isComplete = isLast(page, limit);
    });
  }

  /** Request the sessions before the oldest one; a failure is stored in `error`. */
  async loadMore(hass: HomeAssistant): Promise<void> {
    if (this.isLoading || this.isComplete) return;
    if (!this.sessions) return this.refresh(hass);
    await this.runRequest(() => this.requestMore(hass));
  }

  private async requestMore(hass: HomeAssistant): Promise<void> {
    const loaded = this.sessions ?? [];
    const ids = new Set(loaded.map(({ id }) => id));
    // Start with the oldest second again, because it may contain further sessions. If they fill a page, request a larger page.
    for (let limit = PAGE_SIZE; ; limit = Math.min(limit * 4, MAX_PAGE_SIZE)) {
      const page = await this.request(hass, { limit, end: oldestStart(loaded) ?? this.query.end });
      const added = page.sessions.filter(({ id }) => !ids.has(id));
      const isEnd = isLast(page, limit) || (!added.length && limit === MAX_PAGE_SIZE);
      if (!added.length && !isEnd) continue;
      this.sessions = [...loaded, ...added];
      this.isComplete = isEnd;
      return;
    }
  }

  /** The page size that includes the oldest running session, which may have ended. */
  private get refreshLimit(): number {
    const running = (this.sessions ?? []).map(({ end }) => end).lastIndexOf(null);
    return Math.min(Math.max(1, Math.ceil((running + 1) / PAGE_SIZE)) * PAGE_SIZE, MAX_PAGE_SIZE);
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

  private async runRequest(request: () => Promise<void>): Promise<void> {
    this.isLoading = true;
    this.notify();
    try {
      await request();
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

/** Return whether a page is the last. Its length is only a fallback for `total`: unreadable sessions are missing in the page. */
const isLast = ({ sessions, total }: Page, limit: number): boolean => (total === null ? sessions.length < limit : total <= limit);

/** Return the known sessions that are older than a page; none if the two do not overlap, because sessions in between are missing. */
const olderThan = (page: readonly Session[], loaded: readonly Session[]): Session[] => {
  const ids = new Set(page.map(({ id }) => id));
  const shared = loaded.map(({ id }) => ids.has(id)).lastIndexOf(true);
  return shared < 0 ? [] : loaded.slice(shared + 1);
};

const oldestStart = (sessions: readonly Session[]): string | undefined => {
  let oldest: string | undefined;
  for (const { start } of sessions) {
    if (start !== null && (oldest === undefined || new Date(start) < new Date(oldest))) oldest = start;
  }
  return oldest;
};

/** Return a session without IP addresses: no card shows them, so they are not stored. */
const withoutAddresses = ({ id, start, end, duration, device, clients, video }: Session): Session => ({
  id,
  start,
  end,
  duration,
  device: device && { device_id: device.device_id, name: device.name },
  clients: clients.map(({ login, country, city }) => ({ login, country, city })),
  video: video && { media_content_id: video.media_content_id },
});
