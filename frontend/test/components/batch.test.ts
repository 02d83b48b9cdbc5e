import { beforeEach, describe, expect, test } from "vitest";
import { Batch } from "../../src/components/batch.js";
import type { BulkAction } from "../../src/state/bulk.js";
import type { Computer } from "../../src/state/fleet.js";
import { FleetBench, record } from "../fleet-bench.js";
import { flushPromises } from "../house.js";
import { button, question } from "../mount.js";

const COMPUTERS = ["a", "b", "c", "d"].map((id) => record({ device_id: id, name: id.toUpperCase(), online: false }));

let bench: FleetBench;
let batch: Batch;
let shown: Computer[];
let changes: number;

beforeEach(async () => {
  bench = new FleetBench();
  shown = COMPUTERS;
  changes = 0;
  batch = new Batch(
    bench,
    () => bench.fleet,
    () => shown,
    () => {
      changes += 1;
    },
  );
  await bench.load(...COMPUTERS);
});

const selected = (): string[] => COMPUTERS.map(({ device_id: id }) => id).filter((id) => batch.has(id));

const send = async (action: BulkAction, computers = COMPUTERS.slice(0, 2)): Promise<void> => {
  batch.command(action, computers);
  await flushPromises();
};

describe("The selection", () => {
  test("starts with the first selected computer or empty", () => {
    expect(batch.isSelecting).toBe(false);
    batch.select("b", false);
    expect([batch.isSelecting, selected(), changes]).toEqual([true, ["b"], 1]);
    batch.endSelecting();
    expect([batch.isSelecting, selected(), changes]).toEqual([false, [], 2]);
    batch.startSelecting();
    expect([batch.isSelecting, selected(), changes]).toEqual([true, [], 3]);
  });

  test("is read out, because a key press does not move the focus", () => {
    batch.startSelecting();
    batch.select("b", false);
    batch.select("d", true);
    batch.endSelecting();
    expect(bench.spoken).toEqual(["Selected: 0", "Selected: 1", "Selected: 3"]);
  });

  test("continues after its last computer is deselected", () => {
    batch.select("b", false);
    batch.select("b", false);
    expect([batch.isSelecting, selected()]).toEqual([true, []]);
  });

  test("of a range follows the order in which the computers are shown", () => {
    shown = [...COMPUTERS].reverse();
    batch.select("c", false);
    batch.select("a", true);
    expect(selected()).toEqual(["a", "b", "c"]);
  });

  test("of all selects every shown computer or deselects all", () => {
    shown = COMPUTERS.slice(1);
    batch.selectAll();
    expect(selected()).toEqual(["b", "c", "d"]);
    batch.selectComputers(COMPUTERS.slice(1, 2));
    expect(selected()).toEqual(["c", "d"]);
    batch.selectAll();
    batch.selectAll();
    expect([selected(), batch.isSelecting]).toEqual([[], true]);
  });

  test("drops computers that are no longer shown, so that no command reaches them", () => {
    batch.selectAll();
    batch.restrictTo(COMPUTERS.slice(2));
    expect(selected()).toEqual(["c", "d"]);
  });
});

describe("A command", () => {
  test("is sent to many computers, ends the selection and is read out", async () => {
    batch.selectAll();
    await send("wake");
    expect([selected(), batch.isSelecting, batch.bulk?.total]).toEqual([[], false, 2]);
    expect(bench.spoken).toEqual(["Selected: 4", "0 of 2 are online"]);
    expect(bench.house.callsOf("wake").map(({ target }) => target)).toEqual([{ device_id: "a" }, { device_id: "b" }]);
  });

  test("is read out again when it has finished, not at each step", async () => {
    await send("wake");
    await bench.change({ online: true }, "a");
    expect(bench.spoken).toHaveLength(1);
    await bench.change({ online: true }, "b");
    expect(bench.spoken).toEqual(["0 of 2 are online", "2 of 2 are online"]);
  });

  test("is read out with the reason when it has failed", async () => {
    bench.house.answers.refresh_hardware = () => Promise.reject(new Error("The request limit is reached"));
    await send("refresh_hardware");
    expect(bench.spoken[1]).toBe("0 of 2 are refreshed. The request limit is reached");
  });

  test("excludes other commands while it runs", async () => {
    await send("wake");
    await send("refresh_hardware");
    expect([batch.bulk?.action, bench.house.callsOf("refresh_hardware")]).toEqual(["wake", []]);
  });

  test("is not sent without computers or before they are known", async () => {
    await send("wake", []);
    const early = new Batch(
      bench,
      () => undefined,
      () => [],
      () => undefined,
    );
    early.command("wake", COMPUTERS);
    await flushPromises();
    expect([batch.bulk, early.bulk, bench.house.calls, bench.spoken]).toEqual([undefined, undefined, [], []]);
  });

  test("can be dismissed only when it has finished, and blocks others until then", async () => {
    batch.command("wake", [...COMPUTERS, record({ device_id: "e", online: false })]);
    batch.dismiss();
    await flushPromises();
    expect([bench.house.callsOf("wake").length, batch.bulk !== undefined]).toEqual([4, true]);
    for (const { device_id: id } of COMPUTERS) await bench.change({ online: true }, id);
    expect([batch.bulk?.isOver, bench.house.callsOf("wake").length]).toEqual([true, 4]);
    const before = changes;
    batch.dismiss();
    expect([batch.bulk, changes]).toEqual([undefined, before + 1]);
  });
});

describe("A reboot", () => {
  test("asks for confirmation", async () => {
    await send("reboot");
    expect([bench.house.calls, batch.bulk]).toEqual([[], undefined]);
    button(bench.card, "Reboot").click();
    await flushPromises();
    expect([bench.house.callsOf("reboot").length, batch.bulk?.action, question(bench.card)]).toEqual([2, "reboot", undefined]);
  });

  test("is not sent if another command runs when the user confirms", async () => {
    await send("reboot");
    await send("wake");
    button(bench.card, "Reboot").click();
    await flushPromises();
    expect([bench.house.callsOf("reboot"), batch.bulk?.action]).toEqual([[], "wake"]);
  });
});
