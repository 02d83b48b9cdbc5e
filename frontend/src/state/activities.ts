/** What is going on with computers because of what a user did on this page. */

import type { Computer } from "./fleet.js";

export interface Activity {
  readonly busy: "connecting" | "sending" | "waking_to_connect" | undefined;
  /** What the computer is about to do, from the click on, until its record says so. */
  readonly transition: Computer["transition"];
  readonly message: { readonly text: string; readonly isError: boolean } | undefined;
  /** Whether the computer is back after a reboot from here, so that a user may want to connect again. */
  readonly offersConnect: boolean;
}

export const IDLE: Activity = { busy: undefined, transition: null, message: undefined, offersConnect: false };

const KEYS = ["busy", "transition", "message", "offersConnect"] as const;

const isSame = (one: Activity, other: Activity): boolean => KEYS.every((key) => one[key] === other[key]);

export class Activities {
  /** By device id, without those that are idle. */
  private readonly known = new Map<string, Activity>();

  private readonly listeners = new Set<(deviceId: string) => void>();

  /** Call `listener` after each change of what `of` returns; return what ends that. */
  add(listener: (deviceId: string) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** The same object until something in it changes. */
  of(deviceId: string): Activity {
    return this.known.get(deviceId) ?? IDLE;
  }

  change(deviceId: string, change: Partial<Activity>): void {
    const before = this.of(deviceId);
    const after = { ...before, ...change };
    if (isSame(before, after)) return;
    if (isSame(after, IDLE)) this.known.delete(deviceId);
    else this.known.set(deviceId, after);
    for (const listener of [...this.listeners]) listener(deviceId);
  }
}
