/** The dashboard that builds itself: `strategy: {type: custom:getscreen}`. */

import { accounts, BRAND, comparing, computers, define, DOMAIN, loadTexts, offer, ourDevices, stateOf, text, valueOf } from "./shared.js";

const COLUMNS = 3;
const HALF = { columns: 6, rows: 1 };
const WHOLE = { columns: 12, rows: 1 };
// Up to so many computers, one view holds all groups; beyond, each group has a page of its own.
const ONE_VIEW = 60;
// How many are left, the support card says.
const COUNTS = { devices: HALF, devices_online: HALF, open_invitations: WHOLE };
const EVENTS = ["remote_session", "invitation"];
const ADD_ACCOUNT = `/config/integrations/dashboard/add?domain=${DOMAIN}`;

class GetscreenDashboard extends HTMLElement {
  // What each configuration was last built from: registries change for many reasons that are none of ours.
  static #built = new Map();

  /** Return the dashboard. */
  static async generate(config, hass) {
    this.#built.set(config.account, { plan: blueprint(hass), groups: groupStates(hass) });
    const localize = (await loadTexts(hass)) ?? hass.localize;
    return build(hass, config, (key, values) => text({ localize }, key, values));
  }

  /** Return whether computers, their entities or their groups are others than those that the dashboard was built from. */
  static shouldRegenerate(config, before, now) {
    const built = this.#built.get(config.account);
    if (!built) return true;
    if (before.entities !== now.entities || before.devices !== now.devices) return built.plan !== blueprint(now);
    return before.states !== now.states && computersHaveMoved(built.groups, before, now);
  }

  /** Return what a new dashboard is called. */
  static getCreateSuggestions() {
    return { title: BRAND, icon: "mdi:monitor-multiple" };
  }
}

const blueprint = (hass) =>
  JSON.stringify([...ourDevices(hass).values()].map(({ id, name, entries, entities }) => [id, name, entries, entities]));

/** Return the group of each computer, by the entity that says it. */
const groupStates = (hass) =>
  new Map([...ourDevices(hass).values()].map((found) => [found.entities.group, valueOf(stateOf(hass, found, "group"))]));

/** A group that can't be had at the moment is no reason to move, nor is one that is back as it was; having none any longer is one. */
const computersHaveMoved = (groups, before, now) => {
  for (const [id, group] of groups) {
    if (!id || before.states[id] === now.states[id]) continue;
    const current = now.states[id];
    if (current && current.state !== "unavailable" && valueOf(current) !== group) return true;
  }
  return false;
};

const build = (hass, { account }, say) => {
  const known = accounts(hass);
  const wanted = known.filter(({ entries }) => !account || entries.includes(account));
  if (!wanted.length) {
    const reason = known.length ? say("card_account_gone") : say("dashboard_nothing");
    return { title: BRAND, views: [nothing(reason, say)] };
  }
  const all = computers(hass);
  const parts = wanted.map((found, index) => {
    const entryId = found.entries[0];
    const own = all.filter(({ entries }) => entries.includes(entryId));
    return { found, entryId, own, groups: groupsOf(hass, own), path: wanted.length > 1 ? `account-${index + 1}` : "overview" };
  });
  const single = parts.length === 1;
  return {
    title: BRAND,
    views: [...parts.map((part) => overview(part, single, say)), ...history(parts, say), ...parts.flatMap((part) => pages(part, say))],
  };
};

/** Return the computers by group, those without one last; a single group without a name where no groups are known. */
const groupsOf = (hass, own) => {
  const groups = new Map();
  for (const computer of own) {
    const group = valueOf(stateOf(hass, computer, "group")) ?? "";
    groups.set(group, [...(groups.get(group) ?? []), computer]);
  }
  const compare = comparing(hass);
  return [...groups].sort(([one], [other]) => Number(!one) - Number(!other) || compare(one, other));
};

