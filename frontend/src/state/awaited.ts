/** A wake or reboot that was sent from this page, until it is known how it ended. */

import type { Computer } from "./fleet.js";

export type Awaitable = "wake" | "reboot";

/**
 * How it ended: the computer is online; it did not come online; it was not even seen going offline; or nobody knows, because the account
 * cannot be reached or the computer has left it.
 */
export type Outcome = "done" | "failed" | "not_seen" | "unknown";

/** Milliseconds. Home Assistant normally says itself when it stops polling for a command; this is for when it never said that it began. */
const PATIENCE = 180_000;

export class Awaited {
  readonly outcome: Promise<Outcome>;
  /** Whether Home Assistant has said that the computer is waking or rebooting. */
  isSeen = false;
  private wentOffline: boolean;
  private end!: (outcome: Outcome) => void;
  private isOver = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly action: Awaitable,
    { online, transition }: Computer,
  ) {
    this.wentOffline = online === false;
    this.isSeen = transition !== null;
    this.outcome = new Promise((resolve) => {
      this.end = (outcome) => {
        this.isOver = true;
        clearTimeout(this.timer);
        resolve(outcome);
      };
    });
  }

  /** Take over the computer's record; undefined if the computer is gone. Without its account, the record is as old as the outage. */
  follow(computer: Computer | undefined, isAvailable: boolean): void {
    if (!computer) {
      this.end("unknown");
      return;
    }
    const { online, transition } = computer;
    if (online === false) this.wentOffline = true;
    if (online && (this.action === "wake" || this.wentOffline)) this.end("done");
    else if (transition) this.isSeen = true;
    else if (this.isSeen) this.end(isAvailable ? this.failure : "unknown");
  }

  /** Begin to lose patience: the command has been sent. `isAvailable`: whether the account can be reached by then. */
  startTimer(isAvailable: () => boolean): void {
    if (this.isOver) return;
    this.timer = setTimeout(() => {
      if (!this.isSeen) this.end(isAvailable() ? this.failure : "unknown");
    }, PATIENCE);
  }

  /** Stop waiting, because the command failed. */
  cancel(): void {
    this.end("unknown");
  }

  private get failure(): Outcome {
    return this.action === "reboot" && !this.wentOffline ? "not_seen" : "failed";
  }
}

export type WakeProblem = "android" | "no_wake_on_lan";

/** Return why a computer probably cannot be woken, if that is known. */
export const wakeProblem = ({ operating_system: system, wakeable }: Computer): WakeProblem | undefined => {
  if (system === "android") return "android";
  return wakeable === false ? "no_wake_on_lan" : undefined;
};
