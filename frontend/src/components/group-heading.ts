/** The heading of a group: its name, how many of its computers are online, and a menu with commands for all of them. */

import { css, html, LitElement, type TemplateResult } from "lit";
import { property, query } from "lit/decorators.js";
import { define } from "../home-assistant/offers.js";
import { text } from "../home-assistant/texts.js";
import type { Section } from "../state/arrangement.js";
import { type BulkAction, computersFor } from "../state/bulk.js";
import type { Computer } from "../state/fleet.js";
import type { Batch } from "./batch.js";
import type { ComputersHost } from "./computers-host.js";
import type { MenuItem } from "./menu.js";
import "./menu.js";
import { base } from "./styles.js";

/** What a heading needs from its card. */
export interface HeadingHost extends ComputersHost {
  readonly batch: Batch;
  toggleGroup(group: string): void;
}

class GroupHeading extends LitElement {
  static override styles = css`${base}
    .heading { display: flex; align-items: center; gap: 4px; min-height: 44px; }
    h3 { flex: 1; min-width: 0; margin: 0; font: inherit; }
    .toggle { display: flex; align-items: center; gap: 8px; max-width: 100%; min-height: 40px; padding: 0; padding-inline-end: 8px; border: 0; background: none; cursor: pointer;
      color: var(--ha-heading-card-title-color, var(--primary-text-color)); font: inherit; text-align: start; border-radius: 8px; }
    .toggle ha-icon { flex: none; --mdc-icon-size: 24px; color: var(--secondary-text-color); }
    .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: 16px; font-weight: 500; line-height: 24px; }
    .count { flex: none; color: var(--secondary-text-color); }`;

  @property({ attribute: false }) section!: Section;
  @property({ attribute: false }) isCollapsed = false;
  @property({ attribute: false }) isActive = false;
  /** Changes with the language, so that the texts are drawn again. */
  @property({ attribute: false }) localize: unknown;
  card!: HeadingHost;
  @query(".toggle") private toggle!: HTMLElement;
  @query("getscreen-menu") private menu!: HTMLElement;

  /** The controls, in the order of the arrow keys. */
  get controls(): HTMLElement[] {
    return [this.toggle, this.menu];
  }

  protected override render(): TemplateResult {
    const { section, isCollapsed, card } = this;
    const { group, members, online } = section;
    const name = group || text(card.hass, "dashboard_other_computers");
    return html`
      <div class="heading">
        <h3><button type="button" class="toggle" aria-expanded=${isCollapsed ? "false" : "true"} tabindex=${this.isActive ? "0" : "-1"}
          @click=${() => card.toggleGroup(group)}>
          <ha-icon icon=${isCollapsed ? "mdi:chevron-down" : "mdi:chevron-up"} aria-hidden="true"></ha-icon>
          <span class="name" dir="auto" title=${name}>${name}</span>
          <span class="count">${text(card.hass, "group_online", { online, total: members.length })}</span>
        </button></h3>
        <getscreen-menu .label=${text(card.hass, "group_menu", { name })} .items=${this.items}></getscreen-menu>
      </div>`;
  }

  /** The items of the menu. Commands go to all computers of the group; the selection has only those that the filter shows. */
  private get items(): MenuItem[] {
    const { members } = this.section;
    return [
      this.itemOf("wake", "mdi:power", members),
      this.itemOf("reboot", "mdi:restart", members),
      this.itemOf("refresh_hardware", "mdi:refresh", members),
      {
        label: text(this.card.hass, "group_select"),
        icon: "mdi:checkbox-multiple-marked-outline",
        onChoose: () => this.card.batch.selectComputers(this.section.computers),
      },
    ];
  }

  private itemOf(action: BulkAction, icon: string, members: readonly Computer[]): MenuItem {
    const computers = computersFor(action, members);
    const label = text(this.card.hass, `group_${action}`, { count: computers.length });
    return { label, icon, isDisabled: !computers.length, onChoose: () => this.card.batch.command(action, computers) };
  }
}

define("getscreen-group-heading", GroupHeading);

declare global {
  interface HTMLElementTagNameMap {
    "getscreen-group-heading": GroupHeading;
  }
}
