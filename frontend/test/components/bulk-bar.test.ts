import { beforeEach, describe, expect, test } from "vitest";
import type { Computer } from "../../src/state/fleet.js";
import { record } from "../fleet-bench.js";
import { focused } from "../focus.js";
import { all, button, buttons, only, question, textOf, texts } from "../mount.js";
import { ComputersBench } from "./computers-bench.js";

let bench: ComputersBench;

const computersOf = (count: number, change: Partial<Computer> = {}): Computer[] =>
  Array.from({ length: count }, (_, number) => record({ device_id: `pc${number + 1}`, name: `PC ${number + 1}`, group: null, ...change }));

beforeEach(() => {
  bench = new ComputersBench();
});

const bar = (): HTMLElement => only(bench.card, "getscreen-bulk-bar");

/** Start selecting, and select all computers. */
const select = async (computers: Computer[]): Promise<void> => {
  await bench.show({ toolbar: true }, computers);
  await bench.click("Select computers");
  await bench.click("Select all");
};

const wake = async (count: number): Promise<void> => {
  await select(computersOf(count, { online: false }));
  await bench.click(`Wake (${count})`);
};

describe("The selection", () => {
  test("shows how many computers are selected and how many each command reaches", async () => {
    await select([...computersOf(2), record({ device_id: "off", name: "Off", online: false, group: null })]);
    expect(buttons(bar())).toEqual(["Select all", "Wake (1)", "Reboot (2)", "Refresh hardware (3)", "Exit selection mode"]);
    expect(only(bar(), "[role=group]").getAttribute("aria-label")).toBe("Selected: 3");
    await bench.click("Off Offline");
    expect([texts(bar(), ".text"), buttons(bar())[1]]).toEqual([["Selected: 2"], "Wake (0)"]);
    expect(button(bar(), "Wake (0)").disabled).toBe(true);
  });

  test("drops a computer that leaves the account", async () => {
    await select(computersOf(3, { online: false }));
    await bench.send({ removed: ["pc2"], computers: computersOf(1) });
    await bench.click("Wake (1)");
    expect(bench.house.callsOf("wake").map(({ target }) => target)).toEqual([{ device_id: "pc3" }]);
  });

  test("of all selects what the filter shows", async () => {
    await bench.show({ toolbar: true }, [...computersOf(2), record({ device_id: "off", name: "Off", online: false, group: null })]);
    await bench.click("Offline 1");
    await bench.click("Select computers");
    await bench.click("Select all");
    expect(texts(bar(), ".text")).toEqual(["Selected: 1"]);
  });

  test("of all skips the computers in collapsed groups", async () => {
    await bench.show({ toolbar: true, collapsed: true }, [record()]);
    await bench.click("Select computers");
    await bench.click("Select all");
    expect(texts(bar(), ".text")).toEqual(["Selected: 0"]);
  });

  test("passes the keyboard focus to the progress of its command", async () => {
    await select(computersOf(2, { online: false }));
    button(bar(), "Wake (2)").focus();
    await bench.click("Wake (2)");
    expect([buttons(bar()), focused()?.getAttribute("data-bulk")]).toEqual([["Cancel the remaining commands"], "wake"]);
  });

  test("can be ended", async () => {
    await select(computersOf(2));
    await bench.click("Exit selection mode");
    expect([bench.bars, bench.selected]).toEqual([[], []]);
  });

  test("names the connected users in the question", async () => {
    await select(computersOf(2, { session: { start: "2026-06-15T11:00:00Z", country: null, city: null } }));
    await bench.click("Reboot (2)");
    expect(textOf(question(bench.card) as HTMLElement)).toContain("Remote sessions that will end: 2 (PC 1, PC 2).");
    expect(bench.house.calls).toEqual([]);
  });
});

describe("A command", () => {
  test("shows its progress in one line, which can be dismissed", async () => {
    await wake(2);
    const progress = () => all<HTMLProgressElement>(bar(), "progress").map(({ value, max }) => [value, max]);
    expect([texts(bar(), ".text"), progress(), bench.spoken]).toEqual([["0 of 2 are online"], [[0, 2]], "0 of 2 are online"]);
    expect(only(bar(), "progress").getAttribute("aria-label")).toBe("0 of 2 are online");
    await bench.send({ computers: computersOf(1) });
    expect([texts(bar(), ".text"), progress()]).toEqual([["1 of 2 are online"], [[1, 2]]]);
    await bench.send({ computers: computersOf(2) });
    expect([texts(bar(), ".text"), progress(), bench.spoken]).toEqual([["2 of 2 are online"], [], "2 of 2 are online"]);
    await bench.click("Dismiss");
    expect(bench.bars).toEqual([]);
  });

  test("disables other commands while it runs", async () => {
    await wake(2);
    await bench.click("Select computers");
    await bench.click("Select all");
    expect(["Wake (2)", "Refresh hardware (2)"].map((name) => button(bar(), name).disabled)).toEqual([true, true]);
    await bench.send({ computers: computersOf(2) });
    expect(button(bar(), "Refresh hardware (2)").disabled).toBe(false);
  });

  test("can be cancelled: nothing more is sent, and computers that got it are still followed", async () => {
    bench.house.answers.wake = () => new Promise((resolve) => setTimeout(resolve, 1_000));
    await wake(6);
    await bench.click("Cancel the remaining commands");
    await bench.pass(1_000);
    expect([bench.house.callsOf("wake").length, texts(bar(), ".text")]).toEqual([4, ["0 of 6 are online"]]);
    await bench.send({ computers: computersOf(4) });
    expect([texts(bar(), ".text"), buttons(bar())]).toEqual([["4 of 6 are online"], ["Dismiss"]]);
  });

  test("lists each reason of a failure once, never as HTML", async () => {
    bench.house.answers.wake = () => Promise.reject(new Error("<b>Limited</b>"));
    await wake(5);
    expect([texts(bar(), "li"), all(bar(), "b")]).toEqual([["<b>Limited</b>"], []]);
  });

  test("lists ten failed computers and says how many more failed", async () => {
    await wake(12);
    await bench.send({ removed: computersOf(12).map(({ device_id: id }) => id) });
    expect(texts(bar(), "li")).toHaveLength(10);
    expect(textOf(bar())).toContain("And 2 more");
  });

  test("continues during an outage of the account and then says that the result is unknown", async () => {
    await wake(1);
    await bench.send({ available: { entry: false } });
    await bench.pass(180_000);
    expect(texts(bar(), "li")).toEqual([
      "The result for PC 1 is unknown: the account cannot be reached, or the computer was removed from it.",
    ]);
  });

  test("counts computers that are back after a reboot, and those whose hardware was read", async () => {
    await select(computersOf(1));
    await bench.click("Reboot (1)");
    await bench.click("Reboot", {}, question(bench.card));
    expect(texts(bar(), ".text")).toEqual(["0 of 1 are back online"]);
    await bench.send({ computers: computersOf(1, { online: false }) });
    await bench.send({ computers: computersOf(1) });
    expect(texts(bar(), ".text")).toEqual(["1 of 1 are back online"]);
    await bench.click("Select computers");
    await bench.click("Select all");
    await bench.click("Refresh hardware (1)");
    expect(texts(bar(), ".text")).toEqual(["1 of 1 are refreshed"]);
  });
});