const nothing = (reason, say) => ({
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

const overview = (part, single, say) => ({
  type: "sections",
  title: single ? say("dashboard_overview") : part.found.name,
  icon: "mdi:monitor-multiple",
  path: part.path,
  max_columns: COLUMNS,
  sections: [
    counts(part, say),
    support(part, say),
    ...(part.own.length > ONE_VIEW ? [directory(part, say)] : part.groups.map((group) => groupSection(part, group, say))),
  ],
});

const counts = ({ found, own }, say) => {
  const tiles = Object.entries(COUNTS).filter(([key]) => found.entities[key]).map(([key, size]) => ({
    type: "tile",
    entity: found.entities[key],
    name: { type: "entity" },
    grid_options: size,
  }));
  return { type: "grid", cards: [heading(found.name, "mdi:account-outline"), ...tiles, ...running(own, say)] };
};

/** Return how many sessions are running, and which. */
const running = (own, say) => {
  const sessions = own.filter(({ entities }) => entities.session).map(({ entities, name }) => ({ entity: entities.session, name }));
  if (!sessions.length) return [];
  const count = `{{ ${JSON.stringify(sessions.map(({ entity }) => entity))} | select('is_state', 'on') | list | count }}`;
  return [
    { type: "markdown", text_only: true, content: say("dashboard_sessions", { count }) },
    { type: "entity-filter", entities: sessions, show_empty: false, conditions: [{ condition: "state", state: "on" }] },
  ];
};

const support = ({ entryId }, say) => ({
  type: "grid",
  column_span: 2,
  cards: [
    heading(say("support_title"), "mdi:face-agent"),
    { type: "custom:getscreen-support-card", account: entryId, title: "", grid_options: { columns: "full" } },
  ],
});

/* The computers, by group */

/** Return the card with the computers of a group, which goes on to fit when computers come and leave. */
const groupCard = ({ entryId, groups }, [group, members]) => {
  const card = { type: "custom:getscreen-card", account: entryId };
  if (group) return { ...card, group };
  return groups.length === 1 ? card : { ...card, devices: members.map(({ id }) => id) };
};

const groupSection = (part, group, say) => ({
  type: "grid",
  column_span: COLUMNS,
  cards: [groupHeading(part, group, say), groupCard(part, group)],
});

const groupHeading = ({ groups }, [group], say) =>
  heading(group || say(groups.length === 1 ? "dashboard_computers" : "dashboard_other_computers"), group ? "mdi:folder-outline" : "mdi:monitor");

/** Return a list of the groups, each leading to its page. */
const directory = (part, say) => ({
  type: "grid",
  column_span: COLUMNS,
  cards: [
    heading(say("dashboard_computers"), "mdi:monitor"),
    ...part.groups.map((group, index) => ({
      ...groupHeading(part, group, say),
      heading: `${groupHeading(part, group, say).heading} (${group[1].length})`,
      heading_style: "subtitle",
      grid_options: { columns: 12 },
      tap_action: { action: "navigate", navigation_path: pagePath(part, index) },
    })),
  ],
});

const pagePath = ({ path }, index) => `${path}-group-${index + 1}`;

/** Return the pages of the groups of an account that is too large for one view. */
const pages = (part, say) => {
  if (part.own.length <= ONE_VIEW) return [];
  return part.groups.map((group, index) => ({
    type: "sections",
    title: groupHeading(part, group, say).heading,
    path: pagePath(part, index),
    subview: true,
    max_columns: COLUMNS,
    sections: [{ type: "grid", column_span: COLUMNS, cards: [groupCard(part, group)] }],
  }));
};

/* What was */

const history = (parts, say) => {
  const calendars = parts.map(({ found }) => found.entities.connection_history).filter(Boolean);
  const events = parts.flatMap(({ found }) => EVENTS.map((key) => found.entities[key])).filter(Boolean);
  const calendar = { type: "calendar", entities: calendars, initial_view: "dayGridMonth", grid_options: { columns: "full", rows: 11 } };
  const logbook = { type: "logbook", target: { entity_id: events }, hours_to_show: 72, grid_options: { columns: 12, rows: 11 } };
  const sections = [
    calendars.length && { type: "grid", column_span: 2, cards: [heading(say("dashboard_history"), "mdi:calendar-clock"), calendar] },
    events.length && { type: "grid", cards: [heading(say("dashboard_activity"), "mdi:history"), logbook] },
  ].filter(Boolean);
  const view = { type: "sections", title: say("dashboard_history"), icon: "mdi:calendar-clock", path: "history", max_columns: COLUMNS, sections };
  return sections.length ? [view] : [];
};

const heading = (title, icon) => ({ type: "heading", heading: title, icon });

define(`ll-strategy-dashboard-${DOMAIN}`, GetscreenDashboard);

offer("customStrategies", { type: DOMAIN, strategyType: "dashboard", description: "dashboard_offer" });
