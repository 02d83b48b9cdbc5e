/** Notices clients who join an invitation, on every page with a card of the integration. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { isInDialog } from "../home-assistant/offers.js";
import { subscribe } from "../home-assistant/subscriptions.js";
import type { Connection, HomeAssistant } from "../home-assistant/types.js";
import { accountDevices } from "./devices.js";
import { type Invitation, type Invitations, type InvitationsEvent, invitationsOf } from "./invitations.js";

const TYPE = "getscreen/invitations/subscribe";

/** Milliseconds before following starts: while a page is being built, cards are added and removed. */
const BEFORE = 1_000;

/** Milliseconds before following ends: between two views of a dashboard, the page has no card for a moment. */
const AFTER = 5_000;

/** Milliseconds before a request: changes of an invitation arrive one by one, and a short wait combines them into one request. */
const A_MOMENT = 250;

/** Milliseconds. An older list is requested again after a gap in the events, for example when the page was hidden. */
const AWAY = 10_000;

export interface Arrival {
  invitation: Invitation;
  /** The list that contains the invitation. */
  invitations: Invitations;
}

export type ArrivalHost = ReactiveControllerHost & HTMLElement & { readonly hass: HomeAssistant; readonly renderRoot: ParentNode & Node };

/** Notices arrivals while its host is in the page. Each arrival is reported once, to one of the hosts in the page. */
export class Arrivals implements ReactiveController {
  private page: Page | undefined;

  constructor(
    readonly host: ArrivalHost,
    readonly onArrival: (arrival: Arrival) => void,
  ) {
    host.addController(this);
  }

  /** A host that is in the page: this one if possible. */
  get present(): ArrivalHost {
    return this.page ? this.host : (lastPage?.host ?? this.host);
  }

  hostConnected(): void {
    this.join();
  }

  hostUpdated(): void {
    this.join();
    // The first account may have been added.
    this.page?.follow();
  }

  hostDisconnected(): void {
    this.page?.remove(this);
    this.page = undefined;
  }

  /** Register the host with its page, as soon as it has `hass`. */
  private join(): void {
    const { host } = this;
    if (this.page || !host.isConnected || !host.hass || isInDialog(host)) return;
    this.page = pageOf(host.hass.connection);
    this.page.add(this);
  }
}

/** All hosts of the page. Follows the number of open invitations, and the lists of accounts that have any. */
class Page {
  private readonly members = new Set<Arrivals>();
  private readonly followed = new Map<string, FollowedList>();
  // Arrivals while no host was in the page, for example between two views of a dashboard.
  private readonly waiting: Arrival[] = [];
  private end: (() => void) | undefined;
  // Runs until following starts or ends.
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly connection: Connection) {}

  add(member: Arrivals): void {
    if (!this.members.size) document.addEventListener("visibilitychange", this.follow);
    this.members.add(member);
    for (const arrival of this.waiting.splice(0)) this.report(arrival);
    this.follow();
  }

  remove(member: Arrivals): void {
    this.members.delete(member);
    if (this.members.size) return;
    document.removeEventListener("visibilitychange", this.follow);
    this.follow();
  }

  /** A host that is in the page; undefined between two views. */
  get host(): ArrivalHost | undefined {
    const [member] = this.members;
    return member?.host;
  }

  report(arrival: Arrival): void {
    const [member] = this.members;
    if (member) member.onArrival(arrival);
    else this.waiting.push(arrival);
  }

  readonly follow = (): void => {
    const hass = this.host?.hass;
    const isWanted = Boolean(hass && (this.end || accountDevices(hass).length));
    if (document.hidden) this.stop();
    else if (isWanted === Boolean(this.end)) this.stopTimer();
    else if (isWanted) this.timer ??= setTimeout(() => this.start(), BEFORE);
    else this.timer ??= setTimeout(() => this.stop(), AFTER);
  };

  private start(): void {
    this.stopTimer();
    // Without `watch`, because accounts without open invitations need no frequent polls.
    this.end = subscribe<InvitationsEvent>(this.connection, { type: TYPE }, (event) => this.onEvent(event));
  }

  private stop(): void {
    this.stopTimer();
    this.end?.();
    this.end = undefined;
    for (const list of this.followed.values()) list.end();
    this.followed.clear();
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private onEvent({ open }: InvitationsEvent): void {
    for (const [entryId, count] of Object.entries(open)) {
      if (count && !this.followed.has(entryId)) this.followed.set(entryId, new FollowedList(this, entryId));
      if (count !== 0) continue;
      invitationsOf(entryId).seeNone();
      this.followed.get(entryId)?.end();
      this.followed.delete(entryId);
    }
  }
}

const pages = new WeakMap<Connection, Page>();
let lastPage: Page | undefined;

const pageOf = (connection: Connection): Page => {
  lastPage = pages.get(connection) ?? new Page(connection);
  pages.set(connection, lastPage);
  return lastPage;
};

/** Follows the list of an account with open invitations. */
class FollowedList {
  private readonly list: Invitations;
  private readonly unsubscribe: () => void;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly page: Page,
    entryId: string,
  ) {
    this.list = invitationsOf(entryId);
    this.list.addEventListener("join", this.report);
    // A card may have requested the list before.
    this.report();
    // The same message as the quick-support card's, so that both share one subscription.
    const message = { type: TYPE, account: entryId, watch: true };
    this.unsubscribe = subscribe<InvitationsEvent>(page.connection, message, (event, isFirst) => {
      this.list.follow(event, isFirst);
      this.check(isFirst);
    });
    this.check(true);
  }

  end(): void {
    clearTimeout(this.timer);
    this.list.removeEventListener("join", this.report);
    this.unsubscribe();
  }

  private readonly report = (): void => {
    for (const invitation of this.list.arrived.splice(0)) this.page.report({ invitation, invitations: this.list });
  };

  /** Request the list if it may have changed. `wasAway`: whether the page may have missed changes. */
  private check(wasAway: boolean): void {
    if (this.isOld(wasAway)) this.timer ??= setTimeout(() => this.load(wasAway), A_MOMENT);
  }

  private load(wasAway: boolean): void {
    this.timer = undefined;
    const hass = this.page.host?.hass;
    // A card may have requested the list during the wait.
    if (hass && this.isOld(wasAway)) void this.list.load(hass);
  }

  private isOld(wasAway: boolean): boolean {
    const hass = this.page.host?.hass;
    return hass !== undefined && (this.list.isOld(hass, true) || (wasAway && this.list.isOlderThan(AWAY)));
  }
}
