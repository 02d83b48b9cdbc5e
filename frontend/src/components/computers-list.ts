/** The list of computers. It draws only what is in view, and handles the arrow keys and the selection. */

import { html, LitElement, type TemplateResult } from "lit";
import { property, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { define } from "../home-assistant/offers.js";
import type { Arrangement, Section } from "../state/arrangement.js";
import type { Computer } from "../state/fleet.js";
import { type ComputersLine, type HeadingLine, headingKey, isHeading, keysOf, type ListLine, linesOf } from "../state/lines.js";
import type { ComputerRow, RowHost } from "./computer-row.js";
import "./computer-row.js";
import { computersListStyles } from "./computers-list-styles.js";
import type { HeadingHost } from "./group-heading.js";
import "./group-heading.js";
import { LongPress } from "./long-press.js";
import { type PlacedLine, VirtualLines } from "./virtual-lines.js";

/** What the list needs from its card. */
export interface ListHost extends RowHost, HeadingHost {
  isAvailable(account: string): boolean;
  isCollapsed(group: string): boolean;
}

/** Pixels. */
const GAP = 8;
const TILE_WIDTH = 256;
const ROW_HEIGHT = 57;
const HEADING_HEIGHT = 52;
const HEADING_WIDTH = 320;
/** The height of a tile below its picture. */
const TILE_TEXT_HEIGHT = 108;

/** Number of lines that Page Up and Page Down move. */
const PAGE_LINES = 10;

/** More lines than any list has. */
const BEYOND_LIST = 1_000_000;
const STEPS: Partial<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: PAGE_LINES,
  PageUp: -PAGE_LINES,
  Home: -BEYOND_LIST,
  End: BEYOND_LIST,
};

type Target = HTMLElement & { readonly controls: HTMLElement[] };

class ComputersList extends LitElement {
  static override styles = computersListStyles;

  @property({ attribute: false }) arrangement!: Arrangement;
  /** Whether each computer has one line, without a picture. */
  @property({ attribute: false }) isCompact = false;
  @property({ attribute: false }) isSelecting = false;
  /** A number that changes when the card's methods may return something else, so that the list is drawn again. */
  @property({ attribute: false }) revision = 0;
  /** Changes with the language, so that the texts are drawn again. */
  @property({ attribute: false }) localize: unknown;
  /** Pixels. */
  @property({ attribute: false }) width = 0;
  card!: ListHost;

  /** Where the Tab key enters the list: the key of a heading, or a device id. */
  @state() private active = "";
  @query(".list") private list!: HTMLElement;
  /** Whether the focus is moving to an element that may have to be drawn first. */
  private isMoving = false;
  private lines: ListLine[] = [];
  /** Number of computers in the expanded groups. */
  private count = 0;
  /** The number of each row element in the page, by the key of the line that it shows. */
  private elements = new Map<string, number>();
  private nextElement = 0;
  private readonly virtual = new VirtualLines(this, () => this.list);

  constructor() {
    super();
    new LongPress(this, (path) => this.onLongPress(path));
  }

  /** Draw the relative times in the rows again. */
  updateAges(): void {
    for (const row of this.rows) row.requestUpdate();
  }

  override focus(): void {
    this.moveTo(this.activeIndex, 0);
  }

  private get rows(): NodeListOf<ComputerRow> {
    return this.list.querySelectorAll<ComputerRow>("getscreen-computer-row");
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    const isComplete = await super.getUpdateComplete();
    await Promise.all([...this.rows].map((row) => row.updateComplete));
    return isComplete;
  }

  protected override willUpdate(): void {
    const { columns, width, activeIndex: before } = this;
    const tile = (Math.min(width || TILE_WIDTH, columns * 428) - GAP * (columns - 1)) / columns;
    this.lines = linesOf(this.arrangement, {
      columns,
      headingColumns: this.headingColumns,
      headingSize: HEADING_HEIGHT,
      computersSize: this.isCompact ? ROW_HEIGHT : (tile * 9) / 16 + TILE_TEXT_HEIGHT + GAP,
      isCollapsed: (group) => this.card.isCollapsed(group),
    });
    this.count = this.lines.reduce((count, line) => count + (isHeading(line) ? 0 : line.computers.length), 0);
    if (this.indexOf(this.active) < 0) this.active = this.nearestKey(before);
    // The active line is drawn even without the focus, or the Tab key could not enter the list.
    this.virtual.use(this.lines, this.activeIndex);
  }

  /** Return the key of what is now at the position of the focus; without the focus, of the first line. */
  private nearestKey(index: number): string {
    const line = this.lines[this.hasFocus ? Math.min(index, this.lines.length - 1) : 0];
    return (line && keysOf(line)[0]) ?? "";
  }

