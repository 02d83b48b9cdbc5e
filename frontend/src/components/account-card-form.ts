/** The shared part of the editors of cards that show one account. */

import { DOMAIN } from "../const.js";
import { text } from "../home-assistant/texts.js";
import type { FormField, HomeAssistant, Localize } from "../home-assistant/types.js";
import { accountDevices } from "../state/devices.js";

/** Return the configuration of a new card. With a single account, it names none. */
export const accountStub = (hass: HomeAssistant): object => {
  const all = accountDevices(hass);
  return all.length > 1 ? { account: all[0]?.accounts[0] } : {};
};

/** Return the form with the title, the account, and the fields of a card, whose labels are the texts `card_option_<name>`. */
export const accountForm = (...fields: FormField[]): object => ({
  schema: [{ name: "title", selector: { text: {} } }, { name: "account", selector: { config_entry: { integration: DOMAIN } } }, ...fields],
  computeLabel: ({ name }: FormField, localize: Localize) => text({ localize }, `card_option_${name}`),
});
