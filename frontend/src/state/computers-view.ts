/** The content of a computers card: the computers of its configuration, arranged by the user's choice. */

import type { HomeAssistant } from "../home-assistant/types.js";
import { type Arrangement, Arranger, type Choice } from "./arrangement.js";
import { loadChoice, type StoredChoice, storeChoice } from "./choice.js";
import { type ComputersConfig, chosenIds, findNotice, wantedComputers } from "./computers.js";
import type { Computer, Fleet } from "./fleet.js";
import { sampleComputers } from "./sample.js";
import { isSameText, matchesText, TermsRequest, wordsOf } from "./search.js";

/** With more computers, there are no pictures by default, because they would take too much room. */
const MAX_PICTURES = 50;

/** Up to this number of computers, the card has no toolbar by default. */
const MAX_WITHOUT_TOOLBAR = 8;

/** Pixels. A narrower card has no pictures by default, because each would take half of the screen. */
const MIN_WIDTH_FOR_PICTURES = 500;

type ViewChoice = Choice & StoredChoice;

export class ComputersView {
  /** The computers as they are shown; undefined until they are known. */
  arrangement: Arrangement | undefined;
  /** The computers that the configuration selects. */
  wanted: readonly Computer[] = [];
  /** A message to show instead of the computers, or below them; empty if there is none. */
  notice = "";
  /** The texts that a search covers in addition to the records. */
  readonly termsRequest = new TermsRequest();
  private chosen: ViewChoice;
  private readonly key: string;
  private readonly arranger = new Arranger();

  /** `before`: the view of the previous configuration, whose computers are shown until this one is arranged. */
  constructor(
    readonly config: ComputersConfig,
    before?: ComputersView,
  ) {
    this.key = keyOf(config);
    this.chosen = before?.key === this.key ? before.chosen : { search: "", ...loadChoice(this.key) };
    if (before) Object.assign(this, { arrangement: before.arrangement, wanted: before.wanted, notice: before.notice });
  }

  /** Take over the current computers, or two invented ones if `isSample`. */
  arrange(hass: HomeAssistant, fleet: Fleet, isSample: boolean): void {
    const { config } = this;
    this.wanted = isSample ? sampleComputers() : wantedComputers(config, fleet);
    this.notice = isSample ? "" : findNotice(hass, config, fleet, this.wanted);
    this.rearrange(hass);
  }

  /** Arrange the same computers by the user's current choice. */
  rearrange(hass: HomeAssistant): void {
    const { config } = this;
    this.arrangement = this.arranger.arrange(hass, this.wanted, this.choice, this.termsRequest.terms, chosenIds(config).length > 0);
  }

  /** The user's choice. Without a toolbar, it has the default search, filter, order and pictures: the user cannot change them. */
  get choice(): ViewChoice {
    return this.hasToolbar ? this.chosen : { ...this.chosen, search: "", filter: "all", sort: "group", pictures: undefined };
  }

  choose(change: Partial<ViewChoice>): void {
    this.chosen = { ...this.chosen, ...change };
    const { search, ...stored } = this.chosen;
    // A search is not stored, and writing to the storage is slow.
    if (change.search === undefined) storeChoice(this.key, stored);
  }

  isCollapsed(group: string): boolean {
    const { search, collapsed } = this.choice;
    // Results of a search are never hidden.
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
    // Without computers, for example during an outage, filters with the count 0 would be misleading.
    return length > 0 && (this.config.toolbar ?? (!this.isSingle && length > MAX_WITHOUT_TOOLBAR));
  }

  /** Return whether a card of a width in pixels shows pictures of the desktops. */
  hasPictures(width: number): boolean {
    const chosen = this.choice.pictures ?? this.config.pictures;
    if (chosen !== undefined || this.isSingle) return chosen ?? true;
    return this.wanted.length <= MAX_PICTURES && (width >= MIN_WIDTH_FOR_PICTURES || this.wanted.length === 1);
  }

  /** Return the computer that the search identifies; undefined if none or several match. */
  get found(): Computer | undefined {
    const { search } = this.choice;
    const words = wordsOf(search);
    const { shown = [] } = this.arrangement ?? {};
    if (!words.length) return undefined;
    // If several match, prefer the one with exactly this name, then the one whose name contains the words.
    const named = shown.filter(({ name }) => matchesText(name, words));
    const exact = named.filter(({ name }) => isSameText(name, search));
    const [candidates = []] = [shown, exact, named].filter(({ length }) => length === 1);
    return candidates[0];
  }
}

/** Return the key under which the user's choice is stored: cards with the same content share it. */
const keyOf = ({ account, group, devices, collapsed }: ComputersConfig): string =>
  JSON.stringify([account ?? "", group ?? "", devices ?? [], collapsed ?? false]);
