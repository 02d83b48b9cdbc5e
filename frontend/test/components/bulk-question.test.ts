import { beforeEach, describe, expect, test, vi } from "vitest";
import { askBulkReboot } from "../../src/components/bulk-question.js";
import type { Computer } from "../../src/state/fleet.js";
import { Bench, record } from "../fleet-bench.js";
import { settle } from "../house.js";
import { all, button, question, textOf } from "../mount.js";

const SESSION = { start: "2026-06-15T11:53:00Z", country: null, city: null };

let bench: Bench;
let onYes: ReturnType<typeof vi.fn<() => void>>;

const used = (count: number): Computer[] =>
  Array.from({ length: count }, (_, number) => record({ device_id: `pc${number}`, name: `PC ${number + 1}`, session: SESSION }));

const ask = async (computers: Computer[]): Promise<string> => {
  askBulkReboot(bench, computers, onYes);
  await settle();
  return textOf(question(bench.card) as HTMLElement);
};

beforeEach(() => {
  bench = new Bench();
  onYes = vi.fn();
});

describe("The question before many computers are rebooted", () => {
  test.each([
    [
      "nobody is connected",
      [record(), record()],
      "Reboot these computers (2)? Nobody is connected to these computers. Unsaved work on these computers will be lost. Cancel Reboot",
    ],
    [
      "somebody is connected to some",
      [record(), ...used(2)],
      "Reboot these computers (3)? Remote sessions that will end: 2 (PC 1, PC 2). Unsaved work on these computers will be lost. Cancel Reboot",
    ],
    [
      "somebody is connected to many",
      used(6),
      "Reboot these computers (6)? Remote sessions that will end: 6 (PC 1, PC 2, PC 3, PC 4, PC 5 …). Unsaved work on these computers will be lost. Cancel Reboot",
    ],
  ])("says that %s", async (_, computers, said) => {
    expect(await ask(computers)).toBe(said);
  });

  test("does not render names as HTML", async () => {
    expect(await ask([record({ name: "<b>Desk</b>", session: SESSION })])).toContain("(<b>Desk</b>)");
    expect(all(bench.card, "b")).toEqual([]);
  });

  test("has a dangerous button that works once, and cancelling does nothing", async () => {
    await ask(used(1));
    button(bench.card, "Cancel").click();
    await settle();
    expect([onYes.mock.calls.length, question(bench.card)]).toEqual([0, undefined]);
    await ask(used(1));
    expect(button(bench.card, "Reboot").classList.contains("danger")).toBe(true);
    button(bench.card, "Reboot").click();
    await settle();
    expect(onYes).toHaveBeenCalledOnce();
  });
});
