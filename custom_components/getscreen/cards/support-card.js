/** The quick-support card: the account's open invitations, and new ones. */

import { InvitationItem, spoken } from "./invitation-item.js";
import { invitationsOf } from "./invitations.js";
import { accounts, check, define, DOMAIN, errorText, icon, loadTexts, make, offer, put, takeBack, text, TEXT } from "./shared.js";
import { styles } from "./styles.js";
import { supportStyles } from "./support-styles.js";

const TYPE = "getscreen-support-card";
// The steps of an invitation come one by one, within milliseconds.
const A_MOMENT = 250;
const BUILT = 500;
const AGES_EVERY = 20000;
// The card picker shows what the card looks like, which is worth no request.
const SAMPLE = [
  { id: 1, status: "client_joined", code: "482917356", invite_url: "https://getscreen.me/", client_name: "Nora" },
  { id: 2, status: "waiting_for_client", code: "150662894", invite_url: "https://getscreen.me/", client_name: "Henrik" },
];

/** What the user may write. */
const OPTIONS = { account: TEXT, title: TEXT };

class GetscreenSupportCard extends HTMLElement {
  #config = {};
  #hass;
  #list;
  #nodes = this.#build();
  #items = new Map();
  #isSeen = false;
  #isSample = false;
  #seenAnew = true;
  #soon;
  #ages = 0;
  #observer = new IntersectionObserver((entries) => this.#see(entries.at(-1).isIntersecting));
  #onChange = () => this.#render();
  #onVisibility = () => this.#look(true);

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [styles, supportStyles];
    this.shadowRoot.append(this.#nodes.card);
  }

  static getStubConfig(hass) {
    const all = accounts(hass);
    return all.length > 1 ? { account: all[0].entries[0] } : {};
  }

  static getConfigForm() {
    return {
      schema: [
        { name: "title", selector: { text: {} } },
        { name: "account", selector: { config_entry: { integration: DOMAIN } } },
      ],
      computeLabel: ({ name }, localize) => text({ localize }, `card_option_${name}`),
    };
  }

  setConfig(config) {
    check(config, OPTIONS);
    this.#config = config;
    this.#follow();
  }

  get hass() {
    return this.#hass;
  }

