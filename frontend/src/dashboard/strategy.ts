/** The generated dashboard, a dashboard strategy of Home Assistant: `strategy: {type: custom:getscreen}`. */

import { BRAND, DOMAIN } from "../const.js";
import { define, offer } from "../home-assistant/offers.js";
import { loadTexts, text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { buildDashboard, type Dashboard, type DashboardConfig, wantedAccounts } from "./views.js";

// The accounts that each configuration was last built from, because most changes of the registries do not affect the dashboard.
const built = new Map<string | undefined, string>();

class DashboardStrategy extends HTMLElement {
  /** Return the dashboard for a configuration. */
  static async generate(config: DashboardConfig, hass: HomeAssistant): Promise<Dashboard> {
    built.set(config.account, describeAccounts(config, hass));
    const localize = (await loadTexts(hass)) ?? hass.localize;
    return buildDashboard(hass, config, (key, values) => text({ localize }, key, values));
  }

  /** Return whether accounts have changed since the dashboard was built. Changes of computers do not matter: the cards follow them. */
  static shouldRegenerate(config: DashboardConfig, before: HomeAssistant, now: HomeAssistant): boolean {
    const last = built.get(config.account);
    if (last === undefined) return true;
    return (before.entities !== now.entities || before.devices !== now.devices) && last !== describeAccounts(config, now);
  }

  /** Return the title and the icon of a new dashboard. */
  static getCreateSuggestions(): { title: string; icon: string } {
    return { title: BRAND, icon: "mdi:monitor-multiple" };
  }
}

const describeAccounts = (config: DashboardConfig, hass: HomeAssistant): string =>
  JSON.stringify(wantedAccounts(hass, config).map(({ device: { id, name, entities }, isLarge }) => [id, name, entities, isLarge]));

define(`ll-strategy-dashboard-${DOMAIN}`, DashboardStrategy);
offer("customStrategies", { type: DOMAIN, strategyType: "dashboard", description: "dashboard_offer" });