  protected override update(changed: Map<PropertyKey, unknown>): void {
    const { hasFocus } = this;
    super.update(changed);
    // The focused computer may have been removed.
    if (hasFocus && !this.hasFocus && !this.isMoving) this.focus();
  }

  private get columns(): number {
    return this.isCompact ? 1 : Math.max(1, Math.floor((this.width + GAP) / (TILE_WIDTH + GAP)));
  }

  private get headingColumns(): number {
    return Math.max(1, Math.floor(this.width / HEADING_WIDTH));
  }

  private get hasFocus(): boolean {
    return Boolean(this.shadowRoot?.activeElement);
  }

  protected override render(): TemplateResult {
    const { virtual } = this;
    // An explicit role, because in Safari a list without markers has none.
    return html`
      <div role="list" class="list ${this.isCompact ? "compact" : "pictures"}" style="height: ${virtual.height}px" @keydown=${this.onKey}
        @keyup=${this.onKeyUp} @focusin=${this.onFocus}>${repeat(
          this.assignElements(virtual.placed),
          ({ element }) => element,
          ({ index, top }) => this.renderLine(index, top),
        )}</div>`;
  }

  /**
   * Return the lines with the element that shows each. Rows without pictures reuse the elements of rows that are no longer drawn, because
   * creating an element takes ten times as long as showing another computer in it. While an element has the focus, none is reused: the
   * focused one would be moved in the page and lose the focus.
   */
  private assignElements(placed: readonly PlacedLine[]): (PlacedLine & { element: string })[] {
    const keys = placed
      .map(({ index }) => this.lines[index])
      .map((line) => (line && this.isCompact && !isHeading(line) ? line.key : undefined));
    const before = this.elements;
    const focused = (this.shadowRoot?.activeElement as HTMLElement | null)?.dataset.key;
    this.elements = new Map();
    for (const key of keys) if (key !== undefined && before.has(key)) this.elements.set(key, before.get(key) ?? 0);
    const used = new Set(this.elements.values());
    const free = focused ? [] : [...before.values()].filter((element) => !used.has(element));
    for (const key of keys) {
      if (key !== undefined && !this.elements.has(key)) this.elements.set(key, free.pop() ?? this.nextElement++);
    }
    return placed.map((line, position) => {
      const key = keys[position];
      return { ...line, element: key === undefined ? `line:${this.lines[line.index]?.key}` : `row:${this.elements.get(key)}` };
    });
  }

  private renderLine(index: number, top: number): TemplateResult | undefined {
    const line = this.lines[index];
    if (!line) return undefined;
    return isHeading(line) ? this.renderHeadings(line, index, top) : this.renderComputers(line, index, top);
  }

  private renderHeadings({ sections, isCollapsed }: HeadingLine, index: number, top: number): TemplateResult {
    const columns = isCollapsed ? this.headingColumns : 1;
    return html`
      <div class="line headings" role="presentation" data-index=${index} style="top: ${top}px; grid-template-columns: repeat(${columns}, minmax(0, 1fr))">
        ${repeat(
          sections,
          ({ group }) => group,
          (section) => this.renderHeading(section, isCollapsed),
        )}
      </div>`;
  }

  private renderHeading(section: Section, isCollapsed: boolean): TemplateResult {
    const key = headingKey(section.group);
    return html`
      <div role="listitem"><getscreen-group-heading data-key=${key} .card=${this.card} .section=${section} .isCollapsed=${isCollapsed}
        .isActive=${key === this.active} .localize=${this.localize}></getscreen-group-heading></div>`;
  }

  private renderComputers(line: ComputersLine, index: number, top: number): TemplateResult {
    const edges = `${line.isFirst ? "first" : ""} ${line.isLast ? "last" : ""}`;
    const columns = this.isCompact ? "" : `grid-template-columns: repeat(${this.columns}, minmax(0, 420px))`;
    return html`
      <div class="line computers ${edges}" role="presentation" data-index=${index} style="top: ${top}px; ${columns}">${repeat(
        line.computers,
        ({ device_id: id }) => (this.isCompact ? "" : id),
        (computer, column) => this.renderComputer(computer, line.offset + column + 1),
      )}</div>`;
  }

  private renderComputer(computer: Computer, position: number): TemplateResult {
    const { card } = this;
    const { device_id: id } = computer;
    return html`
      <div role="listitem" class="card" aria-posinset=${position} aria-setsize=${this.count}>
        <getscreen-computer-row data-key=${id} .card=${card} .computer=${computer} .activity=${card.commands.activityOf(id)}
          .isAvailable=${card.isAvailable(computer.account)} .isSelected=${card.batch.has(id)} .isActive=${id === this.active}
          .localize=${this.localize} ?compact=${this.isCompact} ?selecting=${this.isSelecting}></getscreen-computer-row>
      </div>`;
  }

  /* Keyboard and touch */

