/** The card `custom:getscreen-card`: one computer or many, with what can be done about them. */

import { DeviceRow, SHOWN } from "./device-row.js";
import { deviceStyles } from "./device-styles.js";
import {
  accounts,
  check,
  CHOICE,
  computers,
  define,
  DOMAIN,
  icon,
  loadTexts,
  make,
  offer,
  ourDevices,
  put,
  stateOf,
  takeBack,
  text,
  TEXT,
  TEXTS,
} from "./shared.js";
import { styles } from "./styles.js";

const TYPE = "getscreen-card";

// Beyond so many, pictures would be a wall.
const MOST_PICTURES = 50;

// What everything depends on; Home Assistant makes a new object when something in it changes.
const BASICS = ["entities", "devices", "localize", "locale", "config"];

/** What the user may write. */
const OPTIONS = { device: TEXT, devices: TEXTS, account: TEXT, group: TEXT, title: TEXT, online: CHOICE, pictures: CHOICE };

class GetscreenCard extends HTMLElement {
  static async getConfigElement() {
    await import("./device-card-editor.js");
    return document.createElement("getscreen-card-editor");
  }

  static getStubConfig(hass) {
    const account = accounts(hass)[0]?.entries[0];
    return account ? { account } : {};
  }

  constructor() {
    super();
    this.rows = new Map();
    this.root = this.attachShadow({ mode: "open" });
    this.root.adoptedStyleSheets = [styles, deviceStyles];
    this.heading = make("h2", { className: "title", hidden: true });
    this.list = make("ul", { role: "list", tabIndex: -1 });
    this.noticeText = make("span");
    this.notice = make("div", { className: "card notice", hidden: true }, icon("mdi:monitor-off"), this.noticeText);
    this.spoken = make("div", { className: "hidden", role: "status", "aria-live": "polite" });
    this.root.append(this.heading, this.list, this.notice, this.spoken);
  }

  /* What Home Assistant calls */

  setConfig(config) {
    check(config, OPTIONS);
    this.config = config;
    this.chosen = [config.device, config.devices].flat().filter(Boolean);
    put(this.heading, "textContent", config.title ?? "");
    put(this.heading, "hidden", !config.title);
    if (this.hass) this.rebuild();
  }

  get hass() {
    return this._hass;
  }

  set hass(hass) {
    const before = this._hass;
    this._hass = hass;
    if (!this.config) return;
    if (!before || BASICS.some((name) => hass[name] !== before[name])) this.rebuild();
    else if (hass.states !== before.states) this.refresh(before.states);
  }

  getCardSize() {
    const size = this.pictures ? this.rows.size * 6 : Math.ceil(this.rows.size * 1.3);
    return (this.config?.title ? 1 : 0) + Math.max(1, size);
  }

  getGridOptions() {
    return { columns: this.chosen?.length === 1 ? 12 : "full", min_columns: 6 };
  }

  connectedCallback() {
    this.observer = new IntersectionObserver((seen) => this.see(seen), { rootMargin: "200px" });
    for (const { node } of this.rows.values()) this.observer.observe(node);
    this.clock = setInterval(() => this.rows.forEach((row) => row.showState()), 60_000);
  }

  disconnectedCallback() {
    this.observer.disconnect();
    clearInterval(this.clock);
    takeBack(this.root);
  }

  /* What the rows call */

  get pictures() {
    return this.config?.pictures !== false && this.rows.size <= MOST_PICTURES;
  }

  say(message) {
    this.spoken.textContent = message;
  }

  /* The list */

  /** Find the computers anew and show all that is known of them. */
  rebuild() {
    const { hass } = this;
    if (this.language !== hass.language) {
      this.language = hass.language;
      loadTexts(hass);
    }
    const all = this.chosen.length ? this.chosen.map((id) => ourDevices(hass).get(id)).filter(Boolean) : computers(hass);
    const { account } = this.config;
    this.candidates = all.filter(({ isAccount, entries }) => !isAccount && (!account || entries.includes(account)));
    this.arrange();
    for (const row of this.rows.values()) row.update(row.computer);
  }

