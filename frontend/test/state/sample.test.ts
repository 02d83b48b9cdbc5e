import { describe, expect, test } from "vitest";
import { sampleComputers } from "../../src/state/sample.js";
import { secondsAgo, stopClock } from "../house.js";

describe("The sample", () => {
  test("has a computer with a session, and an offline one that can be woken", () => {
    stopClock();
    const fields = sampleComputers().map(({ name, online, session, last_seen, wakeable }) => [
      name,
      online,
      session?.start,
      last_seen,
      wakeable,
    ]);
    expect(fields).toEqual([
      ["Reception PC", true, secondsAgo(720), null, null],
      ["Laptop", false, undefined, secondsAgo(7200), true],
    ]);
  });

  test("needs no request: everything is loaded, and its computers differ", () => {
    const all = sampleComputers();
    expect(all.map(({ preview }) => preview)).toEqual([null, null]);
    expect(new Set(all.map(({ device_id }) => device_id)).size).toBe(2);
  });
});
