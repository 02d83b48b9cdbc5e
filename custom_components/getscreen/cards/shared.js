/** What the cards and the dashboard share: offering them, finding computers, texts, actions, elements, a question. */

export const DOMAIN = "getscreen";
export const BRAND = "Getscreen.me";
const DOCUMENTATION = "https://github.com/getscreen-home-assistant/getscreen";

/** Register an element, unless an older copy of these files, from before an update, was here first. */
export const define = (name, element) => customElements.get(name) || customElements.define(name, element);

/**
 * Offer something where users choose, once: a card in `customCards`, a dashboard in `customStrategies`. `description` is the key of a
 * text, and so is `title` where the brand alone does not tell what it is.
 */
export const offer = (list, { title, description, ...what }) => {
  const offers = (window[list] ??= []);
  if (offers.some(({ type }) => type === what.type)) return;
  // Read when the dialog opens; by then the texts are there, unless resources are written in YAML and no card was shown before.
  const say = (key) => page()?.localize(`component.${DOMAIN}.common.${key}`) || "";
  offers.push({
    ...what,
    documentationURL: DOCUMENTATION,
    get name() {
      // No colon, which has a space before it in some languages.
      return [BRAND, title && say(title)].filter(Boolean).join(" – ");
    },
    get description() {
      return say(description);
    },
  });
  if (page()) loadTexts(page());
};

/** The page's own `hass`: there when a dashboard loads us, but not yet where the page itself does. */
const page = () => document.querySelector("home-assistant")?.hass;

/* Configurations */

export const TEXT = ["a text", (value) => typeof value === "string"];
export const TEXTS = ["a list of texts", (value) => Array.isArray(value) && value.every((item) => typeof item === "string")];
export const CHOICE = ["true or false", (value) => typeof value === "boolean"];

/** Throw an error that says which option has to be something else; `options` has one of the above for each. */
export const check = (config, options) => {
  for (const [name, [kind, fits]] of Object.entries(options)) {
    const value = config[name];
    if (value !== undefined && value !== null && !fits(value)) throw new Error(`"${name}" has to be ${kind}.`);
  }
};

/* Devices and entities */

let found = {};

/**
 * All our devices by device id: `{ id, device, name, entries, isAccount, entities }`, with `entities` the entity ids by translation key.
 * The same Map as before, until the registries change. Entities that are disabled, and thus unknown to the frontend, are not there.
 */
export const ourDevices = (hass) => {
  if (found.entities !== hass.entities || found.devices !== hass.devices) {
    found = { entities: hass.entities, devices: hass.devices, all: findDevices(hass) };
  }
  return found.all;
};

const findDevices = ({ devices, entities }) => {
  const all = new Map();
  for (const device of Object.values(devices ?? {})) {
    if (!device.identifiers?.some(([domain]) => domain === DOMAIN) || device.disabled_by) continue;
    const entries = device.config_entries ?? [];
    const name = device.name_by_user || device.name || device.id;
    all.set(device.id, { id: device.id, device, name, entries, isAccount: device.entry_type === "service", entities: {} });
  }
  for (const entity of Object.values(entities ?? {})) {
    if (entity.platform !== DOMAIN || !entity.translation_key) continue;
    // There are several of a key only where each is one of a computer's disks, which no card shows.
    const ours = all.get(entity.device_id)?.entities;
    if (ours) ours[entity.translation_key] ??= entity.entity_id;
  }
  return all;
};

/** The computers, sorted by name. */
export const computers = (hass) => {
  const compare = comparing(hass);
  return [...ourDevices(hass).values()].filter(({ isAccount }) => !isAccount).sort((one, other) => compare(one.name, other.name));
};

/** The accounts' own devices; the config entry of each is the first of its `entries`. */
export const accounts = (hass) => [...ourDevices(hass).values()].filter(({ isAccount }) => isAccount);

/** The state object of one of a device's entities, by translation key; undefined if it is disabled or not there yet. */
export const stateOf = (hass, { entities }, key) => hass.states[entities[key]];

/** The value of a state object; undefined where there is none to speak of. */
export const valueOf = (state) => (state && state.state !== "unavailable" && state.state !== "unknown" ? state.state : undefined);

/* Texts */

let loading = {};

/**
 * Have our texts loaded, and return a promise of a `localize` that has them; `hass.localize` becomes another function once they are there.
 *
 * Home Assistant lets only the first who asks for a language wait, so all of ours wait for the same.
 */
export const loadTexts = (hass) => {
  if (loading.language !== hass.language) {
    const texts = hass.loadBackendTranslation?.("common", DOMAIN)?.catch?.(() => void (loading = {}));
    loading = { language: hass.language, texts };
  }
  return loading.texts;
};

/**
 * A text of ours from `common` in the translations. The backend fills what a language lacks with English; the key made readable is
 * for the moment before they are loaded.
 */
export const text = (hass, key, values) =>
  hass.localize(`component.${DOMAIN}.common.${key}`, values) || readable(key.replace(/^[a-z]+_/, ""));

/** The name of one of our entities, as translated; the device's is not in it. */
export const entityName = (hass, domain, key) =>
  hass.localize(`component.${DOMAIN}.entity.${domain}.${key}.name`) || readable(key);

const readable = (key) => key.charAt(0).toUpperCase() + key.slice(1).replaceAll("_", " ");

const languageOf = (hass) => hass.locale?.language ?? hass.language;

/** Return what compares two texts as the user's language sorts them. */
export const comparing = (hass) => new Intl.Collator(languageOf(hass), { numeric: true }).compare;

