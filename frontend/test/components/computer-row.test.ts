import { beforeEach, describe, expect, test, vi } from "vitest";
import "../../src/components/computers-card.js";
import type { ComputersConfig } from "../../src/state/computers.js";
import { focused } from "../focus.js";
import { defer, House, localize, secondsAgo, settle, stopClock } from "../house.js";
import { all, button, buttons, type Card, collect, drawn, mount, only, question, refresh, textOf, texts } from "../mount.js";
import { watchTabs, wholePage } from "../tabs.js";
import { moveIntoView } from "../view.js";

let house: House;
let card: Card;

beforeEach(() => {
  stopClock();
  house = new House().addAccount().addComputer("desk", { name: "Desk" });
});

const show = async (config: Omit<ComputersConfig, "type"> = {}): Promise<void> => {
  card = await mount("getscreen-card", house, config);
};

/** Give the computer another state, which the card sees. */
const set = async (key: string, state: string, attributes?: Record<string, unknown>): Promise<void> => {
  await refresh(card, house.set("desk", key, state, attributes));
};

const click = async (name: string): Promise<void> => {
  button(card, name).click();
  await drawn(card);
};

/** The button that has the computer's name and state. */
const head = (name = "Desk"): HTMLElement => {
  const found = all(card, ".name")
    .find((node) => textOf(node) === name)
    ?.closest("button");
  if (!found) throw new Error(`There is no ${name}`);
  return found;
};

const stateOf = (): string => textOf(only(card, ".state"));
const spoken = (): string => textOf(only(card, "[role=status]"));
const messages = (): string[] => texts(card, ".message");
const advance = async (milliseconds: number): Promise<void> => {
  vi.advanceTimersByTime(milliseconds);
  await drawn(card);
};

const CONNECT = "Connect, Desk";
const WAKE = "Wake, Desk";
const REBOOT = "Reboot, Desk";

describe("A computer shows", () => {
  test.each([
    ["on", "Online", [CONNECT, REBOOT], "on"],
    ["off", "Offline", [WAKE], "off"],
    ["unknown", "Unknown", [CONNECT, WAKE, REBOOT], "unknown"],
    ["unavailable", "Unavailable", [CONNECT], "away"],
  ])("its state %s", async (state, text, names, tone) => {
    house.set("desk", "online", state);
    await show();
    expect([stateOf(), buttons(card).slice(1)]).toEqual([text, names]);
    expect(only(card, ".device").classList.contains(tone)).toBe(true);
  });

  test("no state if its entity is disabled, and offers everything", async () => {
    house = new House().addComputer("desk", { name: "Desk", states: {} });
    await show();
    expect([stateOf(), buttons(card)]).toEqual(["", ["Desk", CONNECT, WAKE, REBOOT]]);
  });

  test("that it cannot be connected to while it is unavailable", async () => {
    house.set("desk", "online", "unavailable");
    const { opened } = watchTabs();
    await show();
    expect(button(card, CONNECT).getAttribute("aria-disabled")).toBe("true");
    await click(CONNECT);
    expect([opened, house.calls]).toEqual([[], []]);
    await set("online", "on");
    expect(button(card, CONNECT).getAttribute("aria-disabled")).toBe("false");
  });

  test("when it was last seen, as far as that is known", async () => {
    house.set("desk", "online", "off", { last_seen: secondsAgo(3600) });
    await show();
    expect(stateOf()).toBe("Offline, seen 1 hour ago");
    await set("online", "off", { last_seen: null });
    expect(stateOf()).toBe("Offline");
  });

  test("how long ago that was, again every minute, without a change of Home Assistant's", async () => {
    house.set("desk", "online", "off", { last_seen: secondsAgo(59 * 60) });
    await show();
    expect(stateOf()).toBe("Offline, seen 59 minutes ago");
    await advance(60_000);
    expect(stateOf()).toBe("Offline, seen 1 hour ago");
  });

  test("a remote session", async () => {
    house.addEntities("desk", { session: "on" });
    await show();
    expect(texts(card, ".chip")).toEqual(["Remote session"]);
    await set("session", "off");
    expect(texts(card, ".chip")).toEqual([]);
  });

  test("its name, which is not read as HTML", async () => {
    const name = "<img src=x onerror=alert(1)> & co";
    house.addDevice({ id: "desk", name, identifiers: [["getscreen", "desk"]] });
    await show();
    expect(texts(card, ".name")).toEqual([name]);
    expect(button(card, `Connect, ${name}`)).toBeDefined();
    expect(all(card, "img")).toEqual([]);
  });

  test("its details in Home Assistant's dialog", async () => {
    const opened = collect("hass-more-info");
    house.addEntities("desk", { last_seen: "2026-06-15T11:00:00+00:00" });
    await show();
    head().click();
    house.change({ entities: { ...house.hass.entities, "binary_sensor.desk_online": { entity_id: "x", platform: "getscreen" } } });
    await refresh(card, house);
    head().click();
    house.change({ entities: {} });
    await refresh(card, house);
    head().click();
    expect(opened).toEqual([{ entityId: "binary_sensor.desk_online" }, { entityId: "sensor.desk_last_seen" }]);
  });

  test("its texts once they are loaded", async () => {
    house.change({ localize: () => "" });
    await show();
    expect(buttons(card)).toEqual(["Desk Online", CONNECT, REBOOT]);
    house.change({ localize: (key, values) => localize(key, values).replace("Connect", "Verbinden") });
    await refresh(card, house);
    expect(buttons(card)).toEqual(["Desk Online", "Verbinden, Desk", REBOOT]);
  });
});

