import { beforeEach, describe, expect, test } from "vitest";
import { type ComputersConfig, chosenIds, findNotice, wantedComputers } from "../../src/state/computers.js";
import { Bench, record } from "../fleet-bench.js";
import { localizeNothing } from "../house.js";

type Options = Omit<ComputersConfig, "type">;

const configOf = (options: Options): ComputersConfig => ({ type: "custom:getscreen-card", ...options });

let bench: Bench;

/** Two accounts: desk, till and sleeper in one, laptop in the other. */
beforeEach(() => {
  bench = new Bench();
  bench.house.addAccount("entry").addAccount("other");
});

const load = (): Promise<void> =>
  bench.load(
    record({ device_id: "till", group: "Shop" }),
    record({ device_id: "desk" }),
    record({ device_id: "sleeper", group: "Shop", online: false }),
    record({ device_id: "laptop", account: "other", group: null, online: null }),
  );

const wanted = (options: Options) => wantedComputers(configOf(options), bench.fleet);

const notice = (options: Options = {}): string => findNotice(bench.hass, configOf(options), bench.fleet, wanted(options));

describe("The computers of a card", () => {
  test.each<[Options, string[]]>([
    [{}, ["till", "desk", "sleeper", "laptop"]],
    [{ device: "till" }, ["till"]],
    // In the order of the configuration, without duplicates.
    [{ devices: ["till", "desk", "till"] }, ["till", "desk"]],
    [{ device: "sleeper", devices: ["desk", "sleeper"] }, ["sleeper", "desk"]],
    [{ devices: [] }, ["till", "desk", "sleeper", "laptop"]],
    [{ device: "", account: "", group: "" }, ["till", "desk", "sleeper", "laptop"]],
    [{ account: "other" }, ["laptop"]],
    [{ account: "other", devices: ["desk", "laptop"] }, ["laptop"]],
    [{ group: "Shop" }, ["till", "sleeper"]],
    [{ online: true }, ["till", "desk"]],
    // A computer with unknown state is not offline.
    [{ online: false }, ["sleeper"]],
    [{ group: "Shop", online: true }, ["till"]],
    [{ devices: ["gone", "desk"] }, ["desk"]],
  ])("match the options %j", async (options, ids) => {
    await load();
    expect(wanted(options).map(({ device_id: id }) => id)).toEqual(ids);
  });

  test("are all for options that an editor has emptied", async () => {
    await load();
    expect(wanted({ online: null, devices: null } as unknown as Options)).toHaveLength(4);
  });

  test("are those that a configuration lists, each once", () => {
    expect(chosenIds(configOf({ device: "a", devices: ["b", "a", ""] }))).toEqual(["a", "b"]);
    expect(chosenIds(configOf({}))).toEqual([]);
  });
});

describe("The notice of a card", () => {
  const GONE = "A computer of this card is no longer in Home Assistant, or its device is disabled.";
  const NO_ACCOUNT = "The account to show here is no longer set up.";
  const NO_MATCH = "No computer matches the settings of this card.";
  const NOT_LOADED = "Getscreen.me is not set up, or failed to start. Check Settings > Devices & services.";
  const NONE = "No computers yet. Computers that are linked to the account appear here.";

  test.each<[Options, string]>([
    [{}, ""],
    [{ device: "desk" }, ""],
    [{ device: "gone" }, GONE],
    [{ devices: ["desk", "gone"] }, GONE],
    [{ account: "gone" }, NO_ACCOUNT],
    [{ group: "Nobody's" }, NO_MATCH],
    [{ account: "other", online: true }, NO_MATCH],
    [{ account: "other", devices: ["desk"] }, NO_MATCH],
  ])("%j", async (options, expected) => {
    await load();
    expect(notice(options)).toBe(expected);
  });

  test("says that there are no computers yet, in any account or in one", async () => {
    await bench.load();
    await bench.send({ available: { other: true } });
    expect([notice(), notice({ account: "entry" })]).toEqual([NONE, NONE]);
  });

  test("says that an account is unavailable if its computers were never known", async () => {
    await bench.load();
    await bench.send({ available: { entry: false } });
    expect(notice({ account: "entry" })).toBe("The account can't be reached at the moment.");
  });

  test("says that an account is unavailable since the start of Home Assistant, not that a computer is gone", async () => {
    bench.house.addComputer("desk").addComputer("laptop", { entry: "other" });
    await bench.load(record({ device_id: "laptop", account: "other" }));
    await bench.send({ available: { entry: false, other: true } });
    const UNREACHABLE = "The account can't be reached at the moment.";
    expect([notice({ device: "desk" }), notice({ devices: ["laptop", "desk"] })]).toEqual([UNREACHABLE, UNREACHABLE]);
    // Even during an outage, this computer is known to be removed.
    expect(notice({ devices: ["desk", "gone"] })).toBe(GONE);
    await bench.send({ available: { entry: true } });
    expect(notice({ device: "desk" })).toBe(GONE);
  });

  test("says that an account is unavailable if no account has computers", async () => {
    await bench.load();
    await bench.send({ available: { entry: true, other: false } });
    expect(notice()).toBe("The account can't be reached at the moment.");
    await bench.send({ available: { other: true } });
    expect(notice()).toBe(NONE);
  });

  test("is empty during an outage if the computers are known", async () => {
    await load();
    await bench.send({ available: { entry: false } });
    expect([notice(), notice({ group: "Shop" })]).toEqual(["", ""]);
  });

  test("says that the computers are loading if they can still arrive", () => {
    expect([notice(), notice({ account: "entry" }), notice({ device: "gone" }), notice({ account: "gone" })]).toEqual([
      "Loading",
      "Loading",
      "Loading",
      NO_ACCOUNT,
    ]);
  });

  test("says that the integration is not loaded, before anything else", async () => {
    await load();
    bench.house.change({ config: { state: "RUNNING", components: ["other"] } });
    expect([notice(), notice({ device: "gone" })]).toEqual([NOT_LOADED, NOT_LOADED]);
  });

  test("reports no error while Home Assistant starts", async () => {
    bench.house.change({ config: { state: "STARTING", components: [] } });
    expect(notice({ device: "desk" })).toBe("Home Assistant is starting");
    await load();
    expect(notice({ device: "desk" })).toBe("");
  });

  test("is the readable key until the texts are loaded", async () => {
    bench.house.change({ localize: localizeNothing });
    await bench.load();
    await bench.send({ available: { other: true } });
    expect(notice()).toBe("No devices");
  });
});
