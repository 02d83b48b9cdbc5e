/** The buttons for all actions on one computer. */

import { html, type TemplateResult } from "lit";
import { entityName, text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import type { Computer } from "../state/fleet.js";
import type { Action, ComputerCommands } from "./computer-commands.js";

interface Button {
  action: Action;
  icon: string;
  label: string;
  isShown: boolean;
  /** "primary" or "danger". */
  kind?: string;
  press: () => Promise<void>;
}

/** Return all buttons in a fixed order, including hidden ones. `onRefreshed` is called after the hardware was read. */
export const computerActions = (
  hass: HomeAssistant,
  commands: ComputerCommands,
  computer: Computer,
  onRefreshed: () => Promise<void>,
): TemplateResult[] => {
  const refresh = (): Promise<void> => commands.refresh(computer).then(onRefreshed);
  return buttonsOf(hass, commands, computer, refresh).map((button) => renderButton(button, commands.isBlocked(computer, button.action)));
};

/** Return the button that logs a computer out, separate from the others. Only administrators see it. */
export const logoutAction = (hass: HomeAssistant, commands: ComputerCommands, computer: Computer): TemplateResult => {
  const label = entityName(hass, "button", "logout");
  const isShown = Boolean(hass.user?.is_admin);
  const press = (): Promise<void> => commands.logout(computer);
  const button: Button = { action: "logout", icon: "mdi:logout", label, isShown, kind: "danger", press };
  return renderButton(button, commands.isBlocked(computer, "logout"));
};

// aria-disabled instead of disabled, so that a blocked button does not lose the keyboard focus.
const renderButton = ({ icon, label, isShown, kind = "", press }: Button, isBlocked: boolean): TemplateResult => html`
  <button type="button" class="action ${kind}" ?hidden=${!isShown} aria-disabled=${isBlocked ? "true" : "false"} @click=${() => void press()}>
    <ha-icon aria-hidden="true" .icon=${icon}></ha-icon><span>${label}</span>
  </button>`;

const buttonsOf = (hass: HomeAssistant, commands: ComputerCommands, computer: Computer, refresh: () => Promise<void>): Button[] => {
  const { online, operating_system: system } = computer;
  const name = (key: string): string => entityName(hass, "button", key);
  // If the state is unknown, show the buttons for both states.
  const isShown = online !== false;
  const mayWake = online !== true;
  const connect = text(hass, commands.activityOf(computer.device_id).offersConnect ? "card_connect_again" : "card_connect");
  const wakeAndConnect = text(hass, "card_wake_and_connect");
  return [
    { action: "connect", icon: "mdi:remote-desktop", label: connect, isShown, kind: "primary", press: () => commands.connect(computer) },
    {
      action: "wakeAndConnect",
      icon: "mdi:monitor-arrow-down-variant",
      label: wakeAndConnect,
      isShown: mayWake,
      kind: isShown ? "" : "primary",
      press: () => commands.wakeAndConnect(computer),
    },
    { action: "wake", icon: "mdi:power", label: name("wake"), isShown: mayWake, press: () => commands.wake(computer) },
    { action: "reboot", icon: "mdi:restart", label: name("reboot"), isShown, press: () => commands.reboot(computer) },
    {
      action: "reboot",
      icon: "mdi:restart-alert",
      label: name("reboot_safe_mode"),
      isShown: isShown && system === "win",
      press: () => commands.reboot(computer, true),
    },
    { action: "refresh", icon: "mdi:refresh", label: text(hass, "computer_refresh"), isShown, press: refresh },
  ];
};