describe("Icons and the picture", () => {
  const PATH = "/api/image_proxy/image.desk?token=1";
  const pictureOf = (state: string): string => `https://house.test${PATH}&state=${state}`;
  const icons = (): string[] => all<HTMLElement & { icon?: string }>(card, "getscreen-computer ha-icon").map(({ icon }) => icon ?? "");
  const picture = (): HTMLImageElement | undefined => all<HTMLImageElement>(card, "img")[0];
  const row = () => only(card, "getscreen-computer");
  const isIconHidden = (): boolean => only(card, ".picture").classList.contains("loaded");

  beforeEach(() => {
    house.addEntities("desk", { operating_system: "win", preview: undefined }).set("desk", "preview", "one", { entity_picture: PATH });
  });

  const look = async (): Promise<void> => {
    moveIntoView([row()]);
    await drawn(card);
  };

  const answer = async (type: "load" | "error"): Promise<void> => {
    picture()?.dispatchEvent(new Event(type));
    await drawn(card);
  };

  test("come once the row has come into view", async () => {
    await show();
    expect([icons(), picture()]).toEqual([[], undefined]);
    await look();
    expect(icons()).toEqual(["mdi:microsoft-windows", "mdi:microsoft-windows", "mdi:remote-desktop", "mdi:power", "mdi:restart"]);
    expect(picture()?.src).toBe(pictureOf("one"));
    expect([picture()?.alt, picture()?.getAttribute("loading"), picture()?.hidden]).toEqual(["", "lazy", false]);
  });

  test("The icon gives way to the picture once that is loaded, and comes back if it fails", async () => {
    await show();
    await look();
    const states = [[isIconHidden(), picture()?.className]];
    for (const type of ["load", "error"] as const) {
      await answer(type);
      states.push([isIconHidden(), picture()?.className]);
    }
    expect(states).toEqual([
      [false, ""],
      [true, "loaded"],
      [false, ""],
    ]);
  });

  test("A picture stays until the next is loaded, also while the computer goes offline", async () => {
    await show();
    await look();
    await answer("load");
    const before = picture();
    await set("preview", "two", { entity_picture: PATH });
    await set("online", "off");
    expect(picture()).toBe(before);
    expect([picture()?.src, isIconHidden(), picture()?.className]).toEqual([pictureOf("two"), true, "loaded"]);
  });

  test("Without a picture, the icon is there; the next picture is a new one", async () => {
    await show();
    await look();
    await answer("load");
    await set("preview", "unavailable");
    expect([picture(), isIconHidden()]).toEqual([undefined, false]);
    await set("preview", "two", { entity_picture: PATH });
    expect([picture()?.className, isIconHidden()]).toEqual(["", false]);
  });

  test("There is none where desktops are not wanted, and the buttons have titles in place of labels", async () => {
    await show({ pictures: false });
    await look();
    expect(picture()).toBeUndefined();
    expect(row().hasAttribute("compact")).toBe(true);
    expect([CONNECT, REBOOT].map((name) => button(card, name).title)).toEqual(["Connect", "Reboot"]);
    card.setConfig({ type: "custom:getscreen-card" });
    await drawn(card);
    expect(row().hasAttribute("compact")).toBe(false);
    expect([CONNECT, REBOOT].map((name) => button(card, name).title)).toEqual(["", ""]);
    expect(picture()?.src).toBe(pictureOf("one"));
  });
});

