/** Which computers a card shows, in which order, and under which headings. */

import { flat } from "../flat.js";
import { collator } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import type { Computer } from "./fleet.js";
import { matches, type SearchTerms, wordsOf } from "./search.js";

export const FILTERS = ["all", "online", "offline", "session", "favorite", "attention"] as const;
export type Filter = (typeof FILTERS)[number];

export const SORTS = ["group", "name", "last_seen", "state"] as const;
export type Sort = (typeof SORTS)[number];

/** What the user has chosen. */
export interface Choice {
  readonly search: string;
  readonly filter: Filter;
  readonly sort: Sort;
}

/** The computers below one heading. */
export interface Section {
  /** Empty for the computers without a group, and where there are no groups. */
  readonly group: string;
  readonly computers: readonly Computer[];
  /** All computers of the group, including those that are not shown. */
  readonly members: readonly Computer[];
  readonly online: number;
}

export interface Arrangement {
  /** How many computers match each filter, regardless of the search. */
  readonly counts: Readonly<Record<Filter, number>>;
  readonly sections: readonly Section[];
  /** The computers that are shown, in order. */
  readonly shown: readonly Computer[];
  /** Whether sections have headings. */
  readonly hasGroups: boolean;
}

const PREDICATES: Record<Filter, (computer: Computer) => boolean> = {
  all: () => true,
  online: ({ online }) => online === true,
  offline: ({ online }) => online === false,
  session: ({ session }) => session !== null,
  favorite: ({ favorite }) => favorite === true,
  attention: ({ attention }) => attention.length > 0,
};

interface Prepared {
  computers: readonly Computer[];
  ordered: readonly Computer[];
  counts: Record<Filter, number>;
  groups: Map<string, Computer[]> | undefined;
}

/** Filters, sorts and groups computers. Caches their order by name, because sorting thousands of names is slow. */
export class Arranger {
  private sortedIds: string[] = [];
  private names = new Map<string, string>();
  private language = "";
  private prepared: Prepared | undefined;

  /**
   * Filter, sort and group computers by the user's choice. `terms`: the texts that the search covers in addition to the records. With
   * `isOrdered`, the computers stay in the order of the configuration, without groups.
   */
  arrange(hass: HomeAssistant, computers: readonly Computer[], choice: Choice, terms: SearchTerms, isOrdered = false): Arrangement {
    const prepared = this.prepare(hass, computers, isOrdered);
    const { ordered, counts } = prepared;
    const words = wordsOf(choice.search);
    const shown = ordered.filter((computer) => PREDICATES[choice.filter](computer) && matches(computer, words, terms));
    const sorted = sortBy(choice.sort, shown);
    const isGrouped = choice.sort === "group" && !isOrdered;
    if (isGrouped) prepared.groups ??= groupBy(hass, ordered);
    const groups = (isGrouped && prepared.groups) || new Map<string, Computer[]>();
    const hasGroups = groups.size > 1 || (groups.size === 1 && !groups.has(""));
    const sections = hasGroups ? sectionsOf(groups, sorted) : [sectionOf("", sorted, ordered)];
    return { counts, sections, shown: hasGroups ? flat(sections.map((section) => section.computers)) : sorted, hasGroups };
  }

  /** Return the results that do not depend on the user's choice, cached while the user types. */
  private prepare(hass: HomeAssistant, computers: readonly Computer[], isOrdered: boolean): Prepared {
    const { language } = this;
    if (this.prepared?.computers !== computers || language !== (hass.locale?.language ?? hass.language)) {
      const ordered = isOrdered ? computers : this.byName(hass, computers);
      this.prepared = { computers, ordered, counts: count(ordered), groups: undefined };
    }
    return this.prepared;
  }

  private byName(hass: HomeAssistant, computers: readonly Computer[]): Computer[] {
    const language = hass.locale?.language ?? hass.language;
    const isSame =
      language === this.language &&
      computers.length === this.names.size &&
      computers.every(({ device_id: id, name }) => this.names.get(id) === name);
    if (!isSame) {
      const compare = collator(hass);
      this.language = language;
      this.names = new Map(computers.map(({ device_id: id, name }) => [id, name]));
      this.sortedIds = [...computers].sort((one, other) => compare(one.name, other.name)).map(({ device_id: id }) => id);
    }
    const byId = new Map<string, Computer>();
    for (const computer of computers) byId.set(computer.device_id, computer);
    return this.sortedIds.map((id) => byId.get(id) as Computer);
  }
}

const count = (computers: readonly Computer[]): Record<Filter, number> => {
  const counts = { all: computers.length, online: 0, offline: 0, session: 0, favorite: 0, attention: 0 };
  // One loop instead of a filter for each count, because this runs for thousands of computers at each poll.
  for (const { online, session, favorite, attention } of computers) {
    if (online) counts.online += 1;
    else if (online === false) counts.offline += 1;
    if (session) counts.session += 1;
    if (favorite) counts.favorite += 1;
    if (attention.length) counts.attention += 1;
  }
  return counts;
};

// Computers with a session come first, computers with unknown state last.
const rankOf = ({ online, session, transition }: Computer): number => {
  if (session) return 0;
  if (transition) return 1;
  if (online === null) return 4;
  return online ? 2 : 3;
};

/** Sort computers that are already sorted by name; by last seen, the oldest come first and the unknown last. */
const sortBy = (sort: Sort, computers: Computer[]): Computer[] => {
  if (sort === "state") return sortByNumber(computers, rankOf);
  if (sort === "last_seen") return sortByNumber(computers, ({ last_seen: time }) => (time ? Date.parse(time) : Number.MAX_VALUE));
  return computers;
};

/** Sort by a number. Equal numbers stay in order, because the sort of the oldest supported browsers is not stable. */
const sortByNumber = (computers: readonly Computer[], numberOf: (computer: Computer) => number): Computer[] =>
  computers
    .map((computer, index) => ({ computer, index, number: numberOf(computer) }))
    .sort((one, other) => one.number - other.number || one.index - other.index)
    .map(({ computer }) => computer);

const groupBy = (hass: HomeAssistant, computers: readonly Computer[]): Map<string, Computer[]> => {
  const groups = new Map<string, Computer[]>();
  for (const computer of computers) {
    const members = groups.get(computer.group ?? "");
    if (members) members.push(computer);
    else groups.set(computer.group ?? "", [computer]);
  }
  const compare = collator(hass);
  return new Map([...groups].sort(([one], [other]) => Number(!one) - Number(!other) || compare(one, other)));
};

const sectionsOf = (groups: Map<string, Computer[]>, shown: readonly Computer[]): Section[] => {
  const byGroup = new Map<string, Computer[]>();
  for (const group of groups.keys()) byGroup.set(group, []);
  for (const computer of shown) byGroup.get(computer.group ?? "")?.push(computer);
  return [...groups]
    .map(([group, members]) => sectionOf(group, byGroup.get(group) ?? [], members))
    .filter(({ computers }) => computers.length > 0);
};

const sectionOf = (group: string, computers: readonly Computer[], members: readonly Computer[]): Section => ({
  group,
  computers,
  members,
  online: members.filter(PREDICATES.online).length,
});
