/** Remembers in the browser how a user wants to see the computers. */

import { type Choice, FILTERS, SORTS } from "./arrangement.js";

/** What is remembered; a search is not, for it would hide computers the next day. */
export interface Remembered extends Pick<Choice, "filter" | "sort"> {
  /** Undefined: as the card's configuration and size have it. */
  readonly pictures?: boolean | undefined;
  /** By the name of a group: whether the user has collapsed it. */
  readonly collapsed: ReadonlyMap<string, boolean>;
}

const DEFAULT: Remembered = { filter: "all", sort: "group", collapsed: new Map() };

/** Groups come and go, and what is stored must not grow for ever. */
const MOST_GROUPS = 500;

const keyOf = (card: string): string => `getscreen.view.${card}`;

/** Return what the user chose in a card like this one before. `card`: what tells apart cards that are used differently. */
export const recall = (card: string): Remembered => {
  try {
    return read(JSON.parse(localStorage.getItem(keyOf(card)) ?? "null"));
  } catch {
    // Browsers may forbid storage, and others may write to it.
    return DEFAULT;
  }
};

export const remember = (card: string, choice: Remembered): void => {
  const stored = { ...choice, collapsed: [...choice.collapsed].slice(-MOST_GROUPS) };
  try {
    localStorage.setItem(keyOf(card), JSON.stringify(stored));
  } catch {
    // Without storage, the choice lasts as long as the page.
  }
};

const read = (stored: unknown): Remembered => {
  if (typeof stored !== "object" || stored === null) return DEFAULT;
  const { filter, sort, pictures, collapsed } = stored as Partial<Record<keyof Remembered, unknown>>;
  return {
    filter: FILTERS.find((each) => each === filter) ?? DEFAULT.filter,
    sort: SORTS.find((each) => each === sort) ?? DEFAULT.sort,
    pictures: typeof pictures === "boolean" ? pictures : undefined,
    collapsed: new Map(Array.isArray(collapsed) ? collapsed.filter(isPair) : []),
  };
};

const isPair = (item: unknown): item is [string, boolean] =>
  Array.isArray(item) && typeof item[0] === "string" && typeof item[1] === "boolean";
