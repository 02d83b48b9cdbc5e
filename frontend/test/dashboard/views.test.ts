import { beforeEach, describe, expect, test } from "vitest";
import { buildDashboard, type DashboardConfig } from "../../src/dashboard/views.js";
import { text } from "../../src/home-assistant/texts.js";
import { House } from "../house.js";

interface Section {
  column_span?: number;
  cards: { type?: string; content?: string; heading?: string; badges?: object[] }[];
}

interface View {
  title: string;
  path: string;
  type: string;
  sections: Section[];
  cards?: object[];
}

let house: House;

const build = (config: DashboardConfig = {}): View[] => {
  const { title, views } = buildDashboard(house.hass, config, (key, values) => text(house.hass, key, values));
  expect(title).toBe("Getscreen.me");
  return views as View[];
};

const outlineOf = (views: View[]): [string, string][] => views.map(({ path, title }) => [path, title]);

const heading = (title: string, icon: string) => ({ type: "heading", heading: title, icon });

/** Return the headings of the sections of the overview, in order. */
const headings = ([overview]: View[]): (string | undefined)[] => (overview?.sections ?? []).map(({ cards }) => cards[0]?.heading);

/** Return the section of the overview with a heading. */
const sectionOf = ([overview]: View[], title: string): Section | undefined =>
  overview?.sections.find(({ cards }) => cards[0]?.heading === title);

const addComputers = (count: number, entry = "entry"): void => {
  for (let number = 0; number < count; number++) house.addComputer(`${entry}${number}`, { entry });
};

beforeEach(() => {
  const states = { devices: "3", devices_online: "2", needs_attention: "1", connection_history: "off", open_invitations: "0" };
  house = new House().addAccount("entry", states, "shop@example.com");
  addComputers(3);
});

describe("The dashboard of an account", () => {
  test("has an overview, its computers and its history", () => {
    expect(outlineOf(build())).toEqual([
      ["overview", "Overview"],
      ["computers", "Computers"],
      ["history", "History"],
    ]);
    expect(build()[0]).toMatchObject({ type: "sections", icon: "mdi:monitor-dashboard", max_columns: 2 });
  });

  test("has counts and the connected users", () => {
    const id = "account_entry";
    const name = { type: "entity" };
    expect(build()[0]?.sections[0]).toEqual({
      type: "grid",
      cards: [
        heading("shop@example.com", "mdi:account-outline"),
        { type: "tile", entity: `sensor.${id}_devices_online`, name, grid_options: { columns: 6, rows: 1 } },
        { type: "tile", entity: `sensor.${id}_devices`, name, grid_options: { columns: 6, rows: 1 } },
        { type: "tile", entity: `sensor.${id}_needs_attention`, name, grid_options: { columns: 12, rows: 1 } },
        heading("Connected now", "mdi:account-arrow-right-outline"),
        { type: "custom:getscreen-history-card", account: "entry", title: "", running: true },
      ],
    });
  });

  test("has no tile for a disabled entity", () => {
    house = new House().addAccount("entry", {}).addComputer("desk");
    const types = build()[0]?.sections[0]?.cards.map(({ type }) => type);
    expect(types).toEqual(["heading", "heading", "custom:getscreen-history-card"]);
  });

  test("has quick support and the computers that need attention", () => {
    const views = build();
    expect(sectionOf(views, "Quick support")?.cards[1]).toEqual({ type: "custom:getscreen-support-card", account: "entry", title: "" });
    expect(sectionOf(views, "Needs attention")?.cards[1]).toEqual({
      type: "custom:getscreen-card",
      account: "entry",
      attention: true,
      grid_options: { columns: "full" },
    });
  });

  test("has all its computers in a separate view", () => {
    expect(build()[1]).toEqual({
      type: "panel",
      title: "Computers",
      icon: "mdi:monitor-multiple",
      path: "computers",
      cards: [{ type: "custom:getscreen-card", account: "entry", toolbar: true }],
    });
  });

  test("has its history with a link to the calendar", () => {
    expect(build()[2]).toEqual({
      type: "sections",
      title: "History",
      icon: "mdi:history",
      path: "history",
      max_columns: 2,
      sections: [
        {
          type: "grid",
          column_span: 2,
          cards: [
            {
              ...heading("History", "mdi:history"),
              badges: [
                {
                  type: "entity",
                  entity: "calendar.account_entry_connection_history",
                  icon: "mdi:calendar-clock",
                  show_state: false,
                  tap_action: { action: "navigate", navigation_path: "/calendar" },
                },
              ],
            },
            { type: "custom:getscreen-history-card", account: "entry", title: "", grid_options: { columns: "full" } },
          ],
        },
      ],
    });
  });

  test("has no link to a disabled calendar", () => {
    house = new House().addAccount("entry", {});
    expect(build()[2]?.sections[0]?.cards[0]).toEqual(heading("History", "mdi:history"));
  });

  test("has the same views without computers, because computers may be added", () => {
    house = new House().addAccount();
    expect(build()).toHaveLength(3);
  });
});

