import { beforeEach, describe, expect, test } from "vitest";
import { focused } from "../focus.js";
import { defer, secondsAgo, settle } from "../house.js";
import { button, buttons, drawn, only, question, refresh, textOf, texts } from "../mount.js";
import { watchTabs } from "../tabs.js";
import { CONNECT, Desk, REBOOT, WAKE } from "./desk.js";

let desk: Desk;

beforeEach(() => {
  desk = new Desk();
});

describe("Wake", () => {
  beforeEach(() => {
    desk.house.set("desk", "online", "off");
  });

  test("shows that the computer is waking until it is online, which is read out", async () => {
    await desk.show();
    await desk.click(WAKE);
    expect([desk.state, desk.spoken, only(desk.card, ".computer").classList.contains("turning")]).toEqual([
      "Waking …",
      "Desk, Waking …",
      true,
    ]);
    expect(desk.house.calls).toEqual([{ action: "wake", data: {}, target: { device_id: "desk" } }]);
    await desk.set("online", "off", { last_seen: secondsAgo(60) });
    expect(desk.state).toBe("Waking …");
    await desk.set("online", "on");
    expect([desk.state, desk.spoken, desk.messages]).toEqual(["Online", "Desk, Online", []]);
    expect(only(desk.card, ".computer").classList.contains("turning")).toBe(false);
    await desk.pass(600_000);
    expect(desk.messages).toEqual([]);
  });

  test("is held: three clicks send one wake, also where the browser reflects no ARIA property", async () => {
    await desk.show();
    const wake = button(desk.card, WAKE);
    // Before the row is drawn again, and after it.
    wake.click();
    wake.click();
    await drawn(desk.card);
    expect(wake.getAttribute("aria-disabled")).toBe("true");
    wake.click();
    await drawn(desk.card);
    expect(desk.house.callsOf("wake")).toHaveLength(1);
    // Not disabled, or it would lose the focus.
    expect(wake.disabled).toBe(false);
  });

  test("holds the other buttons of the computer, and none of other computers", async () => {
    desk.house.set("desk", "online", "unknown").addComputer("till", { name: "Till", states: { online: "off" } });
    const { opened } = watchTabs();
    await desk.show();
    await desk.click(WAKE);
    for (const name of [CONNECT, REBOOT]) {
      expect(button(desk.card, name).getAttribute("aria-disabled")).toBe("true");
      await desk.click(name);
    }
    expect([opened, question(desk.card)]).toEqual([[], undefined]);
    expect(button(desk.card, "Wake, Till").getAttribute("aria-disabled")).toBe("false");
    await desk.click("Wake, Till");
    expect(desk.house.callsOf("wake").map(({ target }) => target)).toEqual([{ device_id: "desk" }, { device_id: "till" }]);
  });

  test("says after three minutes that the computer is still not online", async () => {
    await desk.show();
    await desk.click(WAKE);
    await desk.pass(179_999);
    expect([desk.state, desk.messages]).toEqual(["Waking …", []]);
    await desk.pass(1);
    const message = "Desk is still not online after three minutes.";
    expect([desk.state, desk.messages, desk.spoken]).toEqual(["Offline", [message], message]);
    expect(only(desk.card, ".message").classList.contains("error")).toBe(false);
    expect(button(desk.card, WAKE).getAttribute("aria-disabled")).toBe("false");
    await desk.click(WAKE);
    expect(desk.messages).toEqual([]);
  });

  test("The time starts with the answer", async () => {
    const answer = defer();
    desk.house.answers.wake = () => answer.promise;
    await desk.show();
    await desk.click(WAKE);
    await desk.pass(3_600_000);
    expect([desk.state, desk.messages]).toEqual(["Waking …", []]);
    answer.resolve();
    await settle();
    await desk.pass(180_000);
    expect(desk.messages).toHaveLength(1);
  });

  test("that was done before its answer has no time any longer", async () => {
    const answer = defer();
    desk.house.answers.wake = () => answer.promise;
    await desk.show();
    await desk.click(WAKE);
    await desk.set("online", "on");
    answer.resolve();
    await settle();
    await desk.pass(180_000);
    expect([desk.state, desk.messages]).toEqual(["Online", []]);
  });

  test("says nothing of a computer whose state is not known when the time is over, nor on a card that is gone", async () => {
    await desk.show();
    await desk.click(WAKE);
    await desk.set("online", "unavailable");
    await desk.pass(180_000);
    expect([desk.state, desk.messages]).toEqual(["Unavailable", []]);
    await desk.set("online", "off");
    await desk.click(WAKE);
    desk.card.remove();
    await desk.pass(180_000);
    document.body.append(desk.card);
    await drawn(desk.card);
    expect([desk.state, desk.messages]).toEqual(["Offline", []]);
  });

  test("that fails says why, and can be tried again", async () => {
    desk.house.answers.wake = () => Promise.reject({ code: 3 });
    await desk.show();
    await desk.click(WAKE);
    const message = "The connection to Home Assistant was lost. A command that was under way may have been carried out.";
    expect([desk.state, desk.messages, desk.spoken]).toEqual(["Offline", [message], `Desk, ${message}`]);
    expect(button(desk.card, WAKE).getAttribute("aria-disabled")).toBe("false");
    await desk.pass(180_000);
    expect(desk.messages).toEqual([message]);
  });

  test("by keyboard: the focus goes on to the computer once there is nothing to wake", async () => {
    await desk.show();
    button(desk.card, WAKE).focus();
    await desk.click(WAKE);
    expect(focused()).toBe(button(desk.card, WAKE));
    await desk.set("online", "on");
    expect(focused()).toBe(desk.head());
  });

  test("leaves a focus alone that is elsewhere", async () => {
    await desk.show();
    desk.head().focus();
    await desk.click(WAKE);
    await desk.set("online", "on");
    expect(focused()).toBe(desk.head());
    (focused() as HTMLElement).blur();
    await desk.set("online", "off");
    expect(focused()).toBe(document.body);
  });
});

