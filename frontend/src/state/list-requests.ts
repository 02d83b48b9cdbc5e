/** Requests the list of invitations while a user sees the card that shows it. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { HomeAssistant } from "../home-assistant/types.js";
import type { Invitations } from "./invitations.js";

/** Milliseconds. The steps of an invitation come one by one, so that a short wait makes one request of several changes. */
const A_MOMENT = 250;

/** Milliseconds. While a page is being built, it shows for a moment what ends up far below. */
const BUILT = 500;

export class ListRequests implements ReactiveController {
  /** The list that the card shows. */
  list: Invitations | undefined;
  private readonly observer = new IntersectionObserver((entries) => this.onView(entries[entries.length - 1]?.isIntersecting ?? false));
  private readonly onVisibility = (): void => this.check(true);
  private isVisible = false;
  private cameIntoView = true;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement & { readonly hass: HomeAssistant },
    private readonly onChange: () => void,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.observer.observe(this.host);
    document.addEventListener("visibilitychange", this.onVisibility);
  }

  hostDisconnected(): void {
    this.observer.disconnect();
    document.removeEventListener("visibilitychange", this.onVisibility);
    clearTimeout(this.timer);
    this.timer = undefined;
    this.isVisible = false;
    this.use(undefined);
  }

  /** Show another list, or none. */
  use(list: Invitations | undefined): void {
    if (list !== this.list) {
      this.list?.removeEventListener("change", this.onChange);
      list?.addEventListener("change", this.onChange);
      this.list = list;
    }
    this.check(true);
  }

  /** Request the list if a user sees the card and the list may have changed; `cameIntoView` if the user has just come to see it. */
  check(cameIntoView = false): void {
    if (cameIntoView) this.cameIntoView = true;
    const { list } = this;
    if (!list || this.timer !== undefined || !this.isSeen || !list.isOld(this.host.hass, this.cameIntoView)) return;
    this.timer = setTimeout(() => this.load(), list.open ? A_MOMENT : BUILT);
  }

  private load(): void {
    this.timer = undefined;
    if (!this.list || !this.isSeen) return;
    this.cameIntoView = false;
    void this.list.load(this.host.hass);
  }

  private get isSeen(): boolean {
    return this.isVisible && !document.hidden;
  }

  private onView(isVisible: boolean): void {
    const wasVisible = this.isVisible;
    this.isVisible = isVisible;
    this.check(isVisible && !wasVisible);
  }
}
