/** The views of the dashboard that builds itself, made of Home Assistant's cards and ours. */

import { BRAND, COMPUTERS_CARD, DOMAIN, SUPPORT_CARD } from "../const.js";
import { collator } from "../home-assistant/texts.js";
import type { HomeAssistant, Values } from "../home-assistant/types.js";
import { accountDevices, computers, type Device, knownValue, stateOf } from "../state/devices.js";

export interface DashboardConfig {
  /** Config entry id; without it, every account has a view. */
  account?: string;
}

export interface Dashboard {
  title: string;
  views: object[];
}

/** Returns a text of ours. */
type Say = (key: string, values?: Values) => string;

/** A group's name, an empty text for the computers without one, and its computers. */
type Group = [name: string, members: Device[]];

interface Account {
  device: Device;
  entryId: string;
  own: Device[];
  groups: Group[];
  path: string;
}

const COLUMNS = 3;
const HALF = { columns: 6, rows: 1 };
const WHOLE = { columns: 12, rows: 1 };
// The quick-support card says how many invitations are left.
const COUNTS = { devices: HALF, devices_online: HALF, open_invitations: WHOLE };
const EVENTS = ["remote_session", "invitation"];
const ADD_ACCOUNT = `/config/integrations/dashboard/add?domain=${DOMAIN}`;

/** Up to so many computers, one view holds all groups; beyond, each group has a page of its own. */
const ONE_VIEW = 60;

/** Return the whole dashboard. */
export const buildDashboard = (hass: HomeAssistant, { account }: DashboardConfig, say: Say): Dashboard => {
  const known = accountDevices(hass);
  const wanted = known.filter(({ accounts }) => !account || accounts.includes(account));
  if (!wanted.length) return { title: BRAND, views: [emptyView(say(known.length ? "card_account_gone" : "dashboard_nothing"), say)] };
  const accounts = describeAccounts(hass, wanted);
  const isSingle = accounts.length === 1;
  return {
    title: BRAND,
    views: [
      ...accounts.map((each) => overview(each, isSingle, say)),
      ...historyViews(accounts, say),
      ...concat(accounts.map((each) => groupPages(each, say))),
    ],
  };
};

const describeAccounts = (hass: HomeAssistant, devices: Device[]): Account[] => {
  const all = computers(hass);
  return devices.map((device, index) => {
    const entryId = device.accounts[0] ?? "";
    const own = all.filter(({ accounts }) => accounts.includes(entryId));
    const path = devices.length > 1 ? `account-${index + 1}` : "overview";
    return { device, entryId, own, groups: findGroups(hass, own), path };
  });
};

