/** Calls back when a user presses a key while no field has the focus. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

export class Shortcut implements ReactiveController {
  private readonly listener = (event: KeyboardEvent): void => this.onKey(event);

  /** `act` returns whether it has handled the key; if so, the other cards of the page ignore it. */
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

/** Return whether a key belongs to a field, in which it is text, or to an open dialog, which covers the cards. */
const isInField = (event: Event): boolean =>
  event.composedPath().some((node) => node instanceof HTMLElement && (node.isContentEditable || FIELDS.test(node.localName)));

const FIELDS = /^(input|textarea|select|dialog|ha-dialog|ha-code-editor)$/;
