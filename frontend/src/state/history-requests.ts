/** Requests the newest sessions while the card that shows them is visible. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { HassEntity, HomeAssistant } from "../home-assistant/types.js";
import { accountDevices, stateOf, UNAVAILABLE } from "./devices.js";
import { type Computer, type Fleet, fleetOf } from "./fleet.js";
import type { History } from "./history.js";
import { Sight } from "./sight.js";

/** Milliseconds before the first request: while a page is being built, cards that end up far below are visible for a moment. */
const BUILT = 500;

/** What a card shows. */
export interface Shown {
  readonly list: History;
  /** Config entry id. */
  readonly account: string | undefined;
  /** Device id of a computer, if only its sessions are shown. */
  readonly device?: string | undefined;
  /** Whether new sessions may be added to the list: it is not limited to an earlier day. */
  readonly isOpen: boolean;
  /** Whether the card shows only running sessions, and so needs no request while the computers have none. */
  readonly isRunningOnly?: boolean;
}

/** A computer with a running session. */
export interface Running extends Computer {
  readonly session: NonNullable<Computer["session"]>;
}

export class HistoryRequests implements ReactiveController {
  private shown: Shown | undefined;
  private fleet: Fleet | undefined;
  private endFleet: (() => void) | undefined;
  // The cached result of `running`, which is read at every state change in Home Assistant.
  private found: readonly Running[] | undefined;
  private readonly sight: Sight;
  private cameIntoView = true;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `onChange` is called when the list or the computers have changed. */
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement & { readonly hass: HomeAssistant },
    private readonly onChange: () => void,
  ) {
    this.sight = new Sight(host, () => this.onSight());
    host.addController(this);
  }

  get list(): History | undefined {
    return this.shown?.list;
  }

  /** The computers with a running session; undefined until they are known. */
  get running(): readonly Running[] | undefined {
    const { fleet, shown } = this;
    if (!fleet?.isLoaded || !shown) return undefined;
    this.found ??= [...fleet.computers.values()].filter(
      (computer): computer is Running => computer.session !== null && isShown(shown, computer),
    );
    return this.found;
  }

  /** Whether Getscreen.me can be reached, so that the sessions are up to date. */
  get isAvailable(): boolean {
    const { fleet, shown } = this;
    return shown?.account === undefined || fleet === undefined || fleet.isAvailable(shown.account);
  }

  /** The computers, once they are known. */
  get computers(): Fleet["computers"] | undefined {
    return this.fleet?.isLoaded ? this.fleet.computers : undefined;
  }

  hostConnected(): void {
    this.follow();
  }

  hostDisconnected(): void {
    this.shown?.list.removeEventListener("change", this.onListChange);
    this.stop();
    this.stopTimer();
  }

  /** Show another list, or none. The host must have `hass` by then. */
  use(shown: Shown | undefined): void {
    const before = this.shown;
    this.shown = shown;
    this.found = undefined;
    if (before?.list !== shown?.list) {
      before?.list.removeEventListener("change", this.onListChange);
      this.stopTimer();
      this.cameIntoView = true;
    }
    if (before?.account !== shown?.account) this.stop();
    this.follow();
  }

  private follow(): void {
    const { shown, host } = this;
    if (!shown || !host.isConnected) return;
    shown.list.addEventListener("change", this.onListChange);
    this.fleet = fleetOf(host.hass.connection, shown.account);
    this.endFleet ??= this.fleet.add(() => this.onFleetChange());
    this.check();
  }

  private stop(): void {
    this.endFleet?.();
    this.endFleet = undefined;
  }

  private readonly onListChange = (): void => {
    this.onChange();
    this.check();
  };

  private onFleetChange(): void {
    this.found = undefined;
    this.onListChange();
  }

  private onSight(): void {
    if (this.sight.isSeen) this.cameIntoView = true;
    this.check();
  }

  /** Request the newest sessions if the card is visible and they may have changed. */
  check(): void {
    const { wait } = this;
    if (wait === undefined) this.stopTimer();
    else this.timer ??= setTimeout(() => this.load(), Math.max(wait, this.list?.sessions ? 0 : BUILT));
  }

  private load(): void {
    this.stopTimer();
    // Another card may have requested them during the wait.
    if (this.wait === 0) this.refresh();
    else this.check();
  }

  /** Milliseconds until a request is due; undefined if none is. */
  private get wait(): number | undefined {
    const { shown } = this;
    if (!shown || !this.sight.isSeen || shown.list.isLoading || (shown.isRunningOnly && this.isIdle)) return undefined;
    // Running sessions come from the computers, so the names do not become outdated with time alone.
    return shown.list.dueIn(this.mark, this.cameIntoView && !shown.isRunningOnly);
  }

  /** Whether no session is known to be running, so that no names have to be requested. */
  private get isIdle(): boolean {
    const { running, shown } = this;
    const isSupportKnown = shown?.list.sessions?.some(({ end, device }) => end === null && device === null);
    const isSupport = !shown?.device && supportEntity(this.host.hass, shown?.account)?.attributes.event_type === "active";
    return !running?.length && !isSupportKnown && !isSupport;
  }

  /** Request the newest sessions now. */
  refresh(): void {
    this.cameIntoView = false;
    void this.shown?.list.refresh(this.host.hass, this.mark);
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /**
   * Identifies the set of running sessions; undefined during an outage, and if none of them can be part of the list. It is the same for all
   * cards of a list, so that one card's request is enough for the others.
   */
  private get mark(): string | undefined {
    const { shown, running, fleet } = this;
    if (!shown || !running || (!shown.isOpen && !shown.list.hasRunning)) return undefined;
    const support = shown.device ? "" : supportMark(this.host.hass, shown.account);
    if (support === UNAVAILABLE || (shown.account && !fleet?.isAvailable(shown.account))) return undefined;
    const sessions = running.map(({ device_id: id, session }) => `${id} ${session.start}`).sort();
    return `${sessions.join()} ${support}`;
  }
}

const isShown = ({ account, device }: Shown, computer: Computer): boolean =>
  device ? computer.device_id === device : computer.account === account;

/** Return the time of the account's last invitation event: quick-support sessions are not in the records of computers. */
const supportMark = (hass: HomeAssistant, account: string | undefined): string => supportEntity(hass, account)?.state ?? "";

const supportEntity = (hass: HomeAssistant, account: string | undefined): HassEntity | undefined => {
  const device = accountDevices(hass).find(({ accounts }) => account !== undefined && accounts.includes(account));
  return device && stateOf(hass, device, "invitation");
};
