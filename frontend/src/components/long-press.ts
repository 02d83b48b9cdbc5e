/** Calls back with the path of the event when a user holds a finger on an element, and drops the click that would follow. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Milliseconds, as in Home Assistant's own cards. */
const HOLD = 500;

/** Pixels. A finger that moves farther scrolls. */
const TREMBLING = 10;

export class LongPress implements ReactiveController {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private start: PointerEvent | undefined;
  private isHeld = false;

  constructor(
    host: ReactiveControllerHost & HTMLElement,
    private readonly onHold: (path: EventTarget[]) => void,
  ) {
    host.addController(this);
    host.addEventListener("pointerdown", (event) => this.begin(event));
    host.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) host.addEventListener(name, () => this.cancel());
    host.addEventListener("contextmenu", (event) => this.isHeld && event.preventDefault());
    host.addEventListener("click", (event) => this.onClick(event), { capture: true });
  }

  hostDisconnected(): void {
    this.cancel();
  }

  private begin(event: PointerEvent): void {
    this.isHeld = false;
    // Two fingers zoom.
    this.cancel();
    if (event.pointerType !== "touch") return;
    this.start = event;
    // The path of an event is empty once it has been handled.
    const path = event.composedPath();
    this.timer = setTimeout(() => {
      this.isHeld = true;
      this.onHold(path);
    }, HOLD);
  }

  private move({ clientX, clientY }: PointerEvent): void {
    const { start } = this;
    if (start && Math.hypot(clientX - start.clientX, clientY - start.clientY) > TREMBLING) this.cancel();
  }

  private cancel(): void {
    clearTimeout(this.timer);
    this.start = undefined;
  }

  private onClick(event: Event): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    event.preventDefault();
    event.stopPropagation();
  }
}
