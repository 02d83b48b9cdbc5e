import { beforeEach, describe, expect, test } from "vitest";
import { Selection } from "../../src/state/selection.js";

const IDS = ["a", "b", "c", "d", "e"];

let selection: Selection;

const chosen = (): string[] => [...selection.ids].sort();

beforeEach(() => {
  selection = new Selection();
});

describe("The selection", () => {
  test("toggles single computers", () => {
    selection.toggle("b");
    selection.toggle("d");
    expect([chosen(), selection.has("b"), selection.has("c")]).toEqual([["b", "d"], true, false]);
    selection.toggle("b");
    expect(chosen()).toEqual(["d"]);
  });

  test.each([
    ["b", "d", ["b", "c", "d"]],
    ["d", "b", ["b", "c", "d"]],
    ["c", "c", ["c"]],
  ])("extends from %s to %s", (from, to, expected) => {
    selection.toggle(from);
    selection.extendTo(to, IDS);
    expect(chosen()).toEqual(expected);
  });

  test("extends repeatedly from the same computer", () => {
    selection.toggle("c");
    selection.extendTo("e", IDS);
    selection.extendTo("b", IDS);
    expect(chosen()).toEqual(["b", "c", "d", "e"]);
  });

  test("extends only to the clicked computer if none was selected or it is not in the list", () => {
    selection.extendTo("b", IDS);
    expect(chosen()).toEqual(["b"]);
    selection.toggle("gone");
    selection.extendTo("d", IDS);
    selection.extendTo("d", IDS);
    expect(chosen()).toEqual(["b", "d", "gone"]);
    selection.extendTo("unknown", IDS);
    expect(selection.has("unknown")).toBe(true);
  });

  test("of all selects every computer, or none if all are selected", () => {
    selection.toggle("b");
    selection.toggleAll(["a", "b"]);
    expect(chosen()).toEqual(["a", "b"]);
    selection.toggle("e");
    selection.toggleAll(["a", "b"]);
    expect(chosen()).toEqual(["e"]);
  });

  test("is empty after the end", () => {
    selection.toggle("b");
    selection.clear();
    expect(chosen()).toEqual([]);
    // The next range does not start at the old anchor.
    selection.extendTo("d", IDS);
    expect(chosen()).toEqual(["d"]);
  });

  test("drops computers that have left", () => {
    selection.toggleAll(IDS);
    expect([selection.restrictTo(new Set(["a", "c", "z"])), chosen()]).toEqual([true, ["a", "c"]]);
    expect([selection.restrictTo(new Set(IDS)), chosen()]).toEqual([false, ["a", "c"]]);
  });
});
