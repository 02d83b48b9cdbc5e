/** The visual editor of `custom:getscreen-card`. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { property, state } from "lit/decorators.js";
import { DOMAIN } from "../const.js";
import { reportConfig } from "../home-assistant/actions.js";
import { define } from "../home-assistant/offers.js";
import { collator, loadTexts, text } from "../home-assistant/texts.js";
import type { FormField, HomeAssistant } from "../home-assistant/types.js";
import type { ComputersConfig } from "../state/computers.js";
import { FleetFollower } from "../state/fleet-follower.js";

export const EDITOR = "getscreen-card-editor";

/** The data of the form: some options that are true or false in the configuration are a choice of texts here. */
type FormData = Omit<ComputersConfig, "device" | "online" | "toolbar"> & {
  online?: "online" | "offline" | undefined;
  toolbar?: "always" | "never" | undefined;
};

/** Make Home Assistant load its form element, which it loads only with an editor of its own that uses one. */
const loadForm = async (): Promise<void> => {
  if (customElements.get("ha-form")) return;
  const helpers = await window.loadCardHelpers?.();
  const card = await helpers?.createCardElement({ type: "button", entity: "sun.sun" });
  await (card?.constructor as { getConfigElement?(): unknown } | undefined)?.getConfigElement?.();
};

/** Return whether a field of the form was left empty. */
const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && !value.length);

class ComputersCardEditor extends LitElement {
  @property({ attribute: false }) hass: HomeAssistant | undefined;
  @state() private config: ComputersConfig | undefined;
  // Replaced only if it has changed, because a new object would make the form draw everything again.
  private schema: FormField[] = [];
  private language: string | undefined;
  private readonly follower = new FleetFollower(this, () => this.requestUpdate());

  setConfig(config: ComputersConfig): void {
    this.config = config;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void loadForm();
  }

  protected override createRenderRoot(): this {
    // No shadow root, because the form has its own styles.
    return this;
  }

  protected override willUpdate(): void {
    if (!this.hass) return;
    if (this.language !== this.hass.language) void loadTexts(this.hass);
    this.language = this.hass.language;
    this.follower.use(this.hass.connection, this.config?.account);
    const schema = makeSchema(this.hass, this.groups);
    if (JSON.stringify(schema) !== JSON.stringify(this.schema)) this.schema = schema;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { hass, config, schema } = this;
    if (!hass || !config) return nothing;
    return html`
      <ha-form
        .hass=${hass} .schema=${schema} .data=${toForm(config)}
        .computeLabel=${this.computeLabel} .computeHelper=${this.computeHelper} @value-changed=${this.onChange}
      ></ha-form>`;
  }

  private get groups(): string[] {
    const all = [...(this.follower.fleet?.computers.values() ?? [])].map(({ group }) => group);
    return [...new Set(all)].filter((group): group is string => Boolean(group));
  }

  private readonly computeLabel = ({ name }: FormField): string => (this.hass ? text(this.hass, `card_option_${name}`) : name);

  private readonly computeHelper = ({ name }: FormField): string | undefined =>
    name === "devices" && this.hass ? text(this.hass, "card_option_devices_help") : undefined;

  private onChange(event: CustomEvent<{ value: FormData }>): void {
    event.stopPropagation();
    reportConfig(this, fromForm(event.detail.value));
  }
}

const makeSchema = (hass: HomeAssistant, groups: readonly string[]): FormField[] => {
  const whether = ["always", "never"].map((value) => ({ value, label: text(hass, `card_toolbar_${value}`) }));
  const states = ["online", "offline"].map((value) => ({ value, label: text(hass, `card_${value}`) }));
  return [
    { name: "title", selector: { text: {} } },
    // Only computers have such an entity; the account's device has none.
    { name: "devices", selector: { device: { multiple: true, entity: [{ integration: DOMAIN, domain: "binary_sensor" }] } } },
    { name: "account", selector: { config_entry: { integration: DOMAIN } } },
    { name: "group", selector: { select: { custom_value: true, mode: "dropdown", options: [...groups].sort(collator(hass)) } } },
    { name: "online", selector: { select: { mode: "dropdown", options: states } } },
    { name: "pictures", selector: { boolean: {} } },
    { name: "toolbar", selector: { select: { mode: "dropdown", options: whether } } },
    { name: "collapsed", selector: { boolean: {} } },
    { name: "attention", selector: { boolean: {} } },
  ];
};

const toForm = ({ device, devices = [], online, toolbar, pictures = true, ...rest }: ComputersConfig): FormData => ({
  ...rest,
  devices: device ? [device, ...devices] : devices,
  pictures,
  ...(typeof online === "boolean" ? { online: online ? "online" : "offline" } : {}),
  ...(typeof toolbar === "boolean" ? { toolbar: toolbar ? "always" : "never" } : {}),
});

/** Return a configuration without empty options. Options of Home Assistant, such as the size in the section, are preserved. */
const fromForm = ({ online, toolbar, pictures, collapsed, attention, ...rest }: FormData): object => {
  const config: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) if (!isEmpty(value)) config[name] = value;
  if (toolbar) config.toolbar = toolbar === "always";
  if (online) config.online = online === "online";
  if (!pictures) config.pictures = false;
  if (collapsed) config.collapsed = true;
  if (attention) config.attention = true;
  return config;
};

define(EDITOR, ComputersCardEditor);