  set hass(hass) {
    const before = this.#hass;
    this.#hass = hass;
    if (before?.language !== hass.language) loadTexts(hass);
    if (!this.isConnected) return;
    if (before?.entities !== hass.entities || before?.devices !== hass.devices) this.#follow();
    if (before?.localize !== hass.localize) this.#render();
    this.#showAges();
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
    takeBack(this.root);
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

  #build() {
    const title = make("h2", { className: "title" });
    const remaining = make("span", { className: "remaining" });
    const name = make("input", { type: "text", maxLength: 100, autocomplete: "off", enterKeyHint: "done" });
    const label = make("span");
    const invite = make("button", { type: "submit", className: "action primary" }, icon("mdi:account-plus"), label);
    const form = make("form", { onsubmit: (event) => this.#create(event) }, name, invite);
    const list = make("ul", { role: "list" });
    const nobody = make("span");
    const none = make("div", { className: "none" }, icon("mdi:account-question-outline"), nobody);
    const loading = make("div", { className: "none", role: "status" });
    const notice = make("div", { className: "none" });
    const reason = make("span");
    const retry = make("button", { type: "button", className: "action", onclick: () => this.#list?.load(this.#hass) });
    const failure = make("div", { className: "message error", role: "alert" }, reason, retry);
    const message = make("div", { className: "message", role: "status", hidden: true });
    const said = make("div", { className: "hidden", role: "status" });
    const head = make("div", { className: "head" }, title, remaining);
    const content = make("div", { className: "content", tabIndex: -1 }, head, form, message, failure, notice, loading, none, list, said);
    const card = make("div", { className: "card" }, content);
    const texts = { title, remaining, name, label, nobody, loading, notice, reason, retry, said };
    return { card, content, form, invite, message, failure, none, list, ...texts };
  }

  #render() {
    if (!this.#hass || !this.isConnected) return;
    const { title, remaining, form, none, loading, notice, failure, reason } = this.#nodes;
    const { open, remaining: left, error, busy } = this.#isSample ? { open: SAMPLE } : (this.#list ?? {});
    const usable = this.#isSample || Boolean(this.#list);
    this.#showTexts();
    put(title, "textContent", this.#config.title ?? this.text("title"));
    put(title, "hidden", this.#config.title === "");
    put(remaining, "textContent", left === undefined ? "" : this.text("remaining", { count: left }));
    put(form, "hidden", !usable);
    put(notice, "hidden", usable);
    put(notice, "textContent", usable ? "" : this.text(accounts(this.#hass).length ? "choose_account" : "no_account"));
    put(none, "hidden", !open || open.length > 0);
    put(loading, "hidden", !usable || Boolean(open || (error && !busy)));
    put(failure, "hidden", !error || !usable);
    if (error && usable) errorText(this.#hass, error).then((message) => put(reason, "textContent", message));
    this.#renderItems(open ?? []);
  }

  /** Show the texts that are always the same. */
  #showTexts() {
    const { name, label, nobody, loading, retry } = this.#nodes;
    put(name, "placeholder", this.text("client_name"));
    put(name, "ariaLabel", this.text("client_name"));
    put(label, "textContent", this.text("invite"));
    put(nobody, "textContent", this.text("none"));
    put(loading, "textContent", this.#hass.localize("ui.common.loading"));
    put(retry, "textContent", this.text("retry"));
  }

  #renderItems(open) {
    const { list } = this.#nodes;
    const ids = new Set(open.map(({ id }) => id));
    for (const [id, { node }] of this.#items) {
      if (ids.has(id)) continue;
      const hadFocus = node.contains(this.root.activeElement);
      node.remove();
      if (hadFocus) this.#focus(node);
      this.#items.delete(id);
    }
    // The newest first: it is the one that is spoken about.
    [...open].sort((one, other) => other.id - one.id).forEach((invitation, index) => {
      if (!this.#items.has(invitation.id)) this.#items.set(invitation.id, new InvitationItem(this));
      const item = this.#items.get(invitation.id);
      item.update(invitation);
      if (list.children[index] !== item.node) list.insertBefore(item.node, list.children[index] ?? null);
    });
  }

  #showAges() {
    if (Date.now() - this.#ages < AGES_EVERY) return;
    this.#ages = Date.now();
    this.#items.forEach((item) => item.showAge());
  }

  async #create(event) {
    event.preventDefault();
    const { name, invite, said } = this.#nodes;
    const list = this.#list;
    if (!list || invite.disabled) return;
    await this.during(invite, async () => {
      const created = await list.create(this.#hass, name.value.trim());
      name.value = "";
      put(said, "textContent", this.text("created", { code: spoken(created.code) }));
    });
  }

  /* What the invitations use */

  get root() {
    return this.shadowRoot;
  }

  /** The account's invitations, if it is known which account. */
  get list() {
    return this.#list;
  }

  text(key, values) {
    return text(this.#hass, `support_${key}`, values);
  }

  /** Do what a button is for: meanwhile it can't be pressed again, and what goes wrong is said. */
  async during(button, work) {
    this.#tell();
    const hadFocus = this.root.activeElement === button;
    button.disabled = true;
    try {
      await work();
    } catch (error) {
      await this.fail(error);
    }
    button.disabled = false;
    // Not the field, which would have phones open their keyboard.
    if (hadFocus && !this.root.activeElement) this.#focus(button);
  }

  /** Say that a link is there, with a button that opens it; `button` is the one that was pressed for it. */
  offerTab(open, button) {
    const opener = make("button", { type: "button", className: "action primary", textContent: this.text("open") });
    opener.onclick = () => {
      open();
      this.#focus(button);
      // The link is a secret, which is not to stay here.
      this.#tell();
    };
    this.#tell(make("span", { textContent: this.text("blocked") }), opener);
    opener.focus();
  }

  async fail(error) {
    this.#tell(make("span", { textContent: await errorText(this.#hass, error) }));
    this.#nodes.message.classList.add("error");
  }

  /** Show a message, in the place of the one before; none if there is nothing to show. */
  #tell(...parts) {
    const { message } = this.#nodes;
    message.replaceChildren(...parts);
    message.classList.remove("error");
    message.hidden = !parts.length;
  }

  #focus(node) {
    (node.isConnected ? node : this.#nodes.content).focus();
  }
}

/** Whether an element is somewhere within one with a name, whatever shadows are between them. */
const isWithin = (node, name) => {
  for (let root = node.getRootNode(); root.host; root = root.host.getRootNode()) {
    if (root.host.localName === name) return true;
  }
  return false;
};

define(TYPE, GetscreenSupportCard);
offer("customCards", { type: TYPE, preview: true, title: "support_title", description: "support_offer" });
