/** Texts, names and times in the user's language. */

import { DOMAIN } from "../const.js";
import type { HomeAssistant, Localize, Values } from "./types.js";

let loading: { language?: string; texts?: Promise<Localize | undefined> | undefined } = {};

/**
 * Load our texts, and return a promise of a `localize` that has them (undefined after a failure). `hass.localize` becomes another
 * function once they are there.
 *
 * Home Assistant lets only the first caller of a language wait, so all of ours share one promise.
 */
export const loadTexts = (hass: HomeAssistant): Promise<Localize | undefined> => {
  if (loading.language !== hass.language || !loading.texts) {
    const texts = Promise.resolve(hass.loadBackendTranslation?.("common", DOMAIN)).catch(() => {
      // The next card tries again.
      loading = {};
      return undefined;
    });
    loading = { language: hass.language, texts };
    return texts;
  }
  return loading.texts;
};

/**
 * Return a text of ours from `common` in the translations. The backend fills what a language lacks with English; the key made readable
 * is for the moment before they are loaded.
 */
export const text = ({ localize }: Pick<HomeAssistant, "localize">, key: string, values?: Values): string =>
  localize(`component.${DOMAIN}.common.${key}`, values) || readable(key.replace(/^[a-z]+_/, ""));

/** Return the name of one of our entities, as translated, without the device's. */
export const entityName = (hass: HomeAssistant, domain: string, key: string): string =>
  hass.localize(`component.${DOMAIN}.entity.${domain}.${key}.name`) || readable(key);

/** Return the name of an attribute of *Online*, as translated. */
export const attributeName = (hass: HomeAssistant, key: string): string =>
  hass.localize(`component.${DOMAIN}.entity.binary_sensor.online.state_attributes.${key}.name`) || readable(key);

const readable = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1).replace(/_/g, " ");

/** Return the language that numbers, times and the order of texts follow. */
export const languageOf = (hass: HomeAssistant): string => hass.locale?.language ?? hass.language;

/** Return a function that compares two texts as the user's language sorts them. */
export const collator = (hass: HomeAssistant): ((one: string, other: string) => number) =>
  new Intl.Collator(languageOf(hass), { numeric: true }).compare;

// Newer than the oldest browsers.
interface RelativeTimeFormat {
  format(value: number, unit: string): string;
}

const { RelativeTimeFormat } = Intl as { RelativeTimeFormat?: new (language: string, options: object) => RelativeTimeFormat };

const UNITS: [unit: string, seconds: number][] = [
  ["year", 31536000],
  ["month", 2592000],
  ["week", 604800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

/** Return in words how long ago a time (ISO 8601) was; the time itself where the browser has no words for it. */
export const ago = (hass: HomeAssistant, time: string): string => {
  const language = languageOf(hass);
  const seconds = Math.max(0, (Date.now() - new Date(time).getTime()) / 1000);
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? ["second", Number.POSITIVE_INFINITY];
  return relativeTimes(language)?.format(-Math.floor(seconds / length), unit) ?? new Date(time).toLocaleString(language);
};

const formats = new Map<string, RelativeTimeFormat>();

/** Return the format for a language: making one takes longer than using it, and hundreds of rows do. */
const relativeTimes = (language: string): RelativeTimeFormat | undefined => {
  if (!formats.has(language) && RelativeTimeFormat) formats.set(language, new RelativeTimeFormat(language, { numeric: "auto" }));
  return formats.get(language);
};
