/** Calls back with the path of the event when a user holds a finger on an element, and suppresses the click that follows. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Milliseconds, as in Home Assistant's own cards. */
const HOLD_TIME = 500;

/** Maximum milliseconds between lifting the finger and the click that belongs to it. */
const MAX_CLICK_DELAY = 400;

/** Pixels. A finger that moves farther is scrolling. */
const MAX_MOVEMENT = 10;

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
    for (const name of ["pointerup", "pointercancel"]) host.addEventListener(name, () => this.release());
    host.addEventListener("contextmenu", (event) => this.isHeld && event.preventDefault());
    host.addEventListener("click", (event) => this.onClick(event), { capture: true });
  }

  hostDisconnected(): void {
    this.cancel();
  }

  private begin(event: PointerEvent): void {
    this.isHeld = false;
    // A second finger means zooming.
    this.cancel();
    if (event.pointerType !== "touch") return;
    this.start = event;
    // Stored now, because the path of an event is empty once the event has been handled.
    const path = event.composedPath();
    this.timer = setTimeout(() => {
      this.isHeld = true;
      this.onHold(path);
    }, HOLD_TIME);
  }

  private move({ clientX, clientY }: PointerEvent): void {
    const { start } = this;
    if (start && Math.hypot(clientX - start.clientX, clientY - start.clientY) > MAX_MOVEMENT) this.cancel();
  }

  private release(): void {
    this.cancel();
    // If no click follows the long press, a later one, for example by keyboard, must not be suppressed.
    setTimeout(() => {
      this.isHeld = false;
    }, MAX_CLICK_DELAY);
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
