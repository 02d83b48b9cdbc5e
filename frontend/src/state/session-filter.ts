/** Which of the loaded sessions a user wants to see, and what their computers and persons are called. */

import type { Computer } from "./fleet.js";
import type { Session } from "./history.js";

/** Getscreen.me did not exist before. A year that is being typed makes earlier days for a moment. */
export const FIRST_DAY = "2010-01-01";

/** What the user has typed and chosen. */
export interface Filters {
  /** Part of a computer's name. */
  readonly computer: string;
  /** Part of a login. */
  readonly person: string;
  /** YYYY-MM-DD; empty for all. */
  readonly day: string;
  readonly isRecorded: boolean;
}

export const NO_FILTERS: Filters = { computer: "", person: "", day: "", isRecorded: false };

const folded = (value: string): string => value.trim().toLocaleLowerCase();

/** Return the logins of a session's clients, each once. */
export const personsOf = ({ clients }: Session): string[] => {
  const logins = clients.map(({ login }) => login).filter((login): login is string => Boolean(login));
  return [...new Set(logins)];
};

/** Return where a session's clients were, each place once: "Lisbon, Portugal". */
export const placesOf = ({ clients }: Pick<Session, "clients">): string[] => [...new Set(clients.map(placeText).filter(Boolean))];

export const placeText = ({ city, country }: { city: string | null; country: string | null }): string =>
  [city, country].filter(Boolean).join(", ");

/** Return the one computer that a text means: the one with this name, else the only one whose name contains it. */
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
  // Several of the same name are found by their sessions.
  return found.length === 1 ? found[0] : undefined;
};

/** Return whether the name of a session's computer contains a text, and one of its persons another. */
export const isWanted = (session: Session, computer: string, person: string): boolean => {
  const [name, login] = [folded(computer), folded(person)];
  return (
    (!name || folded(session.device?.name ?? "").includes(name)) &&
    (!login || personsOf(session).some((each) => folded(each).includes(login)))
  );
};

/** Return at most `most` texts that contain another, sorted, each once. */
export const suggestionsOf = (
  values: Iterable<string>,
  typed: string,
  { most, compare }: { most: number; compare: (one: string, other: string) => number },
): string[] => {
  const wanted = folded(typed);
  const found = [...new Set(values)].filter((value) => folded(value).includes(wanted));
  return found.sort(compare).slice(0, most);
};
