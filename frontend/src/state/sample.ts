/** Invented data for the samples of the cards in the card picker, which make no requests. */

import type { Computer } from "./fleet.js";
import type { Invitation } from "./invitations.js";

const MINUTES = 60_000;
const HOURS = 60 * MINUTES;

const ago = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString();

const UNKNOWN_FIELDS: Omit<Computer, "device_id" | "agent_id" | "name"> = {
  account: "",
  group: null,
  online: null,
  last_seen: null,
  operating_system: null,
  agent_version: null,
  favorite: null,
  session: null,
  preview: null,
  disk_usage: null,
  memory_usage: null,
  transition: null,
  wakeable: null,
  attention: [],
};

/** Return one computer that is online with a session, and one that is offline; their ids belong to no device. */
export const sampleComputers = (): Computer[] => [
  {
    ...UNKNOWN_FIELDS,
    device_id: "getscreen-sample-1",
    agent_id: 1,
    name: "Reception PC",
    online: true,
    operating_system: "win",
    favorite: true,
    session: { start: ago(12 * MINUTES), country: null, city: null },
  },
  {
    ...UNKNOWN_FIELDS,
    device_id: "getscreen-sample-2",
    agent_id: 2,
    name: "Laptop",
    online: false,
    last_seen: ago(2 * HOURS),
    operating_system: "mac",
    wakeable: true,
  },
];

export const SAMPLE_INVITATIONS: Invitation[] = [
  { id: 1, status: "client_joined", code: "482917356", invite_url: "https://getscreen.me/", client_name: "Nora" },
  { id: 2, status: "waiting_for_client", code: "150662894", invite_url: "https://getscreen.me/", client_name: "Henrik" },
];
