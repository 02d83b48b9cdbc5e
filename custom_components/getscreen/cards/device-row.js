/** One computer as the card shows it: its picture, how it is, and what can be done with it. */

import {
  act,
  ago,
  ask,
  confirm,
  entityName,
  errorText,
  icon,
  make,
  moreInfo,
  openLink,
  put,
  stateOf,
  text,
  valueOf,
} from "./shared.js";

/** The entities that a row shows, by translation key. */
export const SHOWN = ["online", "session", "preview", "operating_system"];

// As long as Home Assistant looks more often after a command.
const PATIENCE = 180_000;

const SYSTEMS = [
  [/^win|windows/i, "mdi:microsoft-windows"],
  [/mac|os x/i, "mdi:apple"],
  [/android/i, "mdi:android"],
  [/linux|ubuntu|debian|fedora|suse|mint/i, "mdi:linux"],
];

const ACTIONS = [
  ["connect", "mdi:remote-desktop"],
  ["wake", "mdi:power"],
  ["reboot", "mdi:restart"],
];

/** Shows a computer in `node`, a list item; `card` has `hass`, `root`, `pictures` and `say(message)`. */
export class DeviceRow {
  constructor(card) {
    this.card = card;
    this.name = make("span", { className: "name" });
    this.state = make("span", { className: "state" });
    this.chip = make("span", { className: "chip", hidden: true });
    this.badge = make("span", { className: "badge" });
    this.head = make(
      "button",
      { type: "button", className: "head", onclick: () => this.showMore() },
      this.badge,
      make("span", { className: "texts" }, this.name, make("span", { className: "second" }, this.state, this.chip)),
    );
    this.buttons = Object.fromEntries(ACTIONS.map(([key]) => [key, this.makeButton(key)]));
    this.message = make("p", { className: "message" });
    this.picture = make("div", { className: "picture" });
    this.node = make(
      "li",
      { className: "card device", role: "listitem" },
      this.picture,
      this.head,
      make("div", { className: "actions" }, ...Object.values(this.buttons)),
      this.message,
    );
  }

  makeButton(key) {
    // Not disabled while it cannot be used: a button that is loses the keyboard's focus.
    const press = () => this.buttons[key].getAttribute("aria-disabled") !== "true" && this[key]();
    return make("button", { type: "button", className: key === "connect" ? "action primary" : "action", onclick: press }, make("span"));
  }

  /** Show a computer, one of those that `computers` finds, as it is now. */
  update(computer) {
    this.computer = computer;
    const { hass } = this.card;
    const online = stateOf(hass, computer, "online");
    this.online = valueOf(online);
    this.away = online?.state === "unavailable";
    this.follow();
    const { turn } = this;
    const tone = this.away ? "away" : (this.online ?? "unknown");
    put(this.node, "className", `card device ${turn ? "turning" : tone}`);
    put(this.name, "textContent", computer.name);
    this.showState();
    const session = stateOf(hass, computer, "session")?.state === "on";
    put(this.chip, "hidden", !session);
    put(this.chip, "textContent", session ? entityName(hass, "binary_sensor", "session") : "");
    this.showButton("connect", text(hass, "card_connect"), this.online !== "off", Boolean(this.away || turn || this.connecting));
    this.showButton("wake", entityName(hass, "button", "wake"), !this.away && this.online !== "on", Boolean(turn));
    this.showButton("reboot", entityName(hass, "button", "reboot"), !this.away && this.online !== "off", Boolean(turn));
    if (this.seen) this.showPictures();
  }

  showButton(key, label, shown, waits) {
    const button = this.buttons[key];
    const focused = !shown && this.card.root.activeElement === button;
    put(button, "hidden", !shown);
    put(button.lastChild, "textContent", label);
    // No colon, which has a space before it in some languages.
    put(button, "ariaLabel", `${label}, ${this.computer.name}`);
    // Where the label is not to be seen.
    put(button, "title", this.card.pictures ? "" : label);
    put(button, "ariaDisabled", waits ? "true" : "false");
    // Who woke a computer by keyboard goes on from there.
    if (focused) this.head.focus();
  }

  /** Show how the computer is, in words; to be called now and then, as time goes by. */
  showState() {
    const { hass } = this.card;
    put(this.state, "textContent", this.turn ? text(hass, this.turn.restart ? "card_rebooting" : "card_waking") : this.describe(hass));
  }

  describe(hass) {
    if (this.online === "on") return text(hass, "card_online");
    const online = stateOf(hass, this.computer, "online");
    if (this.online !== "off") return online ? hass.formatEntityState(online) : "";
    const { last_seen: seen } = online.attributes;
    return seen ? text(hass, "card_offline_since", { ago: ago(hass, seen) }) : text(hass, "card_offline");
  }

