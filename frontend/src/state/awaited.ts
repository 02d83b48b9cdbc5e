/** Follows a wake or reboot that was sent from this page until its outcome is known. */

import type { Computer } from "./fleet.js";

export type TransitionAction = "wake" | "reboot";

/**
 * The outcome. "done": the computer is online. "failed": it did not come online. "not_seen": it was to reboot, but did not go offline.
 * "unknown": the account cannot be reached, the computer was removed from it, or the command failed.
 */
export type Outcome = "done" | "failed" | "not_seen" | "unknown";

/** Milliseconds before giving up on a command for which Home Assistant has reported no transition; otherwise, its end is awaited. */
const TIMEOUT = 180_000;

export class AwaitedTransition {
  readonly outcome: Promise<Outcome>;
  /** Whether Home Assistant has reported that the computer is waking or rebooting. */
  isReported = false;
  private wentOffline: boolean;
  private finish!: (outcome: Outcome) => void;
  private isOver = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly action: TransitionAction,
    { online, transition }: Computer,
  ) {
    this.wentOffline = online === false;
    this.isReported = transition !== null;
    this.outcome = new Promise((resolve) => {
      this.finish = (outcome) => {
        this.isOver = true;
        clearTimeout(this.timer);
        resolve(outcome);
      };
    });
  }

  /** Evaluate the computer's record; undefined if the computer was removed. While the account is unavailable, the record is outdated. */
  update(computer: Computer | undefined, isAvailable: boolean): void {
    if (!computer) {
      this.finish("unknown");
      return;
    }
    const { online, transition } = computer;
    if (online === false) this.wentOffline = true;
    if (online && (this.action === "wake" || this.wentOffline)) this.finish("done");
    else if (transition) this.isReported = true;
    else if (this.isReported) this.finish(isAvailable ? this.failure : "unknown");
  }

  /** Start the timeout after the command was sent. `isAvailable` returns whether the account is available when the timeout expires. */
  startTimer(isAvailable: () => boolean): void {
    if (this.isOver) return;
    this.timer = setTimeout(() => {
      if (!this.isReported) this.finish(isAvailable() ? this.failure : "unknown");
    }, TIMEOUT);
  }

  /** Stop waiting, because the command failed. */
  cancel(): void {
    this.finish("unknown");
  }

  private get failure(): Outcome {
    return this.action === "reboot" && !this.wentOffline ? "not_seen" : "failed";
  }
}

export type WakeProblem = "android" | "no_wake_on_lan";

/** Return why a computer probably cannot be woken; undefined if no reason is known. */
export const wakeProblem = ({ operating_system: system, wakeable }: Computer): WakeProblem | undefined => {
  if (system === "android") return "android";
  return wakeable === false ? "no_wake_on_lan" : undefined;
};
