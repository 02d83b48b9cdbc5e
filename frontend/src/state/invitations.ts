/** The open invitations of each account, as the server last listed them; all cards of a page share them, for each list is a request. */

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

/** What Home Assistant sends while a card watches: at first, and whenever anything of the invitations has changed. */
export interface InvitationsEvent {
  /** How many are open, by config entry id; null if that is unknown. */
  open: Record<string, number | null>;
}

/** A client has joined an invitation and waits for the operator. */
export type JoinEvent = CustomEvent<Invitation>;

// The account's entities that change with the list, by translation key.
const WATCHED = ["invitation", "open_invitations"];

/** Milliseconds after which a list that comes into view is requested again where the account's entities are disabled. */
const OLD = 60_000;

const lists = new Map<string, Invitations>();

/** Return the invitations of the account with a config entry. */
export const invitationsOf = (entryId: string): Invitations => {
  const known = lists.get(entryId) ?? new Invitations(entryId);
  lists.set(entryId, known);
  return known;
};

/** Return the invitations in which a client waits, then the others; among them the newest first, for it is the one that is spoken about. */
export const inOrder = (invitations: Invitation[]): Invitation[] =>
  [...invitations].sort((one, other) => Number(isJoined(other)) - Number(isJoined(one)) || other.id - one.id);

const isJoined = ({ status }: Invitation): boolean => status === "client_joined";

/** Dispatches `change` whenever something of it has changed, and once per invitation a `JoinEvent`, `join`. */
export class Invitations extends EventTarget {
  /** Undefined until the server has listed them. */
  open: Invitation[] | undefined;
  /** How many the plan still allows; undefined if that is unknown. */
  remaining: number | undefined;
  /** What the last request for the list was rejected with. */
  error: unknown;
  isLoading = false;
  /** The invitations that clients have joined since the page was opened; whoever reports one takes it out. */
  readonly arrived: Invitation[] = [];
  // The states of the account's entities at the time of the last request, and that time.
  private mark: string | undefined;
  private time = 0;
  // The last event, how many invitations it said to be open, and what that tells since the last request.
  private event: InvitationsEvent | undefined;
  private count: number | null | undefined;
  private news: "change" | "count" | undefined;
  // How many commands of ours have changed the list.
  private changes = 0;
  // The invitations that a client has joined; undefined until it is known who had joined before the page was opened.
  private joined: Set<number> | undefined;

  constructor(readonly entryId: string) {
    super();
  }

  /** Whether the list has to be requested: the account's entities have changed since; `cameIntoView` if a user has just come to see it. */
  isOld(hass: HomeAssistant, cameIntoView: boolean): boolean {
    // Home Assistant logs each attempt of a user who is not allowed to.
    if (isUnauthorized(this.error)) return false;
    const mark = this.markOf(hass);
    if (this.mark === undefined) return true;
    if (this.isNews) return mark !== UNAVAILABLE;
    if (mark === "") return cameIntoView && this.isOlderThan(OLD);
    // During an outage, a request would only add to it.
    return mark !== UNAVAILABLE && mark !== this.mark;
  }

  /** Whether the last request for the list was more than so many milliseconds ago. */
  isOlderThan(milliseconds: number): boolean {
    return Date.now() - this.time > milliseconds;
  }

  /** Take over an event of Home Assistant's, which each card of the account passes on. */
  follow(event: InvitationsEvent, isFirst: boolean): void {
    const count = event.open[this.entryId];
    if (event === this.event || count === undefined) return;
    // If the number is the same, something else has changed. Another number may be what the list shows, as after a command of ours.
    if (count !== null) this.news = count === this.count && !isFirst ? "change" : (this.news ?? "count");
    this.event = event;
    this.count = count;
  }

  private get isNews(): boolean {
    return this.news === "change" || (this.news === "count" && this.count !== null && this.count !== this.open?.length);
  }

  /** Request the list; a failure becomes `error`. */
  async load(hass: HomeAssistant): Promise<void> {
    if (this.isLoading) return;
    this.isLoading = true;
    // Changes from now on need another request; after a failure too, so that the request is not repeated again and again.
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

  /** Return the server's list, once no command has overtaken the answer. */
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

  /** Return the link by which the operator connects: a secret that is stored nowhere; throws what the action throws. */
  async connectLink(hass: HomeAssistant, { id }: Invitation): Promise<string> {
    const data = { config_entry_id: this.entryId, invitation_id: id };
    return (await queryAction<{ connect_url: string }>(hass, "get_invitation", data)).connect_url;
  }

  /** A command has changed the list. The integration polls after it and its entities change; where they are missing, request the list. */
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

  /** Home Assistant says that no invitation is open: a client who joins from now on is news. */
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