/** Return the computers by group, those without one last; a single group without a name where no groups are known. */
const findGroups = (hass: HomeAssistant, own: Device[]): Group[] => {
  const groups = new Map<string, Device[]>();
  for (const device of own) {
    const name = knownValue(stateOf(hass, device, "group")) ?? "";
    const members = groups.get(name);
    if (members) members.push(device);
    else groups.set(name, [device]);
  }
  const compare = collator(hass);
  return [...groups].sort(([one], [other]) => Number(!one) - Number(!other) || compare(one, other));
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

const overview = (account: Account, isSingle: boolean, say: Say): object => ({
  type: "sections",
  title: isSingle ? say("dashboard_overview") : account.device.name,
  icon: "mdi:monitor-multiple",
  path: account.path,
  max_columns: COLUMNS,
  sections: [
    countSection(account, say),
    supportSection(account, say),
    ...(account.own.length > ONE_VIEW
      ? [directorySection(account, say)]
      : account.groups.map((group) => groupSection(account, group, say))),
  ],
});

const countSection = ({ device, own }: Account, say: Say): object => {
  const tiles = Object.entries(COUNTS)
    .filter(([key]) => device.entities[key])
    .map(([key, size]) => ({ type: "tile", entity: device.entities[key], name: { type: "entity" }, grid_options: size }));
  return { type: "grid", cards: [heading(device.name, "mdi:account-outline"), ...tiles, ...sessionCards(own, say)] };
};

/** Return cards that say how many sessions are running, and which. */
const sessionCards = (own: Device[], say: Say): object[] => {
  const sessions = own.filter(({ entities }) => entities.session).map(({ entities, name }) => ({ entity: entities.session, name }));
  if (!sessions.length) return [];
  const count = `{{ ${JSON.stringify(sessions.map(({ entity }) => entity))} | select('is_state', 'on') | list | count }}`;
  return [
    { type: "markdown", text_only: true, content: say("dashboard_sessions", { count }) },
    { type: "entity-filter", entities: sessions, show_empty: false, conditions: [{ condition: "state", state: "on" }] },
  ];
};

const supportSection = ({ entryId }: Account, say: Say): object => ({
  type: "grid",
  column_span: 2,
  cards: [
    heading(say("support_title"), "mdi:face-agent"),
    { type: `custom:${SUPPORT_CARD}`, account: entryId, title: "", grid_options: { columns: "full" } },
  ],
});

/* The computers, by group */

const groupSection = (account: Account, group: Group, say: Say): object => ({
  type: "grid",
  column_span: COLUMNS,
  cards: [heading(groupTitle(account, group, say), groupIcon(group)), groupCard(account, group)],
});

/** Return the card with the computers of a group, which still fits when computers come and leave. */
const groupCard = ({ entryId, groups }: Account, [name, members]: Group): object => {
  const card = { type: `custom:${COMPUTERS_CARD}`, account: entryId };
  if (name) return { ...card, group: name };
  return groups.length === 1 ? card : { ...card, devices: members.map(({ id }) => id) };
};

const groupTitle = ({ groups }: Account, [name]: Group, say: Say): string =>
  name || say(groups.length === 1 ? "dashboard_computers" : "dashboard_other_computers");

const groupIcon = ([name]: Group): string => (name ? "mdi:folder-outline" : "mdi:monitor");

/** Return a list of the groups, each leading to its page. */
const directorySection = (account: Account, say: Say): object => ({
  type: "grid",
  column_span: COLUMNS,
  cards: [
    heading(say("dashboard_computers"), "mdi:monitor"),
    ...account.groups.map((group, index) => ({
      ...heading(`${groupTitle(account, group, say)} (${group[1].length})`, groupIcon(group)),
      heading_style: "subtitle",
      grid_options: { columns: 12 },
      tap_action: { action: "navigate", navigation_path: pagePath(account, index) },
    })),
  ],
});

const pagePath = ({ path }: Account, index: number): string => `${path}-group-${index + 1}`;

/** Return the pages of the groups of an account that is too large for one view. */
const groupPages = (account: Account, say: Say): object[] => {
  if (account.own.length <= ONE_VIEW) return [];
  return account.groups.map((group, index) => ({
    type: "sections",
    title: groupTitle(account, group, say),
    path: pagePath(account, index),
    subview: true,
    max_columns: COLUMNS,
    sections: [{ type: "grid", column_span: COLUMNS, cards: [groupCard(account, group)] }],
  }));
};

/* The history */

const historyViews = (accounts: Account[], say: Say): object[] => {
  const isThere = (id: string | undefined): id is string => id !== undefined;
  const calendars = accounts.map(({ device }) => device.entities.connection_history).filter(isThere);
  const events = concat(accounts.map(({ device }) => EVENTS.map((key) => device.entities[key]))).filter(isThere);
  const calendar = { type: "calendar", entities: calendars, initial_view: "dayGridMonth", grid_options: { columns: "full", rows: 11 } };
  const logbook = { type: "logbook", target: { entity_id: events }, hours_to_show: 72, grid_options: { columns: 12, rows: 11 } };
  const sections: object[] = [];
  if (calendars.length) {
    sections.push({ type: "grid", column_span: 2, cards: [heading(say("dashboard_history"), "mdi:calendar-clock"), calendar] });
  }
  if (events.length) sections.push({ type: "grid", cards: [heading(say("dashboard_activity"), "mdi:history"), logbook] });
  if (!sections.length) return [];
  return [
    { type: "sections", title: say("dashboard_history"), icon: "mdi:calendar-clock", path: "history", max_columns: COLUMNS, sections },
  ];
};

const heading = (title: string, icon: string): object => ({ type: "heading", heading: title, icon });

// Array.flat is newer than the oldest browsers.
const concat = <Item>(lists: Item[][]): Item[] => ([] as Item[]).concat(...lists);
