/** A button that opens a menu. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { define } from "../home-assistant/offers.js";
import { base, buttons } from "./styles.js";

export interface MenuItem {
  readonly label: string;
  readonly icon: string;
  readonly isDisabled?: boolean;
  readonly onChoose: () => void;
}

class Menu extends LitElement {
  static override styles = css`${base}${buttons}
    :host { display: inline-block; position: relative; }
    .action { width: 36px; height: 36px; padding: 0; background: none; }
    ul { position: absolute; z-index: 5; top: 100%; inset-inline-end: 0; min-width: 200px; margin: 4px 0; padding: 8px 0; list-style: none;
      border-radius: 12px; color: var(--primary-text-color); background: var(--card-background-color, white); box-shadow: 0 4px 16px rgba(0, 0, 0, 0.3);
      border: 1px solid var(--divider-color, #e0e0e0); }
    li { display: flex; align-items: center; gap: 12px; padding: 10px 16px; cursor: pointer; white-space: nowrap; --mdc-icon-size: 20px; }
    li:hover, li:focus { outline: none; background: color-mix(in srgb, var(--primary-text-color) 10%, transparent); }
    li:focus-visible { outline: 2px solid var(--primary-color); outline-offset: -2px; }
    li[aria-disabled="true"] { cursor: default; color: var(--secondary-text-color); }
    @supports not (color: color-mix(in srgb, red, red)) { li:hover, li:focus { background: var(--secondary-background-color, #e5e5e5); } }`;

  @property({ attribute: false }) label = "";
  @property({ attribute: false }) items: readonly MenuItem[] = [];
  @state() private isOpen = false;
  @query("button") private button!: HTMLElement;

  override focus(): void {
    this.button.focus();
  }

  protected override render(): TemplateResult {
    return html`
      <button type="button" class="action" aria-haspopup="menu" aria-expanded=${this.isOpen ? "true" : "false"} aria-label=${this.label}
        title=${this.label} tabindex="-1" @mousedown=${keepFocus} @click=${this.toggle}><ha-icon icon="mdi:dots-vertical" aria-hidden="true"></ha-icon></button>
      ${this.isOpen ? this.renderList() : nothing}`;
  }

  private renderList(): TemplateResult {
    return html`
      <ul role="menu" aria-label=${this.label} @keydown=${this.onKey} @focusout=${this.onFocusOut}>${this.items.map(
        (
          item,
        ) => html`<li role="menuitem" tabindex="-1" aria-disabled=${item.isDisabled ? "true" : "false"} @click=${() => this.choose(item)}>
          <ha-icon .icon=${item.icon} aria-hidden="true"></ha-icon><span>${item.label}</span>
        </li>`,
      )}</ul>`;
  }

  private async toggle(): Promise<void> {
    if (this.isOpen) return this.close();
    this.isOpen = true;
    await this.updateComplete;
    this.nodes[0]?.focus();
  }

  private get nodes(): HTMLElement[] {
    return [...(this.shadowRoot?.querySelectorAll<HTMLElement>("li") ?? [])];
  }

  private choose(item: MenuItem): void {
    if (item.isDisabled) return;
    this.close();
    item.onChoose();
  }

  private close(): void {
    this.isOpen = false;
    this.button.focus();
  }

  private onFocusOut({ relatedTarget }: FocusEvent): void {
    if (!relatedTarget || !this.shadowRoot?.contains(relatedTarget as Node)) this.isOpen = false;
  }

  private onKey(event: KeyboardEvent): void {
    const { nodes } = this;
    const index = nodes.indexOf(event.target as HTMLElement);
    const item = this.items[index];
    if (event.key === "Escape" || event.key === "Tab") this.close();
    else if ((event.key === "Enter" || event.key === " ") && item) this.choose(item);
    else if (event.key === "ArrowDown") nodes[(index + 1) % nodes.length]?.focus();
    else if (event.key === "ArrowUp") nodes[(index + nodes.length - 1) % nodes.length]?.focus();
    else if (event.key === "Home") nodes[0]?.focus();
    else if (event.key === "End") nodes[nodes.length - 1]?.focus();
    else return;
    if (event.key !== "Tab") event.preventDefault();
    // The list around the menu must not handle the key as well.
    event.stopPropagation();
  }
}

/** Leave the focus where it is. In Safari, the button does not get it: the open menu would close first, and the click open it again. */
const keepFocus = (event: Event): void => event.preventDefault();

define("getscreen-menu", Menu);

declare global {
  interface HTMLElementTagNameMap {
    "getscreen-menu": Menu;
  }
}
