/** Sends wakes and reboots, and determines their outcomes. */

import { callAction } from "../home-assistant/actions.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import type { Activities } from "./activities.js";
import { AwaitedTransition, type Outcome, type TransitionAction } from "./awaited.js";
import type { Computer, Fleet } from "./fleet.js";

const TRANSITIONS = { wake: "waking", reboot: "rebooting" } as const;

export class Transitions {
  /** By device id. */
  private readonly awaited = new Map<string, AwaitedTransition>();
  private unsubscribe: (() => void) | undefined;

  constructor(
    private readonly fleet: () => Fleet | undefined,
    private readonly activities: Activities,
  ) {}

  /** Return whether Home Assistant has reported that a computer is waking or rebooting after a command from this page. */
  isReported(deviceId: string): boolean {
    return this.awaited.get(deviceId)?.isReported ?? false;
  }

  /** Return the current record of a computer; the given one if there is none. */
  current(computer: Computer): Computer {
    return this.fleet()?.computers.get(computer.device_id) ?? computer;
  }

  isAvailable({ account }: Computer): boolean {
    return this.fleet()?.isAvailable(account) ?? true;
  }

  /** Evaluate a changed record. */
  update(computer: Computer): void {
    const { device_id: id } = computer;
    this.awaited.get(id)?.update(computer, this.isAvailable(computer));
    const { busy, transition, offersConnect } = this.activities.of(id);
    if (computer.transition && transition) {
      this.activities.change(id, { transition: null, busy: busy === "sending" ? undefined : busy });
    }
    if (offersConnect && (computer.online === false || computer.transition)) this.activities.change(id, { offersConnect: false });
  }

  /** Send a wake or reboot, and return its outcome; throws what the action throws. */
  async start(hass: HomeAssistant, computer: Computer, action: TransitionAction, data: object = {}): Promise<Outcome> {
    const { device_id: id } = computer;
    const now = this.current(computer);
    const awaited = new AwaitedTransition(action, now);
    this.awaited.set(id, awaited);
    // Do not send the command again if the computer is already waking or rebooting.
    const isUnderWay = now.transition === TRANSITIONS[action];
    this.activities.change(id, { transition: now.transition ? null : TRANSITIONS[action] });
    this.followFleet();
    try {
      awaited.update(now, true);
      const sent = isUnderWay ? Promise.resolve() : callAction(hass, action, data, { device_id: id });
      const waited = sent.then(() => {
        awaited.startTimer(() => this.isAvailable(now));
        return awaited.outcome;
      });
      // The computer may be online before the action returns.
      return await Promise.race([awaited.outcome, waited]);
    } finally {
      awaited.cancel();
      this.awaited.delete(id);
      this.activities.change(id, { transition: null });
      this.unfollowFleet();
    }
  }

  /** Follow the computers even while the card is not in the page, because a new tab may wait for one of them. */
  private followFleet(): void {
    const fleet = this.fleet();
    this.unsubscribe ??= fleet?.add(() => {
      for (const [id, awaited] of this.awaited) {
        const computer = fleet.computers.get(id);
        if (computer) this.update(computer);
        else awaited.update(undefined, true);
      }
    });
  }

  private unfollowFleet(): void {
    if (this.awaited.size) return;
    this.unsubscribe?.();
    this.unsubscribe = undefined;
  }
}
