import { beforeEach, describe, expect, test, vi } from "vitest";
import { openComputer } from "../../src/components/computer-dialog.js";
import type { Details } from "../../src/state/details.js";
import type { Computer } from "../../src/state/fleet.js";
import { FleetBench, record } from "../fleet-bench.js";
import { focused } from "../focus.js";
import { defer, flushPromises } from "../house.js";
import { all, button, buttons, isShown, only, pressEscape, question, textOf, texts } from "../mount.js";

const DETAILS: Details = {
  computer_name: "DESK-01",
  computer_model: "HP ProDesk 400 G7",
  os_name: "Windows 11 Pro",
  os_version: "23H2",
  cpu: "Intel Core i5",
  cpu_cores: 6,
  memory_total: 8192,
  memory_free: 2048,
  disks: [{ label: "C:", size: 262144, free: 13107 }],
  network_adapters: [],
  ip_addresses: ["192.0.2.10", "192.0.2.11"],
  ip_address: "198.51.100.7",
  owner: "owner@example.com",
  user: "maria",
  linked_at: null,
  session_count: 12,
  hardware_updated: null,
  agent_version: "3.9.2",
  wake_problem: null,
};

const SESSION = { start: "2026-06-15T11:53:00Z", country: null, city: "Lisbon" };

let bench: FleetBench;

const open = async (change: Partial<Computer> = {}): Promise<void> => {
  await bench.load(record(change), record({ device_id: "till", name: "Till" }));
  openComputer(bench, bench.fleet, bench.commands, "desk");
  await flushPromises();
};

const dialog = (): HTMLElement => only(bench.card, "dialog[aria-labelledby=name]");

/** Return the names of the action buttons. */
const actions = (): string[] => buttons(only(bench.card, ".actions"));

const sessionOf = (change: object = {}): object => ({
  id: 1,
  start: "2026-06-15T11:53:00Z",
  end: null,
  duration: null,
  device: null,
  clients: [{ login: "maria@example.com", country: null, city: null }],
  video: null,
  ...change,
});

beforeEach(() => {
  bench = new FleetBench();
  bench.house.connection.answerMessage = () => DETAILS;
  bench.house.answers.get_history = () => ({ sessions: [] });
});

describe("A computer's dialog", () => {
  test("is modal and named after the computer", async () => {
    const showModal = vi.spyOn(HTMLDialogElement.prototype, "showModal");
    await open({ name: "<b>Desk</b>", group: "<i>Office", favorite: true });
    expect(showModal.mock.contexts).toEqual([dialog()]);
    const root = dialog().getRootNode() as ShadowRoot;
    const heading = root.getElementById("name");
    expect([heading?.textContent, heading?.getAttribute("dir"), heading?.children.length]).toEqual(["<b>Desk</b>", "auto", 0]);
    expect(texts(bench.card, ".group")).toEqual(["<i>Office"]);
    expect(only(bench.card, ".star").getAttribute("aria-label")).toBe("Favorite");
  });

  test("requests the details and the last sessions of this computer once", async () => {
    await open();
    expect(bench.house.connection.sent.filter((message) => "device_id" in message)).toEqual([
      { type: "getscreen/computers/details", device_id: "desk" },
    ]);
    expect(bench.house.calls).toEqual([{ action: "get_history", data: { device_id: "desk", limit: 5 }, target: undefined }]);
  });

  test.each<[string, () => void]>([
    ["Escape", () => pressEscape(bench.card)],
    ["its button", () => button(bench.card, "Close").click()],
    ["a click beside it", () => dialog().click()],
  ])("closes by %s and returns the focus", async (_, close) => {
    const opener = bench.renderRoot.appendChild(document.createElement("button"));
    opener.focus();
    await open();
    button(bench.card, "Close").focus();
    close();
    await flushPromises();
    expect([question(bench.card), focused()]).toEqual([undefined, opener]);
    // A closed dialog requests nothing.
    bench.house.calls.length = 0;
    await bench.change({ session: SESSION });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([bench.house.calls, vi.getTimerCount()]).toEqual([[], 0]);
  });

  test("stays open after a click inside", async () => {
    await open();
    only(bench.card, ".state").click();
    await flushPromises();
    expect(question(bench.card)).toBeDefined();
  });

  test("closes when its computer leaves, not when another one does", async () => {
    await open();
    await bench.send({ removed: ["till"] });
    expect(question(bench.card)).toBeDefined();
    await bench.send({ removed: ["desk"] });
    expect(all(bench.card, "dialog")).toEqual([]);
  });

  test("closes when its card leaves the page, and opens neither without a card nor for an unknown computer", async () => {
    await open();
    bench.card.remove();
    openComputer(bench, bench.fleet, bench.commands, "desk");
    document.body.append(bench.card);
    openComputer(bench, bench.fleet, bench.commands, "nobody");
    await flushPromises();
    expect(all(bench.card, "dialog")).toEqual([]);
  });
});

