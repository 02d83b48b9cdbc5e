import { html, LitElement, type TemplateResult } from "lit";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type Line, VirtualLines } from "../../src/components/virtual-lines.js";
import { flushPromises } from "../house.js";
import { ROW_HEIGHT, resize, scrollPage } from "../layout.js";
import { all, drawn } from "../mount.js";

/** A list that draws the lines in view. */
class TestLines extends LitElement {
  lines: Line[] = [];
  pinnedIndex = -1;
  readonly virtual = new VirtualLines(this, () => this.renderRoot.querySelector<HTMLElement>(".list"));

  protected override willUpdate(): void {
    this.virtual.use(this.lines, this.pinnedIndex);
  }

  protected override render(): TemplateResult {
    const { placed, height } = this.virtual;
    return html`<div class="list compact" style="height: ${height}px">${placed.map(
      ({ index, top }) => html`<div class="line" data-index=${index} style="top: ${top}px"></div>`,
    )}</div>`;
  }
}
customElements.define("test-lines", TestLines);

let list: TestLines;

const linesOf = (count: number, size = ROW_HEIGHT): Line[] =>
  Array.from({ length: count }, (_, number) => ({ key: `line${number}`, size }));

const show = async (count: number, place: Element = document.body): Promise<void> => {
  list = document.createElement("test-lines") as TestLines;
  list.lines = linesOf(count);
  place.append(list);
  await draw();
};

const draw = async (): Promise<void> => {
  for (let round = 0; round < 3; round++) await drawn(list);
  await flushPromises();
};

/** The indexes of the drawn lines. */
const indexes = (): number[] => all(list, ".line").map(({ dataset }) => Number(dataset.index));
const ends = (): [number | undefined, number | undefined] => [indexes()[0], indexes()[indexes().length - 1]];
const tops = (): string[] => all(list, ".line").map(({ style }) => style.top);
const height = (): string | undefined => all(list, ".list")[0]?.style.height;

/** Number of lines that fill the page. */
const PAGE = 10;

beforeEach(() => {
  vi.spyOn(window, "innerHeight", "get").mockReturnValue(PAGE * ROW_HEIGHT);
});

describe("A long list", () => {
  test("draws the lines in view and four more", async () => {
    await show(5_000);
    const [first, last] = ends();
    expect([first, (last ?? 0) - PAGE <= 4, height(), tops().slice(0, 2)]).toEqual([
      0,
      true,
      `${5_000 * ROW_HEIGHT}px`,
      ["0px", `${ROW_HEIGHT}px`],
    ]);
  });

  test("draws other lines as the user scrolls", async () => {
    await show(5_000);
    scrollPage(1_000 * ROW_HEIGHT);
    await draw();
    const [first, last] = ends();
    expect([first, (last ?? 0) - 1_000 - PAGE <= 4, tops()[0]]).toEqual([996, true, `${996 * ROW_HEIGHT}px`]);
  });

  test("keeps the focused line wherever the user scrolls", async () => {
    await show(5_000);
    list.pinnedIndex = 2;
    scrollPage(1_000 * ROW_HEIGHT);
    list.requestUpdate();
    await draw();
    expect(indexes().slice(0, 2)).toEqual([2, 996]);
    list.pinnedIndex = 6_000;
    list.requestUpdate();
    await draw();
    expect(ends()[0]).toBe(996);
  });

  test("draws fewer lines once it is shorter", async () => {
    await show(5_000);
    list.lines = linesOf(3);
    list.requestUpdate();
    await draw();
    expect([indexes(), height()]).toEqual([[0, 1, 2], `${3 * ROW_HEIGHT}px`]);
    list.lines = [];
    list.requestUpdate();
    await draw();
    expect([indexes(), height()]).toEqual([[], "0px"]);
  });

  test("measures the lines once they are drawn", async () => {
    await show(1);
    list.lines = linesOf(3, 10);
    list.requestUpdate();
    await draw();
    expect(height()).toBe("30px");
    for (const line of all(list, ".line")) resize(line, 100);
    await draw();
    expect([tops(), height()]).toEqual([["0px", `${ROW_HEIGHT}px`, `${2 * ROW_HEIGHT}px`], `${3 * ROW_HEIGHT}px`]);
  });
});

describe("The scrolling page", () => {
  const addedListeners = (): string[] => vi.mocked(window.addEventListener).mock.calls.map(([type]) => type);
  const removedListeners = (): string[] => vi.mocked(window.removeEventListener).mock.calls.map(([type]) => type);

  test("is listened to only while the list is in the page", async () => {
    vi.spyOn(window, "addEventListener");
    vi.spyOn(window, "removeEventListener");
    await show(100);
    expect(addedListeners()).toContain("scroll");
    const { length } = addedListeners();
    list.remove();
    expect([...removedListeners()].sort()).toEqual([...addedListeners()].sort());
    expect([list.virtual.height, list.virtual.placed]).toEqual([0, []]);
    document.body.append(list);
    await draw();
    expect([addedListeners().length > length, ends()[0]]).toEqual([true, 0]);
  });

  test("scrolls to a line that is out of view", async () => {
    const scrolled = vi.spyOn(window, "scrollTo").mockImplementation(() => undefined);
    await show(100);
    list.virtual.scrollTo(50);
    expect(scrolled).toHaveBeenCalled();
  });
});

describe("The scrolling element", () => {
  test("may be an element around the list, across shadow roots", async () => {
    const scroller = document.body.appendChild(document.createElement("div"));
    scroller.style.overflowY = "auto";
    const scrollTo = vi.spyOn(scroller, "scrollTo").mockImplementation(() => undefined);
    const inner = scroller.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
    await show(5_000, inner.appendChild(document.createElement("div")));
    list.virtual.scrollTo(1_000);
    expect(scrollTo).toHaveBeenCalled();
  });

  test("may be in the shadow root into whose slot the list is put", async () => {
    const host = document.body.appendChild(document.createElement("div"));
    const shadow = host.attachShadow({ mode: "open" });
    shadow.innerHTML = `<div style="overflow-y: scroll"><slot></slot></div>`;
    const scroller = shadow.querySelector("div") as HTMLElement;
    const scrollTo = vi.spyOn(scroller, "scrollTo").mockImplementation(() => undefined);
    await show(5_000, host);
    list.remove();
    // happy-dom does not support this property.
    Object.defineProperty(list, "assignedSlot", { value: shadow.querySelector("slot") });
    host.append(list);
    await draw();
    list.virtual.scrollTo(1_000);
    expect(scrollTo).toHaveBeenCalled();
  });
});
