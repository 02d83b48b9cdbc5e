/** Texts, names and times in the user's language. */

import { DOMAIN } from "../const.js";
import type { HomeAssistant, Localize, Values } from "./types.js";

let loading: { language?: string; texts?: Promise<Localize | undefined> | undefined } = {};

/**
 * Load the integration's texts, and return a `localize` function that has them; undefined after a failure. Home Assistant replaces
 * `hass.localize` once they are loaded.
 *
 * Home Assistant makes only the first caller per language wait for them, so all callers share one promise.
 */
export const loadTexts = (hass: HomeAssistant): Promise<Localize | undefined> => {
  if (loading.language !== hass.language || !loading.texts) {
    const texts = Promise.resolve(hass.loadBackendTranslation?.("common", DOMAIN)).catch(() => {
      // Let the next card try again.
      loading = {};
      return undefined;
    });
    loading = { language: hass.language, texts };
    return texts;
  }
  return loading.texts;
};

/**
 * Return a text from `common` in the integration's translations. Home Assistant uses the English text if a language lacks one. Until the
 * texts are loaded, return the key in readable form.
 */
export const text = ({ localize }: Pick<HomeAssistant, "localize">, key: string, values?: Values): string =>
  localize(`component.${DOMAIN}.common.${key}`, values) || readable(key.replace(/^[a-z]+_/, ""));

/** Return the translated name of an entity of the integration, without the device's name. */
export const entityName = (hass: HomeAssistant, domain: string, key: string): string =>
  hass.localize(`component.${DOMAIN}.entity.${domain}.${key}.name`) || readable(key);

/** Return the translated name of an attribute of the entity *Online*. */
export const attributeName = (hass: HomeAssistant, key: string): string =>
  hass.localize(`component.${DOMAIN}.entity.binary_sensor.online.state_attributes.${key}.name`) || readable(key);

const readable = (key: string): string => key.charAt(0).toUpperCase() + key.slice(1).replace(/_/g, " ");

/** Return the language for numbers, times and sorting. */
export const languageOf = (hass: HomeAssistant): string => hass.locale?.language ?? hass.language;

/** Return a function that compares two texts by the sort order of the user's language. */
export const collator = (hass: HomeAssistant): ((one: string, other: string) => number) =>
  new Intl.Collator(languageOf(hass), { numeric: true }).compare;

// Optional, because the oldest supported browsers lack it.
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

/** Return how long ago a time (ISO 8601) was, for example "2 hours ago"; the time itself in browsers without `RelativeTimeFormat`. */
export const ago = (hass: HomeAssistant, time: string): string => {
  const language = languageOf(hass);
  const seconds = Math.max(0, (Date.now() - new Date(time).getTime()) / 1000);
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? ["second", Number.POSITIVE_INFINITY];
  return relativeTimes(language)?.format(-Math.floor(seconds / length), unit) ?? new Date(time).toLocaleString(language);
};

const formats = new Map<string, RelativeTimeFormat>();

/** Return the format of a language, cached because creating one is slow and hundreds of rows use it. */
const relativeTimes = (language: string): RelativeTimeFormat | undefined => {
  if (!formats.has(language) && RelativeTimeFormat) formats.set(language, new RelativeTimeFormat(language, { numeric: "auto" }));
  return formats.get(language);
};
