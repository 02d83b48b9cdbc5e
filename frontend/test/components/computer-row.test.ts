import { beforeEach, describe, expect, test } from "vitest";
import { House, localize, secondsAgo } from "../house.js";
import { all, button, buttons, collect, drawn, only, refresh, texts } from "../mount.js";
import { watchTabs } from "../tabs.js";
import { moveIntoView } from "../view.js";
import { CONNECT, Desk, REBOOT, WAKE } from "./desk.js";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

describe("A computer shows", () => {
  test.each([
    ["on", "Online", [CONNECT, REBOOT], "on"],
    ["off", "Offline", [WAKE], "off"],
    ["unknown", "Unknown", [CONNECT, WAKE, REBOOT], "unknown"],
    ["unavailable", "Unavailable", [CONNECT], "away"],
  ])("its state %s", async (state, text, names, tone) => {
    desk.house.set("desk", "online", state);
    await desk.show();
    expect([desk.state, buttons(desk.card).slice(1)]).toEqual([text, names]);
    expect(only(desk.card, ".computer").classList.contains(tone)).toBe(true);
  });

  test("no state if its entity is disabled, and offers everything", async () => {
    desk.house = new House().addComputer("desk", { name: "Desk", states: {} });
    await desk.show();
    expect([desk.state, buttons(desk.card)]).toEqual(["", ["Desk", CONNECT, WAKE, REBOOT]]);
  });

  test("that it cannot be connected to while it is unavailable", async () => {
    desk.house.set("desk", "online", "unavailable");
    const { opened } = watchTabs();
    await desk.show();
    expect(button(desk.card, CONNECT).getAttribute("aria-disabled")).toBe("true");
    await desk.click(CONNECT);
    expect([opened, desk.house.calls]).toEqual([[], []]);
    await desk.set("online", "on");
    expect(button(desk.card, CONNECT).getAttribute("aria-disabled")).toBe("false");
  });

  test("when it was last seen, as far as that is known", async () => {
    desk.house.set("desk", "online", "off", { last_seen: secondsAgo(3600) });
    await desk.show();
    expect(desk.state).toBe("Offline, seen 1 hour ago");
    await desk.set("online", "off", { last_seen: null });
    expect(desk.state).toBe("Offline");
  });

  test("how long ago that was, again every minute, without a change of Home Assistant's", async () => {
    desk.house.set("desk", "online", "off", { last_seen: secondsAgo(59 * 60) });
    await desk.show();
    expect(desk.state).toBe("Offline, seen 59 minutes ago");
    await desk.pass(60_000);
    expect(desk.state).toBe("Offline, seen 1 hour ago");
  });

  test("a remote session", async () => {
    desk.house.addEntities("desk", { session: "on" });
    await desk.show();
    expect(texts(desk.card, ".chip")).toEqual(["Remote session"]);
    await desk.set("session", "off");
    expect(texts(desk.card, ".chip")).toEqual([]);
  });

  test("its name, which is not read as HTML", async () => {
    const name = "<img src=x onerror=alert(1)> & co";
    desk.house.addDevice({ id: "desk", name, identifiers: [["getscreen", "desk"]] });
    await desk.show();
    expect(texts(desk.card, ".name")).toEqual([name]);
    expect(button(desk.card, `Connect, ${name}`)).toBeDefined();
    expect(all(desk.card, "img")).toEqual([]);
  });

  test("its details in Home Assistant's dialog", async () => {
    const opened = collect("hass-more-info");
    desk.house.addEntities("desk", { last_seen: "2026-06-15T11:00:00+00:00" });
    await desk.show();
    desk.head().click();
    desk.house.change({
      entities: { ...desk.house.hass.entities, "binary_sensor.desk_online": { entity_id: "x", platform: "getscreen" } },
    });
    await refresh(desk.card, desk.house);
    desk.head().click();
    desk.house.change({ entities: {} });
    await refresh(desk.card, desk.house);
    desk.head().click();
    expect(opened).toEqual([{ entityId: "binary_sensor.desk_online" }, { entityId: "sensor.desk_last_seen" }]);
  });

  test("its texts once they are loaded", async () => {
    desk.house.change({ localize: () => "" });
    await desk.show();
    expect(buttons(desk.card)).toEqual(["Desk Online", CONNECT, REBOOT]);
    desk.house.change({ localize: (key, values) => localize(key, values).replace("Connect", "Verbinden") });
    await refresh(desk.card, desk.house);
    expect(buttons(desk.card)).toEqual(["Desk Online", "Verbinden, Desk", REBOOT]);
  });
});

describe("Icons and the picture", () => {
  const PATH = "/api/image_proxy/image.desk?token=1";
  const pictureOf = (state: string): string => `https://house.test${PATH}&state=${state}`;
  const icons = (): string[] => all<HTMLElement & { icon?: string }>(desk.card, "getscreen-computer ha-icon").map(({ icon }) => icon ?? "");
  const picture = (): HTMLImageElement | undefined => all<HTMLImageElement>(desk.card, "img")[0];
  const row = () => only(desk.card, "getscreen-computer");
  const isIconHidden = (): boolean => only(desk.card, ".picture").classList.contains("loaded");

  beforeEach(() => {
    desk.house.addEntities("desk", { operating_system: "win", preview: undefined }).set("desk", "preview", "one", { entity_picture: PATH });
  });

  const look = async (): Promise<void> => {
    moveIntoView([row()]);
    await drawn(desk.card);
  };

  const answer = async (type: "load" | "error"): Promise<void> => {
    picture()?.dispatchEvent(new Event(type));
    await drawn(desk.card);
  };

  test("come once the row has come into view", async () => {
    await desk.show();
    expect([icons(), picture()]).toEqual([[], undefined]);
    await look();
    expect(icons()).toEqual(["mdi:microsoft-windows", "mdi:microsoft-windows", "mdi:remote-desktop", "mdi:power", "mdi:restart"]);
    expect(picture()?.src).toBe(pictureOf("one"));
    expect([picture()?.alt, picture()?.getAttribute("loading"), picture()?.hidden]).toEqual(["", "lazy", false]);
  });

  test("The icon gives way to the picture once that is loaded, and comes back if it fails", async () => {
    await desk.show();
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
    await desk.show();
    await look();
    await answer("load");
    const before = picture();
    await desk.set("preview", "two", { entity_picture: PATH });
    await desk.set("online", "off");
    expect(picture()).toBe(before);
    expect([picture()?.src, isIconHidden(), picture()?.className]).toEqual([pictureOf("two"), true, "loaded"]);
  });

  test("Without a picture, the icon is there; the next picture is a new one", async () => {
    await desk.show();
    await look();
    await answer("load");
    await desk.set("preview", "unavailable");
    expect([picture(), isIconHidden()]).toEqual([undefined, false]);
    await desk.set("preview", "two", { entity_picture: PATH });
    expect([picture()?.className, isIconHidden()]).toEqual(["", false]);
  });

  test("There is none where desktops are not wanted, and the buttons have titles in place of labels", async () => {
    await desk.show({ pictures: false });
    await look();
    expect(picture()).toBeUndefined();
    expect(row().hasAttribute("compact")).toBe(true);
    expect([CONNECT, REBOOT].map((name) => button(desk.card, name).title)).toEqual(["Connect", "Reboot"]);
    desk.card.setConfig({ type: "custom:getscreen-card" });
    await drawn(desk.card);
    expect(row().hasAttribute("compact")).toBe(false);
    expect([CONNECT, REBOOT].map((name) => button(desk.card, name).title)).toEqual(["", ""]);
    expect(picture()?.src).toBe(pictureOf("one"));
  });
});