describe("Connect", () => {
  const LINK = "https://getscreen.test/connect/secret";

  beforeEach(() => {
    house.answers.get_connection_link = ({ device_id: id }) => ({ url: id === "desk" ? LINK : "" });
  });

  test("opens the link in a new tab, and shows it nowhere", async () => {
    const { opened, visits, tabs } = watchTabs();
    await show();
    button(card, CONNECT).click();
    // Within the click.
    expect(opened).toEqual([["", "_blank"]]);
    expect(tabs[0]?.document.title).toBe("Connecting to Desk …");
    await drawn(card);
    expect(visits.map(({ href }) => href)).toEqual([LINK]);
    expect(house.calls).toEqual([{ action: "get_connection_link", data: { device_id: "desk" }, target: undefined }]);
    expect(wholePage()).not.toContain("secret");
    expect(messages()).toEqual([]);
  });

  test("is held until the link is there: three clicks open one tab", async () => {
    const { opened } = watchTabs();
    const link = defer<object>();
    house.answers.get_connection_link = () => link.promise;
    await show();
    await click(CONNECT);
    expect(button(card, CONNECT).getAttribute("aria-disabled")).toBe("true");
    await click(CONNECT);
    await click(CONNECT);
    expect([opened.length, house.calls.length]).toEqual([1, 1]);
    // Not disabled, or it would lose the focus.
    expect(button(card, CONNECT).disabled).toBe(false);
    link.resolve({ url: LINK });
    await settle();
    await drawn(card);
    expect(button(card, CONNECT).getAttribute("aria-disabled")).toBe("false");
    await click(CONNECT);
    expect(opened).toHaveLength(2);
  });

  test("that fails says why, closes its tab, and can be tried again", async () => {
    const { tabs } = watchTabs();
    house.answers.get_connection_link = () => Promise.reject({ code: "home_assistant_error", message: "It is asleep" });
    await show();
    await click(CONNECT);
    expect([messages(), spoken(), tabs[0]?.closed]).toEqual([["It is asleep"], "Desk, It is asleep", true]);
    expect(only(card, ".message").classList.contains("error")).toBe(true);
    house.answers.get_connection_link = () => ({ url: LINK });
    await click(CONNECT);
    expect(messages()).toEqual([]);
  });

  test("says an error that names the computer as it is", async () => {
    watchTabs();
    house.answers.get_connection_link = () => Promise.reject(new Error("Desk: it is asleep"));
    await show();
    await click(CONNECT);
    expect(spoken()).toBe("Desk: it is asleep");
  });

  test.each<[string, null | Window]>([
    ["the browser opens no tab", null],
    ["Android's app returns its only window", window],
  ])("asks for another click where %s, and opens the link within it", async (_, instead) => {
    const { opened } = watchTabs(instead);
    await show();
    await click(CONNECT);
    expect(textOf(question(card) as HTMLElement)).toBe("Desk is ready The session opens in the browser. Cancel Connect");
    expect(wholePage()).not.toContain("secret");
    button(card, "Connect").click();
    expect(opened).toEqual([
      ["", "_blank"],
      [LINK, "_blank", "noopener,noreferrer"],
    ]);
    await drawn(card);
    expect([question(card), messages(), stateOf()]).toEqual([undefined, [], "Online"]);
  });
});

