/** The dialog of a computer: its live state, its details, its last sessions and all actions. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { query, state } from "lit/decorators.js";
import { errorText, queryAction } from "../home-assistant/actions.js";
import { define } from "../home-assistant/offers.js";
import { text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { adviceText, attentionText, knownReasons } from "../state/attention.js";
import { wakeProblem } from "../state/awaited.js";
import { connectedText } from "../state/connected-person.js";
import { iconOf, stateText } from "../state/describe.js";
import { type Details, requestDetails } from "../state/details.js";
import type { Computer, Fleet } from "../state/fleet.js";
import type { Session } from "../state/history.js";
import { personsOf } from "../state/session-filter.js";
import { computerActions, logoutAction } from "./computer-actions.js";
import type { ComputerCommands } from "./computer-commands.js";
import "./computer-details.js";
import { computerDialogStyles } from "./computer-dialog-styles.js";
import type { ComputersHost } from "./computers-host.js";
import { devicePageLink } from "./device-page-link.js";
import "./session-list.js";
import type { SessionList } from "./session-list.js";

const NAME = "getscreen-computer-dialog";

/** How many of the last sessions are shown. */
const SESSION_COUNT = 5;

/** Milliseconds between updates of relative times. */
const AGE_UPDATE_INTERVAL = 30_000;

/** Open the dialog of a computer. It closes when the host's `renderRoot` leaves the page, or the computer is removed. */
export const openComputer = (host: ComputersHost, fleet: Fleet, commands: ComputerCommands, deviceId: string): void => {
  if (!host.renderRoot.isConnected || !fleet.computers.has(deviceId)) return;
  host.renderRoot.append(Object.assign(document.createElement(NAME), { host, fleet, commands, deviceId }));
};

class ComputerDialog extends LitElement {
  static override styles = computerDialogStyles;

  host!: ComputersHost;
  fleet!: Fleet;
  commands!: ComputerCommands;
  deviceId!: string;
  @state() private computer!: Computer;
  @state() private details: Details | undefined;
  @state() private detailsError = "";
  /** Undefined while they are loading. */
  @state() private sessions: readonly Session[] | undefined;
  @state() private sessionsError = "";
  @state() private loadedPicture = "";
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("getscreen-sessions") private list!: SessionList | null;
  @query("h2") private heading!: HTMLElement;
  private cleanUps: (() => void)[] = [];
  private request = {};

  /* Opening, updating and closing */

