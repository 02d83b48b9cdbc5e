/** The system and the hardware of a computer, and how full its disks and its memory are. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { define } from "../home-assistant/offers.js";
import { ago, attributeName, entityName, text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { type Details, type Level, levelOf } from "../state/details.js";
import { base } from "./styles.js";

/** Percent from which a bar is red. The threshold for *Needs attention* is another one, an option of the integration. */
const FULL = 90;

type Row = [label: string, value: string | null | undefined];

export class ComputerDetails extends LitElement {
  static override styles = css`${base}
    .levels { display: grid; gap: 12px; margin-bottom: 16px; }
    .levels:empty { display: none; }
    .level { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 12px; }
    .level > span { overflow-wrap: anywhere; }
    .amount { color: var(--secondary-text-color); }
    .bar { flex: 1 0 100%; height: 8px; margin-top: 4px; border-radius: 4px; overflow: hidden; border: 1px solid var(--secondary-text-color); }
    .fill { height: 100%; background: var(--primary-color); }
    .full .fill { background: var(--error-color, #db4437); }
    dl { display: grid; grid-template-columns: minmax(96px, auto) minmax(0, 1fr); gap: 4px 16px; margin: 0; }
    dt { color: var(--secondary-text-color); }
    dd { margin: 0; overflow-wrap: anywhere; }`;

  @property({ attribute: false }) hass!: HomeAssistant;
  @property({ attribute: false }) details!: Details;

  protected override render(): TemplateResult {
    return html`
      <div class="levels">${this.levels.map((level) => this.renderLevel(level))}</div>
      <dl>${this.rows.map(([label, value]) => (value ? html`<dt>${label}</dt><dd dir="auto">${value}</dd>` : nothing))}</dl>`;
  }

  private get levels(): Level[] {
    const { hass, details } = this;
    const { memory_total: memory, memory_free: free, disks } = details;
    const all = [
      levelOf(hass, entityName(hass, "sensor", "memory"), memory, free),
      ...disks.map((disk) => levelOf(hass, disk.label || text(hass, "computer_disk"), disk.size, disk.free)),
    ];
    return all.filter((level): level is Level => level !== undefined);
  }

  private renderLevel({ label, usage, used, total }: Level): TemplateResult {
    const percent = Math.round(usage);
    const amount = text(this.hass, "computer_used", { used, total, percent });
    return html`
      <div class="level ${usage >= FULL ? "full" : ""}">
        <span dir="auto">${label}</span><span class="amount">${amount}</span>
        <div class="bar" role="meter" aria-label=${label} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${percent} aria-valuetext=${amount}>
          <div class="fill" style="width: ${percent}%"></div>
        </div>
      </div>`;
  }

  private get rows(): Row[] {
    const { hass, details } = this;
    const sensor = (key: string): string => entityName(hass, "sensor", key);
    const since = (time: string | null): string | null => time && ago(hass, time);
    return [
      [sensor("operating_system"), join(details.os_name, details.os_version)],
      [sensor("agent_version"), details.agent_version],
      [attributeName(hass, "computer_name"), details.computer_name],
      [sensor("computer_model"), details.computer_model],
      [sensor("cpu"), details.cpu],
      [attributeName(hass, "cpu_cores"), details.cpu_cores?.toString()],
      [attributeName(hass, "ip_addresses"), details.ip_addresses.join(", ")],
      [text(hass, "computer_public_address"), details.ip_address],
      [sensor("user"), details.user],
      [sensor("owner"), details.owner],
      [sensor("session_count"), details.session_count?.toString()],
      [sensor("linked_at"), since(details.linked_at)],
      [attributeName(hass, "hardware_updated"), since(details.hardware_updated)],
    ];
  }
}

const join = (...parts: (string | null)[]): string => parts.filter(Boolean).join(" ");

define("getscreen-computer-details", ComputerDetails);