  /** Show the icons and the picture from now on: the row has come into view. */
  see() {
    if (this.seen) return;
    this.seen = true;
    for (const [key, name] of ACTIONS) this.buttons[key].prepend(icon(name));
    this.symbols = [this.badge, this.picture].map((place) => {
      const symbol = icon("mdi:monitor");
      place.append(symbol);
      return symbol;
    });
    this.image = make("img", {
      alt: "",
      loading: "lazy",
      decoding: "async",
      // Not hidden, for what is hidden is never in view, and so never loaded.
      onload: () => this.image.classList.add("loaded"),
      onerror: () => this.image.classList.remove("loaded"),
    });
    this.picture.append(this.image);
    this.showPictures();
  }

  showPictures() {
    const { hass, pictures } = this.card;
    const { device } = this.computer;
    const system = valueOf(stateOf(hass, this.computer, "operating_system")) ?? `${device.hw_version} ${device.model}`;
    const symbol = SYSTEMS.find(([pattern]) => pattern.test(system))?.[1] ?? "mdi:monitor";
    for (const node of this.symbols) put(node, "icon", symbol);
    const preview = pictures ? stateOf(hass, this.computer, "preview") : undefined;
    const path = valueOf(preview) && preview.attributes.entity_picture;
    // The address stays the same when the picture changes; its time, the entity's state, does not.
    const source = path ? hass.hassUrl(`${path}&state=${encodeURIComponent(preview.state)}`) : undefined;
    if (source === this.source) return;
    this.source = source;
    if (source) this.image.src = source;
    else {
      this.image.removeAttribute("src");
      this.image.classList.remove("loaded");
    }
  }

  showMore() {
    const { online, last_seen: other } = this.computer.entities;
    if (online ?? other) moreInfo(this.node, online ?? other);
  }

  /** Show a message below the computer and read it out. */
  tell(message, failed = false) {
    put(this.message, "className", failed ? "message error" : "message");
    put(this.message, "textContent", message);
    if (message.includes(this.computer.name)) this.card.say(message);
    else if (message) this.say(message);
  }

  /** Read out what became of this computer. */
  say(message) {
    this.card.say(`${this.computer.name}, ${message}`);
  }

  async fail(error) {
    this.tell(await errorText(this.card.hass, error), true);
  }

  /* What the buttons do */

  async connect() {
    const { hass } = this.card;
    this.tell("");
    this.connecting = true;
    try {
      const link = openLink(hass, {
        getLink: async () => (await ask(hass, "get_connection_link", { device_id: this.computer.id })).url,
        waiting: text(hass, "card_connecting", { name: this.computer.name }),
        onBlocked: (open) => this.offerTab(open),
      });
      this.update(this.computer);
      await link;
    } catch (error) {
      await this.fail(error);
    } finally {
      this.connecting = false;
      this.update(this.computer);
    }
  }

  async offerTab(open) {
    const { hass, root } = this.card;
    const agreed = await confirm(hass, root, {
      title: text(hass, "card_ready", { name: this.computer.name }),
      message: text(hass, "card_no_tab"),
      yes: text(hass, "card_connect"),
    });
    if (agreed) open();
  }

  async wake() {
    await this.command("wake");
  }

  async reboot() {
    const { hass, root } = this.card;
    const agreed = await confirm(hass, root, {
      title: text(hass, "card_reboot_title", { name: this.computer.name }),
      message: text(hass, "card_reboot_message"),
      yes: entityName(hass, "button", "reboot"),
      danger: true,
    });
    if (agreed) await this.command("reboot");
  }

  /** Give a command, and follow the computer until it has come online. */
  async command(action) {
    const { hass } = this.card;
    this.tell("");
    const turn = { restart: action === "reboot", gone: false };
    this.turn = turn;
    this.update(this.computer);
    this.say(this.state.textContent);
    try {
      await act(hass, action, {}, { device_id: this.computer.id });
      turn.timer = setTimeout(() => this.giveUp(turn), PATIENCE);
      if (this.turn !== turn) clearTimeout(turn.timer);
    } catch (error) {
      this.turn = undefined;
      await this.fail(error);
    }
    this.update(this.computer);
  }

  /** End the turn once the computer is where the command brings it. */
  follow() {
    const { turn } = this;
    if (!turn) return;
    turn.gone ||= this.online === "off";
    if (this.online !== "on" || (turn.restart && !turn.gone)) return;
    clearTimeout(turn.timer);
    this.turn = undefined;
    this.say(text(this.card.hass, "card_online"));
  }

  /** End what is going on, for the row is about to go; say why to whoever waits for the computer, or was `here` with the keyboard. */
  leave(here) {
    const { turn } = this;
    if (!turn && !here) return;
    clearTimeout(turn?.timer);
    this.turn = undefined;
    this.online = valueOf(stateOf(this.card.hass, this.computer, "online"));
    this.showState();
    if (this.state.textContent) this.say(this.state.textContent);
  }

  giveUp(turn) {
    if (this.turn !== turn) return;
    this.turn = undefined;
    const key = turn.restart && !turn.gone ? "card_not_seen" : "card_timeout";
    // What became of it while nobody looked, or while its state is not to be had, is not known.
    if (this.node.isConnected && this.online) this.tell(text(this.card.hass, key, { name: this.computer.name }));
    this.update(this.computer);
  }
}
