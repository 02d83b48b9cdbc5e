/** The styles of a computer in the list. */

import { css } from "lit";
import { base, buttons } from "./styles.js";

export const computerRowStyles = css`${base}${buttons}
  .computer { --tone: var(--getscreen-off, #757575); position: relative; display: flex; min-width: 0; height: 100%; flex-direction: column; }
  .computer.on { --tone: var(--getscreen-on, #2e7d32); }
  .computer.changing { --tone: var(--getscreen-changing, #b26a00); }
  .computer.selected { background: color-mix(in srgb, var(--primary-color) 12%, transparent); }

  .picture { position: relative; display: grid; place-items: center; overflow: hidden; cursor: pointer;
    background: color-mix(in srgb, var(--tone) 8%, transparent); }
  /* The height of 16 to 9, also where aspect-ratio is missing. */
  .picture::before { content: ""; padding-top: 56.25%; grid-area: 1 / 1; }
  .picture > ha-icon { --mdc-icon-size: 56px; grid-area: 1 / 1; color: color-mix(in srgb, var(--tone) 60%, transparent); }
  .picture.loaded > ha-icon { visibility: hidden; }
  .picture img { position: absolute; top: 0; left: 0; width: 100%; height: 100%; object-fit: cover; opacity: 0;
    background: var(--card-background-color); transition: opacity 180ms; }
  .picture img.loaded { opacity: 1; }
  .computer:not(.on) .picture img.loaded { filter: grayscale(1); opacity: 0.5; }

  .check { position: absolute; z-index: 1; top: 10px; inset-inline-start: 10px; width: 20px; height: 20px; margin: 0; accent-color: var(--primary-color); }
  .head { display: flex; align-items: center; gap: 10px; width: 100%; min-width: 0; padding: 10px; border: 0; background: none;
    color: inherit; font: inherit; text-align: start; cursor: pointer; }
  .head:hover { background: color-mix(in srgb, var(--primary-text-color) 4%, transparent); }
  .head:focus-visible { outline-offset: -3px; border-radius: var(--ha-card-border-radius, 12px); }
  .badge { flex: none; width: 36px; height: 36px; display: grid; place-items: center; border-radius: 50%;
    color: color-mix(in srgb, var(--tone) 60%, var(--primary-text-color));
    --mdc-icon-size: 24px; background: color-mix(in srgb, var(--tone) 12%, transparent); transition: background-color 180ms, color 180ms; }
  .changing .badge { animation: pulse 1.6s ease-in-out infinite; }
  @keyframes pulse { 50% { opacity: 0.4; } }
  .texts { display: block; flex: 1; min-width: 0; }
  .name, .chip > span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  /* On phones and in tiles, most languages need two lines for when a computer was last seen. */
  .state, :host([compact]) .chip > span { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; white-space: normal; }
  .first { display: flex; column-gap: 4px; align-items: center; min-width: 0; }
  .name { flex: 1; min-width: 0; font-weight: 500; letter-spacing: 0.1px; }
  .second { display: flex; column-gap: 8px; align-items: center; min-width: 0; font-size: 12px; line-height: 16px; letter-spacing: 0.4px; }
  .state { flex: 0 1 auto; min-width: 0; color: var(--secondary-text-color); }
  /* Who is connected says that the computer is online. */
  :host([compact]) .on .in-session .state { display: none; }
  .chip { flex: 0 1 auto; min-width: 0; display: inline-flex; align-items: center; gap: 6px; font-weight: 500; }
  .chip::before { content: ""; flex: none; width: 8px; height: 8px; border-radius: 50%; background: var(--getscreen-changing, #b26a00); }
  :host(:not([compact])) .chip { position: absolute; top: 8px; inset-inline-end: 8px; max-width: calc(100% - 16px); padding: 2px 8px; border-radius: 10px;
    background: var(--card-background-color); box-shadow: 0 1px 4px rgba(0, 0, 0, 0.25); }
  .mark { flex: none; --mdc-icon-size: 18px; }
  .mark.favorite { color: var(--getscreen-changing, #b26a00); }
  .mark.attention { color: var(--getscreen-alert, #c62828); }

  .actions { padding: 0 10px 10px; margin-top: auto; }
  /* Long labels go below each other. */
  :host(:not([compact])) .actions { flex-wrap: wrap; }
  .action { flex: 1 1 auto; padding: 0 8px; --icon-tone: var(--primary-text-color); }
  /* Beside "Wake and connect", there is no room for its label. */
  .action[data-action="wake"] { flex: 0 0 44px; padding: 0; }
  .action[data-action="wake"] > span { display: none; }
  .action[aria-disabled="true"] { opacity: 0.5; cursor: default; }
  .message { display: flex; align-items: flex-start; gap: 8px; margin: 0 10px 10px; }
  .message > span { flex: 1; min-width: 0; max-height: 120px; overflow: auto; }
  .dismiss { flex: none; width: 24px; height: 24px; padding: 0; border: 0; border-radius: 12px; background: none; color: inherit; cursor: pointer;
    --mdc-icon-size: 18px; }
  /* Over the picture, so that the tiles beside it keep their height. */
  :host(:not([compact])) .message { position: absolute; top: 8px; left: 8px; right: 8px; margin: 0; box-shadow: 0 1px 6px rgba(0, 0, 0, 0.3);
    background: var(--card-background-color, white); border-inline-start: 4px solid var(--message-color, var(--info-color, #039be5)); }

  :host([compact]) .computer { flex-flow: row wrap; align-items: center; }
  :host([compact][selecting]) .head { padding-inline-start: 40px; }
  :host([compact]) .check { top: 18px; }
  :host([compact]) .head { flex: 1; }
  :host([compact]) .actions { padding: 0; padding-inline-end: 10px; margin: 0; }
  :host([compact]) .action { flex: none; width: 40px; padding: 0; }
  :host([compact]) .action > span { display: none; }
  :host([compact]) .message { flex: 1 0 calc(100% - 20px); }

  @supports not (color: color-mix(in srgb, red, red)) {
    .picture, .badge, .computer.selected { background: var(--secondary-background-color, #e5e5e5); }
    .picture > ha-icon { color: var(--tone); }
    .head:hover { background: none; }
  }
`;
