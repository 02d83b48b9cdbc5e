/** The views of the generated dashboard, made of Home Assistant's cards and the integration's. */

import { BRAND, COMPUTERS_CARD, DOMAIN, HISTORY_CARD, SUPPORT_CARD } from "../const.js";
import { flat } from "../flat.js";
import type { HomeAssistant, Values } from "../home-assistant/types.js";
import { accountDevices, computers, type Device } from "../state/devices.js";

export interface DashboardConfig {
  /** Config entry id; without it, the dashboard has views for every account. */
  account?: string;
}

export interface Dashboard {
  title: string;
  views: object[];
}

/** Returns a text of the integration. */
type Translate = (key: string, values?: Values) => string;

export interface Account {
  device: Device;
  entryId: string;
  /** Whether its groups are collapsed on the overview. */
  isLarge: boolean;
}

// Two sections have one column and stand side by side; all others span both columns. So no width leaves a gap.
const COLUMNS = 2;
const HALF_WIDTH = { columns: 6, rows: 1 };
const FULL_WIDTH = { columns: 12, rows: 1 };
// There is no tile for the remaining invitations, because the quick-support card shows them.
const COUNT_TILES = { devices_online: HALF_WIDTH, devices: HALF_WIDTH, needs_attention: FULL_WIDTH };
const ADD_ACCOUNT = `/config/integrations/dashboard/add?domain=${DOMAIN}`;

/** Up to this number of computers, the overview shows all of them; with more, it shows their groups collapsed. */
const MAX_EXPANDED = 60;

/** Return the accounts that a configuration selects. */
export const wantedAccounts = (hass: HomeAssistant, { account }: DashboardConfig): Account[] => {
  const all = computers(hass);
  return accountDevices(hass)
    .filter(({ accounts }) => !account || accounts.includes(account))
    .map((device) => {
      const entryId = device.accounts[0] ?? "";
      return { device, entryId, isLarge: all.filter(({ accounts }) => accounts.includes(entryId)).length > MAX_EXPANDED };
    });
};

/** Return the whole dashboard. */
export const buildDashboard = (hass: HomeAssistant, config: DashboardConfig, translate: Translate): Dashboard => {
  const accounts = wantedAccounts(hass, config);
  if (!accounts.length) {
    return {
      title: BRAND,
      views: [emptyView(translate(accountDevices(hass).length ? "card_account_gone" : "dashboard_nothing"), translate)],
    };
  }
  const isSingle = accounts.length === 1;
  const views = accounts.map((account, index) => {
    const path = isSingle ? "" : `-${index + 1}`;
    const name = isSingle ? "" : ` · ${account.device.name}`;
    return [
      overview(account, `overview${path}`, name, translate),
      computersView(account, `computers${path}`, name, translate),
      historyView(account, `history${path}`, name, translate),
    ];
  });
  return { title: BRAND, views: flat(views) };
};

const emptyView = (reason: string, translate: Translate): object => ({
  title: BRAND,
  type: "sections",
  max_columns: 1,
  sections: [
    {
      type: "grid",
      cards: [
        heading(BRAND, "mdi:monitor-multiple"),
        { type: "markdown", content: `${reason}\n\n[${translate("dashboard_add_account")}](${ADD_ACCOUNT})` },
      ],
    },
  ],
});

/* The overview of an account */

const overview = (account: Account, path: string, name: string, translate: Translate): object => ({
  type: "sections",
  title: `${translate("dashboard_overview")}${name}`,
  icon: "mdi:monitor-dashboard",
  path,
  max_columns: COLUMNS,
  sections: sectionsOf(account, translate),
});

/** Return the sections. A large account starts with the search and the groups, through which users find its computers. */
const sectionsOf = (account: Account, translate: Translate): object[] => {
  const summary = [countSection(account, translate), supportSection(account, translate), attentionSection(account, translate)];
  const computers = computersSection(account, translate);
  return account.isLarge ? [computers, ...summary] : [...summary, computers];
};

const countSection = ({ device, entryId }: Account, translate: Translate): object => {
  const tiles = Object.entries(COUNT_TILES)
    .filter(([key]) => device.entities[key])
    .map(([key, size]) => ({ type: "tile", entity: device.entities[key], name: { type: "entity" }, grid_options: size }));
  return {
    type: "grid",
    cards: [
      heading(device.name, "mdi:account-outline"),
      ...tiles,
      heading(translate("dashboard_connected_now"), "mdi:account-arrow-right-outline"),
      { type: `custom:${HISTORY_CARD}`, account: entryId, title: "", running: true },
    ],
  };
};

const supportSection = ({ entryId }: Account, translate: Translate): object => ({
  type: "grid",
  cards: [heading(translate("support_title"), "mdi:face-agent"), { type: `custom:${SUPPORT_CARD}`, account: entryId, title: "" }],
});

const attentionSection = ({ entryId }: Account, translate: Translate): object => ({
  type: "grid",
  column_span: COLUMNS,
  cards: [
    heading(translate("toolbar_attention"), "mdi:alert-outline"),
    { type: `custom:${COMPUTERS_CARD}`, account: entryId, attention: true, grid_options: { columns: "full" } },
  ],
});

const computersSection = ({ entryId, isLarge }: Account, translate: Translate): object => ({
  type: "grid",
  column_span: COLUMNS,
  cards: [
    heading(translate("dashboard_computers"), "mdi:monitor-multiple"),
    { type: `custom:${COMPUTERS_CARD}`, account: entryId, toolbar: true, collapsed: isLarge },
  ],
});

/* The computers and the history of an account */

const computersView = ({ entryId }: Account, path: string, name: string, translate: Translate): object => ({
  type: "panel",
  title: `${translate("dashboard_computers")}${name}`,
  icon: "mdi:monitor-multiple",
  path,
  cards: [{ type: `custom:${COMPUTERS_CARD}`, account: entryId, toolbar: true }],
});

const historyView = ({ device, entryId }: Account, path: string, name: string, translate: Translate): object => {
  const calendar = device.entities.connection_history;
  return {
    type: "sections",
    title: `${translate("dashboard_history")}${name}`,
    icon: "mdi:history",
    path,
    max_columns: COLUMNS,
    sections: [
      {
        type: "grid",
        column_span: COLUMNS,
        cards: [
          {
            ...heading(translate("dashboard_history"), "mdi:history"),
            ...(calendar ? { badges: [calendarBadge(calendar)] } : {}),
          },
          { type: `custom:${HISTORY_CARD}`, account: entryId, title: "", grid_options: { columns: "full" } },
        ],
      },
    ],
  };
};

/** Return a badge that opens the calendar of the sessions. */
const calendarBadge = (entity: string): object => ({
  type: "entity",
  entity,
  icon: "mdi:calendar-clock",
  show_state: false,
  tap_action: { action: "navigate", navigation_path: "/calendar" },
});

const heading = (title: string, icon: string): object => ({ type: "heading", heading: title, icon });
