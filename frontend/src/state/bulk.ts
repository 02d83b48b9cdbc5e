/** A command for many computers, and its results. */

import { callAction, errorText } from "../home-assistant/actions.js";
import { text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { AwaitedTransition, type Outcome, wakeProblem } from "./awaited.js";
import type { Computer, Fleet } from "./fleet.js";

export type BulkAction = "wake" | "reboot" | "refresh_hardware";

/**
 * Calls of the action in flight at a time, one for each computer. Fewer than the commands that Home Assistant sends to an account at a time,
 * so that a user who sees the first failures can cancel the other calls.
 */
const CALLS_AT_ONCE = 4;

/** Return the computers to which a command applies; those with unknown state are included. */
export const computersFor = (action: BulkAction, computers: readonly Computer[]): Computer[] => computers.filter(APPLIES_TO[action]);

const APPLIES_TO: Record<BulkAction, (computer: Computer) => boolean> = {
  wake: ({ online }) => online !== true,
  reboot: ({ online }) => online !== false,
  refresh_hardware: () => true,
};

export class Bulk {
  /** Number of computers that are online after the wake or reboot, or whose hardware was read. */
  done = 0;
  isOver = false;
  private readonly messages = new Set<string>();
  private readonly awaited = new Map<string, AwaitedTransition>();
  private readonly unsubscribe: () => void;
  private isCancelled = false;

  constructor(
    private readonly hass: () => HomeAssistant,
    private readonly fleet: Fleet,
    readonly action: BulkAction,
    readonly computers: readonly Computer[],
    private readonly onChange: () => void,
  ) {
    this.unsubscribe = fleet.add(() => this.onFleetChange());
    void this.run();
  }

  get total(): number {
    return this.computers.length;
  }

  /** Messages about failed and skipped computers, without duplicates. */
  get failures(): string[] {
    return [...this.messages];
  }

  /** Send no further commands. Those that were sent are still followed. */
  cancel(): void {
    this.isCancelled = true;
  }

  private async run(): Promise<void> {
    const unsent = this.computers.filter((computer) => !this.skipsHopelessWake(computer));
    const unfinished: Promise<void>[] = [];
    const sendRemaining = async (): Promise<void> => {
      while (unsent.length && !this.isCancelled) {
        const next = unsent.shift() as Computer;
        const awaited = this.startAwaiting(next);
        if (await this.send(next)) unfinished.push(this.finish(next, awaited));
        else awaited?.cancel();
      }
    };
    await Promise.all(Array.from({ length: CALLS_AT_ONCE }, sendRemaining));
    if (unsent.length) this.fail(text(this.hass(), "bulk_unsent", { count: unsent.length }));
    await Promise.all(unfinished);
    this.isOver = true;
    this.unsubscribe();
    this.onChange();
  }

  /** Return whether to skip a computer that probably cannot be woken: waiting for it would delay the result of the others. */
  private skipsHopelessWake(computer: Computer): boolean {
    const problem = this.action === "wake" && wakeProblem(computer);
    if (!problem) return false;
    const hass = this.hass();
    this.messages.add(`${text(hass, "bulk_skipped", { name: computer.name })} ${text(hass, `card_wake_${problem}`)}`);
    return true;
  }

  /** Start to follow a computer before the command is sent. Undefined for reading the hardware, which changes no state. */
  private startAwaiting(computer: Computer): AwaitedTransition | undefined {
    const { action, fleet } = this;
    if (action === "refresh_hardware") return undefined;
    const now = fleet.computers.get(computer.device_id) ?? computer;
    const awaited = new AwaitedTransition(action, now);
    this.awaited.set(computer.device_id, awaited);
    // The computer may have come online while others were woken.
    awaited.update(now, true);
    return awaited;
  }

  /** Return whether the command was accepted. */
  private async send({ device_id: id }: Computer): Promise<boolean> {
    try {
      await callAction(this.hass(), this.action, {}, { device_id: id });
      return true;
    } catch (error) {
      this.fail(await errorText(this.hass(), error));
      return false;
    }
  }

  private async finish(computer: Computer, awaited: AwaitedTransition | undefined): Promise<void> {
    awaited?.startTimer(() => this.fleet.isAvailable(computer.account));
    const outcome = awaited ? await awaited.outcome : "done";
    if (outcome !== "done") return this.fail(this.explain(computer, outcome));
    this.done += 1;
    this.onChange();
  }

  private explain(computer: Computer, outcome: Exclude<Outcome, "done">): string {
    const hass = this.hass();
    const values = { name: computer.name };
    if (outcome !== "failed" || this.action !== "reboot") return text(hass, `bulk_${outcome}`, values);
    return `${text(hass, "card_not_online", values)} ${text(hass, "card_reboot_check")}`;
  }

  private fail(reason: string): void {
    this.messages.add(reason);
    this.onChange();
  }

  private onFleetChange(): void {
    const { computers } = this.fleet;
    for (const [id, awaited] of this.awaited) {
      const computer = computers.get(id);
      awaited.update(computer, computer ? this.fleet.isAvailable(computer.account) : true);
    }
  }
}
