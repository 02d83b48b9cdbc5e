/** The dashboard that builds itself: `strategy: {type: custom:getscreen}`. */

import { BRAND, DOMAIN } from "../const.js";
import { define, offer } from "../home-assistant/offers.js";
import { loadTexts, text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { knownValue, ourDevices, stateOf, UNAVAILABLE } from "../state/devices.js";
import { buildDashboard, type Dashboard, type DashboardConfig } from "./views.js";

// What each configuration was last built from: registries change for many reasons that are none of ours.
const built = new Map<string | undefined, { devices: string; groups: Map<string, string | undefined> }>();

class DashboardStrategy extends HTMLElement {
  /** Return the dashboard. */
  static async generate(config: DashboardConfig, hass: HomeAssistant): Promise<Dashboard> {
    built.set(config.account, { devices: describeDevices(hass), groups: groupsByEntity(hass) });
    const localize = (await loadTexts(hass)) ?? hass.localize;
    return buildDashboard(hass, config, (key, values) => text({ localize }, key, values));
  }

  /** Return whether computers, their entities or their groups are others than those that the dashboard was built from. */
  static shouldRegenerate(config: DashboardConfig, before: HomeAssistant, now: HomeAssistant): boolean {
    const last = built.get(config.account);
    if (!last) return true;
    if (before.entities !== now.entities || before.devices !== now.devices) return last.devices !== describeDevices(now);
    return before.states !== now.states && hasOtherGroups(last.groups, before, now);
  }

  /** Return what a new dashboard is called. */
  static getCreateSuggestions(): { title: string; icon: string } {
    return { title: BRAND, icon: "mdi:monitor-multiple" };
  }
}

const describeDevices = (hass: HomeAssistant): string =>
  JSON.stringify([...ourDevices(hass).values()].map(({ id, name, accounts, entities }) => [id, name, accounts, entities]));

/** Return the group of each computer, by the id of the entity that says it. */
const groupsByEntity = (hass: HomeAssistant): Map<string, string | undefined> => {
  const groups = new Map<string, string | undefined>();
  for (const device of ourDevices(hass).values()) {
    const { group: id } = device.entities;
    if (id) groups.set(id, knownValue(stateOf(hass, device, "group")));
  }
  return groups;
};

/** A group that is unavailable is no reason to build anew, nor is one that is back as it was; having none any longer is one. */
const hasOtherGroups = (groups: Map<string, string | undefined>, before: HomeAssistant, now: HomeAssistant): boolean => {
  for (const [id, group] of groups) {
    const current = now.states[id];
    if (before.states[id] !== current && current && current.state !== UNAVAILABLE && knownValue(current) !== group) return true;
  }
  return false;
};

define(`ll-strategy-dashboard-${DOMAIN}`, DashboardStrategy);
offer("customStrategies", { type: DOMAIN, strategyType: "dashboard", description: "dashboard_offer" });
