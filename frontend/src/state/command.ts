/** A wake or reboot that was sent from here and is not over yet. */

export type Action = "wake" | "reboot";

/** Milliseconds; Home Assistant polls more often for as long after a command. */
const PATIENCE = 180_000;

export class Command {
  private wentOffline: boolean;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isOver = false;

  /** `online`: whether the computer is on, off or neither at the moment. */
  constructor(
    readonly action: Action,
    online: string | undefined,
  ) {
    this.wentOffline = online === "off";
  }

  /** Call `onTimeout` once the computer had enough time, unless the command is over by then; the time starts when it was sent. */
  startTimer(onTimeout: () => void): void {
    if (!this.isOver) this.timer = setTimeout(onTimeout, PATIENCE);
  }

  /** Take over a new state of the computer; return whether the command is done. */
  follow(online: string | undefined): boolean {
    if (online === "off") this.wentOffline = true;
    return online === "on" && (this.action === "wake" || this.wentOffline);
  }

  /** Return the key of the text for a command whose time is over. */
  get timeoutText(): string {
    return this.action === "reboot" && !this.wentOffline ? "card_not_seen" : "card_timeout";
  }

  end(): void {
    this.isOver = true;
    clearTimeout(this.timer);
  }
}
