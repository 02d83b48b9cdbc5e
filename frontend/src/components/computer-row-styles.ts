/** How a computer looks. */

import { css } from "lit";
import { base, buttons } from "./styles.js";

export const computerRowStyles = css`${base}${buttons}
  .computer { --tone: var(--state-inactive-color, var(--disabled-color, #9e9e9e)); position: relative; display: flex; min-width: 0; height: 100%;
    flex-direction: column; }
  .computer.on { --tone: var(--success-color, #43a047); }
  .computer.turning { --tone: var(--state-active-color, var(--warning-color, #ffa600)); }
  .computer.away { --tone: var(--state-unavailable-color, #bdbdbd); }

  .picture { position: relative; display: grid; place-items: center; overflow: hidden;
    background: color-mix(in srgb, var(--tone) 8%, transparent); }
  /* The height of 16 to 9, also where aspect-ratio is missing. */
  .picture::before { content: ""; padding-top: 56.25%; grid-area: 1 / 1; }
  .picture > ha-icon { --mdc-icon-size: 56px; grid-area: 1 / 1; color: color-mix(in srgb, var(--tone) 60%, transparent); }
  .picture.loaded > ha-icon { visibility: hidden; }
  .picture img { position: absolute; top: 0; left: 0; width: 100%; height: 100%; object-fit: cover; opacity: 0;
    background: var(--card-background-color); transition: opacity 180ms; }
  .picture img.loaded { opacity: 1; }
  .computer:not(.on) .picture img.loaded { filter: grayscale(1); opacity: 0.5; }

  .head { display: flex; align-items: center; gap: 10px; width: 100%; min-width: 0; padding: 10px; border: 0; background: none;
    color: inherit; font: inherit; text-align: start; cursor: pointer; }
  .head:hover { background: color-mix(in srgb, var(--primary-text-color) 4%, transparent); }
  .head:focus-visible { outline-offset: -3px; border-radius: var(--ha-card-border-radius, 12px); }
  .badge { flex: none; width: 36px; height: 36px; display: grid; place-items: center; border-radius: 50%; color: var(--tone);
    --mdc-icon-size: 24px; background: color-mix(in srgb, var(--tone) 20%, transparent); transition: background-color 180ms, color 180ms; }
  .turning .badge { animation: pulse 1.6s ease-in-out infinite; }
  @keyframes pulse { 50% { opacity: 0.4; } }
  .texts { display: block; flex: 1; min-width: 0; }
  .name, .state { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .name { font-weight: 500; letter-spacing: 0.1px; }
  .second { display: flex; flex-wrap: wrap; column-gap: 8px; align-items: center; font-size: 12px; line-height: 16px;
    letter-spacing: 0.4px; }
  .chip { flex: none; display: inline-flex; align-items: center; gap: 6px; padding: 2px 8px; border-radius: 10px; font-weight: 500;
    color: var(--primary-text-color); background: var(--card-background-color); }
  .chip::before { content: ""; width: 8px; height: 8px; border-radius: 50%; background: var(--state-active-color, #ffa600); }
  :host(:not([compact])) .chip { position: absolute; top: 8px; inset-inline-end: 8px; box-shadow: 0 1px 4px rgba(0, 0, 0, 0.25); }
  :host([compact]) .chip { padding: 0; }

  .actions { flex-wrap: wrap; padding: 0 10px 10px; margin-top: auto; }
  .action { flex: 1 1 auto; --icon-tone: var(--primary-text-color); }
  .action.primary { --icon-tone: var(--primary-color); }
  .action[aria-disabled="true"] { opacity: 0.5; cursor: default; }
  .message { margin: 0 10px 10px; }

  :host([compact]) .computer { flex-flow: row wrap; align-items: center; }
  :host([compact]) .picture { display: none; }
  :host([compact]) .head { flex: 1; }
  :host([compact]) .actions { padding: 0; padding-inline-end: 10px; margin: 0; }
  :host([compact]) .action { flex: none; width: 40px; padding: 0; }
  :host([compact]) .action > span { display: none; }
  :host([compact]) .message { flex: 1 0 calc(100% - 20px); }

  @supports not (color: color-mix(in srgb, red, red)) {
    .picture { background: var(--secondary-background-color, #e5e5e5); }
    .badge { background: var(--secondary-background-color, #e5e5e5); }
    .picture > ha-icon { color: var(--tone); }
    .head:hover { background: none; }
  }
`;
