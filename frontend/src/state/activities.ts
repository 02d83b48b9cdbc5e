/** The commands in progress on this page and their results, for each computer. */

import type { Computer } from "./fleet.js";

export interface Activity {
  readonly busy: "connecting" | "sending" | "waking_to_connect" | undefined;
  /** The transition that a command has started, until the computer's record contains it. */
  readonly transition: Computer["transition"];
  readonly message: { readonly text: string; readonly isError: boolean } | undefined;
  /** Whether the computer is online again after a reboot from this page, so that the user is offered to connect again. */
  readonly offersConnect: boolean;
}

export const IDLE: Activity = { busy: undefined, transition: null, message: undefined, offersConnect: false };

const KEYS = ["busy", "transition", "message", "offersConnect"] as const;

const isSame = (one: Activity, other: Activity): boolean => KEYS.every((key) => one[key] === other[key]);

export class Activities {
  /** By device id; idle computers are missing. */
  private readonly byDevice = new Map<string, Activity>();

  private readonly listeners = new Set<(deviceId: string) => void>();

  /** Call `listener` with the device id after each change of an activity; return a function that removes it. */
  add(listener: (deviceId: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Return the activity of a computer: the same object until something in it changes. */
  of(deviceId: string): Activity {
    return this.byDevice.get(deviceId) ?? IDLE;
  }

  change(deviceId: string, change: Partial<Activity>): void {
    const before = this.of(deviceId);
    const after = { ...before, ...change };
    if (isSame(before, after)) return;
    if (isSame(after, IDLE)) this.byDevice.delete(deviceId);
    else this.byDevice.set(deviceId, after);
    for (const listener of [...this.listeners]) listener(deviceId);
  }
}