  override connectedCallback(): void {
    super.connectedCallback();
    this.computer = this.fleet.computers.get(this.deviceId) as Computer;
    const clock = setInterval(() => this.updateAges(), AGE_UPDATE_INTERVAL);
    this.cleanUps = [
      this.fleet.add((changed) => this.onFleet(changed)),
      this.commands.add((id) => id === this.deviceId && this.requestUpdate()),
      () => clearInterval(clock),
    ];
    void this.loadDetails();
    void this.loadSessions();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const cleanUp of this.cleanUps) cleanUp();
    // A card that is moved in the page disconnects and connects again, so remove the dialog for good.
    this.remove();
  }

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  private updateAges(): void {
    this.requestUpdate();
    this.list?.requestUpdate();
  }

  private onFleet(changed: ReadonlySet<string> | undefined): void {
    if (changed && !changed.has(this.deviceId)) return;
    const before = this.computer;
    const now = this.fleet.computers.get(this.deviceId);
    if (!now) {
      this.dialog.close();
      return;
    }
    this.computer = now;
    this.commands.update([now]);
    // The availability of the account is not part of the record.
    this.requestUpdate();
    if (DETAIL_TRIGGERS.some((key) => now[key] !== before[key])) void this.loadDetails();
    if (now.session?.start !== before.session?.start) void this.loadSessions();
  }

  private readonly loadDetails = async (): Promise<void> => {
    try {
      this.details = await requestDetails(this.hass, this.deviceId);
      this.detailsError = "";
    } catch (error) {
      this.detailsError = await errorText(this.hass, error);
    }
  };

  private async loadSessions(): Promise<void> {
    const request = {};
    this.request = request;
    try {
      const data = { device_id: this.deviceId, limit: SESSION_COUNT };
      const { sessions } = await queryAction<{ sessions: Session[] }>(this.hass, "get_history", data);
      if (request === this.request) Object.assign(this, { sessions, sessionsError: "" });
    } catch (error) {
      const message = await errorText(this.hass, error);
      if (request === this.request) this.sessionsError = message;
    }
  }

  /* Rendering */

  protected override update(changed: Map<PropertyKey, unknown>): void {
    const focused = this.shadowRoot?.activeElement as HTMLElement | null | undefined;
    super.update(changed);
    // If the focused button is gone, for example after a wake, keyboard users continue at the heading.
    if (focused && (focused.hidden || !focused.isConnected)) this.heading.focus();
  }

  protected override render(): TemplateResult {
    const { computer, hass } = this;
    const close = text(hass, "computer_close");
    return html`
      <dialog class=${this.tone} aria-labelledby="name" @click=${this.onClick} @close=${this.remove}>
        <header>
          <div class="names">
            <h2 id="name" dir="auto" tabindex="-1">${computer.name}</h2>
            ${computer.group ? html`<div class="group" dir="auto">${computer.group}</div>` : nothing}
          </div>
          ${computer.favorite ? this.renderStar() : nothing}
          <button type="button" class="action close" title=${close} aria-label=${close} @click=${this.close}>
            <ha-icon aria-hidden="true" icon="mdi:close"></ha-icon>
          </button>
        </header>
        <div class="content">
          ${this.renderPicture()}${this.renderState()}
          <div class="actions">${computerActions(hass, this.commands, computer, this.loadDetails)}</div>
          ${this.renderMessage()}${this.renderReasons()}${this.renderDetails()}${this.renderSessions()}
          <div class="end">${devicePageLink(hass, this.deviceId, this.close)}${logoutAction(hass, this.commands, computer)}</div>
        </div>
        <div class="hidden" role="status">${this.spoken}</div>
      </dialog>`;
  }

  private renderStar(): TemplateResult {
    const label = text(this.hass, "computer_favorite");
    return html`<ha-icon class="star" role="img" icon="mdi:star" title=${label} aria-label=${label}></ha-icon>`;
  }

  private renderPicture(): TemplateResult {
    const { preview } = this.computer;
    const source = preview ? this.hass.hassUrl(preview) : "";
    const isLoaded = source !== "" && this.loadedPicture === source;
    const onEvent = (event: Event): void => {
      this.loadedPicture = event.type === "load" ? source : "";
    };
    return html`
      <div class="picture ${isLoaded ? "loaded" : ""} ${source ? "" : "empty"}">
        <ha-icon aria-hidden="true" .icon=${iconOf(this.computer)}></ha-icon>
        ${source ? html`<img alt="" decoding="async" .src=${source} @load=${onEvent} @error=${onEvent} />` : nothing}
      </div>`;
  }

  private renderState(): TemplateResult {
    const { computer, hass, isAvailable } = this;
    const { session } = computer;
    const problem = computer.online === false && (wakeProblem(computer) ?? this.details?.wake_problem);
    const isBusy = this.transition !== null || this.commands.activityOf(this.deviceId).busy !== undefined;
    return html`
      <p class="state">${stateText(hass, { ...computer, transition: this.transition })}</p>
      ${isBusy ? html`<div class="progress" role="progressbar" aria-label=${this.spoken}></div>` : nothing}
      ${isAvailable ? nothing : html`<p class="note">${text(hass, "card_unreachable")}</p>`}
      ${session ? html`<p class="session" dir="auto">${connectedText(hass, session, this.person)}</p>` : nothing}
      ${problem ? html`<p class="note">${text(hass, "card_wake_doubt")} ${text(hass, `card_wake_${problem}`)}</p>` : nothing}`;
  }

  private renderMessage(): TemplateResult | typeof nothing {
    const { message } = this.commands.activityOf(this.deviceId);
    if (!message) return nothing;
    const label = text(this.hass, "card_dismiss");
    return html`
      <div class="message ${message.isError ? "error" : ""}">
        <span>${message.text}</span>
        <button type="button" class="action close" title=${label} aria-label=${label} @click=${() => this.commands.dismiss(this.deviceId)}>
          <ha-icon aria-hidden="true" icon="mdi:close"></ha-icon>
        </button>
      </div>`;
  }

  private renderReasons(): TemplateResult | typeof nothing {
    const { hass } = this;
    const reasons = knownReasons(this.computer.attention);
    if (!reasons.length) return nothing;
    return html`
      <ul class="reasons" role="list">${reasons.map(
        (reason) => html`
          <li role="listitem"><ha-icon aria-hidden="true" icon="mdi:alert-outline"></ha-icon>
            <span>${attentionText(hass, reason)}<span class="advice">${adviceText(hass, reason)}</span></span></li>`,
      )}</ul>`;
  }

  private renderDetails(): TemplateResult | typeof nothing {
    const { hass, details, detailsError } = this;
    if (!details && !detailsError) return nothing;
    return html`
      <h3>${text(hass, "computer_system")}</h3>
      ${detailsError ? html`<p class="message error">${detailsError}</p>` : nothing}
      ${details ? html`<getscreen-computer-details .hass=${hass} .details=${details}></getscreen-computer-details>` : nothing}`;
  }

  private renderSessions(): TemplateResult {
    const { hass, sessions, sessionsError } = this;
    const note = sessions?.length === 0 ? text(hass, "computer_sessions_none") : "";
    const loading = !sessions && !sessionsError ? hass.localize("ui.common.loading") : "";
    return html`
      <h3>${text(hass, "computer_sessions")}</h3>
      ${sessionsError ? html`<p class="message error">${sessionsError}</p>` : nothing}
      ${note || loading ? html`<p class="note">${note || loading}</p>` : nothing}
      ${sessions?.length ? html`<getscreen-sessions of-computer .host=${this.host} .sessions=${sessions}></getscreen-sessions>` : nothing}`;
  }

  /* State */

  private get hass(): HomeAssistant {
    return this.host.hass;
  }

  private get isAvailable(): boolean {
    return this.fleet.isAvailable(this.computer.account);
  }

  private get transition(): Computer["transition"] {
    return this.computer.transition ?? this.commands.activityOf(this.deviceId).transition;
  }

  /** The class that gives the dialog its color. */
  private get tone(): string {
    if (this.transition) return "changing";
    return this.computer.online && this.isAvailable ? "on" : "off";
  }

  /** Who is connected; undefined until the history contains the session. */
  private get person(): string | undefined {
    const running = this.sessions?.find(({ end }) => end === null);
    return (running && personsOf(running).join(", ")) || undefined;
  }

  /** The text that screen readers read out when it changes. It has no times, because those change constantly. */
  private get spoken(): string {
    const { message } = this.commands.activityOf(this.deviceId);
    return message?.text ?? stateText(this.hass, { ...this.computer, transition: this.transition, last_seen: null });
  }

  /* User input */

  private onClick(event: Event): void {
    // A click beside the dialog has the dialog element as its target.
    if (event.target === this.dialog) this.close();
  }

  private readonly close = (): void => this.dialog.close();
}

/** Fields of the record after whose change the details are loaded again. */
const DETAIL_TRIGGERS = ["online", "disk_usage", "memory_usage", "agent_version", "operating_system", "wakeable"] as const;

define(NAME, ComputerDialog);
