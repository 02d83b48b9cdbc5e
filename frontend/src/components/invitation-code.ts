/** The code of an invitation, as it is written and read out. */

/** Return nine digits as three times three, another code as it is. */
export const groupDigits = (code: string): string => (/^\d{9}$/.test(code) ? code.replace(/(\d{3})(?=\d)/g, "$1 ") : code);

/** Return a text that keeps its order within a text that is written from right to left. */
export const isolate = (code: string): string => code && `\u2066${code}\u2069`;

/** Return the part of an invite link that a client has to open to type the code: the host. An empty text if the link is none. */
export const addressOf = (link: string): string => {
  try {
    return new URL(link).host;
  } catch {
    return "";
  }
};

/** Return a code that a screen reader reads digit by digit. */
export const spell = (code: string): string => {
  const groups = groupDigits(code).split(" ");
  return isolate(groups.map((group) => [...group].join(" ")).join(", "));
};
