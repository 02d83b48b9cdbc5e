import { beforeEach, describe, expect, test, vi } from "vitest";
import { EDITOR } from "../../src/components/computers-card-editor.js";
import type { CardConfig, FormField, HomeAssistant } from "../../src/home-assistant/types.js";
import { record } from "../fleet-bench.js";
import { House, localizeNothing, settle } from "../house.js";
import { all, collect, only } from "../mount.js";

/** Home Assistant's form element, which the page has not loaded. */
interface Form extends HTMLElement {
  hass: HomeAssistant;
  schema: FormField[];
  data: Record<string, unknown>;
  computeLabel(field: FormField): string;
  computeHelper(field: FormField): string | undefined;
}

interface Editor extends HTMLElement {
  hass?: HomeAssistant;
  setConfig(config: CardConfig): void;
}

const TYPE = "custom:getscreen-card";

const open = async (config: Record<string, unknown> = {}, house = new House()): Promise<{ editor: Editor; form: Form }> => {
  const editor = document.createElement(EDITOR) as Editor;
  editor.setConfig({ type: TYPE, ...config });
  editor.hass = house.hass;
  document.body.append(editor);
  await settle();
  return { editor, form: only<Form>(editor, "ha-form") };
};

/** Make Home Assistant send computers of these groups. */
const sendGroups = async (house: House, groups: (string | null)[]): Promise<void> => {
  const computers = groups.map((group, number) => record({ device_id: `${number}`, group }));
  house.connection.send("getscreen/computers/subscribe", { computers, removed: [], available: { entry: true } });
  await settle();
};

/** Fill in the form, and return the reported configurations. */
const fillIn = async (config: Record<string, unknown>, value: object): Promise<CardConfig[]> => {
  const changes = collect<{ config: CardConfig }>("config-changed");
  const { form } = await open(config);
  form.dispatchEvent(new CustomEvent("value-changed", { detail: { value: { ...form.data, ...value } }, bubbles: true }));
  return changes.map((change) => change.config);
};

beforeEach(() => {
  Reflect.deleteProperty(window, "loadCardHelpers");
});

describe("The form", () => {
  test("has a field for each option, in the user's language", async () => {
    const { form } = await open();
    const fields = form.schema.map((field) => [field.name, form.computeLabel(field), form.computeHelper(field)]);
    expect(fields).toEqual([
      ["title", "Title", undefined],
      ["devices", "Computers", "Leave empty to show all computers."],
      ["account", "Account", undefined],
      ["group", "Group", undefined],
      ["online", "State", undefined],
      ["pictures", "Show desktops", undefined],
      ["toolbar", "Toolbar", undefined],
      ["collapsed", "Collapse groups", undefined],
      ["attention", "Only computers that need attention", undefined],
    ]);
  });

  test("offers only computers, Getscreen.me accounts, the states, and the existing groups in order", async () => {
    const house = new House({ locale: { language: "de" } }).addAccount();
    const { form } = await open({}, house);
    await sendGroups(house, ["Zentrale", "Ärzte", "Zentrale", null, "Büro"]);
    const selectors = form.schema.map(({ name, selector }) => [name, selector]);
    expect(selectors).toEqual([
      ["title", { text: {} }],
      ["devices", { device: { multiple: true, entity: [{ integration: "getscreen", domain: "binary_sensor" }] } }],
      ["account", { config_entry: { integration: "getscreen" } }],
      ["group", { select: { custom_value: true, mode: "dropdown", options: ["Ärzte", "Büro", "Zentrale"] } }],
      [
        "online",
        {
          select: {
            mode: "dropdown",
            options: [
              { value: "online", label: "Online" },
              { value: "offline", label: "Offline" },
            ],
          },
        },
      ],
      ["pictures", { boolean: {} }],
      [
        "toolbar",
        {
          select: {
            mode: "dropdown",
            options: [
              { value: "always", label: "Always" },
              { value: "never", label: "Never" },
            ],
          },
        },
      ],
      ["collapsed", { boolean: {} }],
      ["attention", { boolean: {} }],
    ]);
  });

  test("ignores changed states and follows new groups", async () => {
    const house = new House().addComputer("desk");
    const { editor, form } = await open({}, house);
    await sendGroups(house, ["Office"]);
    const { schema } = form;
    editor.hass = house.set("desk", "online", "off").hass;
    await settle();
    expect(form.schema).toBe(schema);
    expect(form.hass).toBe(house.hass);
    await sendGroups(house, ["Shop"]);
    expect(JSON.stringify(form.schema)).toContain('"options":["Shop"]');
  });

  test("is empty until the editor has a configuration and Home Assistant", async () => {
    const editor = document.createElement(EDITOR) as Editor;
    document.body.append(editor);
    await settle();
    expect(all(editor, "ha-form")).toEqual([]);
    editor.setConfig({ type: TYPE });
    await settle();
    expect(all(editor, "ha-form")).toEqual([]);
    editor.hass = new House().hass;
    await settle();
    expect(all(editor, "ha-form")).toHaveLength(1);
  });

  test("has the styles of the page", async () => {
    const { editor, form } = await open();
    expect(form.getRootNode()).toBe(document);
    expect(editor.shadowRoot).toBeNull();
  });

  test("shows readable keys until the texts are loaded", async () => {
    const load = vi.fn(() => Promise.resolve(localizeNothing));
    const { form } = await open({}, new House({ localize: localizeNothing, loadBackendTranslation: load, language: "nl" }));
    expect(load).toHaveBeenCalledWith("common", "getscreen");
    expect(form.schema.map((field) => form.computeLabel(field))).toContain("Option title");
  });
});

