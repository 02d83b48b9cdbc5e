import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { copyText, type OpenLink, openLink, type WaitingTab } from "../../src/home-assistant/links.js";
import { defer, flushPromises, House } from "../house.js";
import { type FakeTab, watchTabs, wholePage } from "../tabs.js";

const LINK = "https://getscreen.test/connect/secret";

const NO_LINK = "The server did not return a link. Try again.";

/** Open a link; `blocked` collects the functions that open it on another click. */
const open = (getLink: (tab: WaitingTab) => Promise<string>, { hass } = new House()) => {
  const blocked: OpenLink[] = [];
  const opening = openLink(hass, { getLink, waiting: "Connecting to Desk …", onBlocked: (again) => blocked.push(again) });
  return { opening, blocked };
};

const tabOf = (tabs: FakeTab[]): FakeTab => {
  if (tabs.length !== 1) throw new Error(`There are ${tabs.length} tabs`);
  return tabs[0] as FakeTab;
};

describe("A link", () => {
  test("opens in a new tab, which opens within the click and shows what it waits for", async () => {
    const { opened, tabs, visits } = watchTabs();
    const link = defer<string>();
    const { opening, blocked } = open(() => link.promise);
    expect(opened).toEqual([["", "_blank"]]);
    const tab = tabOf(tabs);
    expect([tab.document.title, tab.document.body.textContent]).toEqual(["Connecting to Desk …", "Connecting to Desk …"]);
    expect(tab.document.documentElement.style.colorScheme).toBe("light dark");
    // Removed before the link is opened, so that the linked page never has access.
    expect(tab.opener).toBeNull();
    link.resolve(LINK);
    await opening;
    expect(visits).toEqual([{ href: LINK, rel: "noreferrer", tab: tab.document }]);
    expect([tab.closed, blocked]).toEqual([false, []]);
  });

  test("may take a while, and its tab shows the progress until it is closed", async () => {
    const { tabs, visits } = watchTabs();
    const link = defer<string>();
    const waiting: WaitingTab[] = [];
    const { opening } = open((tab) => {
      waiting.push(tab);
      return link.promise;
    });
    const [shown] = waiting as [WaitingTab];
    shown.show("<b>Waking</b>");
    const { document } = tabOf(tabs);
    const progress = document.querySelector("progress");
    expect([document.title, document.body.textContent, document.querySelector("b"), shown.isClosed]).toEqual([
      "<b>Waking</b>",
      "<b>Waking</b>",
      null,
      false,
    ]);
    // The same element, or its animation would restart.
    shown.show("<b>Waking</b>");
    expect([...document.querySelectorAll("progress")]).toEqual([progress]);
    tabOf(tabs).close();
    shown.show("Connecting");
    expect([document.title, shown.isClosed]).toEqual(["<b>Waking</b>", true]);
    link.resolve(LINK);
    await opening;
    expect(visits).toEqual([]);
  });

  test("is not followed in a tab that the user has taken to another site, and the tab stays open", async () => {
    const { tabs, visits } = watchTabs();
    const waiting: WaitingTab[] = [];
    const links = [defer<string>(), defer<string>()];
    const openings = links.map(({ promise }) => {
      const wait = (tab: WaitingTab): Promise<string> => {
        waiting.push(tab);
        return promise;
      };
      return open(wait).opening;
    });
    for (const tab of tabs) {
      Object.defineProperty(tab, "document", {
        get: () => {
          throw new DOMException("Blocked a frame", "SecurityError");
        },
      });
    }
    for (const tab of waiting) tab.show("Waking");
    expect(waiting.map(({ isClosed }) => isClosed)).toEqual([true, true]);
    links[0]?.resolve(LINK);
    links[1]?.reject(new Error("Asleep"));
    await openings[0];
    await expect(openings[1]).rejects.toThrow("Asleep");
    expect([visits, tabs.map(({ closed }) => closed)]).toEqual([[], [false, false]]);
  });

  test("without a waiting tab is not cancelled by a closed tab", async () => {
    watchTabs(null);
    const { opening, blocked } = open(async (tab) => {
      tab.show("Waking");
      return tab.isClosed ? "" : LINK;
    });
    await opening;
    expect(blocked).toHaveLength(1);
  });

  test("never appears in our page", async () => {
    const { visits } = watchTabs();
    const pages: string[] = [];
    const observer = new MutationObserver(() => pages.push(wholePage()));
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    await open(async () => LINK).opening;
    await flushPromises();
    observer.disconnect();
    expect(visits).toHaveLength(1);
    expect([...pages, wholePage(), location.href].join(" ")).not.toContain("secret");
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,hello",
    "file:///etc/passwd",
    "getscreen://connect",
    "xhttps://getscreen.test",
    "",
    "/relative",
    "no link",
  ])("is rejected: %j", async (link) => {
    const { tabs, visits } = watchTabs();
    await expect(open(async () => link).opening).rejects.toThrow(NO_LINK);
    expect([visits, tabOf(tabs).closed]).toEqual([[], true]);
  });

  test.each(["http://getscreen.test/", "https://getscreen.test/"])("may be %s", async (link) => {
    const { visits } = watchTabs();
    await open(async () => link).opening;
    expect(visits.map(({ href }) => href)).toEqual([link]);
  });

  test("is not opened if the user has closed the tab", async () => {
    const { tabs, visits } = watchTabs();
    const link = defer<string>();
    const { opening, blocked } = open(() => link.promise);
    tabOf(tabs).close();
    link.resolve(LINK);
    await opening;
    expect([visits, blocked]).toEqual([[], []]);
  });

  test("closes its tab when it fails", async () => {
    const { tabs, visits } = watchTabs();
    await expect(open(() => Promise.reject(new Error("Asleep"))).opening).rejects.toThrow("Asleep");
    expect([visits, tabOf(tabs).closed]).toEqual([[], true]);
  });
});

