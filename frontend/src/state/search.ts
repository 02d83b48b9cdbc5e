/** Finds computers by words: in their records, and in what `getscreen/computers/search_terms` has beside them. */

import type { Connection } from "../home-assistant/types.js";
import type { Computer } from "./fleet.js";

/** By device id: host names, addresses, users and systems. */
export type SearchTerms = ReadonlyMap<string, readonly string[]>;

/** Milliseconds. Addresses and users hardly ever change. */
const TERMS_LAST = 60_000;

/** The terms of an account, or of all, which are requested when a user begins to search. */
export class TermsRequest {
  known: SearchTerms = new Map();
  private time = Number.NEGATIVE_INFINITY;
  private account: string | undefined;

  /** Request the terms of an account, or of all, if they are not known, or old; return whether they are others now. */
  async prepare(connection: Connection, account?: string): Promise<boolean> {
    const now = Date.now();
    if (account === this.account && now - this.time < TERMS_LAST) return false;
    this.account = account;
    this.time = now;
    try {
      const message = { type: "getscreen/computers/search_terms", ...(account ? { account } : {}) };
      const { terms } = await connection.sendMessagePromise<{ terms: Record<string, string[]> }>(message);
      this.known = new Map(Object.entries(terms));
      return true;
    } catch {
      // Names and groups are found without them. The next search tries again.
      this.time = Number.NEGATIVE_INFINITY;
      return false;
    }
  }
}

const SYSTEMS: Partial<Record<string, string>> = { win: "Windows", mac: "macOS", linux: "Linux", android: "Android" };

/** Return a text without case and accents, so that "muller" finds "Müller". */
const plain = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase();

/** Return the words of a search, each of which has to be found. */
export const wordsOf = (search: string): string[] => plain(search).split(/\s+/).filter(Boolean);

// A record is another object once it has changed, so what is found in it stays the same.
const texts = new WeakMap<Computer, { terms: readonly string[] | undefined; text: string }>();

/** Return whether a text has all words of a search. */
export const matchesText = (text: string, words: readonly string[]): boolean => words.every((word) => plain(text).includes(word));

/** Return whether a text is what was searched for, from its beginning to its end. */
export const isSameText = (text: string, search: string): boolean => wordsOf(text).join(" ") === wordsOf(search).join(" ");

/** Return whether a computer has all words of a search. */
export const matches = (computer: Computer, words: readonly string[], terms: SearchTerms): boolean => {
  if (!words.length) return true;
  const text = textOf(computer, terms.get(computer.device_id));
  return words.every((word) => text.includes(word));
};

const textOf = (computer: Computer, terms: readonly string[] | undefined): string => {
  const known = texts.get(computer);
  if (known && known.terms === terms) return known.text;
  const { name, group, operating_system: system } = computer;
  const text = plain([name, group ?? "", SYSTEMS[system ?? ""] ?? "", ...(terms ?? [])].join("\n"));
  texts.set(computer, { terms, text });
  return text;
};
