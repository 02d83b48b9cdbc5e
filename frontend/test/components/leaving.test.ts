/** Cards that leave the page, return to it or change during a request, and what happens to their commands and secrets. */

import type { LitElement } from "lit";
import { expect, test, vi } from "vitest";
import { defer, flushPromises, localize } from "../house.js";
import { all, drawn, only, refresh } from "../mount.js";
import { watchTabs } from "../tabs.js";
import { invitation, SupportBench } from "./support-bench.js";

const LINK = "https://getscreen.test/secret";

const submit = async (bench: SupportBench): Promise<void> => {
  bench.field.form?.dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
};

const come = async (card: LitElement): Promise<void> => {
  document.body.append(card);
  await drawn(card);
};

test("A blocked quick-support link is dropped when the card leaves the page", async () => {
  watchTabs(null);
  const bench = new SupportBench();
  bench.list(invitation(1, { status: "client_joined" }));
  await bench.show();
  bench.house.answers.get_invitation = async () => ({ connect_url: LINK });
  await bench.click("Connect, Client 1");
  await bench.pass(0);
  expect(all(bench.card, ".open")).toHaveLength(1);
  bench.card.remove();
  await come(bench.card);
  expect(all(bench.card, ".open")).toHaveLength(0);
});

test("Connecting to an invitation and closing it are disabled independently", async () => {
  watchTabs();
  const bench = new SupportBench();
  bench.list(invitation(1, { status: "client_joined" }));
  await bench.show();
  const link = defer<object>();
  bench.house.answers.get_invitation = () => link.promise;
  bench.house.answers.close_invitation = () => new Promise(() => undefined);
  await bench.click("Connect, Client 1");
  only<HTMLElement>(bench.card, ".close").click();
  await bench.pass(0);
  only<HTMLElement>(bench.card, "dialog .danger").click();
  await bench.pass(0);
  only<HTMLElement>(bench.card, ".connect").click();
  link.resolve({ connect_url: LINK });
  await bench.pass(0);
  expect(bench.house.callsOf("get_invitation")).toHaveLength(1);
  expect(only<HTMLButtonElement>(bench.card, ".close").disabled).toBe(true);
});

test("A typed name stays if the invitation fails while the card is not in the page", async () => {
  const bench = new SupportBench();
  bench.list();
  await bench.show();
  bench.field.value = "Nora";
  const created = defer<object>();
  bench.house.answers.create_invitation = () => created.promise;
  await submit(bench);
  bench.card.remove();
  created.reject({ code: 3 });
  await flushPromises();
  await come(bench.card);
  expect(bench.field.value).toBe("Nora");
});

test("Removing an account while an invitation is created causes no error", async () => {
  const bench = new SupportBench();
  bench.list();
  await bench.show();
  const created = defer<object>();
  bench.house.answers.create_invitation = () => created.promise;
  await submit(bench);
  bench.house.remove(`account_${bench.entry}`);
  await refresh(bench.card, bench.house);
  created.resolve(invitation(1));
  await bench.pass(0);
  expect(bench.messages.join()).not.toContain("null");
});

test("The reason of a failed list follows the language", async () => {
  const bench = new SupportBench();
  bench.house.answers.list_invitations = () => {
    throw { code: 3 };
  };
  await bench.show();
  bench.house.change({
    language: "de",
    localize: (key, values) => (key.endsWith("card_connection_lost") ? "Verbindung verloren" : localize(key, values)),
  });
  await refresh(bench.card, bench.house);
  await bench.pass(0);
  expect(bench.messages.join()).toContain("Verbindung verloren");
});

test("A failure whose text arrives late does not replace a newer one", async () => {
  const bench = new SupportBench();
  const texts = defer<typeof localize>();
  bench.house.change({ loadBackendTranslation: (category) => (category === "exceptions" ? texts.promise : Promise.resolve(localize)) });
  bench.house.answers.list_invitations = () => {
    throw { translation_domain: "getscreen", translation_key: "unheard_of", message: "Older" };
  };
  await bench.show();
  expect(all(bench.card, "[role=alert]")).toHaveLength(0);
  // Without its text, the error has no button to try again, so a change of the account triggers the next request.
  bench.house.answers.list_invitations = () => {
    throw { code: 3 };
  };
  await bench.notice("1");
  await bench.pass(500);
  const newer = bench.messages.join();
  texts.resolve(localize);
  await bench.pass(0);
  expect(newer).not.toBe("");
  expect(bench.messages.join()).toBe(newer);
});

test("An invitation that is removed while its link is copied is still reported as copied", async () => {
  const toasts = vi.fn();
  document.body.addEventListener("hass-notification", toasts, { once: true });
  const bench = new SupportBench();
  bench.list(invitation(1));
  await bench.show();
  const written = defer<void>();
  vi.stubGlobal("navigator", { clipboard: { writeText: () => written.promise } });
  only<HTMLElement>(bench.card, ".copy").click();
  bench.list();
  await bench.notice("1");
  written.resolve();
  await bench.pass(0);
  expect(toasts).toHaveBeenCalledOnce();
});
