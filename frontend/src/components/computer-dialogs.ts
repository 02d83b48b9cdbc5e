/** Opens the dialogs of computers for a card that mentions computers, but has no list of them. */

import type { HomeAssistant } from "../home-assistant/types.js";
import { type Fleet, fleetOf } from "../state/fleet.js";
import { ComputerCommands } from "./computer-commands.js";
import { openComputer } from "./computer-dialog.js";
import type { ComputersHost } from "./computers-host.js";

export class ComputerDialogs {
  private fleet: Fleet | undefined;
  private readonly commands: ComputerCommands;

  /** `account` returns the config entry id of the mentioned computers. */
  constructor(
    private readonly host: ComputersHost & EventTarget,
    private readonly account: (hass: HomeAssistant) => string | undefined,
  ) {
    this.commands = new ComputerCommands(
      host,
      () => this.fleet,
      () => undefined,
    );
    host.addEventListener("getscreen-show-computer", (event) => {
      void this.open((event as CustomEvent<{ device_id: string }>).detail.device_id);
    });
  }

  private async open(deviceId: string): Promise<void> {
    const { hass } = this.host;
    this.fleet = fleetOf(hass.connection, this.account(hass));
    await this.fleet.loaded();
    openComputer(this.host, this.fleet, this.commands, deviceId);
  }
}