describe("A link without a tab", () => {
  test.each<[string, null | Window]>([
    ["the browser blocks it", null],
    ["Android's app returns the window itself", window],
  ])("opens with another click if %s", async (_, instead) => {
    const closed = vi.spyOn(window, "close").mockImplementation(() => undefined);
    const { opener } = window;
    const { opened, visits } = watchTabs(instead);
    const { title } = document;
    const { opening, blocked } = open(async () => LINK);
    await opening;
    expect([opened, visits, blocked.length]).toEqual([[["", "_blank"]], [], 1]);
    expect([document.title, window.opener]).toEqual([title, opener]);
    expect(wholePage()).not.toContain("Connecting");
    blocked[0]?.();
    expect(opened.slice(1)).toEqual([[LINK, "_blank", "noopener,noreferrer"]]);
    expect(closed).not.toHaveBeenCalled();
  });

  test("is the only way in the companion apps, which open no tab", async () => {
    const { opened } = watchTabs();
    const { opening, blocked } = open(async () => LINK, new House({ auth: { external: {} } }));
    await opening;
    expect([opened, blocked.length]).toEqual([[], 1]);
    blocked[0]?.();
    expect(opened).toEqual([[LINK, "_blank", "noopener,noreferrer"]]);
  });

  test("is not needed in a browser with authentication", async () => {
    const { opened } = watchTabs();
    await open(async () => LINK, new House({ auth: {} })).opening;
    expect(opened).toHaveLength(1);
  });

  test.each(["javascript:alert(1)", "none"])("is rejected too: %s", async (link) => {
    watchTabs(null);
    const { opening, blocked } = open(async () => link);
    await expect(opening).rejects.toThrow(NO_LINK);
    expect(blocked).toEqual([]);
  });

  test("closes none of our windows when it fails", async () => {
    const closed = vi.spyOn(window, "close").mockImplementation(() => undefined);
    watchTabs(window);
    await expect(open(() => Promise.reject(new Error("Asleep"))).opening).rejects.toThrow("Asleep");
    expect(closed).not.toHaveBeenCalled();
  });
});

describe("Copying a text", () => {
  let root: ShadowRoot;

  beforeEach(() => {
    root = document.body.appendChild(document.createElement("div")).attachShadow({ mode: "open" });
  });

  afterEach(() => {
    Reflect.deleteProperty(document, "execCommand");
  });

  /** Simulate `execCommand` with a result, and return its calls with the text that was selected each time. */
  const copyWithoutClipboard = (answer: boolean): [string, boolean, string | null][] => {
    const copied: [string, boolean, string | null][] = [];
    document.execCommand = (command) => {
      const field = root.querySelector("textarea");
      const selected = field?.value.slice(field.selectionStart, field.selectionEnd) ?? "";
      copied.push([`${command} ${selected}`, field?.readOnly ?? false, field?.getAttribute("aria-hidden") ?? null]);
      return answer;
    };
    return copied;
  };

  test("uses the clipboard if there is one", async () => {
    const written: string[] = [];
    vi.stubGlobal("navigator", { clipboard: { writeText: async (value: string) => written.push(value) } });
    const copied = copyWithoutClipboard(true);
    expect(await copyText("https://getscreen.test/i", root)).toBe(true);
    expect([written, copied]).toEqual([["https://getscreen.test/i"], []]);
  });

  test.each<[string, object]>([
    ["there is no clipboard, as without HTTPS", {}],
    ["the clipboard rejects the text", { clipboard: { writeText: () => Promise.reject(new Error("Denied")) } }],
  ])("uses execCommand if %s", async (_, navigator) => {
    vi.stubGlobal("navigator", navigator);
    const copied = copyWithoutClipboard(true);
    expect(await copyText("https://getscreen.test/i", root)).toBe(true);
    expect(copied).toEqual([["copy https://getscreen.test/i", true, "true"]]);
    expect(root.children).toHaveLength(0);
  });

  test("returns false if neither works", async () => {
    vi.stubGlobal("navigator", {});
    copyWithoutClipboard(false);
    expect(await copyText("https://getscreen.test/i", root)).toBe(false);
    expect(root.children).toHaveLength(0);
  });
});
