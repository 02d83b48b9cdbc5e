/** Requests the newest sessions while the card that shows them is visible. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { HassEntity, HomeAssistant } from "../home-assistant/types.js";
import { accountDevices, stateOf, UNAVAILABLE } from "./devices.js";
import { type Computer, type Fleet, fleetOf } from "./fleet.js";
import type { History } from "./history.js";
import { FIRST_REQUEST_DELAY, Sight } from "./sight.js";

/** What a card shows. */
export interface ShownList {
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
export interface ComputerInSession extends Computer {
  readonly session: NonNullable<Computer["session"]>;
}

export class HistoryRequests implements ReactiveController {
  private shown: ShownList | undefined;
  private fleet: Fleet | undefined;
  private unsubscribe: (() => void) | undefined;
  // The cached result of `running`, which is read at every state change in Home Assistant.
  private cachedRunning: readonly ComputerInSession[] | undefined;
  private readonly sight: Sight;
  private cameIntoView = true;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `onChange` is called when the list or the computers have changed. */
  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement & { readonly hass: HomeAssistant },
    private readonly onChange: () => void,
  ) {
    this.sight = new Sight(host, () => this.onVisibilityChange());
    host.addController(this);
  }

  get list(): History | undefined {
    return this.shown?.list;
  }

  /** The computers with a running session; undefined until they are known. */
  get running(): readonly ComputerInSession[] | undefined {
    const { fleet, shown } = this;
    if (!fleet?.isLoaded || !shown) return undefined;
    this.cachedRunning ??= [...fleet.computers.values()].filter(
      (computer): computer is ComputerInSession => computer.session !== null && isIncluded(shown, computer),
    );
    return this.cachedRunning;
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
    this.start();
  }

  hostDisconnected(): void {
    this.shown?.list.removeEventListener("change", this.onListChange);
    this.stop();
    this.stopTimer();
  }

  /** Show another list, or none. The host must have `hass` by then. */
  use(shown: ShownList | undefined): void {
    const before = this.shown;
    this.shown = shown;
    this.cachedRunning = undefined;
    if (before?.list !== shown?.list) {
      before?.list.removeEventListener("change", this.onListChange);
      this.stopTimer();
      this.cameIntoView = true;
    }
    if (before?.account !== shown?.account) this.stop();
    this.start();
  }

  private start(): void {
    const { shown, host } = this;
    if (!shown || !host.isConnected) return;
    shown.list.addEventListener("change", this.onListChange);
    this.fleet = fleetOf(host.hass.connection, shown.account);
    this.unsubscribe ??= this.fleet.add(() => this.onFleetChange());
    this.check();
  }

  private stop(): void {
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }

  private readonly onListChange = (): void => {
    this.onChange();
    this.check();
  };

  private onFleetChange(): void {
    this.cachedRunning = undefined;
    this.onListChange();
  }

  private onVisibilityChange(): void {
    if (this.sight.isVisible) this.cameIntoView = true;
    this.check();
  }

  /** Request the newest sessions if the card is visible and they may have changed. */
  check(): void {
    const { dueIn } = this;
    if (dueIn === undefined) this.stopTimer();
    else this.timer ??= setTimeout(() => this.load(), Math.max(dueIn, this.list?.sessions ? 0 : FIRST_REQUEST_DELAY));
  }

  private load(): void {
    this.stopTimer();
    // Another card may have requested them during the wait.
    if (this.dueIn === 0) this.refresh();
    else this.check();
  }

  /** Milliseconds until a request is due; undefined if none is. */
  private get dueIn(): number | undefined {
    const { shown } = this;
    if (!shown || !this.sight.isVisible || shown.list.isLoading || (shown.isRunningOnly && this.isIdle)) return undefined;
    // Running sessions come from the computers, so the names do not become outdated with time alone.
    return shown.list.dueIn(this.fingerprint, this.cameIntoView && !shown.isRunningOnly);
  }

  /** Whether no session is known to be running, so that no names have to be requested. */
  private get isIdle(): boolean {
    const { running, shown } = this;
    const hasSupportSession = shown?.list.sessions?.some(({ end, device }) => end === null && device === null);
    const isSupportActive = !shown?.device && supportEntity(this.host.hass, shown?.account)?.attributes.event_type === "active";
    return !running?.length && !hasSupportSession && !isSupportActive;
  }

  /** Request the newest sessions now. */
  refresh(): void {
    this.cameIntoView = false;
    void this.shown?.list.refresh(this.host.hass, this.fingerprint);
  }

  private stopTimer(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /**
   * Identifies the set of running sessions; undefined during an outage, and if none of them can be part of the list. It is the same for all
   * cards of a list, so that one card's request is enough for the others.
   */
  private get fingerprint(): string | undefined {
    const { shown, running, fleet } = this;
    if (!shown || !running || (!shown.isOpen && !shown.list.hasRunning)) return undefined;
    const support = shown.device ? "" : supportFingerprint(this.host.hass, shown.account);
    if (support === UNAVAILABLE || (shown.account && !fleet?.isAvailable(shown.account))) return undefined;
    const sessions = running.map(({ device_id: id, session }) => `${id} ${session.start}`).sort();
    return `${sessions.join()} ${support}`;
  }
}

const isIncluded = ({ account, device }: ShownList, computer: Computer): boolean =>
  device ? computer.device_id === device : computer.account === account;

/** Return the time of the account's last invitation event: quick-support sessions are not in the records of computers. */
const supportFingerprint = (hass: HomeAssistant, account: string | undefined): string => supportEntity(hass, account)?.state ?? "";

const supportEntity = (hass: HomeAssistant, account: string | undefined): HassEntity | undefined => {
  const device = accountDevices(hass).find(({ accounts }) => account !== undefined && accounts.includes(account));
  return device && stateOf(hass, device, "invitation");
};
