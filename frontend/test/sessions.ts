/** Sessions as Home Assistant returns them, and a server that returns them in pages. */

import type { Session } from "../src/state/history.js";
import type { House } from "./house.js";

export const JONAS = {
  login: "jonas@example.com",
  ip: "192.0.2.14",
  country: "Portugal",
  region: "Lisboa",
  city: "Lisbon",
  user_agent: "Firefox",
};
export const NORA = {
  login: "nora@example.com",
  ip: "192.0.2.15",
  country: "Ireland",
  region: "Leinster",
  city: "Dublin",
  user_agent: "Firefox",
};

/** Return the time (ISO 8601) the given number of minutes before the fixed time of the tests, 12:00 UTC. */
export const minutesAgo = (minutes: number): string => new Date(Date.UTC(2026, 5, 15, 12) - minutes * 60_000).toISOString();

/** Return a session of five minutes that began the given number of minutes ago; `more` adds or replaces fields. */
export const session = (id: number, ago: number, more: Partial<Session> = {}): Session => ({
  id,
  start: minutesAgo(ago),
  end: minutesAgo(ago - 5),
  duration: 300,
  device: { device_id: "desk", name: "Desk" },
  clients: [JONAS],
  video: null,
  ...more,
});

export interface Request {
  config_entry_id?: string;
  device_id?: string;
  start?: string;
  end?: string;
  with_video?: boolean;
  limit: number;
}

/** Answers the action `get_history` with those of `sessions` that match its fields. */
export class Archive {
  sessions: Session[] = [];
  /** Whether the answers contain the total number of sessions. */
  hasTotal = true;

  constructor(private readonly house: House) {
    house.answers.get_history = (data) => this.answer(data as Request);
  }

  get requests(): Request[] {
    return this.house.callsOf("get_history").map(({ data }) => data as Request);
  }

  private answer({ device_id: device, start, end, with_video: isRecorded, limit }: Request): object {
    const found = this.sessions.filter(
      (each) =>
        (!device || each.device?.device_id === device) &&
        (!isRecorded || each.video) &&
        (!start || (each.start ?? "") >= start) &&
        (!end || (each.start ?? "") <= end),
    );
    return { sessions: found.slice(0, limit), total: this.hasTotal ? found.length : null };
  }
}
