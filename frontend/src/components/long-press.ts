/** Calls back with the path of the event when a user holds a finger on an element, and drops the click that would follow. */

import type { ReactiveController, ReactiveControllerHost } from "lit";

/** Milliseconds, as in Home Assistant's own cards. */
const HOLD = 500;

/** Milliseconds between lifting the finger and the click that belongs to it. */
const CLICK_WITHIN = 400;

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
    for (const name of ["pointerup", "pointercancel"]) host.addEventListener(name, () => this.release());
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

  private release(): void {
    this.cancel();
    // Where no click follows a long press, the next one, as of the keyboard, must not be dropped.
    setTimeout(() => {
      this.isHeld = false;
    }, CLICK_WITHIN);
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
