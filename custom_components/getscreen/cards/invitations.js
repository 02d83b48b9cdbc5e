/** The open invitations of each account, as the server told them last; all cards of a page share them, for each list is a request. */

import { accounts, act, ask, stateOf } from "./shared.js";

const WATCHED = ["invitation", "open_invitations"];
// Where the account's entities are off, nothing tells that a list is old; so one that is seen anew is asked for after this time.
const OLD = 60000;
const AWAY = "unavailable";

const lists = new Map();

/** Return the invitations of the account with a config entry. */
export const invitationsOf = (entryId) => {
  if (!lists.has(entryId)) lists.set(entryId, new Invitations(entryId));
  return lists.get(entryId);
};

/** Dispatches `change` whenever something of it has changed. */
class Invitations extends EventTarget {
  open = undefined;
  remaining = undefined;
  error = undefined;
  busy = false;
  #entryId;
  #mark = undefined;
  #time = 0;
  // How often a command of ours has changed the list.
  #turn = 0;

  constructor(entryId) {
    super();
    this.#entryId = entryId;
  }

  /** Whether the account's entities say that the list is another one by now; `seenAnew` if somebody has just come to see it. */
  isOld(hass, seenAnew) {
    const mark = this.#markOf(hass);
    if (this.#mark === undefined) return true;
    if (mark === "") return seenAnew && Date.now() - this.#time > OLD;
    // During an outage, asking would only add to it.
    return mark !== AWAY && mark !== this.#mark;
  }

  /** Ask for the list. */
  async load(hass) {
    if (this.busy) return;
    this.busy = true;
    // What happens from now on is news; after a failure too, so that it is not tried again and again.
    this.#mark = this.#markOf(hass);
    this.#time = Date.now();
    this.#changed();
    try {
      const { invitations, remaining } = await this.#ask(hass);
      this.open = invitations.filter(({ status }) => status !== "closed").map(withoutSecret);
      this.remaining = remaining ?? undefined;
      this.error = undefined;
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
    this.#changed();
  }

  /** Return what the server says of the list, once no command has overtaken the answer. */
  async #ask(hass) {
    for (;;) {
      const turn = this.#turn;
      const answer = await ask(hass, "list_invitations", { config_entry_id: this.#entryId });
      if (turn === this.#turn) return answer;
    }
  }

  /** Open an invitation and return it. */
  async create(hass, clientName) {
    const created = withoutSecret(await ask(hass, "create_invitation", { config_entry_id: this.#entryId, client_name: clientName }));
    this.#turn += 1;
    this.open = [...(this.open ?? []).filter(({ id }) => id !== created.id), created];
    this.#changed();
    this.#loadUnlessTold(hass);
    return created;
  }

  /** Close an invitation. */
  async close(hass, { id }) {
    await act(hass, "close_invitation", { config_entry_id: this.#entryId, invitation_id: id });
    this.#turn += 1;
    this.open = this.open?.filter((invitation) => invitation.id !== id);
    this.#changed();
    this.#loadUnlessTold(hass);
  }

  /** Return the link by which the operator connects: a secret, which is asked for when it is wanted, and kept nowhere. */
  async connectLink(hass, { id }) {
    return (await ask(hass, "get_invitation", { config_entry_id: this.#entryId, invitation_id: id })).connect_url;
  }

  /** After a command, the integration looks by itself, and its entities tell; so ask only where there are none. */
  #loadUnlessTold(hass) {
    if (["", AWAY].includes(this.#markOf(hass))) this.load(hass);
  }

  #markOf(hass) {
    const account = accounts(hass).find(({ entries }) => entries.includes(this.#entryId));
    const states = WATCHED.map((key) => account && stateOf(hass, account, key)?.state).filter((state) => state !== undefined);
    return states.includes(AWAY) ? AWAY : states.join(" ");
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

const withoutSecret = ({ id, status, code, invite_url, client_name, created }) => ({ id, status, code, invite_url, client_name, created });