describe("Reboot", () => {
  const agree = async (): Promise<void> => {
    await desk.click(REBOOT);
    await desk.click("Reboot");
  };

  test("asks first, and does nothing without an answer", async () => {
    await desk.show();
    await desk.click(REBOOT);
    const dialog = question(desk.card) as HTMLElement;
    expect(textOf(dialog)).toBe("Reboot Desk? Unsaved work on it is lost, and a remote session ends. Cancel Reboot");
    expect(button(desk.card, "Reboot").classList.contains("danger")).toBe(true);
    await desk.click("Cancel");
    expect([question(desk.card), desk.house.calls, desk.state]).toEqual([undefined, [], "Online"]);
  });

  test("is over once the computer went offline and came back", async () => {
    await desk.show();
    await agree();
    expect(desk.house.calls).toEqual([{ action: "reboot", data: {}, target: { device_id: "desk" } }]);
    expect([desk.state, desk.spoken]).toEqual(["Rebooting …", "Desk, Rebooting …"]);
    // Still the time before it.
    await desk.set("online", "on", { cpu: "busy" });
    expect([desk.state, desk.spoken]).toEqual(["Rebooting …", "Desk, Rebooting …"]);
    await desk.set("online", "off");
    expect([desk.state, buttons(desk.card).slice(1)]).toEqual(["Rebooting …", [WAKE]]);
    expect(button(desk.card, WAKE).getAttribute("aria-disabled")).toBe("true");
    await desk.set("online", "on");
    expect([desk.state, desk.spoken, desk.messages]).toEqual(["Online", "Desk, Online", []]);
  });

  test("says after three minutes that the computer was not seen going offline", async () => {
    await desk.show();
    await agree();
    await desk.pass(180_000);
    expect([desk.state, desk.messages]).toEqual([
      "Online",
      ["Desk was not seen going offline. It may have restarted between two looks, or not at all."],
    ]);
  });

  test("says after three minutes that the computer has not come back", async () => {
    await desk.show();
    await agree();
    await desk.set("online", "off");
    await desk.pass(180_000);
    expect([desk.state, desk.messages]).toEqual(["Offline", ["Desk is still not online after three minutes."]]);
  });

  test("asks no longer once its card is gone", async () => {
    await desk.show();
    await desk.click(REBOOT);
    desk.card.remove();
    document.body.append(desk.card);
    await drawn(desk.card);
    expect([question(desk.card), desk.house.calls]).toEqual([undefined, []]);
  });
});

describe("A computer that leaves the card", () => {
  beforeEach(() => {
    desk.house.set("desk", "online", "off").addComputer("till", { name: "Till", states: { online: "off" } });
  });

  test("while it is waking is read out, and its focus goes to the list", async () => {
    await desk.show({ online: false });
    button(desk.card, WAKE).focus();
    await desk.click(WAKE);
    await desk.set("online", "on");
    expect([texts(desk.card, ".name"), desk.spoken, focused()]).toEqual([["Till"], "Desk, Online", only(desk.card, "ul")]);
    await desk.pass(600_000);
    expect(desk.spoken).toBe("Desk, Online");
  });

  test("with the focus is read out", async () => {
    await desk.show({ online: false });
    desk.head().focus();
    await desk.set("online", "on");
    expect([desk.spoken, focused()]).toEqual(["Desk, Online", only(desk.card, "ul")]);
  });

  test("otherwise leaves in silence, and the focus where it is", async () => {
    await desk.show({ online: false });
    desk.head("Till").focus();
    await desk.set("online", "on");
    expect([texts(desk.card, ".name"), desk.spoken, focused()]).toEqual([["Till"], "", desk.head("Till")]);
  });

  test("with nothing known of it says nothing", async () => {
    await desk.show({ online: false });
    desk.head().focus();
    const { "binary_sensor.desk_online": _, ...states } = desk.house.hass.states;
    desk.house.change({ states });
    await refresh(desk.card, desk.house);
    expect([texts(desk.card, ".name"), desk.spoken, focused()]).toEqual([["Till"], "", only(desk.card, "ul")]);
  });
});
