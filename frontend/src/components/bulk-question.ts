/** Asks for confirmation before many computers are rebooted. */

import { entityName, text } from "../home-assistant/texts.js";
import type { Computer } from "../state/fleet.js";
import type { ComputersHost } from "./computers-host.js";
import { askQuestion } from "./question.js";

/** Maximum number of names in the question. */
const MAX_NAMES = 5;

export const askBulkReboot = (host: ComputersHost, computers: readonly Computer[], onYes: () => void): void => {
  const { hass } = host;
  const inUse = computers.filter(({ session }) => session).map(({ name }) => name);
  const names = inUse.slice(0, MAX_NAMES).join(", ") + (inUse.length > MAX_NAMES ? " …" : "");
  const sessions = inUse.length ? text(hass, "bulk_reboot_sessions", { count: inUse.length, names }) : text(hass, "bulk_reboot_nobody");
  askQuestion(host.renderRoot, hass, {
    title: text(hass, "bulk_reboot_title", { count: computers.length }),
    message: `${sessions} ${text(hass, "bulk_reboot_unsaved")}`,
    yes: entityName(hass, "button", "reboot"),
    isDangerous: true,
    onYes,
  });
};
