/** Shows a toast of Home Assistant when a client has joined, with a button that opens the session. */

import { errorText, showToast } from "../home-assistant/actions.js";
import { openLink } from "../home-assistant/links.js";
import { text } from "../home-assistant/texts.js";
import type { HomeAssistant } from "../home-assistant/types.js";
import { type Arrival, type ArrivalHost, Arrivals } from "../state/arrivals.js";
import type { Invitation } from "../state/invitations.js";
import { groupDigits, isolate } from "./invitation-code.js";
import { askQuestion } from "./question.js";

/** Milliseconds. Long, because a client is waiting and the user may be busy with something else. */
const DURATION = 30_000;

/** Make a card show a toast for each client who joins while the card is in the page; several cards of a page show only one. */
export const followArrivals = (host: ArrivalHost): Arrivals => {
  const arrivals: Arrivals = new Arrivals(host, (arrival) => {
    const action = { text: text(host.hass, "support_connect"), action: () => void connect(arrivals.hostInPage, arrival) };
    showToast(host, joinedText(host.hass, arrival.invitation), { duration: DURATION, action });
  });
  return arrivals;
};

/** Return a sentence about who has joined. */
export const joinedText = (hass: HomeAssistant, { client_name: name, code }: Invitation): string =>
  name ? text(hass, "support_joined", { name }) : text(hass, "support_joined_unnamed", { code: isolate(groupDigits(code ?? "")) });

/** Open the session. `host` is in the page, unlike the card that showed the toast, which may have left it before the click. */
const connect = async (host: ArrivalHost, { invitation, invitations }: Arrival): Promise<void> => {
  const { hass } = host;
  const name = invitation.client_name || isolate(groupDigits(invitation.code ?? ""));
  try {
    await openLink(hass, {
      getLink: () => invitations.connectLink(hass, invitation),
      waiting: text(hass, "support_opening"),
      onBlocked: (open) =>
        askQuestion(host.renderRoot, hass, {
          title: text(hass, "card_ready", { name }),
          message: text(hass, "card_no_tab"),
          yes: text(hass, "support_connect"),
          onYes: open,
        }),
    });
  } catch (error) {
    showToast(host, await errorText(hass, error));
  }
};