describe("Wake", () => {
  beforeEach(() => {
    house.set("desk", "online", "off");
  });

  test("shows that the computer is waking until it is online, which is read out", async () => {
    await show();
    await click(WAKE);
    expect([stateOf(), spoken(), only(card, ".device").classList.contains("turning")]).toEqual(["Waking …", "Desk, Waking …", true]);
    expect(house.calls).toEqual([{ action: "wake", data: {}, target: { device_id: "desk" } }]);
    await set("online", "off", { last_seen: secondsAgo(60) });
    expect(stateOf()).toBe("Waking …");
    await set("online", "on");
    expect([stateOf(), spoken(), messages()]).toEqual(["Online", "Desk, Online", []]);
    expect(only(card, ".device").classList.contains("turning")).toBe(false);
    await advance(600_000);
    expect(messages()).toEqual([]);
  });

  test("is held: three clicks send one wake", async () => {
    await show();
    const wake = button(card, WAKE);
    // Also before the row is drawn again.
    wake.click();
    await drawn(card);
    expect(wake.getAttribute("aria-disabled")).toBe("true");
    wake.click();
    wake.click();
    await drawn(card);
    expect(house.callsOf("wake")).toHaveLength(1);
    expect(wake.disabled).toBe(false);
  });

  test("holds the other buttons of the computer, and none of other computers", async () => {
    house.set("desk", "online", "unknown").addComputer("till", { name: "Till", states: { online: "off" } });
    const { opened } = watchTabs();
    await show();
    await click(WAKE);
    for (const name of [CONNECT, REBOOT]) {
      expect(button(card, name).getAttribute("aria-disabled")).toBe("true");
      await click(name);
    }
    expect([opened, question(card)]).toEqual([[], undefined]);
    expect(button(card, "Wake, Till").getAttribute("aria-disabled")).toBe("false");
    await click("Wake, Till");
    expect(house.callsOf("wake").map(({ target }) => target)).toEqual([{ device_id: "desk" }, { device_id: "till" }]);
  });

  test("says after three minutes that the computer is still not online", async () => {
    await show();
    await click(WAKE);
    await advance(179_999);
    expect([stateOf(), messages()]).toEqual(["Waking …", []]);
    await advance(1);
    const message = "Desk is still not online after three minutes.";
    expect([stateOf(), messages(), spoken()]).toEqual(["Offline", [message], message]);
    expect(only(card, ".message").classList.contains("error")).toBe(false);
    expect(button(card, WAKE).getAttribute("aria-disabled")).toBe("false");
    await click(WAKE);
    expect(messages()).toEqual([]);
  });

  test("The time starts with the answer", async () => {
    const answer = defer();
    house.answers.wake = () => answer.promise;
    await show();
    await click(WAKE);
    await advance(3_600_000);
    expect([stateOf(), messages()]).toEqual(["Waking …", []]);
    answer.resolve();
    await settle();
    await advance(180_000);
    expect(messages()).toHaveLength(1);
  });

  test("that was done before its answer has no time any longer", async () => {
    const answer = defer();
    house.answers.wake = () => answer.promise;
    await show();
    await click(WAKE);
    await set("online", "on");
    answer.resolve();
    await settle();
    await advance(180_000);
    expect([stateOf(), messages()]).toEqual(["Online", []]);
  });

  test("says nothing of a computer whose state is not known when the time is over, nor on a card that is gone", async () => {
    await show();
    await click(WAKE);
    await set("online", "unavailable");
    await advance(180_000);
    expect([stateOf(), messages()]).toEqual(["Unavailable", []]);
    await set("online", "off");
    await click(WAKE);
    card.remove();
    await advance(180_000);
    document.body.append(card);
    await drawn(card);
    expect([stateOf(), messages()]).toEqual(["Offline", []]);
  });

  test("that fails says why, and can be tried again", async () => {
    house.answers.wake = () => Promise.reject({ code: 3 });
    await show();
    await click(WAKE);
    const message = "The connection to Home Assistant was lost. A command that was under way may have been carried out.";
    expect([stateOf(), messages(), spoken()]).toEqual(["Offline", [message], `Desk, ${message}`]);
    expect(button(card, WAKE).getAttribute("aria-disabled")).toBe("false");
    await advance(180_000);
    expect(messages()).toEqual([message]);
  });

  test("by keyboard: the focus goes on to the computer once there is nothing to wake", async () => {
    await show();
    button(card, WAKE).focus();
    await click(WAKE);
    expect(focused()).toBe(button(card, WAKE));
    await set("online", "on");
    expect(focused()).toBe(head());
  });

  test("leaves a focus alone that is elsewhere", async () => {
    await show();
    head().focus();
    await click(WAKE);
    await set("online", "on");
    expect(focused()).toBe(head());
    (focused() as HTMLElement).blur();
    await set("online", "off");
    expect(focused()).toBe(document.body);
  });
});