describe("The state", () => {
  test("is live, and is read out without the time that changes by itself", async () => {
    await open({ online: false, last_seen: "2026-06-15T11:00:00Z" });
    const spoken = only(bench.card, "[role=status]");
    expect([texts(bench.card, ".state"), textOf(spoken)]).toEqual([["Offline, seen 1 hour ago"], "Offline"]);
    await bench.change({ transition: "waking" });
    expect([texts(bench.card, ".state"), textOf(spoken), dialog().className]).toEqual([["Waking …"], "Waking …", "changing"]);
    expect(only(bench.card, "[role=progressbar]").getAttribute("aria-label")).toBe("Waking …");
    await bench.change({ transition: null, online: true });
    expect([texts(bench.card, ".state"), all(bench.card, "[role=progressbar]").length, dialog().className]).toEqual([["Online"], 0, "on"]);
  });

  test("says if the account is unavailable", async () => {
    await open();
    await bench.send({ available: { entry: false } });
    expect(texts(bench.card, ".note")).toContain("The account cannot be reached at the moment.");
    expect(button(bench.card, "Connect").getAttribute("aria-disabled")).toBe("true");
  });

  test("names the connected user and the start, and looks up another session once", async () => {
    bench.house.answers.get_history = () => ({ sessions: [sessionOf()] });
    await open({ session: SESSION });
    expect(texts(bench.card, ".session")[0]).toMatch(/^maria@example\.com from Lisbon has been connected since .* \(for 7 min\)\.$/);
    bench.house.answers.get_history = () => ({ sessions: [sessionOf({ end: "2026-06-15T11:59:00Z" })] });
    await bench.change({ session: null });
    expect(all(bench.card, "p.session")).toEqual([]);
    bench.house.answers.get_history = () => ({ sessions: [sessionOf({ id: 2, clients: [] })] });
    await bench.change({ session: { ...SESSION, start: "2026-06-15T11:59:00Z" } });
    await bench.change({ last_seen: "2026-06-15T12:00:00Z" });
    expect(texts(bench.card, ".session")[0]).toMatch(/^Somebody from Lisbon /);
    expect(bench.house.callsOf("get_history")).toHaveLength(3);
  });

  test("has the picture, or the icon if the picture does not load", async () => {
    await open({ preview: "/api/getscreen/preview/1?authSig=x" });
    const image = only<HTMLImageElement>(bench.card, "img");
    expect(image.src).toBe("https://house.test/api/getscreen/preview/1?authSig=x");
    image.dispatchEvent(new Event("load"));
    await flushPromises();
    expect(only(bench.card, ".picture").classList.contains("loaded")).toBe(true);
    image.dispatchEvent(new Event("error"));
    await flushPromises();
    expect(only(bench.card, ".picture").classList.contains("loaded")).toBe(false);
    await bench.change({ preview: null });
    expect(all(bench.card, "img")).toEqual([]);
  });

  test("says why the computer cannot be woken while it is offline", async () => {
    await open({ wakeable: false });
    expect(texts(bench.card, ".note").join()).not.toContain("Wake-on-LAN");
    await bench.change({ online: false });
    expect(texts(bench.card, ".note")[0]).toBe(
      "The computer will probably not wake up. None of the computer's network adapters has Wake-on-LAN enabled.",
    );
  });

  test("lists each reason for attention with advice", async () => {
    await open({ attention: ["blocked", "on_fire", "agent_outdated"] });
    expect(texts(bench.card, ".reasons li")).toEqual([
      "Blocked in Getscreen.me Unblock the computer in Getscreen.me, or remove it from the account.",
      "The Getscreen.me agent is outdated Other computers of the account have a newer version. Install the current version of the agent.",
    ]);
    await bench.change({ attention: [] });
    expect(all(bench.card, ".reasons")).toEqual([]);
  });
});