describe("The data of the form", () => {
  test.each([
    [{}, { devices: [], pictures: true, online: undefined }],
    [{ device: "one" }, { devices: ["one"], pictures: true, online: undefined }],
    [
      { device: "one", devices: ["two"] },
      { devices: ["one", "two"], pictures: true, online: undefined },
    ],
    [
      { devices: ["two"], online: true },
      { devices: ["two"], pictures: true, online: "online" },
    ],
    [
      { online: false, pictures: false },
      { devices: [], pictures: false, online: "offline" },
    ],
    [
      { title: "Mine", group: "Shop", account: "entry" },
      { title: "Mine", group: "Shop", account: "entry", devices: [], pictures: true },
    ],
    [{ grid_options: { columns: 12 } }, { grid_options: { columns: 12 }, devices: [], pictures: true, online: undefined }],
  ])("follow from the configuration %j", async (config, data) => {
    expect((await open(config)).form.data).toEqual({ type: TYPE, ...data });
  });

  test("follow a configuration that is edited as text", async () => {
    const { editor, form } = await open({ title: "Before" });
    editor.setConfig({ type: TYPE, title: "After" });
    await settle();
    expect(form.data).toMatchObject({ title: "After" });
  });
});

describe("The configuration", () => {
  test.each([
    [{}, { title: "Mine" }, { title: "Mine" }],
    [{ device: "one" }, { title: "Mine" }, { devices: ["one"], title: "Mine" }],
    [{ title: "Mine", group: "Shop", account: "entry", devices: ["one"] }, { title: "", group: null, account: undefined, devices: [] }, {}],
    [{}, { online: "online" }, { online: true }],
    [{}, { online: "offline" }, { online: false }],
    [{ online: true }, { online: undefined }, {}],
    [{ online: false }, { title: "Mine" }, { online: false, title: "Mine" }],
    [{}, { pictures: false }, { pictures: false }],
    [{ pictures: false }, { pictures: true }, {}],
    [{ pictures: false }, { title: "Mine" }, { pictures: false, title: "Mine" }],
    [{}, { toolbar: "always" }, { toolbar: true }],
    [{ toolbar: false }, { title: "Mine" }, { toolbar: false, title: "Mine" }],
    [{ toolbar: true }, { toolbar: undefined }, {}],
    [{}, { collapsed: true, attention: true }, { collapsed: true, attention: true }],
    [{ collapsed: true, attention: true }, { collapsed: false, attention: false }, {}],
    // Zero and false are values, not empty options.
    [
      { grid_options: { columns: 12 }, order: 0, shown: false },
      { title: "Mine" },
      { grid_options: { columns: 12 }, order: 0, shown: false, title: "Mine" },
    ],
  ])("%j with the input %j becomes %j", async (config, value, after) => {
    expect(await fillIn(config, value)).toEqual([{ type: TYPE, ...after }]);
  });

  test("is sent alone, without the form's own event", async () => {
    const values = collect("value-changed");
    expect(await fillIn({}, { title: "Mine" })).toHaveLength(1);
    expect(values).toEqual([]);
  });
});

describe("Home Assistant's form", () => {
  test("is loaded by the editor of one of its own cards", async () => {
    const getConfigElement = vi.fn();
    class OwnCard extends HTMLElement {
      static readonly getConfigElement = getConfigElement;
    }
    customElements.define("test-own-card", OwnCard);
    const createCardElement = vi.fn(async () => document.createElement("test-own-card"));
    window.loadCardHelpers = async () => ({ createCardElement });
    await open();
    expect(createCardElement.mock.calls).toEqual([[{ type: "button", entity: "sun.sun" }]]);
    expect(getConfigElement).toHaveBeenCalledOnce();
  });

  test("is not loaded by a card without an editor", async () => {
    const createCardElement = vi.fn(async () => document.createElement("div"));
    window.loadCardHelpers = async () => ({ createCardElement });
    await open();
    expect(createCardElement).toHaveBeenCalledOnce();
  });

  test("is not loaded again if it is there", async () => {
    const loadCardHelpers = vi.fn();
    window.loadCardHelpers = loadCardHelpers;
    vi.spyOn(customElements, "get").mockImplementation((name) => (name === "ha-form" ? HTMLElement : undefined));
    await open();
    expect(loadCardHelpers).not.toHaveBeenCalled();
  });
});
