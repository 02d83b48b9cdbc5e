/** The quick-support card: the account's open invitations, and new ones. */

import { invitationsOf } from "./invitations.js";
import { qrMatrix, qrPath } from "./qr.js";
import { accounts, ago, confirm, define, errorText, icon, loadTexts, make, offer, openLink } from "./shared.js";
import { put, sheet, styles, takeBack, text, toast } from "./shared.js";

const TYPE = "getscreen-support-card";
const ICONS = { waiting_for_client: "mdi:timer-sand", client_joined: "mdi:account-check", active: "mdi:remote-desktop" };
// The steps of an invitation come one by one, within milliseconds.
const A_MOMENT = 250;
const BUILT = 500;
const AGES_EVERY = 20000;
// The texts that are not set anew whenever something is shown.
const FIXED_TEXTS = ["client_name", "none", "retry", "invite", "connect", "copy", "share", "qr", "qr_label", "close"];
const SVG = "http://www.w3.org/2000/svg";
// The card picker shows what the card looks like, which is worth no request.
const SAMPLE = [
  { id: 1, status: "client_joined", code: "482917356", invite_url: "https://getscreen.me/", client_name: "Nora" },
  { id: 2, status: "waiting_for_client", code: "150662894", invite_url: "https://getscreen.me/", client_name: "Henrik" },
];

const css = sheet(`
  .card { container-type: inline-size; }
  .content { padding: 16px; display: flex; flex-direction: column; gap: 16px; outline: none; }
  .head { display: flex; align-items: baseline; gap: 8px; flex-wrap: wrap; }
  .head .title { flex: 1 1 auto; padding: 0; }
  .remaining, .created { color: var(--secondary-text-color); font-size: 12px; line-height: 16px; }
  form { display: flex; gap: 8px; }
  input { flex: 1 1 0; min-width: 0; height: 40px; padding: 0 12px; font: inherit; color: var(--primary-text-color);
    border: 1px solid var(--ha-color-border-neutral-normal, var(--input-idle-line-color, var(--divider-color, #ccc)));
    border-radius: var(--ha-border-radius-md, 10px);
    background: var(--ha-color-form-background, var(--input-fill-color, transparent)); }
  input::placeholder { color: var(--secondary-text-color); opacity: 1; }
  input:focus-visible { outline-offset: -1px; }
  ul { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 12px; }
  ul:empty { display: none; }
  li { --status: var(--secondary-text-color); position: relative; display: grid; gap: 4px 12px; padding: 12px;
    grid-template-columns: minmax(0, 1fr) auto;
    border-radius: var(--ha-border-radius-lg, 12px); background: color-mix(in srgb, var(--primary-text-color) 4%, transparent); }
  li[data-status="waiting_for_client"] { --status: var(--state-icon-color, var(--secondary-text-color)); }
  li[data-status="client_joined"] { --status: var(--warning-color, #ffa600); }
  li[data-status="active"] { --status: var(--success-color, #43a047); }
  .name { font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .created { text-align: end; align-self: center; }
  .status { display: flex; align-items: center; gap: 6px; grid-column: 1 / -1; color: var(--secondary-text-color); }
  .status ha-icon { --mdc-icon-size: 18px; color: var(--status); flex: none; }
  .code { grid-column: 1 / -1; justify-self: start; font: 500 28px/36px var(--ha-font-family-code, ui-monospace, monospace);
    letter-spacing: 0.04em; font-variant-numeric: tabular-nums; user-select: all; white-space: nowrap; }
  .buttons { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 8px; margin-top: 4px; }
  .buttons .connect { flex: 1 0 auto; }
  .buttons .small { flex: 0 0 40px; width: 40px; padding: 0; }
  .small[aria-expanded="true"] { --tone: var(--primary-color); }
  .code-box { grid-column: 1 / -1; display: flex; flex-direction: column; align-items: center; gap: 8px; margin-top: 8px; }
  svg { width: min(220px, 100%); aspect-ratio: 1; border-radius: var(--ha-border-radius-md, 10px); background: white; fill: black; }
  .link { max-width: 100%; overflow-wrap: anywhere; text-align: center; user-select: all; color: var(--secondary-text-color);
    font-size: 12px; line-height: 16px; }
  .none { color: var(--secondary-text-color); display: flex; flex-direction: column; align-items: center; gap: 8px; padding: 8px; }
  .none ha-icon { --mdc-icon-size: 32px; opacity: 0.6; }
  .message { display: flex; align-items: center; gap: 8px; justify-content: space-between; flex-wrap: wrap; }
  @container (min-width: 640px) {
    li { grid-template-columns: minmax(0, 1fr) auto auto; align-items: center; column-gap: 32px; }
    .name { grid-area: 1 / 1; }
    .status { grid-area: 2 / 1; }
    .code { grid-area: 1 / 2 / 3; }
    .created { grid-area: 1 / 3; }
    .buttons { grid-area: 2 / 3; margin: 0; }
  }
`);

