/** The parts of Home Assistant's frontend that the cards use, as of release 20261028.4 (Home Assistant 2026.11.0), which has no types. */

export interface HomeAssistant {
  /** State objects by entity id; a new object whenever one of them changes. */
  states: Record<string, HassEntity>;
  /** Entries of the entity registry by entity id; disabled entities are missing. */
  entities: Record<string, EntityEntry>;
  devices: Record<string, DeviceEntry>;
  config: { state: string; components: string[]; time_zone?: string };
  language: string;
  locale?: {
    language: string;
    /** Setting of the user's profile: "12", "24", "language" or "system". */
    time_format?: string;
    /** Setting of the user's profile: "local" (the browser's time zone) or "server" (Home Assistant's). */
    time_zone?: string;
  };
  user?: { is_admin: boolean };
  connection: Connection;
  /** `external` is set in the companion apps. */
  auth?: { external?: unknown };
  /** Returns an empty text for an unknown key. */
  localize: Localize;
  loadBackendTranslation?(category: string, integration: string): Promise<Localize> | undefined;
  formatEntityState(state: HassEntity): string;
  /** Send a websocket command and return its result; rejects with `code` and `message`. */
  callWS<Result>(message: { type: string; [field: string]: unknown }): Promise<Result>;
  /** Return the address at which the browser reaches a path of Home Assistant. */
  hassUrl(path: string): string;
  callService(
    domain: string,
    service: string,
    data?: object,
    target?: { device_id: string },
    notifyOnError?: boolean,
    returnResponse?: boolean,
  ): Promise<{ response?: unknown }>;
}

/** Home Assistant's websocket connection; the same object until the page is closed. */
export interface Connection {
  readonly connected: boolean;
  /** Resolve to a function that unsubscribes; reject with the server's answer if it rejects the subscription. */
  subscribeMessage<Event>(
    callback: (event: Event) => void,
    message: { type: string },
    options: { resubscribe: boolean },
  ): Promise<() => Promise<void>>;
  sendMessagePromise<Response>(message: { type: string }): Promise<Response>;
  addEventListener(event: ConnectionEvent, listener: () => void): void;
}

/** "disconnected" after each loss of the connection, "ready" after each reconnect. */
export type ConnectionEvent = "ready" | "disconnected";

export type Values = Record<string, string | number>;

export type Localize = (key: string, values?: Values) => string;

export interface HassEntity {
  entity_id: string;
  state: string;
  attributes: Record<string, unknown>;
}

export interface EntityEntry {
  entity_id: string;
  platform: string;
  translation_key?: string | null;
  device_id?: string | null;
}

export interface DeviceEntry {
  id: string;
  name?: string | null;
  name_by_user?: string | null;
  identifiers?: [string, string][];
  config_entries?: string[];
  entry_type?: "service" | null;
  disabled_by?: string | null;
}

/** The members of a card that Home Assistant uses. */
export interface LovelaceCard extends HTMLElement {
  hass?: HomeAssistant;
  setConfig(config: CardConfig): void;
  getCardSize(): number;
  getGridOptions(): GridOptions;
}

export interface CardConfig {
  type: string;
  [option: string]: unknown;
}

export interface GridOptions {
  columns?: number | "full";
  rows?: number | "auto";
  min_columns?: number;
}

/** A field of Home Assistant's forms. */
export interface FormField {
  name: string;
  selector: Record<string, unknown>;
}

/** Home Assistant's additions to `window`: the lists of offered cards and dashboards, and the helpers for cards. */
declare global {
  interface Window {
    customCards?: Offered[];
    customStrategies?: Offered[];
    loadCardHelpers?(): Promise<{ createCardElement(config: CardConfig): Promise<HTMLElement> }>;
  }
}

export interface Offered {
  type: string;
  readonly name: string;
  readonly description: string;
  documentationURL: string;
  preview?: boolean;
  strategyType?: "dashboard";
  getEntitySuggestion?(hass: HomeAssistant, entityId: string): { config: CardConfig } | null;
}
