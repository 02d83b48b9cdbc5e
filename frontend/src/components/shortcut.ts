/** Calls back when a user presses a key while no field has the focus. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

export class Shortcut implements ReactiveController {
  private readonly listener = (event: KeyboardEvent): void => this.onKey(event);

  /** `act` returns whether it did something; if so, no other card of the page does. */
  constructor(
    host: ReactiveControllerHost,
    private readonly key: string,
    private readonly act: () => boolean,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener("keydown", this.listener);
  }

  hostDisconnected(): void {
    document.removeEventListener("keydown", this.listener);
  }

  private onKey(event: KeyboardEvent): void {
    const { ctrlKey, altKey, metaKey, defaultPrevented } = event;
    if (event.key !== this.key || ctrlKey || altKey || metaKey || defaultPrevented || isInField(event)) return;
    if (this.act()) event.preventDefault();
  }
}

/** In a field, the key is a letter; a dialog that is open is above all cards. */
const isInField = (event: Event): boolean =>
  event.composedPath().some((node) => node instanceof HTMLElement && (node.isContentEditable || FIELDS.test(node.localName)));

const FIELDS = /^(input|textarea|select|dialog|ha-dialog|ha-code-editor)$/;