class GetscreenSupportCard extends HTMLElement {
  #config = {};
  #hass;
  #list;
  #nodes = {};
  #items = new Map();
  #isSeen = false;
  #isSample = false;
  #seenAnew = true;
  #soon;
  #ages = 0;
  #localize;
  #texts;
  #observer = new IntersectionObserver((entries) => this.#see(entries.at(-1).isIntersecting));
  #onChange = () => this.#render();
  #onVisibility = () => this.#look(true);

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [styles, css];
  }

  static getStubConfig(hass) {
    const all = accounts(hass);
    return all.length > 1 ? { account: all[0].entries[0] } : {};
  }

  static getConfigForm() {
    return {
      schema: [
        { name: "title", selector: { text: {} } },
        { name: "account", selector: { config_entry: { integration: "getscreen" } } },
      ],
      computeLabel: ({ name }, localize) => text({ localize }, `card_option_${name}`),
    };
  }

  setConfig(config) {
    for (const name of ["account", "title"]) {
      if (typeof (config[name] ?? "") !== "string") throw new Error(`"${name}" has to be a text.`);
    }
    this.#config = config;
    this.#follow();
  }

  set hass(hass) {
    const before = this.#hass;
    this.#hass = hass;
    if (before?.language !== hass.language) loadTexts(hass);
    if (!this.isConnected) return;
    if (before?.entities !== hass.entities || before?.devices !== hass.devices) this.#follow();
    if (before?.localize !== hass.localize) this.#render();
    this.#showAges(AGES_EVERY);
    this.#look();
  }

  connectedCallback() {
    this.#isSample = isWithin(this, "hui-card-picker");
    this.#observer.observe(this);
    document.addEventListener("visibilitychange", this.#onVisibility);
    this.#follow();
  }

  disconnectedCallback() {
    this.#observer.disconnect();
    document.removeEventListener("visibilitychange", this.#onVisibility);
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#isSeen = false;
    this.#use(undefined);
    takeBack(this.shadowRoot);
  }

  getCardSize() {
    return 4;
  }

  getGridOptions() {
    return { columns: 12, rows: "auto", min_columns: 6 };
  }

  /* Which list, and when it is asked for */

  #follow() {
    if (!this.#hass || !this.isConnected) return;
    const all = accounts(this.#hass);
    const entryId = this.#config.account || (all.length === 1 ? all[0].entries[0] : undefined);
    this.#use(entryId && !this.#isSample && all.length ? invitationsOf(entryId) : undefined);
    this.#render();
    this.#look(true);
  }

  #use(list) {
    if (list === this.#list) return;
    this.#list?.removeEventListener("change", this.#onChange);
    list?.addEventListener("change", this.#onChange);
    this.#list = list;
  }

  #see(isSeen) {
    const before = this.#isSeen;
    this.#isSeen = isSeen;
    this.#look(isSeen && !before);
  }

  /** Ask for the list if somebody sees the card and it may be another one by now. */
  #look(seenAnew = false) {
    if (seenAnew) this.#seenAnew = true;
    if (!this.#list || this.#soon || !this.#isSeen || document.hidden || !this.#list.isOld(this.#hass, this.#seenAnew)) return;
    // A page that is being built shows for a moment what comes to lie far below.
    const wait = this.#list.open ? A_MOMENT : BUILT;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      if (!this.#list || !this.#isSeen || document.hidden) return;
      this.#seenAnew = false;
      this.#list.load(this.#hass);
    }, wait);
  }

  /* What is shown */

  #render() {
    if (!this.#hass || !this.isConnected) return;
    if (!this.#nodes.card) this.#build();
    if (this.#localize !== this.#hass.localize) this.#rename();
    const { title, remaining, form, none, loading, notice, list, failure, reason } = this.#nodes;
    const { open, remaining: left, error, busy } = this.#isSample ? { open: SAMPLE } : (this.#list ?? {});
    const usable = this.#isSample || Boolean(this.#list);
    put(title, "textContent", this.#config.title ?? this.#text("title"));
    put(title, "hidden", this.#config.title === "");
    put(remaining, "textContent", left === undefined ? "" : this.#text("remaining", { count: left }));
    put(form, "hidden", !usable);
    put(notice, "hidden", usable);
    put(notice, "textContent", usable ? "" : this.#text(accounts(this.#hass).length ? "choose_account" : "no_account"));
    put(none, "hidden", !open || open.length > 0);
    put(loading, "hidden", !usable || Boolean(open || (error && !busy)));
    put(failure, "hidden", !error || !usable);
    if (error && usable) errorText(this.#hass, error).then((message) => put(reason, "textContent", message));
    this.#renderItems(list, open ?? []);
    this.#showAges(0);
  }

  #build() {
    const title = make("h2", { className: "title" });
    const remaining = make("span", { className: "remaining" });
    const name = make("input", { type: "text", maxLength: 100, autocomplete: "off", enterKeyHint: "done" });
    const invite = this.#button("mdi:account-plus", "invite", { type: "submit", className: "action primary" });
    const form = make("form", { onsubmit: (event) => this.#create(event) }, name, invite);
    const list = make("ul", { role: "list" });
    const none = make("div", { className: "none" }, icon("mdi:account-question-outline"), make("span", { className: "text" }));
    const loading = make("div", { className: "none", role: "status" });
    const notice = make("div", { className: "none" });
    const reason = make("span", {});
    const retry = make("button", { type: "button", className: "action", onclick: () => this.#list?.load(this.#hass) });
    const failure = make("div", { className: "message error", role: "alert" }, reason, retry);
    const message = make("div", { className: "message", role: "status", hidden: true });
    const said = make("div", { className: "hidden", role: "status" });
    const head = make("div", { className: "head" }, title, remaining);
    const content = make("div", { className: "content", tabIndex: -1 }, head, form, message, failure, notice, loading, none, list, said);
    const card = make("div", { className: "card" }, content);
    Object.assign(this.#nodes, { card, content, title, remaining, form, name, invite, message, said });
    Object.assign(this.#nodes, { list, none, loading, notice, failure, reason, retry });
    this.shadowRoot.append(card);
  }

  /** All texts that do not depend on the invitations. */
  #rename() {
    this.#localize = this.#hass.localize;
    const { name, none, loading, retry, invite } = this.#nodes;
    put(name, "placeholder", this.#text("client_name"));
    name.setAttribute("aria-label", this.#text("client_name"));
    put(none.querySelector(".text"), "textContent", this.#text("none"));
    put(loading, "textContent", this.#hass.localize("ui.common.loading") || "…");
    put(retry, "textContent", this.#text("retry"));
    put(invite.querySelector("span"), "textContent", this.#text("invite"));
    // That function is another one whenever any part of Home Assistant has loaded texts; ours are mostly the same.
    const texts = JSON.stringify([this.#hass.language, ...FIXED_TEXTS.map((key) => this.#text(key))]);
    if (texts === this.#texts) return;
    this.#texts = texts;
    for (const [, item] of this.#items) item.node.remove();
    this.#items.clear();
  }

  #renderItems(list, open) {
    const ids = new Set(open.map(({ id }) => id));
    for (const [id, item] of this.#items) {
      if (ids.has(id)) continue;
      const hadFocus = item.node.contains(this.shadowRoot.activeElement);
      item.node.remove();
      if (hadFocus) this.#nodes.content.focus();
      this.#items.delete(id);
    }
    // The newest first: it is the one that is spoken about.
    [...open].sort((one, other) => other.id - one.id).forEach((invitation, index) => {
      if (!this.#items.has(invitation.id)) this.#items.set(invitation.id, this.#item());
      const item = this.#items.get(invitation.id);
      this.#renderItem(item, invitation);
      if (list.children[index] !== item.node) list.insertBefore(item.node, list.children[index] ?? null);
    });
  }

  #item() {
    const item = { name: make("span", { className: "name" }), created: make("span", { className: "created" }) };
    item.symbol = make("ha-icon", { "aria-hidden": "true" });
    item.status = make("span", {});
    item.code = make("span", { className: "code", dir: "ltr", "aria-hidden": "true" });
    item.spelled = make("span", { className: "hidden" });
    item.connect = this.#button("mdi:remote-desktop", "connect", { className: "action connect", onclick: () => this.#connect(item) });
    item.copy = this.#small("mdi:content-copy", "copy", () => this.#copy(item));
    item.share = this.#small("mdi:share-variant", "share", () => this.#share(item));
    item.share.hidden = !navigator.share;
    item.show = this.#small("mdi:qrcode", "qr", () => this.#toggle(item));
    item.show.setAttribute("aria-expanded", "false");
    item.close = this.#small("mdi:close", "close", () => this.#close(item));
    item.box = make("div", { className: "code-box", hidden: true });
    const buttons = make("div", { className: "buttons" }, item.connect, item.copy, item.share, item.show, item.close);
    const status = make("span", { className: "status" }, item.symbol, item.status);
    item.node = make("li", {}, item.name, item.created, status, item.code, item.spelled, buttons, item.box);
    return item;
  }

  #renderItem(item, invitation) {
    const { status, code } = invitation;
    const state = ICONS[status] ? status : "unknown";
    if (item.invitation && item.invitation.invite_url !== invitation.invite_url) item.box.replaceChildren();
    item.invitation = invitation;
    item.node.dataset.status = state;
    put(item.name, "textContent", invitation.client_name || this.#text("unnamed"));
    put(item.symbol, "icon", ICONS[status] ?? "mdi:help-circle-outline");
    put(item.status, "textContent", this.#text(state));
    put(item.code, "hidden", !code);
    put(item.code, "textContent", inGroups(code));
    put(item.spelled, "textContent", code ? this.#text("code", { code: isolated(spelled(code)) }) : "");
    item.connect.classList.toggle("primary", status === "client_joined");
    for (const button of [item.copy, item.share, item.show]) put(button, "disabled", !invitation.invite_url);
    item.node.setAttribute("aria-label", this.#nameOf(invitation));
  }

  #showAges(every) {
    if (Date.now() - this.#ages < every) return;
    this.#ages = Date.now();
    for (const { created, invitation } of this.#items.values()) {
      put(created, "textContent", invitation.created ? ago(this.#hass, invitation.created) : "");
    }
  }

  /* What its buttons do */

  async #create(event) {
    event.preventDefault();
    const { name, invite } = this.#nodes;
    if (!this.#list || invite.disabled) return;
    await this.#during(invite, async () => {
      const created = await this.#list.create(this.#hass, name.value.trim());
      name.value = "";
      put(this.#nodes.said, "textContent", this.#text("created", { code: isolated(spelled(created.code)) }));
    });
  }

  async #connect({ connect, invitation }) {
    if (!this.#list) return;
    const { message } = this.#nodes;
    await this.#during(connect, () => {
      const offer = (open) => {
        const button = make("button", { type: "button", className: "action primary", textContent: this.#text("open") });
        button.onclick = () => {
          open();
          (connect.isConnected ? connect : this.#nodes.content).focus();
          this.#hush();
        };
        message.replaceChildren(make("span", { textContent: this.#text("blocked") }), button);
        message.classList.remove("error");
        message.hidden = false;
        button.focus();
      };
      const getLink = () => this.#list.connectLink(this.#hass, invitation);
      return openLink(this.#hass, { getLink, waiting: this.#text("opening"), offer });
    });
  }

  async #copy(item) {
    const copied = await copyText(item.invitation.invite_url, this.shadowRoot);
    if (copied) item.copy.focus();
    else if (item.box.hidden) this.#toggle(item);
    toast(this, this.#text(copied ? "copied" : "copy_failed"));
  }

  async #share({ invitation }) {
    try {
      await navigator.share({ title: this.#text("title"), url: invitation.invite_url });
    } catch (error) {
      // Whoever changes their mind has not met an error.
      if (error.name !== "AbortError") this.#fail(error);
    }
  }

  #toggle({ box, show, invitation: { invite_url: link } }) {
    if (!box.firstChild) {
      box.append(...qrCode(link, this.#text("qr_label")), make("span", { className: "link", dir: "ltr", textContent: link }));
    }
    box.hidden = !box.hidden;
    show.setAttribute("aria-expanded", String(!box.hidden));
  }

  async #close({ close, invitation }) {
    // By the time of the answer, the card may show another account.
    const list = this.#list;
    if (!list) return;
    const yes = await confirm(this.shadowRoot, {
      title: this.#text("close_question", { name: this.#nameOf(invitation) }),
      message: this.#text("close_message"),
      yes: this.#text("close"),
      no: this.#hass.localize("ui.common.cancel") || "Cancel",
      danger: true,
    });
    if (!yes) return;
    await this.#during(close, () => list.close(this.#hass, invitation));
  }

  /** Do what a button is for: meanwhile it can't be pressed again, and what goes wrong is said. */
  async #during(button, work) {
    this.#hush();
    const hadFocus = this.shadowRoot.activeElement === button;
    button.disabled = true;
    try {
      await work();
    } catch (error) {
      await this.#fail(error);
    }
    button.disabled = false;
    // Not the field, which would have phones open their keyboard.
    if (hadFocus && !this.shadowRoot.activeElement) (button.isConnected ? button : this.#nodes.content).focus();
  }

  /** Take the message away, with the secret that its button may hold. */
  #hush() {
    this.#nodes.message.hidden = true;
    this.#nodes.message.replaceChildren();
  }

  async #fail(error) {
    const { message } = this.#nodes;
    message.replaceChildren(make("span", { textContent: await errorText(this.#hass, error) }));
    message.classList.add("error");
    message.hidden = false;
  }

  /* Small things */

  #text(key, values) {
    return text(this.#hass, `support_${key}`, values);
  }

  #nameOf(invitation) {
    return invitation.client_name || isolated(inGroups(invitation.code)) || this.#text("unnamed");
  }

  #button(symbol, key, props) {
    return make("button", { type: "button", ...props }, icon(symbol), make("span", { textContent: this.#text(key) }));
  }

  #small(symbol, key, onclick) {
    const label = this.#text(key);
    return make("button", { type: "button", className: "action small", title: label, "aria-label": label, onclick }, icon(symbol));
  }
}

/** Nine digits as three times three; another code as it is. */
const inGroups = (code) => (/^\d{9}$/.test(code ?? "") ? code.replace(/(\d{3})(?=\d)/g, "$1 ") : (code ?? ""));

/** A code within a text, where it keeps its order in languages that are written from right to left. */
const isolated = (code) => code && `\u2066${code}\u2069`;

/** A code as a screen reader reads it digit by digit. */
const spelled = (code) => inGroups(code).replaceAll(" ", ",").split("").join(" ").replaceAll(" ,", ",");

const qrCode = (link, label) => {
  const matrix = qrMatrix(link);
  if (!matrix) return [];
  const svg = document.createElementNS(SVG, "svg");
  const size = matrix.length + 8;
  const attributes = { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  svg.append(document.createElementNS(SVG, "path"));
  svg.firstChild.setAttribute("d", qrPath(matrix));
  return [svg];
};

/** Copy a text and return whether that worked; without https, browsers offer the old way only. */
const copyText = async (value, root) => {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch {
    const field = make("textarea", { value, readOnly: true, className: "hidden", "aria-hidden": "true" });
    root.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
};

/** Whether an element is somewhere within one with a name, whatever shadows are between them. */
const isWithin = (node, name) => {
  for (let root = node.getRootNode(); root.host; root = root.host.getRootNode()) {
    if (root.host.localName === name) return true;
  }
  return false;
};

define(TYPE, GetscreenSupportCard);
offer("customCards", { type: TYPE, preview: true, title: "support_title", description: "support_offer" });
