/** The commands for single computers and their progress. Separate from the rows of the list, which exist only while in view. */

import { callAction, errorText, queryAction } from "../home-assistant/actions.js";
import { type OpenLink, openLink, type WaitingTab } from "../home-assistant/links.js";
import { entityName, text } from "../home-assistant/texts.js";
import { durationText } from "../home-assistant/times.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { Activities, type Activity, IDLE } from "../state/activities.js";
import { type Outcome, type TransitionAction, wakeProblem } from "../state/awaited.js";
import { connectedPerson, connectedText } from "../state/connected-person.js";
import type { Computer, Fleet } from "../state/fleet.js";
import { Transitions } from "../state/transitions.js";
import type { ComputersHost } from "./computers-host.js";
import { askQuestion } from "./question.js";

export type Action = "connect" | "wake" | "wakeAndConnect" | "reboot" | "refresh" | "logout";

/** Milliseconds between two updates of a tab that waits for its computer. */
const TAB_UPDATE_INTERVAL = 1_000;

/** Thrown when the tab of a session was closed before the computer was awake. */
const TAB_CLOSED = new Error("The tab was closed");

/** Thrown when a computer has not come online; its message is shown to the user. */
class NotOnlineError extends Error {}

export class ComputerCommands {
  private readonly activities = new Activities();
  private readonly transitions: Transitions;

  /** `fleet` returns the computers that the host shows. `onChange` is called after each change of a computer's activity. */
  constructor(
    private readonly host: ComputersHost,
    fleet: () => Fleet | undefined,
    onChange: (deviceId: string) => void,
  ) {
    this.activities.add(onChange);
    this.transitions = new Transitions(fleet, this.activities);
  }

  /** Also call `listener` after each change of a computer's activity; return a function that removes it. */
  add(listener: (deviceId: string) => void): () => void {
    return this.activities.add(listener);
  }

  /** Return the activity of a computer: the same object until something in it changes. */
  activityOf(deviceId: string): Activity {
    return this.activities.of(deviceId);
  }

  /** Return whether an action is blocked at the moment, so that its method does nothing. */
  isBlocked(computer: Computer, action: Action): boolean {
    const { busy, transition: pending } = this.activityOf(computer.device_id);
    if (busy || !this.transitions.isAvailable(computer)) return true;
    const transition = computer.transition ?? pending;
    // While a computer is waking, the user may still decide to connect to it afterwards.
    if (action === "wakeAndConnect") return transition === "rebooting";
    return transition !== null && action !== "refresh" && action !== "logout";
  }

  /** Evaluate changed records. */
  update(computers: Iterable<Computer>): void {
    for (const computer of computers) this.transitions.update(computer);
  }

  /** Remove a computer's message, and the offer to connect again. */
  dismiss(deviceId: string): void {
    this.activities.change(deviceId, { message: undefined, offersConnect: false });
  }

  /* The actions of the buttons. Call them in a click handler, because they may open a tab. */

  async connect(computer: Computer): Promise<void> {
    if (this.isBlocked(computer, "connect")) return;
    const { session } = computer;
    if (!session) return this.openSession(computer);
    const { hass } = this;
    const update = askQuestion(this.host.renderRoot, hass, {
      title: text(hass, "card_connect_title", { name: computer.name }),
      message: connectedText(hass, session),
      yes: text(hass, "card_connect_anyway"),
      onYes: () => void this.openSession(computer),
    });
    const person = await connectedPerson(hass, computer);
    if (person) update(connectedText(hass, session, person));
  }

  async wake(computer: Computer): Promise<void> {
    if (this.isBlocked(computer, "wake")) return;
    await this.confirmUnlikelyWake(computer, () => this.run(computer, "wake"));
  }

  async wakeAndConnect(computer: Computer): Promise<void> {
    if (this.isBlocked(computer, "wakeAndConnect")) return;
    await this.confirmUnlikelyWake(computer, () => this.openWhenAwake(computer));
  }

