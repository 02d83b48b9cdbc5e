/** Cards that leave the page, return to it or change during a request, and what happens to their commands and secrets. */

import type { LitElement } from "lit";
import { expect, test, vi } from "vitest";
import { defer, flushPromises, localize } from "../house.js";
import { all, drawn, only, refresh } from "../mount.js";
import { watchTabs } from "../tabs.js";
import { invitation, Office } from "./office.js";

const LINK = "https://getscreen.test/secret";

const submit = async (office: Office): Promise<void> => {
  office.field.form?.dispatchEvent(new Event("submit", { cancelable: true }));
  await flushPromises();
};

const come = async (card: LitElement): Promise<void> => {
  document.body.append(card);
  await drawn(card);
};

test("A blocked quick-support link is dropped when the card leaves the page", async () => {
  watchTabs(null);
  const office = new Office();
  office.list(invitation(1, { status: "client_joined" }));
  await office.show();
  office.house.answers.get_invitation = async () => ({ connect_url: LINK });
  await office.click("Connect, Client 1");
  await office.pass(0);
  expect(all(office.card, ".open")).toHaveLength(1);
  office.card.remove();
  await come(office.card);
  expect(all(office.card, ".open")).toHaveLength(0);
});

test("Connecting to an invitation and closing it are disabled independently", async () => {
  watchTabs();
  const office = new Office();
  office.list(invitation(1, { status: "client_joined" }));
  await office.show();
  const link = defer<object>();
  office.house.answers.get_invitation = () => link.promise;
  office.house.answers.close_invitation = () => new Promise(() => undefined);
  await office.click("Connect, Client 1");
  only<HTMLElement>(office.card, ".close").click();
  await office.pass(0);
  only<HTMLElement>(office.card, "dialog .danger").click();
  await office.pass(0);
  only<HTMLElement>(office.card, ".connect").click();
  link.resolve({ connect_url: LINK });
  await office.pass(0);
  expect(office.house.callsOf("get_invitation")).toHaveLength(1);
  expect(only<HTMLButtonElement>(office.card, ".close").disabled).toBe(true);
});

test("A typed name stays if the invitation fails while the card is not in the page", async () => {
  const office = new Office();
  office.list();
  await office.show();
  office.field.value = "Nora";
  const created = defer<object>();
  office.house.answers.create_invitation = () => created.promise;
  await submit(office);
  office.card.remove();
  created.reject({ code: 3 });
  await flushPromises();
  await come(office.card);
  expect(office.field.value).toBe("Nora");
});

test("Removing an account while an invitation is created causes no error", async () => {
  const office = new Office();
  office.list();
  await office.show();
  const created = defer<object>();
  office.house.answers.create_invitation = () => created.promise;
  await submit(office);
  office.house.remove(`account_${office.entry}`);
  await refresh(office.card, office.house);
  created.resolve(invitation(1));
  await office.pass(0);
  expect(office.messages.join()).not.toContain("null");
});

test("The reason of a failed list follows the language", async () => {
  const office = new Office();
  office.house.answers.list_invitations = () => {
    throw { code: 3 };
  };
  await office.show();
  office.house.change({
    language: "de",
    localize: (key, values) => (key.endsWith("card_connection_lost") ? "Verbindung verloren" : localize(key, values)),
  });
  await refresh(office.card, office.house);
  await office.pass(0);
  expect(office.messages.join()).toContain("Verbindung verloren");
});

test("A failure whose text arrives late does not replace a newer one", async () => {
  const office = new Office();
  const texts = defer<typeof localize>();
  office.house.change({ loadBackendTranslation: (category) => (category === "exceptions" ? texts.promise : Promise.resolve(localize)) });
  office.house.answers.list_invitations = () => {
    throw { translation_domain: "getscreen", translation_key: "unheard_of", message: "Older" };
  };
  await office.show();
  expect(all(office.card, "[role=alert]")).toHaveLength(0);
  // Without its text, the error has no button to try again, so a change of the account triggers the next request.
  office.house.answers.list_invitations = () => {
    throw { code: 3 };
  };
  await office.notice("1");
  await office.pass(500);
  const newer = office.messages.join();
  texts.resolve(localize);
  await office.pass(0);
  expect(newer).not.toBe("");
  expect(office.messages.join()).toBe(newer);
});

test("An invitation that is removed while its link is copied is still reported as copied", async () => {
  const toasts = vi.fn();
  document.body.addEventListener("hass-notification", toasts, { once: true });
  const office = new Office();
  office.list(invitation(1));
  await office.show();
  const written = defer<void>();
  vi.stubGlobal("navigator", { clipboard: { writeText: () => written.promise } });
  only<HTMLElement>(office.card, ".copy").click();
  office.list();
  await office.notice("1");
  written.resolve();
  await office.pass(0);
  expect(toasts).toHaveBeenCalledOnce();
});
