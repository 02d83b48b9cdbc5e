import { beforeEach, describe, expect, test } from "vitest";
import { buildDashboard, type DashboardConfig } from "../../src/dashboard/views.js";
import { text } from "../../src/home-assistant/texts.js";
import { House } from "../house.js";

interface Section {
  column_span?: number;
  cards: { content?: string; [option: string]: unknown }[];
}

interface View {
  title: string;
  path: string;
  sections: Section[];
}

let house: House;

const build = (config: DashboardConfig = {}): View[] => {
  const { title, views } = buildDashboard(house.hass, config, (key, values) => text(house.hass, key, values));
  expect(title).toBe("Getscreen.me");
  return views as View[];
};

const outlineOf = (views: View[]): [string, string][] => views.map(({ path, title }) => [path, title]);

const heading = (title: string, icon: string) => ({ type: "heading", heading: title, icon });

/** Return the sections of the overview that show computers. */
const groupsOf = ([overview]: View[]): Section[] => overview?.sections.slice(2) ?? [];

const ALL_OF_ACCOUNT = {
  devices: "3",
  devices_online: "2",
  open_invitations: "0",
  connection_history: "off",
  remote_session: "unknown",
  invitation: "unknown",
};

beforeEach(() => {
  house = new House().addAccount("entry", ALL_OF_ACCOUNT, "shop@example.com");
  house.addComputer("till", { name: "Till", states: { group: "Shop", session: "off" } });
  house.addComputer("desk", { name: "Desk", states: { group: "Office", session: "on" } });
  house.addComputer("spare", { name: "Spare", states: { group: "unknown" } });
});

describe("An account", () => {
  test("has an overview and its history", () => {
    expect(outlineOf(build())).toEqual([
      ["overview", "Overview"],
      ["history", "History"],
    ]);
    expect(build()[0]).toMatchObject({ type: "sections", icon: "mdi:monitor-multiple", max_columns: 3 });
  });

  test("has counts, and the sessions that are running", () => {
    const id = "account_entry";
    const name = { type: "entity" };
    expect(build()[0]?.sections[0]).toEqual({
      type: "grid",
      cards: [
        heading("shop@example.com", "mdi:account-outline"),
        { type: "tile", entity: `sensor.${id}_devices`, name, grid_options: { columns: 6, rows: 1 } },
        { type: "tile", entity: `sensor.${id}_devices_online`, name, grid_options: { columns: 6, rows: 1 } },
        { type: "tile", entity: `sensor.${id}_open_invitations`, name, grid_options: { columns: 12, rows: 1 } },
        {
          type: "markdown",
          text_only: true,
          content:
            "Running remote sessions: **{{ [\"binary_sensor.desk_session\",\"binary_sensor.till_session\"] | select('is_state', 'on') | list | count }}**",
        },
        {
          type: "entity-filter",
          entities: [
            { entity: "binary_sensor.desk_session", name: "Desk" },
            { entity: "binary_sensor.till_session", name: "Till" },
          ],
          show_empty: false,
          conditions: [{ condition: "state", state: "on" }],
        },
      ],
    });
  });

  test("has no card for what is disabled", () => {
    house = new House().addAccount("entry", {}).addComputer("desk");
    const views = build();
    expect(outlineOf(views)).toEqual([["overview", "Overview"]]);
    expect(views[0]?.sections[0]?.cards).toEqual([heading("entry", "mdi:account-outline")]);
  });

  test("has quick support", () => {
    expect(build()[0]?.sections[1]).toEqual({
      type: "grid",
      column_span: 2,
      cards: [
        heading("Quick support", "mdi:face-agent"),
        { type: "custom:getscreen-support-card", account: "entry", title: "", grid_options: { columns: "full" } },
      ],
    });
  });
});

