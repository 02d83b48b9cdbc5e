/** The views of the generated dashboard, made of Home Assistant's cards and the integration's. */

import { BRAND, COMPUTERS_CARD, DOMAIN, HISTORY_CARD, SUPPORT_CARD } from "../const.js";
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
type Say = (key: string, values?: Values) => string;

export interface Account {
  device: Device;
  entryId: string;
  /** Whether its groups are collapsed on the overview. */
  isLarge: boolean;
}

// Two sections have one column and stand side by side; all others span both columns. So no width leaves a gap.
const COLUMNS = 2;
const HALF = { columns: 6, rows: 1 };
const WHOLE = { columns: 12, rows: 1 };
// There is no tile for the remaining invitations, because the quick-support card shows them.
const COUNTS = { devices_online: HALF, devices: HALF, needs_attention: WHOLE };
const ADD_ACCOUNT = `/config/integrations/dashboard/add?domain=${DOMAIN}`;

/** Up to this number of computers, the overview shows all of them; with more, it shows their groups collapsed. */
const ONE_VIEW = 60;

/** Return the accounts that a configuration selects. */
export const wantedAccounts = (hass: HomeAssistant, { account }: DashboardConfig): Account[] => {
  const all = computers(hass);
  return accountDevices(hass)
    .filter(({ accounts }) => !account || accounts.includes(account))
    .map((device) => {
      const entryId = device.accounts[0] ?? "";
      return { device, entryId, isLarge: all.filter(({ accounts }) => accounts.includes(entryId)).length > ONE_VIEW };
    });
};

/** Return the whole dashboard. */
export const buildDashboard = (hass: HomeAssistant, config: DashboardConfig, say: Say): Dashboard => {
  const accounts = wantedAccounts(hass, config);
  if (!accounts.length) {
    return { title: BRAND, views: [emptyView(say(accountDevices(hass).length ? "card_account_gone" : "dashboard_nothing"), say)] };
  }
  const isSingle = accounts.length === 1;
  const views = accounts.map((account, index) => {
    const path = isSingle ? "" : `-${index + 1}`;
    const name = isSingle ? "" : ` · ${account.device.name}`;
    return [
      overview(account, `overview${path}`, name, say),
      computersView(account, `computers${path}`, name, say),
      historyView(account, `history${path}`, name, say),
    ];
  });
  return { title: BRAND, views: concat(views) };
};

const emptyView = (reason: string, say: Say): object => ({
  title: BRAND,
  type: "sections",
  max_columns: 1,
  sections: [
    {
      type: "grid",
      cards: [
        heading(BRAND, "mdi:monitor-multiple"),
        { type: "markdown", content: `${reason}\n\n[${say("dashboard_add_account")}](${ADD_ACCOUNT})` },
      ],
    },
  ],
});

/* The overview of an account */

const overview = (account: Account, path: string, name: string, say: Say): object => ({
  type: "sections",
  title: `${say("dashboard_overview")}${name}`,
  icon: "mdi:monitor-dashboard",
  path,
  max_columns: COLUMNS,
  sections: sectionsOf(account, say),
});

/** Return the sections. A large account starts with the search and the groups, through which users find its computers. */
const sectionsOf = (account: Account, say: Say): object[] => {
  const summary = [countSection(account, say), supportSection(account, say), attentionSection(account, say)];
  const computers = computersSection(account, say);
  return account.isLarge ? [computers, ...summary] : [...summary, computers];
};

const countSection = ({ device, entryId }: Account, say: Say): object => {
  const tiles = Object.entries(COUNTS)
    .filter(([key]) => device.entities[key])
    .map(([key, size]) => ({ type: "tile", entity: device.entities[key], name: { type: "entity" }, grid_options: size }));
  return {
    type: "grid",
    cards: [
      heading(device.name, "mdi:account-outline"),
      ...tiles,
      heading(say("dashboard_connected_now"), "mdi:account-arrow-right-outline"),
      { type: `custom:${HISTORY_CARD}`, account: entryId, title: "", running: true },
    ],
  };
};

const supportSection = ({ entryId }: Account, say: Say): object => ({
  type: "grid",
  cards: [heading(say("support_title"), "mdi:face-agent"), { type: `custom:${SUPPORT_CARD}`, account: entryId, title: "" }],
});

const attentionSection = ({ entryId }: Account, say: Say): object => ({
  type: "grid",
  column_span: COLUMNS,
  cards: [
    heading(say("toolbar_attention"), "mdi:alert-outline"),
    { type: `custom:${COMPUTERS_CARD}`, account: entryId, attention: true, grid_options: { columns: "full" } },
  ],
});

const computersSection = ({ entryId, isLarge }: Account, say: Say): object => ({
  type: "grid",
  column_span: COLUMNS,
  cards: [
    heading(say("dashboard_computers"), "mdi:monitor-multiple"),
    { type: `custom:${COMPUTERS_CARD}`, account: entryId, toolbar: true, collapsed: isLarge },
  ],
});

/* The computers and the history of an account */

const computersView = ({ entryId }: Account, path: string, name: string, say: Say): object => ({
  type: "panel",
  title: `${say("dashboard_computers")}${name}`,
  icon: "mdi:monitor-multiple",
  path,
  cards: [{ type: `custom:${COMPUTERS_CARD}`, account: entryId, toolbar: true }],
});

const historyView = ({ device, entryId }: Account, path: string, name: string, say: Say): object => {
  const calendar = device.entities.connection_history;
  return {
    type: "sections",
    title: `${say("dashboard_history")}${name}`,
    icon: "mdi:history",
    path,
    max_columns: COLUMNS,
    sections: [
      {
        type: "grid",
        column_span: COLUMNS,
        cards: [
          {
            ...heading(say("dashboard_history"), "mdi:history"),
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

// Not Array.flat, which the oldest supported browsers lack.
const concat = <Item>(lists: Item[][]): Item[] => ([] as Item[]).concat(...lists);
