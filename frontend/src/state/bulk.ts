/** A command for many computers: what has become of each. */

import { callAction, errorText } from "../home-assistant/actions.js";
import { text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { Awaited, type Outcome, wakeProblem } from "./awaited.js";
import type { Computer, Fleet } from "./fleet.js";

export type BulkAction = "wake" | "reboot" | "refresh_hardware";

/** Commands under way at a time: Home Assistant sends as many to the account, and what fails first may spare the rest. */
const AT_ONCE = 4;

/** Return those computers to which a command can be sent. */
export const reachable = (action: BulkAction, computers: readonly Computer[]): Computer[] => computers.filter(REACHES[action]);

const REACHES: Record<BulkAction, (computer: Computer) => boolean> = {
  wake: ({ online }) => online !== true,
  reboot: ({ online }) => online !== false,
  refresh_hardware: () => true,
};

export class Bulk {
  /** How many computers are up, back, or read. */
  done = 0;
  isOver = false;
  private readonly reasons = new Set<string>();
  private readonly awaited = new Map<string, Awaited>();
  private readonly end: () => void;
  private isCancelled = false;

  constructor(
    private readonly hass: () => HomeAssistant,
    private readonly fleet: Fleet,
    readonly action: BulkAction,
    readonly computers: readonly Computer[],
    private readonly onChange: () => void,
  ) {
    this.end = fleet.add(() => this.follow());
    void this.run();
  }

  get total(): number {
    return this.computers.length;
  }

  /** What went wrong, each text once. */
  get failures(): string[] {
    return [...this.reasons];
  }

  /** Send nothing more. What was sent is still followed. */
  cancel(): void {
    this.isCancelled = true;
  }

  private async run(): Promise<void> {
    const waiting = this.computers.filter((computer) => !this.skips(computer));
    const endings: Promise<void>[] = [];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next && !this.isCancelled; next = waiting.shift()) {
        const awaited = this.expect(next);
        if (await this.send(next)) endings.push(this.finish(next, awaited));
        else awaited?.cancel();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (waiting.length) this.fail(text(this.hass(), "bulk_unsent", { count: waiting.length }));
    await Promise.all(endings);
    this.isOver = true;
    this.end();
    this.onChange();
  }

  /** Skip a computer that is known not to wake: waiting for it would keep the others' result from the user. */
  private skips(computer: Computer): boolean {
    const problem = this.action === "wake" && wakeProblem(computer);
    if (!problem) return false;
    const hass = this.hass();
    this.reasons.add(`${text(hass, "bulk_skipped", { name: computer.name })} ${text(hass, `card_wake_${problem}`)}`);
    return true;
  }

  /** Follow a computer from before the command is sent; nothing is to be seen of one whose hardware is read. */
  private expect(computer: Computer): Awaited | undefined {
    const { action, fleet } = this;
    if (action === "refresh_hardware") return undefined;
    const now = fleet.computers.get(computer.device_id) ?? computer;
    const awaited = new Awaited(action, now);
    this.awaited.set(computer.device_id, awaited);
    // One may have come online while others were woken.
    awaited.follow(now, true);
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

  private async finish(computer: Computer, awaited: Awaited | undefined): Promise<void> {
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
    this.reasons.add(reason);
    this.onChange();
  }

  private follow(): void {
    const { computers } = this.fleet;
    for (const [id, awaited] of this.awaited) {
      const computer = computers.get(id);
      awaited.follow(computer, computer ? this.fleet.isAvailable(computer.account) : true);
    }
  }
}
