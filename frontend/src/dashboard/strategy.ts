/** The dashboard that builds itself: `strategy: {type: custom:getscreen}`. */

import { BRAND, DOMAIN } from "../const.js";
import { define, offer } from "../home-assistant/offers.js";
import { loadTexts, text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { buildDashboard, type Dashboard, type DashboardConfig, wantedAccounts } from "./views.js";

// What each configuration was last built from: registries change for many reasons that are none of ours.
const built = new Map<string | undefined, string>();

class DashboardStrategy extends HTMLElement {
  /** Return the dashboard. */
  static async generate(config: DashboardConfig, hass: HomeAssistant): Promise<Dashboard> {
    built.set(config.account, describeAccounts(config, hass));
    const localize = (await loadTexts(hass)) ?? hass.localize;
    return buildDashboard(hass, config, (key, values) => text({ localize }, key, values));
  }

  /** Return whether accounts are others than those that the dashboard was built from; the cards follow the computers themselves. */
  static shouldRegenerate(config: DashboardConfig, before: HomeAssistant, now: HomeAssistant): boolean {
    const last = built.get(config.account);
    if (last === undefined) return true;
    return (before.entities !== now.entities || before.devices !== now.devices) && last !== describeAccounts(config, now);
  }

  /** Return what a new dashboard is called. */
  static getCreateSuggestions(): { title: string; icon: string } {
    return { title: BRAND, icon: "mdi:monitor-multiple" };
  }
}

const describeAccounts = (config: DashboardConfig, hass: HomeAssistant): string =>
  JSON.stringify(wantedAccounts(hass, config).map(({ device: { id, name, entities }, isLarge }) => [id, name, entities, isLarge]));

define(`ll-strategy-dashboard-${DOMAIN}`, DashboardStrategy);
offer("customStrategies", { type: DOMAIN, strategyType: "dashboard", description: "dashboard_offer" });
