/** What a computers card shows: the computers of its configuration, as the user has chosen to see them. */

import type { HomeAssistant } from "../home-assistant/types.js";
import { type Arrangement, Arranger, type Choice } from "./arrangement.js";
import { type Remembered, recall, remember } from "./choice.js";
import { type ComputersConfig, chosenIds, findNotice, wantedComputers } from "./computers.js";
import type { Computer, Fleet } from "./fleet.js";
import { sampleComputers } from "./sample.js";
import { isSameText, matchesText, TermsRequest, wordsOf } from "./search.js";

/** Beyond so many computers, pictures would hide what matters. */
const MOST_PICTURES = 50;

/** Up to so many computers are seen at a glance. */
const FEW = 8;

/** Pixels. On a narrower screen, each picture would take half of it. */
const NARROW = 500;

type ViewChoice = Choice & Remembered;

export class ComputersView {
  /** The computers that the configuration means; undefined before they are known. */
  arrangement: Arrangement | undefined;
  wanted: readonly Computer[] = [];
  /** What to say instead of, or below, the computers; an empty text if all is well. */
  notice = "";
  /** What a search finds beside the records. */
  readonly terms = new TermsRequest();
  private chosen: ViewChoice;
  private readonly key: string;
  private readonly arranger = new Arranger();

  /** `before`: the view of an earlier configuration, which is shown until this one is arranged. */
  constructor(
    readonly config: ComputersConfig,
    before?: ComputersView,
  ) {
    this.key = keyOf(config);
    this.chosen = before?.key === this.key ? before.chosen : { search: "", ...recall(this.key) };
    if (before) Object.assign(this, { arrangement: before.arrangement, wanted: before.wanted, notice: before.notice });
  }

  /** Show computers as they are now; `isSample`: two invented ones. */
  arrange(hass: HomeAssistant, fleet: Fleet, isSample: boolean): void {
    const { config } = this;
    this.wanted = isSample ? sampleComputers() : wantedComputers(config, fleet);
    this.notice = isSample ? "" : findNotice(hass, config, fleet, this.wanted);
    this.rearrange(hass);
  }

  /** Show the same computers as the user has chosen now. */
  rearrange(hass: HomeAssistant): void {
    const { config } = this;
    this.arrangement = this.arranger.arrange(hass, this.wanted, this.choice, this.terms.known, chosenIds(config).length > 0);
  }

  /** What the user has chosen; without a toolbar, nobody could choose otherwise. */
  get choice(): ViewChoice {
    return this.hasToolbar ? this.chosen : { ...this.chosen, search: "", filter: "all", sort: "group", pictures: undefined };
  }

  choose(change: Partial<ViewChoice>): void {
    this.chosen = { ...this.chosen, ...change };
    const { search, ...remembered } = this.chosen;
    // A search is not remembered, and storage is slow.
    if (change.search === undefined) remember(this.key, remembered);
  }

  isCollapsed(group: string): boolean {
    const { search, collapsed } = this.choice;
    // What a user searches for is to be seen.
    return !search && (collapsed.get(group) ?? this.config.collapsed ?? false);
  }

  toggleGroup(group: string): void {
    if (this.choice.search) return;
    this.choose({ collapsed: new Map([...this.chosen.collapsed, [group, !this.isCollapsed(group)]]) });
  }

  /** The computers that are shown and not in a collapsed group, in order. */
  get visible(): Computer[] {
    const { shown = [], hasGroups } = this.arrangement ?? {};
    return hasGroups ? shown.filter(({ group }) => !this.isCollapsed(group ?? "")) : [...shown];
  }

  get isSingle(): boolean {
    return chosenIds(this.config).length === 1;
  }

  get hasToolbar(): boolean {
    const { length } = this.wanted;
    // Filters that show 0 would say more than is known during an outage.
    return length > 0 && (this.config.toolbar ?? (!this.isSingle && length > FEW));
  }

  /** Return whether desktops are shown in a card of a width in pixels. */
  hasPictures(width: number): boolean {
    const chosen = this.choice.pictures ?? this.config.pictures;
    if (chosen !== undefined || this.isSingle) return chosen ?? true;
    return this.wanted.length <= MOST_PICTURES && (width >= NARROW || this.wanted.length === 1);
  }

  /** Return the one computer that a search means; undefined if there are none or several. */
  get found(): Computer | undefined {
    const { search } = this.choice;
    const words = wordsOf(search);
    const { shown = [] } = this.arrangement ?? {};
    if (!words.length) return undefined;
    // One that is called so is meant, rather than others that have the same address, or whose names are longer.
    const named = shown.filter(({ name }) => matchesText(name, words));
    const exact = named.filter(({ name }) => isSameText(name, search));
    const [candidates = []] = [shown, exact, named].filter(({ length }) => length === 1);
    return candidates[0];
  }
}

/** Return what tells apart cards in which a user wants to see different things. */
const keyOf = ({ account, group, devices, collapsed }: ComputersConfig): string =>
  JSON.stringify([account ?? "", group ?? "", devices ?? [], collapsed ?? false]);
