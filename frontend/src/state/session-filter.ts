/** The user's filters for loaded sessions, and the names and places in sessions. */

import type { Computer } from "./fleet.js";
import type { Session } from "./history.js";

/** The first day that counts: Getscreen.me did not exist before. While a year is being typed, the field contains earlier days. */
export const FIRST_DAY = "2010-01-01";

/** What the user has typed and chosen. */
export interface Filters {
  /** Part of a computer's name. */
  readonly computer: string;
  /** Part of a login. */
  readonly person: string;
  /** YYYY-MM-DD; empty for all days. */
  readonly day: string;
  readonly isRecorded: boolean;
}

export const NO_FILTERS: Filters = { computer: "", person: "", day: "", isRecorded: false };

const folded = (value: string): string => value.trim().toLocaleLowerCase();

/** Return the logins of a session's clients, without duplicates. */
export const personsOf = ({ clients }: Session): string[] => {
  const logins = clients.map(({ login }) => login).filter((login): login is string => Boolean(login));
  return [...new Set(logins)];
};

/** Return the places of a session's clients without duplicates, for example "Lisbon, Portugal". */
export const placesOf = ({ clients }: Pick<Session, "clients">): string[] => [...new Set(clients.map(placeText).filter(Boolean))];

export const placeText = ({ city, country }: { city: string | null; country: string | null }): string =>
  [city, country].filter(Boolean).join(", ");

/** Return the only computer with this name, or the only one whose name contains it; undefined if there are none or several. */
export const computerNamed = (computers: Iterable<Computer>, typed: string): Computer | undefined => {
  const wanted = folded(typed);
  if (!wanted) return undefined;
  const containing: Computer[] = [];
  const equal: Computer[] = [];
  for (const computer of computers) {
    const name = folded(computer.name);
    if (name === wanted) equal.push(computer);
    else if (name.includes(wanted)) containing.push(computer);
  }
  const found = equal.length ? equal : containing;
  // If there are several, their sessions are filtered by name instead.
  return found.length === 1 ? found[0] : undefined;
};

/** Return whether the name of a session's computer contains a text, and one of its persons another. */
export const matchesFilters = (session: Session, computer: string, person: string): boolean => {
  const [name, login] = [folded(computer), folded(person)];
  return (
    (!name || folded(session.device?.name ?? "").includes(name)) &&
    (!login || personsOf(session).some((each) => folded(each).includes(login)))
  );
};

/** Return at most `max` of the values that contain the typed text, sorted and without duplicates. */
export const suggestionsOf = (
  values: Iterable<string>,
  typed: string,
  { max, compare }: { max: number; compare: (one: string, other: string) => number },
): string[] => {
  const wanted = folded(typed);
  const found = [...new Set(values)].filter((value) => folded(value).includes(wanted));
  return found.sort(compare).slice(0, max);
};
