/** The open invitations of each account, as the server last listed them. All cards of a page share them, to save requests. */

import { callAction, isUnauthorized, queryAction } from "../home-assistant/actions.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { accountDevices, stateOf, UNAVAILABLE } from "./devices.js";

export interface Invitation {
  id: number;
  status: string;
  code?: string | null | undefined;
  invite_url?: string | null | undefined;
  client_name?: string | null | undefined;
  /** ISO 8601. */
  created?: string | null | undefined;
}

/** An event of `getscreen/invitations/subscribe`: sent at first, and whenever invitations have changed. */
export interface InvitationsEvent {
  /** Number of open invitations by config entry id; null if unknown. */
  open: Record<string, number | null>;
}

/** A client has joined an invitation and waits for the operator. */
export type JoinEvent = CustomEvent<Invitation>;

// Translation keys of the account's entities that change with the list.
const WATCHED = ["invitation", "open_invitations"];

/** Milliseconds. If the account's entities are disabled, an older list is requested again when it comes into view. */
const OLD = 60_000;

const lists = new Map<string, Invitations>();

/** Return the shared invitations of an account (a config entry's id). */
export const invitationsOf = (entryId: string): Invitations => {
  const known = lists.get(entryId) ?? new Invitations(entryId);
  lists.set(entryId, known);
  return known;
};

/** Return the invitations in which a client waits, then the others; in both parts, the newest come first. */
export const inOrder = (invitations: Invitation[]): Invitation[] =>
  [...invitations].sort((one, other) => Number(isJoined(other)) - Number(isJoined(one)) || other.id - one.id);

const isJoined = ({ status }: Invitation): boolean => status === "client_joined";

/** The invitations of an account. Dispatches `change` after each change, and once per joined invitation a `JoinEvent`, `join`. */
export class Invitations extends EventTarget {
  /** Undefined until the server has listed them. */
  open: Invitation[] | undefined;
  /** How many more invitations the plan allows; undefined if unknown. */
  remaining: number | undefined;
  /** The error of the last request for the list; undefined if it succeeded. */
  error: unknown;
  isLoading = false;
  /** The invitations that clients have joined since the page was opened, until they are reported to the user and removed here. */
  readonly arrived: Invitation[] = [];
  // The states of the account's entities at the last request, and the time of that request.
  private mark: string | undefined;
  private time = 0;
  // The last event, the number of open invitations in it, and what the events since the last request have reported:
  // a change, or only another number.
  private event: InvitationsEvent | undefined;
  private count: number | null | undefined;
  private news: "change" | "count" | undefined;
  // Number of commands from this page that have changed the list.
  private changes = 0;
  // The invitations that a client has joined; undefined until those from before the page was opened are known.
  private joined: Set<number> | undefined;

  constructor(readonly entryId: string) {
    super();
  }

  /** Return whether the list has to be requested because it may have changed. `cameIntoView`: whether it has just become visible. */
  isOld(hass: HomeAssistant, cameIntoView: boolean): boolean {
    // No retry, because Home Assistant logs every attempt without permission.
    if (isUnauthorized(this.error)) return false;
    const mark = this.markOf(hass);
    if (this.mark === undefined) return true;
    if (this.isNews) return mark !== UNAVAILABLE;
    if (mark === "") return cameIntoView && this.isOlderThan(OLD);
    // No request during an outage.
    return mark !== UNAVAILABLE && mark !== this.mark;
  }

  /** Return whether the last request for the list is older than the given number of milliseconds. */
  isOlderThan(milliseconds: number): boolean {
    return Date.now() - this.time > milliseconds;
  }

  /** Evaluate an event of Home Assistant. Every card of the account passes it on, so it may come more than once. */
  follow(event: InvitationsEvent, isFirst: boolean): void {
    const count = event.open[this.entryId];
    if (event === this.event || count === undefined) return;
    // With the same number, something else has changed. The list may already have a new number, for example after a command.
    if (count !== null) this.news = count === this.count && !isFirst ? "change" : (this.news ?? "count");
    this.event = event;
    this.count = count;
  }