  private indexOf(key: string): number {
    // Most lines have only one computer, so do not create a list of keys for each of thousands of lines.
    return this.lines.findIndex((line) => line.key === key || (hasSeveral(line) && keysOf(line).includes(key)));
  }

  private get activeIndex(): number {
    return Math.max(0, this.indexOf(this.active));
  }

  private onFocus(event: Event): void {
    const key = targetOf(event)?.dataset.key;
    if (key) this.active = key;
  }

  private onKey(event: KeyboardEvent): void {
    const target = targetOf(event);
    if (target && this.handleKey(event, target)) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  /** Prevent the click that Firefox triggers when the space bar is released. */
  private onKeyUp(event: KeyboardEvent): void {
    if (event.key === " " && controlOf(event)?.classList.contains("head")) event.preventDefault();
  }

  private handleKey(event: KeyboardEvent, target: Target): boolean {
    const { activeIndex: index, lines } = this;
    const { key } = event;
    const id = target.dataset.key ?? "";
    const line = lines[index];
    const column = line ? keysOf(line).indexOf(id) : 0;
    const isComputer = id !== "" && line !== undefined && !isHeading(line);
    const step = STEPS[key];
    if (step !== undefined) this.moveTo(index + step, column, controlOf(event)?.dataset.action, event.shiftKey);
    else if (key === "ArrowLeft" || key === "ArrowRight") this.moveAside(event, target, index, column);
    else if (key === " " && isComputer && controlOf(event)?.classList.contains("head")) this.card.batch.select(id, event.shiftKey);
    else if (key === "a" && (event.ctrlKey || event.metaKey)) this.card.batch.selectAll();
    else if (key === "Escape" && this.isSelecting) this.card.batch.endSelecting();
    else return false;
    return true;
  }

  /** Move the focus to a line, if possible to the same control as before. With `extend`, select the range up to it. */
  private moveTo(index: number, column: number, action?: string, extend = false): void {
    const line = this.lines[Math.min(Math.max(0, index), this.lines.length - 1)];
    if (!line) return;
    const keys = keysOf(line);
    const key = keys[Math.min(Math.max(0, column), keys.length - 1)] ?? "";
    if (extend) {
      if (!this.card.batch.has(this.active) && !this.active.startsWith(headingKey(""))) this.card.batch.select(this.active, false);
      if (!isHeading(line)) this.card.batch.select(key, true);
    }
    void this.focusOn(key, (controls) => controls.find(({ dataset }) => action && dataset.action === action) ?? headOf(controls));
  }

  /** Move the focus through the controls of a computer, then to its neighbor in the line. */
  private moveAside(event: KeyboardEvent, target: Target, index: number, column: number): void {
    const isForward = (event.key === "ArrowRight") === (getComputedStyle(this).direction !== "rtl");
    const { controls } = target;
    const current = controlOf(event);
    const next = controls[(current ? controls.indexOf(current) : -1) + (isForward ? 1 : -1)];
    const line = this.lines[index];
    const neighbor = line && keysOf(line)[column + (isForward ? 1 : -1)];
    if (next) next.focus();
    else if (neighbor) void this.focusOn(neighbor, (others) => (isForward ? headOf(others) : others[others.length - 1]));
  }

  private async focusOn(key: string, choose: (controls: HTMLElement[]) => HTMLElement | undefined): Promise<void> {
    this.active = key;
    this.isMoving = true;
    const index = this.activeIndex;
    this.virtual.use(this.lines, index);
    this.virtual.scrollTo(index);
    this.requestUpdate();
    await this.updateComplete;
    const target = [...this.list.querySelectorAll<Target>("[data-key]")].find(({ dataset }) => dataset.key === key);
    choose(target?.controls ?? [])?.focus({ preventScroll: true });
    this.isMoving = false;
  }

  private onLongPress(path: EventTarget[]): void {
    const target = targetIn(path);
    if (target?.localName === "getscreen-computer-row") this.card.batch.select(target.dataset.key ?? "", false);
  }
}

const hasSeveral = (line: ListLine): boolean => (isHeading(line) ? line.sections : line.computers).length > 1;

/** Return the row or heading in which an event happened. */
const targetOf = (event: Event): Target | undefined => targetIn(event.composedPath());

const targetIn = (path: EventTarget[]): Target | undefined =>
  path.find((node): node is Target => node instanceof HTMLElement && node.dataset.key !== undefined);

/** Return the control in which an event happened. */
const controlOf = (event: Event): HTMLElement | undefined => {
  const target = targetOf(event);
  return target?.controls.find((control) => event.composedPath().includes(control));
};

const headOf = (controls: HTMLElement[]): HTMLElement | undefined =>
  controls.find(({ classList }) => classList.contains("head")) ?? controls[0];

define("getscreen-computers-list", ComputersList);

declare global {
  interface HTMLElementTagNameMap {
    "getscreen-computers-list": ComputersList;
  }
}