  async reboot(computer: Computer, safeMode = false): Promise<void> {
    if (this.isBlocked(computer, "reboot")) return;
    const { hass } = this;
    const { name, session } = computer;
    const message = (person?: string): string =>
      session ? `${connectedText(hass, session, person)} ${text(hass, "card_reboot_session")}` : text(hass, "card_reboot_nobody");
    const update = askQuestion(this.host.renderRoot, hass, {
      title: text(hass, safeMode ? "card_reboot_safe_title" : "card_reboot_title", { name }),
      message: message(),
      yes: entityName(hass, "button", "reboot"),
      isDangerous: true,
      onYes: () => void this.run(computer, "reboot", safeMode ? { safe_mode: true } : {}),
    });
    const person = await connectedPerson(hass, computer);
    if (person) update(message(person));
  }

  /** Read the computer's hardware now. */
  async refresh(computer: Computer): Promise<void> {
    if (this.isBlocked(computer, "refresh")) return;
    const message = text(this.hass, "card_refreshed", { name: computer.name });
    await this.send(computer, "refresh_hardware", {}, () => this.showMessage(computer, message));
  }

  /** Permanently log the computer out of its account, which only administrators may do. */
  async logout(computer: Computer): Promise<void> {
    const { hass } = this;
    const { device_id: id, name } = computer;
    if (!hass.user?.is_admin || this.isBlocked(computer, "logout")) return;
    const onDone = (): void => {
      this.activities.change(id, IDLE);
      this.host.announce(text(hass, "card_logged_out", { name }));
    };
    askQuestion(this.host.renderRoot, hass, {
      title: text(hass, "card_logout_title", { name }),
      message: text(hass, "card_logout_message"),
      yes: entityName(hass, "button", "logout"),
      isDangerous: true,
      onYes: () => void this.send(computer, "logout", { confirm: true }, onDone),
    });
  }

  /* Sessions */

  private openSession(computer: Computer): Promise<void> {
    return this.openTab(computer, "card_connecting", "connecting", () => this.requestLink(computer));
  }

  private openWhenAwake(computer: Computer): Promise<void> {
    return this.openTab(computer, "card_waking_name", "waking_to_connect", async (tab) => {
      await this.wakeFor(computer, tab);
      const message = text(this.hass, "card_connecting", { name: computer.name });
      tab.show(message);
      this.host.announce(message);
      this.activities.change(computer.device_id, { busy: "connecting" });
      return this.requestLink(computer);
    });
  }

  private async openTab(
    computer: Computer,
    waiting: "card_connecting" | "card_waking_name",
    busy: Activity["busy"],
    getLink: (tab: WaitingTab) => Promise<string>,
  ): Promise<void> {
    const { hass } = this;
    const { device_id: id, name } = computer;
    const message = text(hass, waiting, { name });
    this.activities.change(id, { busy, message: undefined, offersConnect: false });
    this.host.announce(message);
    try {
      await openLink(hass, { getLink, waiting: message, onBlocked: (open) => this.offerLink(name, open) });
    } catch (error) {
      // The wake continues, and its outcome is reported like that of any other.
      if (error === TAB_CLOSED) return;
      if (error instanceof NotOnlineError) this.showMessage(computer, error.message);
      else await this.showError(computer, error);
    }
    this.activities.change(id, { busy: undefined });
  }

  private async requestLink({ device_id: id }: Computer): Promise<string> {
    return (await queryAction<{ url: string }>(this.hass, "get_connection_link", { device_id: id })).url;
  }

  private offerLink(name: string, open: OpenLink): void {
    const { hass } = this;
    askQuestion(this.host.renderRoot, hass, {
      title: text(hass, "card_ready", { name }),
      message: text(hass, "card_no_tab"),
      yes: text(hass, "card_connect"),
      onYes: open,
    });
  }

  /** Wake a computer while a tab shows the elapsed time; throws a NotOnlineError, TAB_CLOSED, and what the action throws. */
  private async wakeFor(computer: Computer, tab: WaitingTab): Promise<void> {
    const { hass } = this;
    const { device_id: id, name } = computer;
    const waking = this.transitions.start(hass, computer, "wake");
    const start = Date.now();
    const showTime = (): void => tab.show(text(hass, "card_waking_for", { name, length: durationText(hass, (Date.now() - start) / 1000) }));
    const outcome = await untilClosed(tab, waking, showTime);
    if (outcome === "closed") {
      this.activities.change(id, { busy: this.transitions.isReported(id) ? undefined : "sending" });
      void this.report(computer, "wake", waking);
      throw TAB_CLOSED;
    }
    if (outcome !== "done") throw new NotOnlineError(this.explain(computer, "wake", outcome) ?? text(hass, "card_unreachable"));
  }