describe("Computers", () => {
  const cardsOf = (): Section["cards"][] => groupsOf(build()).map(({ cards }) => cards);
  const card = { type: "custom:getscreen-card", account: "entry" };

  test("have a section for each group, sorted; those without one come last", () => {
    house.addComputer("cash", { name: "Cash", states: { group: "Shop" } });
    expect(cardsOf()).toEqual([
      [heading("Office", "mdi:folder-outline"), { ...card, group: "Office" }],
      [heading("Shop", "mdi:folder-outline"), { ...card, group: "Shop" }],
      [heading("Other computers", "mdi:monitor"), { ...card, devices: ["spare"] }],
    ]);
    expect(groupsOf(build()).map(({ column_span: span }) => span)).toEqual([3, 3, 3]);
  });

  test("are in one section where there are no groups", () => {
    house = new House()
      .addAccount()
      .addComputer("desk")
      .addComputer("till", { states: { group: "unavailable" } });
    expect(cardsOf()).toEqual([[heading("Computers", "mdi:monitor"), card]]);
  });

  test("of a single group are under its name", () => {
    house = new House().addAccount().addComputer("till", { states: { group: "Shop" } });
    expect(cardsOf()).toEqual([[heading("Shop", "mdi:folder-outline"), { ...card, group: "Shop" }]]);
  });

  test("of an account without any have no section", () => {
    house = new House().addAccount();
    expect(cardsOf()).toEqual([]);
  });

  test("of another account are not there", () => {
    house.addAccount("other").addComputer("laptop", { entry: "other", states: { group: "Attic" } });
    expect(groupsOf(build({ account: "other" })).map(({ cards }) => cards[1])).toEqual([{ ...card, account: "other", group: "Attic" }]);
  });

  /** Add so many computers, all but the first in a group. */
  const addMany = (count: number): void => {
    house = new House().addAccount("entry", {});
    for (let number = 0; number < count; number++) house.addComputer(`${number}`, { states: { group: number ? "Shop" : "unknown" } });
  };

  test("Up to 60 of them are on the overview", () => {
    addMany(60);
    expect(outlineOf(build())).toEqual([["overview", "Overview"]]);
    expect(cardsOf().map((cards) => cards[1])).toEqual([
      { ...card, group: "Shop" },
      { ...card, devices: ["0"] },
    ]);
  });

  test("More of them have a page for each group, to which the overview leads", () => {
    addMany(61);
    const views = build();
    expect(outlineOf(views)).toEqual([
      ["overview", "Overview"],
      ["overview-group-1", "Shop"],
      ["overview-group-2", "Other computers"],
    ]);
    const link = (path: string) => ({
      heading_style: "subtitle",
      grid_options: { columns: 12 },
      tap_action: { action: "navigate", navigation_path: path },
    });
    expect(groupsOf(views)).toEqual([
      {
        type: "grid",
        column_span: 3,
        cards: [
          heading("Computers", "mdi:monitor"),
          { ...heading("Shop (60)", "mdi:folder-outline"), ...link("overview-group-1") },
          { ...heading("Other computers (1)", "mdi:monitor"), ...link("overview-group-2") },
        ],
      },
    ]);
    expect(views[2]).toEqual({
      type: "sections",
      title: "Other computers",
      path: "overview-group-2",
      subview: true,
      max_columns: 3,
      sections: [{ type: "grid", column_span: 3, cards: [{ ...card, devices: ["0"] }] }],
    });
  });
});

describe("Several accounts", () => {
  beforeEach(() => {
    house.addAccount("other", { connection_history: "off", invitation: "unknown" }, "owner@example.com");
    house.addComputer("laptop", { entry: "other" });
  });

  test("have a view each, named after them, and a history in common", () => {
    const views = build();
    expect(outlineOf(views)).toEqual([
      ["account-1", "shop@example.com"],
      ["account-2", "owner@example.com"],
      ["history", "History"],
    ]);
    expect(views[2]).toEqual({
      type: "sections",
      title: "History",
      icon: "mdi:calendar-clock",
      path: "history",
      max_columns: 3,
      sections: [
        {
          type: "grid",
          column_span: 2,
          cards: [
            heading("History", "mdi:calendar-clock"),
            {
              type: "calendar",
              entities: ["calendar.account_entry_connection_history", "calendar.account_other_connection_history"],
              initial_view: "dayGridMonth",
              grid_options: { columns: "full", rows: 11 },
            },
          ],
        },
        {
          type: "grid",
          cards: [
            heading("Activity", "mdi:history"),
            {
              type: "logbook",
              target: {
                entity_id: ["event.account_entry_remote_session", "event.account_entry_invitation", "event.account_other_invitation"],
              },
              hours_to_show: 72,
              grid_options: { columns: 12, rows: 11 },
            },
          ],
        },
      ],
    });
  });

  test("One of them is shown like a single one", () => {
    const views = build({ account: "other" });
    expect(outlineOf(views)).toEqual([
      ["overview", "Overview"],
      ["history", "History"],
    ]);
    expect(JSON.stringify(views)).not.toContain("shop@example.com");
  });

  test("With the calendars disabled, the history has the events alone", () => {
    house = new House().addAccount("entry", { invitation: "unknown" });
    expect(build()[1]?.sections.map(({ cards }) => cards.map(({ type }) => type))).toEqual([["heading", "logbook"]]);
  });

  test("With the events disabled, the history has the calendar alone", () => {
    house = new House().addAccount("entry", { connection_history: "off" });
    expect(build()[1]?.sections.map(({ cards }) => cards.map(({ type }) => type))).toEqual([["heading", "calendar"]]);
  });
});

test("An account without an entry has no computers", () => {
  house = new House().addDevice({ id: "account", name: "Lost", entry_type: "service", identifiers: [["getscreen", "account"]] });
  house.addComputer("desk");
  expect(groupsOf(build())).toEqual([]);
});

describe("Without an account", () => {
  test("there is one view that says how one is added", () => {
    house = new House();
    expect(build()).toEqual([
      {
        title: "Getscreen.me",
        type: "sections",
        max_columns: 1,
        sections: [
          {
            type: "grid",
            cards: [
              heading("Getscreen.me", "mdi:monitor-multiple"),
              {
                type: "markdown",
                content:
                  "No Getscreen.me account is set up. Once there is one, this dashboard shows its computers by itself.\n\n" +
                  "[Add an account](/config/integrations/dashboard/add?domain=getscreen)",
              },
            ],
          },
        ],
      },
    ]);
  });

  test("that is shown, the dashboard says so", () => {
    const [view] = build({ account: "gone" });
    expect(view?.sections[0]?.cards[1]?.content).toMatch(/^The account to be shown here is no longer set up\./);
  });
});
