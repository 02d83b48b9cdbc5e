/** Finds computers by words in their records, and in the additional texts of `getscreen/computers/search_terms`. */

import type { Connection } from "../home-assistant/types.js";
import type { Computer } from "./fleet.js";

/** By device id: host names, addresses, users and systems. */
export type SearchTerms = ReadonlyMap<string, readonly string[]>;

/** Milliseconds before the terms are requested again. Addresses and users rarely change. */
const MAX_AGE = 60_000;

/** The search terms of an account or of all accounts, requested when a user begins to search. */
export class TermsRequest {
  terms: SearchTerms = new Map();
  private requestTime = Number.NEGATIVE_INFINITY;
  private account: string | undefined;

  /** Request the terms of an account, or of all accounts, if they are missing or old; return whether new ones were loaded. */
  async prepare(connection: Connection, account?: string): Promise<boolean> {
    const now = Date.now();
    if (account === this.account && now - this.requestTime < MAX_AGE) return false;
    this.account = account;
    this.requestTime = now;
    try {
      const message = { type: "getscreen/computers/search_terms", ...(account ? { account } : {}) };
      const { terms } = await connection.sendMessagePromise<{ terms: Record<string, string[]> }>(message);
      this.terms = new Map(Object.entries(terms));
      return true;
    } catch {
      // The search finds names and groups without the terms. Let the next search request them again.
      this.requestTime = Number.NEGATIVE_INFINITY;
      return false;
    }
  }
}

const SYSTEMS: Partial<Record<string, string>> = { win: "Windows", mac: "macOS", linux: "Linux", android: "Android" };

/** Return a text without case and accents, so that "muller" finds "Müller". */
const normalized = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();

/** Return the words of a search, without case and accents. A match contains all of them. */
export const wordsOf = (search: string): string[] => normalized(search).split(/\s+/).filter(Boolean);

// The searched text of each record. A changed record is a new object, so the cache needs no invalidation.
const texts = new WeakMap<Computer, { terms: readonly string[] | undefined; text: string }>();

/** Return whether a text contains all words of a search. */
export const matchesText = (text: string, words: readonly string[]): boolean => words.every((word) => normalized(text).includes(word));

/** Return whether a text equals a search, apart from case, accents and spaces. */
export const isSameText = (text: string, search: string): boolean => wordsOf(text).join(" ") === wordsOf(search).join(" ");

/** Return whether a computer's record and terms contain all words of a search. */
export const matches = (computer: Computer, words: readonly string[], terms: SearchTerms): boolean => {
  if (!words.length) return true;
  const text = textOf(computer, terms.get(computer.device_id));
  return words.every((word) => text.includes(word));
};

const textOf = (computer: Computer, terms: readonly string[] | undefined): string => {
  const cached = texts.get(computer);
  if (cached && cached.terms === terms) return cached.text;
  const { name, group, operating_system: system } = computer;
  const text = normalized([name, group ?? "", SYSTEMS[system ?? ""] ?? "", ...(terms ?? [])].join("\n"));
  texts.set(computer, { terms, text });
  return text;
};
