/** Notices clients who join an invitation, on every page with a card of the integration. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { isInDialog } from "../home-assistant/offers.js";
import { subscribe } from "../home-assistant/subscriptions.js";
import type { Connection, HomeAssistant } from "../home-assistant/types.js";
import { accountDevices } from "./devices.js";
import { type Invitation, type Invitations, type InvitationsEvent, invitationsOf, REQUEST_DELAY } from "./invitations.js";

const MESSAGE_TYPE = "getscreen/invitations/subscribe";

/** Milliseconds before following starts: while a page is being built, cards are added and removed. */
const START_DELAY = 1_000;

/** Milliseconds before following ends: between two views of a dashboard, the page has no card for a moment. */
const END_DELAY = 5_000;

/** Milliseconds. An older list is requested again after a gap in the events, for example when the page was hidden. */
const MAX_AGE_AFTER_GAP = 10_000;

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
  get hostInPage(): ArrivalHost {
    return this.page ? this.host : (lastPage?.host ?? this.host);
  }

  hostConnected(): void {
    this.register();
  }

  hostUpdated(): void {
    this.register();
    // The first account may have been added.
    this.page?.update();
  }

  hostDisconnected(): void {
    this.page?.remove(this);
    this.page = undefined;
  }

  /** Register the host with its page, as soon as it has `hass`. */
  private register(): void {
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
  private readonly unreported: Arrival[] = [];
  private unsubscribe: (() => void) | undefined;
  // Runs until following starts or ends.
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly connection: Connection) {}

  add(member: Arrivals): void {
    if (!this.members.size) document.addEventListener("visibilitychange", this.update);
    this.members.add(member);
    for (const arrival of this.unreported.splice(0)) this.report(arrival);
    this.update();
  }

  remove(member: Arrivals): void {
    this.members.delete(member);
    if (this.members.size) return;
    document.removeEventListener("visibilitychange", this.update);
    this.update();
  }

  /** A host that is in the page; undefined between two views. */
  get host(): ArrivalHost | undefined {
    const [member] = this.members;
    return member?.host;
  }

  report(arrival: Arrival): void {
    const [member] = this.members;
    if (member) member.onArrival(arrival);
    else this.unreported.push(arrival);
  }

  readonly update = (): void => {
    const hass = this.host?.hass;
    const isWanted = Boolean(hass && (this.unsubscribe || accountDevices(hass).length));
    if (document.hidden) this.stop();
    else if (isWanted === Boolean(this.unsubscribe)) this.stopTimer();
    else if (isWanted) this.timer ??= setTimeout(() => this.start(), START_DELAY);
    else this.timer ??= setTimeout(() => this.stop(), END_DELAY);
  };

  private start(): void {
    this.stopTimer();
    // Without `watch`, because accounts without open invitations need no frequent polls.
    this.unsubscribe = subscribe<InvitationsEvent>(this.connection, { type: MESSAGE_TYPE }, (event) => this.onEvent(event));
  }

  private stop(): void {
    this.stopTimer();
    this.unsubscribe?.();
    this.unsubscribe = undefined;
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
      invitationsOf(entryId).onNoneOpen();
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
    const message = { type: MESSAGE_TYPE, account: entryId, watch: true };
    this.unsubscribe = subscribe<InvitationsEvent>(page.connection, message, (event, isFirst) => {
      this.list.onEvent(event, isFirst);
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

  /** Request the list if it may have changed. `mayHaveMissed`: whether the page may have missed changes. */
  private check(mayHaveMissed: boolean): void {
    if (this.isStale(mayHaveMissed)) this.timer ??= setTimeout(() => this.load(mayHaveMissed), REQUEST_DELAY);
  }

  private load(mayHaveMissed: boolean): void {
    this.timer = undefined;
    const hass = this.page.host?.hass;
    // A card may have requested the list during the wait.
    if (hass && this.isStale(mayHaveMissed)) void this.list.load(hass);
  }

  private isStale(mayHaveMissed: boolean): boolean {
    const hass = this.page.host?.hass;
    return hass !== undefined && (this.list.isStale(hass, true) || (mayHaveMissed && this.list.isOlderThan(MAX_AGE_AFTER_GAP)));
  }
}
