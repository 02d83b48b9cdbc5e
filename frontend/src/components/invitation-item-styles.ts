/** The styles of an invitation. */

import { css } from "lit";
import { base, buttons } from "./styles.js";

export const invitationItemStyles = css`${base}${buttons}
  :host { container-type: inline-size; }
  .invitation { --status: var(--secondary-text-color); position: relative; display: grid; gap: 4px 12px; padding: 12px;
    grid-template-columns: minmax(0, 1fr) auto auto;
    border-radius: var(--ha-border-radius-lg, 12px); background: color-mix(in srgb, var(--primary-text-color) 4%, transparent); }
  .invitation[data-status="waiting_for_client"] { --status: var(--state-icon-color, var(--secondary-text-color)); }
  .invitation[data-status="client_joined"] { --status: var(--warning-color, #ffa600); }
  .invitation[data-status="active"] { --status: var(--success-color, #43a047); }
  .name { font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .created { color: var(--secondary-text-color); font-size: 12px; line-height: 16px; text-align: end; align-self: center; }
  .status { display: flex; align-items: center; gap: 6px; grid-column: 1 / -1; color: var(--secondary-text-color); }
  .status ha-icon { --mdc-icon-size: 18px; color: color-mix(in srgb, var(--status) 60%, var(--primary-text-color)); flex: none; }
  .code-line { grid-column: 1 / -1; display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; }
  .hint { grid-column: 1 / -1; color: var(--secondary-text-color); overflow-wrap: anywhere; }
  .code { font: 500 28px/36px var(--ha-font-family-code, ui-monospace, monospace);
    letter-spacing: 0.04em; font-variant-numeric: tabular-nums; -webkit-user-select: all; user-select: all; white-space: nowrap; }
  .buttons { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 8px; margin-top: 4px; }
  .connect { flex: 1 0 auto; }
  /* Beside the name, where it never wraps. In the order of the keyboard, it is the last. */
  .close { grid-area: 1 / 3; margin: -8px; }
  .action.close:not(:hover) { background: none; }
  .small { flex: 0 0 40px; width: 40px; padding: 0; }
  .small[aria-expanded="true"] { --tone: var(--primary-color); }
  .code-box { grid-column: 1 / -1; display: flex; flex-direction: column; align-items: center; gap: 8px; margin-top: 8px; }
  .link { max-width: 100%; overflow-wrap: anywhere; text-align: center; -webkit-user-select: all; user-select: all;
    color: var(--secondary-text-color); font-size: 12px; line-height: 16px; }
  @container (min-width: 608px) {
    .invitation { grid-template-columns: minmax(0, 1fr) auto auto auto; column-gap: 24px; }
    .code-line { grid-area: 1 / 2 / 3; align-self: center; }
    .created { grid-area: 1 / 3; }
    .close { grid-area: 1 / 4; }
    .status { grid-area: 2 / 1; }
    .buttons { grid-area: 2 / 3 / 3 / 5; margin: 0; }
  }
  @supports not (color: color-mix(in srgb, red, red)) {
    .invitation { background: none; border: 1px solid var(--divider-color, #e0e0e0); }
  }
`;
