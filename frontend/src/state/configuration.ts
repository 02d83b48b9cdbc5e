/** Checks the configuration of a card, which users may write by hand. */

type Kind = readonly [name: string, isValid: (value: unknown) => boolean];

export const TEXT: Kind = ["a text", (value) => typeof value === "string"];
export const TEXT_LIST: Kind = ["a list of texts", (value) => Array.isArray(value) && value.every((item) => typeof item === "string")];
export const BOOLEAN: Kind = ["true or false", (value) => typeof value === "boolean"];
export const COUNT: Kind = ["a number from 1 on", (value) => typeof value === "number" && value >= 1];

/** Throw an error that names the first option with a wrong type of value; options without a value are valid. */
export const checkConfig = (config: Record<string, unknown>, options: Record<string, Kind>): void => {
  for (const [name, [kind, isValid]] of Object.entries(options)) {
    const value = config[name];
    if (value !== undefined && value !== null && !isValid(value)) throw new Error(`"${name}" has to be ${kind}.`);
  }
};