  /** Show what has changed between two sets of states: usually nothing. */
  refresh(before) {
    const { states } = this.hass;
    const changed = this.candidates.filter(({ entities }) => {
      for (const key of SHOWN) if (states[entities[key]] !== before[entities[key]]) return true;
      return states[entities.group] !== before[entities.group];
    });
    if (!changed.length) return;
    if (this.filters().length) this.arrange();
    for (const computer of changed) this.rows.get(computer.id)?.update(computer);
  }

  /** Return the entities that decide which computers are shown, each with the state that it has to have. */
  filters() {
    const { group, online } = this.config;
    const filters = [];
    if (group) filters.push(["group", group]);
    if (typeof online === "boolean") filters.push(["online", online ? "on" : "off"]);
    return filters;
  }

  isWanted(computer) {
    return this.filters().every(([key, value]) => {
      const state = stateOf(this.hass, computer, key)?.state;
      // During an outage, what is shown stays.
      return state === "unavailable" ? this.rows.has(computer.id) : state === value;
    });
  }

  /** Whether it can't be said if a computer is wanted. */
  isAway(computer) {
    return this.filters().some(([key]) => stateOf(this.hass, computer, key)?.state === "unavailable");
  }

  /** Bring the rows in line with the computers that match, moving no more of them than necessary. */
  arrange() {
    const wanted = new Map(this.candidates.filter((computer) => this.isWanted(computer)).map((computer) => [computer.id, computer]));
    const { pictures } = this;
    for (const [id, row] of this.rows) if (!wanted.has(id)) this.dropRow(id, row);
    let next = this.list.firstChild;
    for (const [id, computer] of wanted) {
      const row = this.rows.get(id) ?? this.addRow(computer);
      row.computer = computer;
      if (row.node === next) next = next.nextSibling;
      else this.list.insertBefore(row.node, next);
    }
    put(this.list, "className", `${this.pictures ? "pictures" : "compact"} ${this.rows.size === 1 ? "single" : ""}`);
    if (pictures !== this.pictures) for (const row of this.rows.values()) row.update(row.computer);
    this.showNotice(wanted);
  }

  addRow(computer) {
    const row = new DeviceRow(this);
    this.rows.set(computer.id, row);
    row.node.row = row;
    row.update(computer);
    this.observer?.observe(row.node);
    return row;
  }

  dropRow(id, row) {
    const hadFocus = row.node.contains(this.root.activeElement);
    this.observer?.unobserve(row.node);
    row.leave(hadFocus);
    row.node.remove();
    this.rows.delete(id);
    if (hadFocus) this.list.focus();
  }

  see(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      this.observer.unobserve(target);
      target.row.see();
    }
  }

  showNotice(wanted) {
    const notice = this.whatIsWrong(wanted);
    put(this.noticeText, "textContent", notice);
    put(this.notice, "hidden", !notice);
  }

  /** Return what the user should know about what is not shown; nothing if all is well. */
  whatIsWrong(wanted) {
    const { hass, chosen, candidates } = this;
    const { account } = this.config;
    const { state, components } = hass.config;
    if (state !== "RUNNING") return wanted.size ? "" : hass.localize("ui.panel.lovelace.warning.starting");
    if (!components.includes(DOMAIN)) return text(hass, "card_not_loaded");
    if (chosen.some((id) => !ourDevices(hass).has(id))) return text(hass, "card_device_gone");
    if (wanted.size) return "";
    if (account && !accounts(hass).some(({ entries }) => entries.includes(account))) return text(hass, "card_account_gone");
    if (!candidates.length) return text(hass, "card_no_devices");
    return text(hass, candidates.every((computer) => this.isAway(computer)) ? "card_unreachable" : "card_no_match");
  }
}

define(TYPE, GetscreenCard);

offer("customCards", {
  type: TYPE,
  preview: true,
  description: "card_offer",
  getEntitySuggestion: (hass, entityId) => {
    const entity = hass.entities[entityId];
    if (entity?.platform !== DOMAIN || entity.translation_key !== "online" || !entity.device_id) return null;
    return { config: { type: `custom:${TYPE}`, device: entity.device_id } };
  },
});