  private get isNews(): boolean {
    return this.news === "change" || (this.news === "count" && this.count !== null && this.count !== this.open?.length);
  }

  /** Request the list; a failure is stored in `error`. */
  async load(hass: HomeAssistant): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    // Set before the request, because later changes need another one; and even if it fails, so that it is not repeated again and again.
    this.mark = this.markOf(hass);
    this.time = Date.now();
    this.news = undefined;
    this.notify();
    try {
      const { invitations, remaining } = await this.request(hass);
      this.open = invitations.filter(({ status }) => status !== "closed").map(withoutSecrets);
      this.remaining = remaining ?? undefined;
      this.error = undefined;
      this.noticeJoined(this.open);
    } catch (error) {
      this.error = error;
    }
    this.isLoading = false;
    this.notify();
  }

  /** Return the server's list. Repeats the request if a command has changed the list before the answer arrived. */
  private async request(hass: HomeAssistant): Promise<{ invitations: Invitation[]; remaining?: number | null }> {
    for (;;) {
      const { changes } = this;
      const answer = await queryAction<{ invitations: Invitation[] }>(hass, "list_invitations", { config_entry_id: this.entryId });
      if (changes === this.changes) return answer;
    }
  }

  /** Open an invitation and return it; throws what the action throws. */
  async create(hass: HomeAssistant, clientName: string): Promise<Invitation> {
    const data = { config_entry_id: this.entryId, client_name: clientName };
    const created = withoutSecrets(await queryAction<Invitation>(hass, "create_invitation", data));
    this.open = [...(this.open ?? []).filter(({ id }) => id !== created.id), created];
    this.changed(hass);
    return created;
  }

  /** Close an invitation; throws what the action throws. */
  async close(hass: HomeAssistant, { id }: Invitation): Promise<void> {
    await callAction(hass, "close_invitation", { config_entry_id: this.entryId, invitation_id: id });
    this.open = this.open?.filter((invitation) => invitation.id !== id);
    this.changed(hass);
  }

  /** Return the operator link, a secret that is stored nowhere; throws what the action throws. */
  async connectLink(hass: HomeAssistant, { id }: Invitation): Promise<string> {
    const data = { config_entry_id: this.entryId, invitation_id: id };
    return (await queryAction<{ connect_url: string }>(hass, "get_invitation", data)).connect_url;
  }

  /** Handle a change by a command. A poll then updates the account's entities; if these are missing, request the list. */
  private changed(hass: HomeAssistant): void {
    this.changes += 1;
    this.notify();
    if (["", UNAVAILABLE].includes(this.markOf(hass))) void this.load(hass);
  }

  private markOf(hass: HomeAssistant): string {
    const account = accountDevices(hass).find(({ accounts }) => accounts.includes(this.entryId));
    const states = WATCHED.map((key) => account && stateOf(hass, account, key)?.state).filter((state) => state !== undefined);
    return states.includes(UNAVAILABLE) ? UNAVAILABLE : states.join(" ");
  }

  /** Take note that no invitation is open, so that every client who joins from now on is reported. */
  seeNone(): void {
    this.joined ??= new Set();
  }

  private noticeJoined(open: Invitation[]): void {
    const isNews = this.joined !== undefined;
    const { joined = new Set<number>() } = this;
    this.joined = joined;
    for (const invitation of open.filter((each) => isJoined(each) && !joined.has(each.id))) {
      joined.add(invitation.id);
      if (!isNews) continue;
      this.arrived.push(invitation);
      this.dispatchEvent(new CustomEvent("join", { detail: invitation }));
    }
  }

  private notify(): void {
    this.dispatchEvent(new Event("change"));
  }
}

const withoutSecrets = ({ id, status, code, invite_url, client_name, created }: Invitation): Invitation => {
  return { id, status, code, invite_url, client_name, created };
};
