import { beforeEach, expect, test, vi } from "vitest";
import { Command } from "../../src/state/command.js";
import { stopClock } from "../house.js";

beforeEach(() => stopClock());

test("A wake is done once the computer is online", () => {
  const wake = new Command("wake", "off");
  expect(["off", undefined, "on"].map((state) => wake.follow(state))).toEqual([false, false, true]);
});

test("A reboot is done once the computer went offline and came back", () => {
  const reboot = new Command("reboot", "on");
  expect(["on", undefined, "on", "off", undefined, "on"].map((state) => reboot.follow(state))).toEqual([
    false,
    false,
    false,
    false,
    false,
    true,
  ]);
});

test("Which text is shown when the time is over depends on what was seen", () => {
  const [wake, reboot] = [new Command("wake", "off"), new Command("reboot", "on")];
  expect([wake.timeoutText, reboot.timeoutText]).toEqual(["card_timeout", "card_not_seen"]);
  reboot.follow("off");
  expect(reboot.timeoutText).toBe("card_timeout");
});

test("The time is over after three minutes, once", () => {
  const onTimeout = vi.fn();
  new Command("wake", "off").startTimer(onTimeout);
  vi.advanceTimersByTime(179_999);
  expect(onTimeout).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onTimeout).toHaveBeenCalledOnce();
  vi.advanceTimersByTime(600_000);
  expect(onTimeout).toHaveBeenCalledOnce();
});

test("A command that is over has no time any longer, also if it ended before its answer came", () => {
  const onTimeout = vi.fn();
  const [timed, early] = [new Command("wake", "off"), new Command("wake", "off")];
  timed.startTimer(onTimeout);
  timed.end();
  early.end();
  early.startTimer(onTimeout);
  vi.advanceTimersByTime(600_000);
  expect(onTimeout).not.toHaveBeenCalled();
});

test("A reboot that began while the computer was offline is done once it is online", () => {
  expect(new Command("reboot", "off").follow("on")).toBe(true);
});
