import { beforeEach, describe, expect, test } from "vitest";
import { connectedPerson, connectedText } from "../../src/state/connected-person.js";
import type { Computer } from "../../src/state/fleet.js";
import { record } from "../fleet-bench.js";
import { House, stopClock } from "../house.js";

let house: House;
let number = 0;

/** Return a computer with a session, whose id no other test uses. */
const inSession = (start = "2026-06-15T11:53:00Z"): Computer => {
  number += 1;
  return record({ device_id: `desk${number}`, session: { start, country: null, city: null } });
};

const running = (...logins: (string | null)[]) => ({ sessions: [{ end: null, clients: logins.map((login) => ({ login })) }] });

beforeEach(() => {
  stopClock();
  house = new House();
});

describe("The person who is connected", () => {
  test("is requested once for each session", async () => {
    house.answers.get_history = () => running("maria", null, "nora");
    const computer = inSession();
    expect(await connectedPerson(house.hass, computer)).toBe("maria, nora");
    expect(await connectedPerson(house.hass, { ...computer })).toBe("maria, nora");
    expect(house.callsOf("get_history")).toHaveLength(1);
    house.answers.get_history = () => running("otto");
    const session = { start: "2026-06-15T11:59:00Z", country: null, city: null };
    expect(await connectedPerson(house.hass, { ...computer, session })).toBe("otto");
  });

  test("is requested again after a failure", async () => {
    house.answers.get_history = () => Promise.reject({ code: 3 });
    const computer = inSession();
    expect(await connectedPerson(house.hass, computer)).toBeUndefined();
    house.answers.get_history = () => running("maria");
    expect(await connectedPerson(house.hass, computer)).toBe("maria");
  });

  test("is undefined without a session, and nothing is requested", async () => {
    expect(await connectedPerson(house.hass, record())).toBeUndefined();
    expect(house.calls).toEqual([]);
  });
});

describe("The sentence about the connected user", () => {
  const sentenceOf = (session: Partial<NonNullable<Computer["session"]>>, person?: string): string => {
    house.change({
      locale: { language: "en", time_format: "24", time_zone: "server" },
      config: { ...house.hass.config, time_zone: "UTC" },
    });
    return connectedText(house.hass, { start: "2026-06-15T11:53:00Z", country: null, city: null, ...session }, person);
  };

  test.each<[string, object, string | undefined]>([
    ["Somebody has been connected since 11:53 (for 7 min).", {}, undefined],
    ["Somebody from Portugal has been connected since 11:53 (for 7 min).", { country: "Portugal" }, undefined],
    ["maria has been connected since 11:53 (for 7 min).", {}, "maria"],
    ["maria from Lisbon, Portugal has been connected since 11:53 (for 7 min).", { city: "Lisbon", country: "Portugal" }, "maria"],
    ["Somebody has been connected since Jun 14, 2026, 20:00 (for 16 h).", { start: "2026-06-14T20:00:00Z" }, undefined],
  ])("may be: %s", (sentence, session, person) => {
    expect(sentenceOf(session, person)).toBe(sentence);
  });
});