describe("The actions", () => {
  test.each<[string, Partial<Computer>, string[]]>([
    ["online Windows", {}, ["Connect", "Reboot", "Reboot into safe mode", "Refresh details"]],
    ["online Linux", { operating_system: "linux" }, ["Connect", "Reboot", "Refresh details"]],
    ["offline", { online: false }, ["Wake and connect", "Wake"]],
  ])("of a computer: %s", async (_, change, expected) => {
    await open(change);
    expect(actions()).toEqual(expected);
  });

  test("are all offered if the state of the computer is unknown", async () => {
    await open({ online: null, operating_system: "mac" });
    expect(actions()).toEqual(["Connect", "Wake and connect", "Wake", "Reboot", "Refresh details"]);
  });

  test("include the device page for administrators, which opens without a page reload", async () => {
    bench.house.change({ user: { is_admin: true } });
    await open();
    expect(isShown(button(bench.card, "Log out"))).toBe(true);
    const moved = vi.fn();
    window.addEventListener("location-changed", moved, { once: true });
    const pushed = vi.spyOn(history, "pushState").mockReturnValue(undefined);
    const link = only<HTMLAnchorElement>(bench.card, "a");
    expect(link.getAttribute("href")).toBe("/config/devices/device/desk");
    expect(link.dispatchEvent(new MouseEvent("click", { ctrlKey: true, cancelable: true }))).toBe(true);
    expect(pushed).not.toHaveBeenCalled();
    expect(link.dispatchEvent(new MouseEvent("click", { cancelable: true }))).toBe(false);
    await flushPromises();
    expect(pushed.mock.calls).toEqual([[null, "", "/config/devices/device/desk"]]);
    expect(moved).toHaveBeenCalledOnce();
    expect(question(bench.card)).toBeUndefined();
  });

  test("include neither logout nor the device page for other users", async () => {
    await open();
    expect([buttons(bench.card).includes("Log out"), all(bench.card, "a")]).toEqual([false, []]);
  });

  test("ask above the dialog and show their result, which can be dismissed", async () => {
    bench.house.answers.reboot = () => Promise.reject({ code: "home_assistant_error", message: "Desk: refused" });
    await open();
    button(bench.card, "Reboot into safe mode").click();
    await flushPromises();
    expect(textOf(all(bench.card, "[role=alertdialog]")[0] as HTMLElement)).toMatch(/^Reboot Desk into safe mode\?/);
    button(only(bench.card, "[role=alertdialog]"), "Reboot").click();
    await flushPromises();
    expect(bench.house.callsOf("reboot").map(({ data }) => data)).toEqual([{ safe_mode: true }]);
    expect([texts(bench.card, ".message"), textOf(only(bench.card, "[role=status]"))]).toEqual([["Desk: refused"], "Desk: refused"]);
    button(bench.card, "Dismiss").click();
    await flushPromises();
    expect(all(bench.card, ".message")).toEqual([]);
  });

  test("pass the keyboard focus to the heading when their button disappears", async () => {
    await open({ online: false });
    const wake = button(bench.card, "Wake");
    wake.focus();
    wake.click();
    await flushPromises();
    expect([wake.getAttribute("aria-disabled"), focused()]).toEqual(["true", wake]);
    await bench.change({ online: true });
    expect([isShown(wake), focused()]).toEqual([false, only(bench.card, "h2")]);
  });

  test("offer to connect again after a reboot from the dialog", async () => {
    await open();
    button(bench.card, "Reboot").click();
    await flushPromises();
    button(only(bench.card, "[role=alertdialog]"), "Reboot").click();
    await bench.change({ online: false, transition: "rebooting" });
    await bench.change({ online: true, transition: null });
    expect(actions()[0]).toBe("Connect again");
  });

  test("request the details again after a hardware refresh", async () => {
    await open();
    bench.house.connection.answerMessage = () => ({ ...DETAILS, computer_name: "NEW-01" });
    button(bench.card, "Refresh details").click();
    await flushPromises();
    expect(texts(bench.card, "dd")).toContain("NEW-01");
  });
});

