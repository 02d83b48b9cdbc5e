/** One invitation as the quick-support card shows it: its code, how far it is, and what can be done with it. */

import { qrMatrix, qrPath } from "./qr.js";
import { ago, confirm, icon, make, openLink, put, toast } from "./shared.js";

const ICONS = { waiting_for_client: "mdi:timer-sand", client_joined: "mdi:account-check", active: "mdi:remote-desktop" };
const SVG = "http://www.w3.org/2000/svg";

/** Shows an invitation in `node`, a list item; `card` has `hass`, `list`, `root`, `text(key)`, `during`, `offerTab` and `fail`. */
export class InvitationItem {
  constructor(card) {
    this.card = card;
    this.name = make("span", { className: "name" });
    this.created = make("span", { className: "created" });
    this.symbol = make("ha-icon", { "aria-hidden": "true" });
    this.status = make("span");
    this.code = make("span", { className: "code", dir: "ltr", "aria-hidden": "true" });
    this.spelled = make("span", { className: "hidden" });
    this.label = make("span");
    this.buttons = {
      connect: make("button", { type: "button", onclick: () => this.connect() }, icon("mdi:remote-desktop"), this.label),
      copy: this.makeButton("mdi:content-copy", () => this.copy()),
      share: this.makeButton("mdi:share-variant", () => this.share()),
      qr: this.makeButton("mdi:qrcode", () => this.toggle()),
      close: this.makeButton("mdi:close", () => this.close()),
    };
    this.buttons.share.hidden = !navigator.share;
    this.picture = document.createElementNS(SVG, "svg");
    this.picture.setAttribute("role", "img");
    this.picture.setAttribute("shape-rendering", "crispEdges");
    this.link = make("span", { className: "link", dir: "ltr" });
    this.box = make("div", { className: "code-box", hidden: true }, this.picture, this.link);
    this.node = make(
      "li",
      {},
      this.name,
      this.created,
      make("span", { className: "status" }, this.symbol, this.status),
      this.code,
      this.spelled,
      make("div", { className: "buttons" }, ...Object.values(this.buttons)),
      this.box,
    );
  }

  makeButton(symbol, onclick) {
    return make("button", { type: "button", className: "action small", onclick }, icon(symbol));
  }

  /** Show an invitation as it is now. */
  update(invitation) {
    const { card, buttons } = this;
    const { status, code, client_name: name } = invitation;
    const state = ICONS[status] ? status : "unknown";
    this.invitation = invitation;
    this.node.dataset.status = state;
    put(this.node, "ariaLabel", this.nameOf());
    put(this.name, "textContent", name || card.text("unnamed"));
    put(this.symbol, "icon", ICONS[status] ?? "mdi:help-circle-outline");
    put(this.status, "textContent", card.text(state));
    put(this.code, "hidden", !code);
    put(this.code, "textContent", inGroups(code));
    put(this.spelled, "textContent", code ? card.text("code", { code: spoken(code) }) : "");
    put(buttons.connect, "className", status === "client_joined" ? "action connect primary" : "action connect");
    put(this.label, "textContent", card.text("connect"));
    for (const key of ["copy", "share", "qr", "close"]) {
      put(buttons[key], "title", card.text(key));
      put(buttons[key], "ariaLabel", card.text(key));
      if (key !== "close") put(buttons[key], "disabled", !invitation.invite_url);
    }
    put(this.picture, "ariaLabel", card.text("qr_label"));
    this.showCode();
    this.showAge();
  }

  /** Show how old it is; to be called now and then, as time goes by. */
  showAge() {
    const { created } = this.invitation;
    put(this.created, "textContent", created ? ago(this.card.hass, created) : "");
  }

  /** Show the link and its QR code, once they are to be seen. */
  showCode() {
    const { box, buttons, picture } = this;
    const link = this.invitation.invite_url ?? "";
    put(buttons.qr, "ariaExpanded", String(!box.hidden));
    if (box.hidden || this.link.textContent === link) return;
    this.link.textContent = link;
    const matrix = link ? qrMatrix(link) : undefined;
    picture.toggleAttribute("hidden", !matrix);
    if (!matrix) return;
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", qrPath(matrix));
    picture.setAttribute("viewBox", `0 0 ${matrix.length + 8} ${matrix.length + 8}`);
    picture.replaceChildren(path);
  }

  nameOf() {
    const { client_name: name, code } = this.invitation;
    return name || isolated(inGroups(code)) || this.card.text("unnamed");
  }

  /* What the buttons do */

  async connect() {
    const { card, invitation } = this;
    const { list, hass } = card;
    if (!list) return;
    const { connect } = this.buttons;
    await card.during(connect, () =>
      openLink(hass, {
        getLink: () => list.connectLink(hass, invitation),
        waiting: card.text("opening"),
        onBlocked: (open) => card.offerTab(open, connect),
      }),
    );
  }

  async copy() {
    const copied = await copyText(this.invitation.invite_url, this.card.root);
    if (copied) this.buttons.copy.focus();
    else if (this.box.hidden) this.toggle();
    toast(this.card, this.card.text(copied ? "copied" : "copy_failed"));
  }

  async share() {
    try {
      await navigator.share({ title: this.card.text("title"), url: this.invitation.invite_url });
    } catch (error) {
      // Whoever changes their mind has not met an error.
      if (error.name !== "AbortError") this.card.fail(error);
    }
  }

  toggle() {
    this.box.hidden = !this.box.hidden;
    this.showCode();
  }

  async close() {
    const { card, invitation } = this;
    // By the time of the answer, the card may show another account.
    const { list, hass, root } = card;
    if (!list) return;
    const agreed = await confirm(hass, root, {
      title: card.text("close_question", { name: this.nameOf() }),
      message: card.text("close_message"),
      yes: card.text("close"),
      danger: true,
    });
    if (agreed) await card.during(this.buttons.close, () => list.close(card.hass, invitation));
  }
}

/** Nine digits as three times three; another code as it is. */
const inGroups = (code) => (/^\d{9}$/.test(code ?? "") ? code.replace(/(\d{3})(?=\d)/g, "$1 ") : (code ?? ""));

/** A code within a text, where it keeps its order in languages that are written from right to left. */
const isolated = (code) => code && `\u2066${code}\u2069`;

/** A code within a text that a screen reader reads digit by digit. */
export const spoken = (code) => {
  const groups = inGroups(code).split(" ");
  return isolated(groups.map((group) => [...group].join(" ")).join(", "));
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
