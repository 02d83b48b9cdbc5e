/** Times of the day and lengths of time, as the user has set them in the profile. */

import { languageOf } from "./texts.js";
import type { HomeAssistant } from "./types.js";

const DAY = 86_400_000;

/** Return when something was (ISO 8601): the time of the day, with the date unless it was within the last twelve hours or so. */
export const momentText = (hass: HomeAssistant, time: string): string => {
  const moment = new Date(time);
  const zone = zoneOf(hass);
  const sameDay = moment.toLocaleDateString("en", zone) === new Date().toLocaleDateString("en", zone);
  const isRecent = sameDay || Math.abs(Date.now() - moment.getTime()) < DAY / 2;
  const date = isRecent ? {} : { day: "numeric", month: "short", ...(moment.getFullYear() === new Date().getFullYear() ? {} : YEAR) };
  return moment.toLocaleString(languageOf(hass), { ...date, hour: "numeric", minute: "2-digit", ...hoursOf(hass), ...zone } as object);
};

const YEAR = { year: "numeric" };

const zoneOf = ({ locale, config }: HomeAssistant): { timeZone?: string } =>
  locale?.time_zone === "server" && config.time_zone ? { timeZone: config.time_zone } : {};

const hoursOf = ({ locale }: HomeAssistant): { hour12?: boolean } =>
  locale?.time_format === "12" || locale?.time_format === "24" ? { hour12: locale.time_format === "12" } : {};

/** Return how long something took, in words: "7 minutes", "2 hours 5 minutes". */
export const lengthText = (hass: HomeAssistant, seconds: number): string => {
  const minutes = Math.floor(Math.max(0, seconds) / 60);
  if (minutes < 1) return unitText(hass, Math.floor(Math.max(0, seconds)), "second");
  const hours = Math.floor(minutes / 60);
  const parts = [hours > 0 ? unitText(hass, hours, "hour") : "", minutes % 60 || !hours ? unitText(hass, minutes % 60, "minute") : ""];
  return parts.filter(Boolean).join(" ");
};

const unitText = (hass: HomeAssistant, value: number, unit: "second" | "minute" | "hour"): string => {
  try {
    return new Intl.NumberFormat(languageOf(hass), { style: "unit", unit, unitDisplay: "long" } as object).format(value);
  } catch {
    // Newer than the oldest browsers.
    return `${value} ${{ second: "s", minute: "min", hour: "h" }[unit]}`;
  }
};
