/** The visual editor of `custom:getscreen-card`. */

import { comparing, computers, define, DOMAIN, loadTexts, make, stateOf, text, valueOf } from "./shared.js";

/** Home Assistant loads its form with the first editor of its own that needs one. */
const loadForm = async () => {
  if (customElements.get("ha-form")) return;
  const helpers = await window.loadCardHelpers?.();
  const card = await helpers?.createCardElement({ type: "button", entity: "sun.sun" });
  await card?.constructor.getConfigElement?.();
};

/** Whether a field of the form was left empty. What else the configuration has, like its size in the section, is not ours to drop. */
const isEmpty = (value) => value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);

class GetscreenCardEditor extends HTMLElement {
  setConfig(config) {
    this.config = config;
    this.show();
  }

  get hass() {
    return this._hass;
  }

  set hass(hass) {
    if (this._hass?.language !== hass.language) loadTexts(hass);
    this._hass = hass;
    this.show();
  }

  show() {
    const { hass, config } = this;
    if (!hass || !config) return;
    const form = (this.form ??= this.makeForm());
    form.hass = hass;
    form.data = this.toForm(config);
    const [before, schema] = [JSON.stringify(form.schema), this.schema()];
    // An equal one as a new object would draw the whole form again.
    if (before !== JSON.stringify(schema)) form.schema = schema;
    // Only now: it cannot do without a schema.
    if (!form.isConnected) this.append(form);
  }

  makeForm() {
    const form = make("ha-form", {
      computeLabel: ({ name }) => text(this.hass, `card_option_${name}`),
      computeHelper: ({ name }) => (name === "devices" ? text(this.hass, "card_option_devices_help") : undefined),
    });
    form.addEventListener("value-changed", (event) => this.change(event));
    loadForm();
    return form;
  }

  schema() {
    const { hass } = this;
    const known = new Set(computers(hass).map((computer) => valueOf(stateOf(hass, computer, "group"))));
    const groups = [...known].filter(Boolean).sort(comparing(hass));
    const states = ["online", "offline"].map((value) => ({ value, label: text(hass, `card_${value}`) }));
    return [
      { name: "title", selector: { text: {} } },
      // Only computers have this entity, the account's own device has not.
      { name: "devices", selector: { device: { multiple: true, entity: [{ integration: DOMAIN, domain: "binary_sensor" }] } } },
      { name: "account", selector: { config_entry: { integration: DOMAIN } } },
      { name: "group", selector: { select: { custom_value: true, mode: "dropdown", options: groups } } },
      { name: "online", selector: { select: { mode: "dropdown", options: states } } },
      { name: "pictures", selector: { boolean: {} } },
    ];
  }

  toForm({ device, devices = [], online, pictures = true, ...rest }) {
    return { ...rest, devices: device ? [device, ...devices] : devices, pictures, online: { true: "online", false: "offline" }[online] };
  }

  change(event) {
    event.stopPropagation();
    const { online, pictures, ...rest } = event.detail.value;
    const config = Object.fromEntries(Object.entries(rest).filter(([, value]) => !isEmpty(value)));
    if (online) config.online = online === "online";
    if (!pictures) config.pictures = false;
    this.dispatchEvent(new CustomEvent("config-changed", { bubbles: true, composed: true, detail: { config } }));
  }
}

define("getscreen-card-editor", GetscreenCardEditor);