describe("The details", () => {
  test("are requested again only after a new hardware reading", async () => {
    await open();
    bench.house.connection.answerMessage = () => ({ ...DETAILS, user: "nora" });
    await bench.change({ last_seen: "2026-06-15T11:00:00Z" });
    expect(texts(bench.card, "dd")).toContain("maria");
    await bench.change({ disk_usage: 96 });
    expect(texts(bench.card, "dd")).toContain("nora");
  });

  test("show the reason if they cannot be loaded, and the rest of the dialog stays", async () => {
    bench.house.connection.answerMessage = () => Promise.reject({ code: "not_found", message: "There is no such computer" });
    await open();
    expect([texts(bench.card, ".message"), all(bench.card, "dl").length, actions()[0]]).toEqual([
      ["There is no such computer"],
      0,
      "Connect",
    ]);
  });
});

describe("The last sessions", () => {
  test("are shown as loading and then as none", async () => {
    const history = defer<object>();
    bench.house.answers.get_history = () => history.promise;
    await open();
    expect(texts(bench.card, ".note")).toEqual(["Loading"]);
    history.resolve({ sessions: [] });
    await flushPromises();
    expect(texts(bench.card, ".note")).toEqual(["No sessions found."]);
  });

  test("name the user and play the recording, and the duration of a running one grows", async () => {
    const over = {
      id: 2,
      start: "2026-06-15T10:00:00Z",
      end: "2026-06-15T10:30:00Z",
      duration: 1800,
      video: { media_content_id: "media-source://x" },
    };
    bench.house.answers.get_history = () => ({ sessions: [sessionOf(), sessionOf(over)] });
    await open({ session: SESSION });
    const list = only(bench.card, "getscreen-sessions");
    expect(texts(list, ".login")).toEqual(["maria@example.com", "maria@example.com"]);
    expect([texts(list, ".computer"), texts(list, ".length")[1]]).toEqual([[], "30 min"]);
    vi.advanceTimersByTime(60_000);
    await flushPromises();
    expect(texts(list, ".length")[0]).toContain("8 min");
    all(list, ".play")[0]?.click();
    await flushPromises();
    expect(all(bench.card, "getscreen-recording")).toHaveLength(1);
  });

  test("show the reason if they cannot be loaded", async () => {
    bench.house.answers.get_history = () => Promise.reject({ code: "unauthorized" });
    await open();
    expect([texts(bench.card, ".message"), texts(bench.card, ".note")]).toEqual([["You do not have permission to do this."], []]);
  });

  test("ignore a late answer to an earlier request", async () => {
    const older = defer<object>();
    bench.house.answers.get_history = () => older.promise;
    await open();
    bench.house.answers.get_history = () => ({ sessions: [] });
    await bench.change({ session: SESSION });
    older.reject({ code: 3 });
    await flushPromises();
    expect([texts(bench.card, ".message"), texts(bench.card, ".note")]).toEqual([[], ["No sessions found."]]);
  });
});