describe("Reboot", () => {
  const agree = async (): Promise<void> => {
    await click(REBOOT);
    await click("Reboot");
  };

  test("asks first, and does nothing without an answer", async () => {
    await show();
    await click(REBOOT);
    const dialog = question(card) as HTMLElement;
    expect(textOf(dialog)).toBe("Reboot Desk? Unsaved work on it is lost, and a remote session ends. Cancel Reboot");
    expect(button(card, "Reboot").classList.contains("danger")).toBe(true);
    await click("Cancel");
    expect([question(card), house.calls, stateOf()]).toEqual([undefined, [], "Online"]);
  });

  test("is over once the computer went offline and came back", async () => {
    await show();
    await agree();
    expect(house.calls).toEqual([{ action: "reboot", data: {}, target: { device_id: "desk" } }]);
    expect([stateOf(), spoken()]).toEqual(["Rebooting …", "Desk, Rebooting …"]);
    // Still the time before it.
    await set("online", "on", { cpu: "busy" });
    expect([stateOf(), spoken()]).toEqual(["Rebooting …", "Desk, Rebooting …"]);
    await set("online", "off");
    expect([stateOf(), buttons(card).slice(1)]).toEqual(["Rebooting …", [WAKE]]);
    expect(button(card, WAKE).getAttribute("aria-disabled")).toBe("true");
    await set("online", "on");
    expect([stateOf(), spoken(), messages()]).toEqual(["Online", "Desk, Online", []]);
  });

  test("says after three minutes that the computer was not seen going offline", async () => {
    await show();
    await agree();
    await advance(180_000);
    expect([stateOf(), messages()]).toEqual([
      "Online",
      ["Desk was not seen going offline. It may have restarted between two looks, or not at all."],
    ]);
  });

  test("says after three minutes that the computer has not come back", async () => {
    await show();
    await agree();
    await set("online", "off");
    await advance(180_000);
    expect([stateOf(), messages()]).toEqual(["Offline", ["Desk is still not online after three minutes."]]);
  });

  test("asks no longer once its card is gone", async () => {
    await show();
    await click(REBOOT);
    card.remove();
    document.body.append(card);
    await drawn(card);
    expect([question(card), house.calls]).toEqual([undefined, []]);
  });
});

describe("A computer that leaves the card", () => {
  beforeEach(() => {
    house.set("desk", "online", "off").addComputer("till", { name: "Till", states: { online: "off" } });
  });

  test("while it is waking is read out, and its focus goes to the list", async () => {
    await show({ online: false });
    button(card, WAKE).focus();
    await click(WAKE);
    await set("online", "on");
    expect([texts(card, ".name"), spoken(), focused()]).toEqual([["Till"], "Desk, Online", only(card, "ul")]);
    await advance(600_000);
    expect(spoken()).toBe("Desk, Online");
  });

  test("with the focus is read out", async () => {
    await show({ online: false });
    head().focus();
    await set("online", "on");
    expect([spoken(), focused()]).toEqual(["Desk, Online", only(card, "ul")]);
  });

  test("otherwise leaves in silence, and the focus where it is", async () => {
    await show({ online: false });
    head("Till").focus();
    await set("online", "on");
    expect([texts(card, ".name"), spoken(), focused()]).toEqual([["Till"], "", head("Till")]);
  });

  test("with nothing known of it says nothing", async () => {
    await show({ online: false });
    head().focus();
    const { "binary_sensor.desk_online": _, ...states } = house.hass.states;
    house.change({ states });
    await refresh(card, house);
    expect([texts(card, ".name"), spoken(), focused()]).toEqual([["Till"], "", only(card, "ul")]);
  });
});
