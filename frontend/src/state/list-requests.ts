/** Requests the list of invitations while the card that shows it is visible. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import { isInDialog } from "../home-assistant/offers.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { type Invitation, type Invitations, type InvitationsEvent, type JoinEvent, REQUEST_DELAY } from "./invitations.js";
import { FIRST_REQUEST_DELAY, Sight } from "./sight.js";
import { Watch } from "./watch.js";

export class ListRequests implements ReactiveController {
  /** The list that the card shows. */
  list: Invitations | undefined;
  private readonly sight: Sight;
  private readonly watch: Watch<InvitationsEvent>;
  private cameIntoView = true;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: ReactiveControllerHost & HTMLElement & { readonly hass: HomeAssistant },
    private readonly onChange: () => void,
    private readonly onJoin: (invitation: Invitation) => void = () => undefined,
  ) {
    this.sight = new Sight(host, () => this.check(true));
    this.watch = new Watch(host, (event, isFirst) => this.onEvent(event, isFirst));
    host.addController(this);
  }

  hostDisconnected(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    // The watch ends a little later, because the card may only be moving to another place in the page.
    this.show(undefined);
  }

  /** Show another list, or none. */
  use(list: Invitations | undefined): void {
    const isWatched = list && !isInDialog(this.host);
    this.watch.use(isWatched ? { type: "getscreen/invitations/subscribe", account: list.entryId, watch: true } : undefined);
    this.show(list);
  }

  private show(list: Invitations | undefined): void {
    if (list !== this.list) {
      this.list?.removeEventListener("change", this.onChange);
      this.list?.removeEventListener("join", this.onJoined);
      list?.addEventListener("change", this.onChange);
      list?.addEventListener("join", this.onJoined);
      this.list = list;
    }
    this.check(true);
  }

  /** Request the list if the card is visible and the list may have changed. `cameIntoView`: whether the card has just become visible. */
  check(cameIntoView = false): void {
    if (cameIntoView) this.cameIntoView = true;
    const { list } = this;
    if (!list || this.timer !== undefined || !this.sight.isVisible || !list.isStale(this.host.hass, this.cameIntoView)) return;
    this.timer = setTimeout(() => this.load(), list.open ? REQUEST_DELAY : FIRST_REQUEST_DELAY);
  }

  private load(): void {
    this.timer = undefined;
    const { list } = this;
    // Another card may have requested the list during the wait.
    if (!list || !this.sight.isVisible || !list.isStale(this.host.hass, this.cameIntoView)) return;
    this.cameIntoView = false;
    void list.load(this.host.hass);
  }

  private readonly onJoined = (event: Event): void => this.onJoin((event as JoinEvent).detail);

  private onEvent(event: InvitationsEvent, isFirst: boolean): void {
    this.list?.onEvent(event, isFirst);
    this.check();
  }
}
