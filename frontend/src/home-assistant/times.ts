/** Days, times and durations in the format of the user's profile: language, 12 or 24 hours, and time zone. */

import { languageOf, text } from "./texts.js";
import type { HomeAssistant } from "./types.js";

const formats = new Map<string, Intl.DateTimeFormat>();

/** Return a format, cached because creating one is slow and hundreds of rows use it. */
const formatOf = (language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = JSON.stringify([language, options]);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(language, options);
  formats.set(key, format);
  return format;
};

/** Return Home Assistant's time zone if the user's profile selects it; undefined for the browser's. */
const zoneOf = ({ locale, config }: HomeAssistant): string | undefined => (locale?.time_zone === "server" ? config.time_zone : undefined);

const zoneOption = (hass: HomeAssistant): Intl.DateTimeFormatOptions => {
  const timeZone = zoneOf(hass);
  return timeZone ? { timeZone } : {};
};

const hoursOption = ({ locale }: HomeAssistant): Intl.DateTimeFormatOptions => {
  const format = locale?.time_format;
  // With `hour12: false`, browsers write the hour after midnight as 24.
  return format === "12" || format === "24" ? ({ hourCycle: format === "12" ? "h12" : "h23" } as Intl.DateTimeFormatOptions) : {};
};

/** Return the time of day of a moment (ISO 8601). */
export const timeText = (hass: HomeAssistant, moment: string): string => {
  const language = hass.locale?.time_format === "system" ? navigator.language : languageOf(hass);
  return formatOf(language, { hour: "numeric", minute: "2-digit", ...hoursOption(hass), ...zoneOption(hass) }).format(new Date(moment));
};

/** Return a moment (ISO 8601) as the time of day, with the date if it was on another day and at least half a day ago. */
export const momentText = (hass: HomeAssistant, moment: string): string => {
  const time = timeText(hass, moment);
  if (dayOf(hass, moment) === dayOf(hass) || secondsSince(moment) < HALF_A_DAY) return time;
  const options = { day: "numeric", month: "short", year: "numeric", ...zoneOption(hass) } as const;
  return `${formatOf(languageOf(hass), options).format(new Date(moment))}, ${time}`;
};

/** Seconds. */
const HALF_A_DAY = 43_200;

/** Return the day of a moment (ISO 8601) in words, with its weekday. */
export const dayText = (hass: HomeAssistant, moment: string): string => {
  const options = { weekday: "long", day: "numeric", month: "long", year: "numeric", ...zoneOption(hass) } as const;
  return formatOf(languageOf(hass), options).format(new Date(moment));
};

/** Return the day of a moment, by default of now, as YYYY-MM-DD. */
export const dayOf = (hass: HomeAssistant, moment: string | number = Date.now()): string => {
  // Swedish dates have this format, so no parts have to be put together.
  const options = { year: "numeric", month: "2-digit", day: "2-digit", ...zoneOption(hass) } as const;
  return formatOf("sv", options).format(new Date(moment));
};

/**
 * Return the first and the last second of a day (YYYY-MM-DD) in a form that actions accept. They interpret times without an offset in
 * Home Assistant's time zone.
 */
export const boundsOf = (hass: HomeAssistant, day: string): { start: string; end: string } => {
  if (zoneOf(hass)) return { start: `${day}T00:00:00`, end: `${day}T23:59:59` };
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  // A day has 23 or 25 hours when the clocks change.
  const next = new Date(year, month - 1, date + 1).getTime();
  return { start: new Date(year, month - 1, date).toISOString(), end: new Date(next - 1000).toISOString() };
};

/** Return a duration in seconds as a short text, for example "1 h 20 min". */
export const durationText = (hass: HomeAssistant, seconds: number): string => {
  const minutes = Math.floor(seconds / 60);
  const part = (unit: string, count: number): string => text(hass, `duration_${unit}`, { count });
  if (minutes < 1) return part("seconds", Math.max(0, Math.floor(seconds)));
  if (minutes < 60) return part("minutes", minutes);
  const hours = part("hours", Math.floor(minutes / 60));
  return minutes % 60 ? `${hours} ${part("minutes", minutes % 60)}` : hours;
};

/** Return the seconds since a moment (ISO 8601); 0 for a moment in the future. */
export const secondsSince = (moment: string): number => Math.max(0, (Date.now() - new Date(moment).getTime()) / 1000);