describe("The overview", () => {
  const SMALL = ["shop@example.com", "Quick support", "Needs attention", "Computers"];

  test("has a few computers at its end, with their groups expanded", () => {
    expect(headings(build())).toEqual(SMALL);
    expect(sectionOf(build(), "Computers")).toEqual({
      type: "grid",
      column_span: 2,
      cards: [
        heading("Computers", "mdi:monitor-multiple"),
        { type: "custom:getscreen-card", account: "entry", toolbar: true, collapsed: false },
      ],
    });
  });

  test("has more than 60 computers at its beginning, with their groups collapsed", () => {
    addComputers(60);
    expect([headings(build()), sectionOf(build(), "Computers")?.cards[1]]).toEqual([SMALL, expect.objectContaining({ collapsed: false })]);
    addComputers(61);
    expect(headings(build())).toEqual(["Computers", "shop@example.com", "Quick support", "Needs attention"]);
    expect(sectionOf(build(), "Computers")?.cards[1]).toEqual(expect.objectContaining({ collapsed: true, toolbar: true }));
  });

  test("has the computers of its account", () => {
    house.addAccount("other");
    addComputers(61, "other");
    expect(headings(build({ account: "entry" }))).toEqual(SMALL);
  });
});

describe("The dashboard of several accounts", () => {
  beforeEach(() => {
    house.addAccount("other", {}, "<b>owner</b>@example.com");
    addComputers(61, "other");
  });

  test("has views for each account, named after it", () => {
    expect(outlineOf(build())).toEqual([
      ["overview-1", "Overview · shop@example.com"],
      ["computers-1", "Computers · shop@example.com"],
      ["history-1", "History · shop@example.com"],
      ["overview-2", "Overview · <b>owner</b>@example.com"],
      ["computers-2", "Computers · <b>owner</b>@example.com"],
      ["history-2", "History · <b>owner</b>@example.com"],
    ]);
  });

  test("has cards with each account's own computers, for their number", () => {
    const views = build();
    const accounts = views.map((view) => [...new Set(JSON.stringify(view).match(/"account":"\w+"/g))].join());
    const [entry, other] = ['"account":"entry"', '"account":"other"'];
    expect(accounts).toEqual([entry, entry, entry, other, other, other]);
    expect([headings(views)[0], headings(views.slice(3))[0]]).toEqual(["shop@example.com", "Computers"]);
  });

  test("shows a chosen account like a single one", () => {
    const views = build({ account: "other" });
    expect(outlineOf(views)).toEqual([
      ["overview", "Overview"],
      ["computers", "Computers"],
      ["history", "History"],
    ]);
    expect(JSON.stringify(views)).not.toContain("shop@example.com");
  });
});

test("An account without a config entry shows no computers of other accounts", () => {
  house = new House().addDevice({ id: "account", name: "Lost", entry_type: "service", identifiers: [["getscreen", "account"]] });
  addComputers(61);
  expect(headings(build())[0]).toBe("Lost");
});

describe("The dashboard without an account", () => {
  test("has one view that says how to add one", () => {
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
                  "No Getscreen.me account is set up. After you add one, this dashboard shows its computers automatically.\n\n" +
                  "[Add an account](/config/integrations/dashboard/add?domain=getscreen)",
              },
            ],
          },
        ],
      },
    ]);
  });

  test("says if the chosen account is missing", () => {
    const [view] = build({ account: "gone" });
    expect(view?.sections[0]?.cards[1]?.content).toMatch(/^The account to show here is no longer set up\./);
  });
});
