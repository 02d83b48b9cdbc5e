/** Formats the code of an invitation for display and for screen readers. */

/** Return a code of nine digits in groups of three; other codes unchanged. */
export const groupDigits = (code: string): string => (/^\d{9}$/.test(code) ? code.replace(/(\d{3})(?=\d)/g, "$1 ") : code);

/** Return a code in Unicode isolates, which preserve its order within a right-to-left text. */
export const isolate = (code: string): string => code && `\u2066${code}\u2069`;

/** Return the host of an invite link, on whose page a client enters the code; an empty text if the link is invalid. */
export const addressOf = (link: string): string => {
  try {
    return new URL(link).host;
  } catch {
    return "";
  }
};

/** Return a code in a form that screen readers read digit by digit. */
export const spell = (code: string): string => {
  const groups = groupDigits(code).split(" ");
  return isolate(groups.map((group) => [...group].join(" ")).join(", "));
};