  /* Wakes and reboots */

  /** Ask before a wake that will probably fail. */
  private async confirmUnlikelyWake(computer: Computer, wake: () => Promise<void>): Promise<void> {
    const { hass } = this;
    const problem = wakeProblem(computer);
    if (!problem || computer.transition) return wake();
    askQuestion(this.host.renderRoot, hass, {
      title: text(hass, "card_wake_title", { name: computer.name }),
      message: `${text(hass, "card_wake_doubt")} ${text(hass, `card_wake_${problem}`)}`,
      yes: text(hass, "card_wake_anyway"),
      onYes: () => void wake(),
    });
  }

  private async run(computer: Computer, action: TransitionAction, data: object = {}): Promise<void> {
    const { device_id: id, name } = computer;
    // Another user may have sent a command while the question was open.
    if (this.isBlocked(this.transitions.current(computer), action)) return;
    this.activities.change(id, { busy: "sending", message: undefined, offersConnect: false });
    this.host.announce(`${name}, ${text(this.hass, action === "wake" ? "card_waking" : "card_rebooting")}`);
    await this.report(computer, action, this.transitions.start(this.hass, computer, action, data));
  }

  /** Show the outcome of a wake or reboot. */
  private async report(computer: Computer, action: TransitionAction, outcome: Promise<Outcome>): Promise<void> {
    const { hass } = this;
    const { device_id: id, name } = computer;
    const isReboot = action === "reboot";
    try {
      const result = await outcome;
      this.activities.change(id, { busy: undefined, offersConnect: result === "done" && isReboot });
      const failure = this.explain(computer, action, result);
      if (result === "done") this.host.announce(isReboot ? text(hass, "card_back", { name }) : `${name}, ${text(hass, "card_online")}`);
      else if (failure) this.showMessage(computer, failure);
    } catch (error) {
      await this.showError(computer, error);
      this.activities.change(id, { busy: undefined });
    }
  }

  /** Return a message about a computer that did not come online; undefined for other outcomes. */
  private explain(computer: Computer, action: TransitionAction, outcome: Outcome): string | undefined {
    const { hass } = this;
    const { name } = computer;
    if (outcome === "not_seen") return text(hass, "card_not_offline", { name });
    if (outcome !== "failed") return undefined;
    const problem = wakeProblem(this.transitions.current(computer)) ?? "check";
    const advice = text(hass, action === "reboot" ? "card_reboot_check" : `card_wake_${problem}`);
    return `${text(hass, "card_not_online", { name })} ${advice}`;
  }

  /** Send a command that is complete when the action returns. */
  private async send(computer: Computer, action: string, data: object, onDone: () => void): Promise<void> {
    const { device_id: id } = computer;
    this.activities.change(id, { busy: "sending", message: undefined });
    try {
      await callAction(this.hass, action, data, { device_id: id });
      onDone();
    } catch (error) {
      await this.showError(computer, error);
    }
    this.activities.change(id, { busy: undefined });
  }

  private get hass(): HomeAssistant {
    return this.host.hass;
  }

  private showMessage({ device_id: id, name }: Computer, message: string, isError = false): void {
    this.activities.change(id, { message: { text: message, isError } });
    this.host.announce(message.includes(name) ? message : `${name}, ${message}`);
  }

  private async showError(computer: Computer, error: unknown): Promise<void> {
    this.showMessage(computer, await errorText(this.hass, error), true);
  }
}

/** Wait for a promise, and call `show` regularly; return "closed" if the tab is closed first. */
const untilClosed = async <Value>(tab: WaitingTab, promise: Promise<Value>, show: () => void): Promise<Value | "closed"> => {
  let clock: ReturnType<typeof setInterval> | undefined;
  const closed = new Promise<"closed">((resolve) => {
    clock = setInterval(() => (tab.isClosed ? resolve("closed") : show()), TAB_UPDATE_INTERVAL);
  });
  try {
    return await Promise.race([promise, closed]);
  } finally {
    clearInterval(clock);
  }
};
