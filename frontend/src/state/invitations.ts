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
const WATCHED_KEYS = ["invitation", "open_invitations"];

/** Milliseconds. If the account's entities are disabled, an older list is requested again when it comes into view. */
const MAX_AGE = 60_000;

/** Milliseconds before a request: changes of an invitation arrive one by one, and a short wait combines them into one request. */
export const REQUEST_DELAY = 250;

const lists = new Map<string, Invitations>();

/** Return the shared invitations of an account (a config entry's id). */
export const invitationsOf = (entryId: string): Invitations => {
  const list = lists.get(entryId) ?? new Invitations(entryId);
  lists.set(entryId, list);
  return list;
};

/** Return the invitations in which a client waits, then the others; in both parts, the newest come first. */
export const sortInvitations = (invitations: Invitation[]): Invitation[] =>
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
  private fingerprint: string | undefined;
  private requestTime = 0;
  // The last event, the number of open invitations in it, and what the events since the last request have reported:
  // a change, or only another number.
  private event: InvitationsEvent | undefined;
  private openCount: number | null | undefined;
  private reportedChange: "change" | "count" | undefined;
  // Number of commands from this page that have changed the list.
  private changeCount = 0;
  // The invitations that a client has joined; undefined until those from before the page was opened are known.
  private joined: Set<number> | undefined;

  constructor(readonly entryId: string) {
    super();
  }

  /** Return whether the list has to be requested because it may have changed. `cameIntoView`: whether it has just become visible. */
  isStale(hass: HomeAssistant, cameIntoView: boolean): boolean {
    // No retry, because Home Assistant logs every attempt without permission.
    if (isUnauthorized(this.error)) return false;
    const fingerprint = this.fingerprintOf(hass);
    if (this.fingerprint === undefined) return true;
    if (this.hasReportedChange) return fingerprint !== UNAVAILABLE;
    if (fingerprint === "") return cameIntoView && this.isOlderThan(MAX_AGE);
    // No request during an outage.
    return fingerprint !== UNAVAILABLE && fingerprint !== this.fingerprint;
  }

  /** Return whether the last request for the list is older than the given number of milliseconds. */
  isOlderThan(milliseconds: number): boolean {
    return Date.now() - this.requestTime > milliseconds;
  }

  /** Evaluate an event of Home Assistant. Every card of the account passes it on, so it may come more than once. */
  onEvent(event: InvitationsEvent, isFirst: boolean): void {
    const openCount = event.open[this.entryId];
    if (event === this.event || openCount === undefined) return;
    // With the same number, something else has changed. The list may already have a new number, for example after a command.
    if (openCount !== null) this.reportedChange = openCount === this.openCount && !isFirst ? "change" : (this.reportedChange ?? "count");
    this.event = event;
    this.openCount = openCount;
  }

  private get hasReportedChange(): boolean {
    return (
      this.reportedChange === "change" ||
      (this.reportedChange === "count" && this.openCount !== null && this.openCount !== this.open?.length)
    );
  }

  /** Request the list; a failure is stored in `error`. */
  async load(hass: HomeAssistant): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    // Set before the request, because later changes need another one; and even if it fails, so that it is not repeated again and again.
    this.fingerprint = this.fingerprintOf(hass);
    this.requestTime = Date.now();
    this.reportedChange = undefined;
    this.notify();
    try {
      const { invitations, remaining } = await this.request(hass);
      const before = this.open;
      this.open = invitations.filter(({ status }) => status !== "closed").map(withoutSecrets);
      this.remaining = remaining ?? undefined;
      this.error = undefined;
      this.noticeJoined(this.open, before);
    } catch (error) {
      this.error = error;
    }
    this.isLoading = false;
    this.notify();
  }

  /** Return the server's list. Repeats the request if a command has changed the list before the answer arrived. */
  private async request(hass: HomeAssistant): Promise<{ invitations: Invitation[]; remaining?: number | null }> {
    for (;;) {
      const { changeCount } = this;
      const answer = await queryAction<{ invitations: Invitation[] }>(hass, "list_invitations", { config_entry_id: this.entryId });
      if (changeCount === this.changeCount) return answer;
    }
  }

  /** Open an invitation and return it; throws what the action throws. */
  async create(hass: HomeAssistant, clientName: string): Promise<Invitation> {
    const data = { config_entry_id: this.entryId, client_name: clientName };
    const created = withoutSecrets(await queryAction<Invitation>(hass, "create_invitation", data));
    this.open = [...(this.open ?? []).filter(({ id }) => id !== created.id), created];
    this.onCommand(hass);
    return created;
  }

  /** Close an invitation; throws what the action throws. */
  async close(hass: HomeAssistant, { id }: Invitation): Promise<void> {
    await callAction(hass, "close_invitation", { config_entry_id: this.entryId, invitation_id: id });
    this.open = this.open?.filter((invitation) => invitation.id !== id);
    this.onCommand(hass);
  }

  /** Return the operator link, a secret that is stored nowhere; throws what the action throws. */
  async connectLink(hass: HomeAssistant, { id }: Invitation): Promise<string> {
    const data = { config_entry_id: this.entryId, invitation_id: id };
    return (await queryAction<{ connect_url: string }>(hass, "get_invitation", data)).connect_url;
  }

  /** Handle a change by a command. A poll then updates the account's entities; if these are missing, request the list. */
  private onCommand(hass: HomeAssistant): void {
    this.changeCount += 1;
    this.notify();
    if (["", UNAVAILABLE].includes(this.fingerprintOf(hass))) void this.load(hass);
  }

  private fingerprintOf(hass: HomeAssistant): string {
    const account = accountDevices(hass).find(({ accounts }) => accounts.includes(this.entryId));
    const states = WATCHED_KEYS.map((key) => account && stateOf(hass, account, key)?.state).filter((state) => state !== undefined);
    return states.includes(UNAVAILABLE) ? UNAVAILABLE : states.join(" ");
  }

  /** Take note that no invitation is open, so that every client who joins from now on is reported. */
  onNoneOpen(): void {
    this.joined ??= new Set();
  }

  private noticeJoined(open: Invitation[], before: Invitation[] = []): void {
    const isFirstList = this.joined === undefined;
    const { joined = new Set<number>() } = this;
    this.joined = joined;
    for (const invitation of open.filter((each) => isJoined(each) && !joined.has(each.id))) {
      joined.add(invitation.id);
      // Before the first list, the page knows only invitations that it has created itself.
      if (isFirstList && !before.some(({ id }) => id === invitation.id)) continue;
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