const UNITS = [
  ["year", 31536000],
  ["month", 2592000],
  ["week", 604800],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

/** How long ago something was, in words. */
export const ago = (hass, time) => {
  const seconds = Math.max(0, (Date.now() - new Date(time).getTime()) / 1000);
  const [unit, length] = UNITS.find(([, length]) => seconds >= length) ?? ["second", Infinity];
  return formatFor(languageOf(hass)).format(-Math.floor(seconds / length), unit);
};

const formats = new Map();

/** Making one takes longer than using it, and hundreds of rows do. */
const formatFor = (language) => {
  if (!formats.has(language)) formats.set(language, new Intl.RelativeTimeFormat(language, { numeric: "auto" }));
  return formats.get(language);
};

/* Actions */

/** Call one of our actions, which answers nothing; `target` as in an automation. */
export const act = (hass, action, data = {}, target = undefined) => hass.callService(DOMAIN, action, data, target, false);

/** Call one of our actions and return its response. */
export const ask = async (hass, action, data = {}) => (await hass.callService(DOMAIN, action, data, undefined, false, true)).response;

// What the frontend's websocket library says when the connection is lost, and Home Assistant of what a user may not do.
const CONNECTION_LOST = 3;
const UNAUTHORIZED = "unauthorized";

/** What went wrong, in the user's language where the server named a translation (it sends English besides). */
export const errorText = async (hass, error) => {
  // The library rejects with a whole message of its own, in which the error is, or with the bare code.
  const { code = error, ...details } = error?.error ?? error ?? {};
  if (code === CONNECTION_LOST) return text(hass, "card_connection_lost");
  if (code === UNAUTHORIZED) return text(hass, "card_unauthorized");
  const { translation_domain: domain, translation_key: key, translation_placeholders: values } = details;
  if (domain && key) {
    const localize = await hass.loadBackendTranslation("exceptions", domain).catch(() => hass.localize);
    const translated = (localize ?? hass.localize)(`component.${domain}.exceptions.${key}.message`, values);
    if (translated) return translated;
  }
  return error?.error?.message || error?.message || String(error);
};

/** Show a message in Home Assistant's own toast. */
export const toast = (node, message) =>
  node.dispatchEvent(new CustomEvent("hass-notification", { bubbles: true, composed: true, detail: { message } }));

/** Open Home Assistant's dialog about an entity. */
export const moreInfo = (node, entityId) =>
  node.dispatchEvent(new CustomEvent("hass-more-info", { bubbles: true, composed: true, detail: { entityId } }));

/**
 * Open a link that is still to come in a new tab; what `getLink` throws is thrown.
 *
 * Has to be called in the handler of a click, or browsers take the tab for a pop-up. The link is a secret: it is in no page of ours, and
 * the new tab cannot reach back. Where no tab could be opened, `onBlocked` gets a function that opens the link, to be called at another
 * click.
 */
export const openLink = async (hass, { getLink, waiting, onBlocked }) => {
  const tab = newTab(hass);
  if (tab) {
    tab.opener = null;
    tab.document.documentElement.style.colorScheme = "light dark";
    tab.document.body.textContent = tab.document.title = waiting;
  }
  try {
    const link = parsed(await getLink());
    // The tab, still ours, would run a javascript: link with our rights.
    if (!/^https?:$/.test(link?.protocol)) throw new Error(text(hass, "card_no_link"));
    if (!tab) onBlocked(() => window.open(link.href, "_blank", "noopener,noreferrer"));
    // By a link of the tab's own, which unlike ours tells the server nothing of where Home Assistant is.
    else if (!tab.closed) Object.assign(tab.document.createElement("a"), { href: link.href, rel: "noreferrer" }).click();
  } catch (error) {
    tab?.close();
    throw error;
  }
};

/** Return a new, empty tab, or null: the apps have none, and that for Android answers with the window that asks, which has to stay. */
const newTab = (hass) => {
  const opened = hass.auth?.external ? null : window.open("", "_blank");
  return opened === window ? null : opened;
};

const parsed = (link) => {
  try {
    return new URL(link);
  } catch {
    return undefined;
  }
};

/* Elements */

/** Make an element: `props` are set as properties, or as attributes where the name has a hyphen or is `role`. Texts become text nodes. */
export const make = (tag, props = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.includes("-") || name === "role") node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
};

/** An icon that says nothing to a screen reader. */
export const icon = (name) => make("ha-icon", { icon: name, "aria-hidden": "true" });

/** Set a property only if it is another one: even an equal text costs a layout. */
export const put = (node, name, value) => {
  if (node[name] !== value) node[name] = value;
};

/** Ask a question within `root` and return whether it was answered with `yes`. The browser keeps the focus inside, and brings it back. */
export const confirm = (hass, root, { title, message, yes, danger = false }) =>
  new Promise((resolve) => {
    const no = hass.localize("ui.common.cancel");
    const cancel = make("button", { type: "button", className: "action", textContent: no, onclick: () => dialog.close() });
    const agree = make("button", {
      type: "button",
      className: danger ? "action danger" : "action primary",
      textContent: yes,
      onclick: () => dialog.close("yes"),
    });
    const dialog = make(
      "dialog",
      { "aria-labelledby": "question", "aria-describedby": "message", role: "alertdialog" },
      make("h2", { id: "question", textContent: title }),
      make("p", { id: "message", textContent: message }),
      make("div", { className: "actions" }, cancel, agree),
    );
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    root.append(dialog);
    dialog.showModal();
    // The harmless answer first.
    cancel.focus();
  });

/** Take back the question that is open within `root`, if any: to be called when the card goes, for nobody sees the question then. */
export const takeBack = (root) => root.querySelector("dialog")?.close();
