import { beforeEach, describe, expect, test } from "vitest";
import { ComputerDialogs } from "../../src/components/computer-dialogs.js";
import type { ComputersHost } from "../../src/components/computers-host.js";
import { showComputer } from "../../src/home-assistant/actions.js";
import { record } from "../fleet-bench.js";
import { flushPromises, House, stopClock } from "../house.js";
import { all, textOf } from "../mount.js";

const SUBSCRIBE = "getscreen/computers/subscribe";

let house: House;
let host: HTMLElement & ComputersHost;
let account: string | undefined;

beforeEach(() => {
  stopClock();
  house = new House().addAccount();
  account = undefined;
  const card = document.body.appendChild(document.createElement("div"));
  const members = { hass: house.hass, renderRoot: card.attachShadow({ mode: "open" }), announce: () => undefined };
  host = Object.assign(card, members);
  new ComputerDialogs(host, () => account);
});

const dialogs = (): HTMLElement[] => all(host, "getscreen-computer-dialog");

/** Request the dialog of a computer from within the card. */
const open = async (id: string): Promise<void> => {
  showComputer(host.renderRoot.appendChild(document.createElement("button")), id);
  await flushPromises();
};

const load = async (): Promise<void> => {
  house.connection.send(SUBSCRIBE, { computers: [record()], removed: [], available: { entry: true } });
  await flushPromises();
};

describe("A card that names a computer", () => {
  test("opens the dialog of a computer once the computers are known", async () => {
    await open("desk");
    expect(dialogs()).toEqual([]);
    await load();
    expect(dialogs().map((dialog) => textOf(dialog).includes("Desk"))).toEqual([true]);
  });

  test("opens no dialog for a computer that has left", async () => {
    await open("gone");
    await load();
    expect(dialogs()).toEqual([]);
  });

  test.each([
    [undefined, { type: SUBSCRIBE }],
    ["entry", { type: SUBSCRIBE, account: "entry" }],
  ])("subscribes to the computers of account %s", async (wanted, message) => {
    account = wanted;
    await open("desk");
    expect(house.connection.sent).toEqual([message]);
  });

  test("does not subscribe before it opens a dialog", async () => {
    await flushPromises();
    expect(house.connection.sent).toEqual([]);
  });
});
