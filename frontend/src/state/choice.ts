/** Stores in the browser how a user wants to see the computers. */

import { type Choice, FILTERS, SORTS } from "./arrangement.js";

/** The part of a choice that is stored. A search is not, because it would hide computers the next day. */
export interface StoredChoice extends Pick<Choice, "filter" | "sort"> {
  /** Undefined: decided by the card's configuration and size. */
  readonly pictures?: boolean | undefined;
  /** By the name of a group: whether the user has collapsed it. */
  readonly collapsed: ReadonlyMap<string, boolean>;
}

const DEFAULT: StoredChoice = { filter: "all", sort: "group", collapsed: new Map() };

/** Maximum number of stored groups: groups come and go, and the storage must not grow forever. */
const MAX_GROUPS = 500;

const keyOf = (card: string): string => `getscreen.view.${card}`;

/** Return the user's last choice in a card. `card`: a key that cards with the same purpose share. */
export const loadChoice = (card: string): StoredChoice => {
  try {
    return parse(JSON.parse(localStorage.getItem(keyOf(card)) ?? "null"));
  } catch {
    // Browsers may forbid storage, and the stored text may be invalid.
    return DEFAULT;
  }
};

export const storeChoice = (card: string, choice: StoredChoice): void => {
  const stored = { ...choice, collapsed: [...choice.collapsed].slice(-MAX_GROUPS) };
  try {
    localStorage.setItem(keyOf(card), JSON.stringify(stored));
  } catch {
    // Without storage, the choice lasts as long as the page.
  }
};

const parse = (stored: unknown): StoredChoice => {
  if (typeof stored !== "object" || stored === null) return DEFAULT;
  const { filter, sort, pictures, collapsed } = stored as Partial<Record<keyof StoredChoice, unknown>>;
  return {
    filter: FILTERS.find((each) => each === filter) ?? DEFAULT.filter,
    sort: SORTS.find((each) => each === sort) ?? DEFAULT.sort,
    pictures: typeof pictures === "boolean" ? pictures : undefined,
    collapsed: new Map(Array.isArray(collapsed) ? collapsed.filter(isPair) : []),
  };
};

const isPair = (item: unknown): item is [string, boolean] =>
  Array.isArray(item) && typeof item[0] === "string" && typeof item[1] === "boolean";
