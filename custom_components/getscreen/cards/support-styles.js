/** How the quick-support card and its invitations look. */

import { sheet } from "./styles.js";

export const supportStyles = sheet(`
  .card { container-type: inline-size; }
  .content { padding: 16px; display: flex; flex-direction: column; gap: 16px; outline: none; }
  .head { display: flex; align-items: baseline; gap: 8px; flex-wrap: wrap; }
  .head .title { flex: 1 1 auto; padding: 0; }
  .remaining, .created { color: var(--secondary-text-color); font-size: 12px; line-height: 16px; }
  form { display: flex; gap: 8px; }
  input { flex: 1 1 0; min-width: 0; height: 40px; padding: 0 12px; font: inherit; color: var(--primary-text-color);
    border: 1px solid var(--ha-color-border-neutral-normal, var(--input-idle-line-color, var(--divider-color, #ccc)));
    border-radius: var(--ha-border-radius-md, 10px);
    background: var(--ha-color-form-background, var(--input-fill-color, transparent)); }
  input::placeholder { color: var(--secondary-text-color); opacity: 1; }
  input:focus-visible { outline-offset: -1px; }
  ul { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: 12px; }
  ul:empty { display: none; }
  li { --status: var(--secondary-text-color); position: relative; display: grid; gap: 4px 12px; padding: 12px;
    grid-template-columns: minmax(0, 1fr) auto;
    border-radius: var(--ha-border-radius-lg, 12px); background: color-mix(in srgb, var(--primary-text-color) 4%, transparent); }
  li[data-status="waiting_for_client"] { --status: var(--state-icon-color, var(--secondary-text-color)); }
  li[data-status="client_joined"] { --status: var(--warning-color, #ffa600); }
  li[data-status="active"] { --status: var(--success-color, #43a047); }
  .name { font-weight: 500; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .created { text-align: end; align-self: center; }
  .status { display: flex; align-items: center; gap: 6px; grid-column: 1 / -1; color: var(--secondary-text-color); }
  .status ha-icon { --mdc-icon-size: 18px; color: var(--status); flex: none; }
  .code { grid-column: 1 / -1; justify-self: start; font: 500 28px/36px var(--ha-font-family-code, ui-monospace, monospace);
    letter-spacing: 0.04em; font-variant-numeric: tabular-nums; user-select: all; white-space: nowrap; }
  .buttons { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 8px; margin-top: 4px; }
  .buttons .connect { flex: 1 0 auto; }
  .buttons .small { flex: 0 0 40px; width: 40px; padding: 0; }
  .small[aria-expanded="true"] { --tone: var(--primary-color); }
  .code-box { grid-column: 1 / -1; display: flex; flex-direction: column; align-items: center; gap: 8px; margin-top: 8px; }
  svg { width: min(220px, 100%); aspect-ratio: 1; border-radius: var(--ha-border-radius-md, 10px); background: white; fill: black; }
  .link { max-width: 100%; overflow-wrap: anywhere; text-align: center; user-select: all; color: var(--secondary-text-color);
    font-size: 12px; line-height: 16px; }
  .none { color: var(--secondary-text-color); display: flex; flex-direction: column; align-items: center; gap: 8px; padding: 8px; }
  .none ha-icon { --mdc-icon-size: 32px; opacity: 0.6; }
  .message { display: flex; align-items: center; gap: 8px; justify-content: space-between; flex-wrap: wrap; }
  @container (min-width: 640px) {
    li { grid-template-columns: minmax(0, 1fr) auto auto; align-items: center; column-gap: 32px; }
    .name { grid-area: 1 / 1; }
    .status { grid-area: 2 / 1; }
    .code { grid-area: 1 / 2 / 3; }
    .created { grid-area: 1 / 3; }
    .buttons { grid-area: 2 / 3; margin: 0; }
  }
`);
