/** The styles of a computer's dialog. */

import { css } from "lit";
import { base, buttons } from "./styles.js";

export const computerDialogStyles = css`${base}${buttons}
  dialog { --tone: var(--state-inactive-color, var(--disabled-color, #9e9e9e)); flex-direction: column; width: 720px; max-width: calc(100vw - 48px);
    max-height: calc(100vh - 48px); padding: 0; border: 0; overflow: hidden; border-radius: var(--ha-dialog-border-radius, 24px);
    color: var(--primary-text-color); box-shadow: 0 8px 32px rgba(0, 0, 0, 0.3);
    background: var(--ha-dialog-surface-background, var(--card-background-color, white)); }
  dialog[open] { display: flex; }
  dialog::backdrop { background: var(--ha-dialog-scrim-color, rgba(0, 0, 0, 0.45)); }
  .on { --tone: var(--success-color, #43a047); }
  .changing { --tone: var(--state-active-color, var(--warning-color, #ffa600)); }
  header { display: flex; align-items: center; gap: 12px; padding: 16px 24px 12px; flex: none; }
  .names { flex: 1; min-width: 0; }
  h2 { margin: 0; font-size: 20px; font-weight: 400; line-height: 28px; overflow-wrap: anywhere; }
  h2:focus { outline: none; }
  h3 { margin: 24px 0 8px; font-size: 16px; font-weight: 500; line-height: 24px; }
  .group { color: var(--secondary-text-color); overflow-wrap: anywhere; }
  .star { flex: none; --mdc-icon-size: 24px; color: var(--getscreen-changing, #b26a00); }
  .close { flex: none; width: 40px; padding: 0; }
  .content { padding: 0 24px 24px; overflow: auto; overscroll-behavior: contain; }
  .picture { position: relative; display: grid; place-items: center; overflow: hidden; margin-bottom: 16px; max-height: 405px;
    border-radius: var(--ha-border-radius-lg, 12px); background: color-mix(in srgb, var(--tone) 8%, transparent); }
  /* The height of 16 to 9, also where aspect-ratio is missing. */
  .picture::before { content: ""; padding-top: 56.25%; grid-area: 1 / 1; }
  .picture.empty::before { padding-top: 144px; }
  .picture > ha-icon { --mdc-icon-size: 72px; grid-area: 1 / 1; color: color-mix(in srgb, var(--tone) 60%, transparent); }
  .picture.loaded > ha-icon { visibility: hidden; }
  .picture img { position: absolute; top: 0; left: 0; width: 100%; height: 100%; object-fit: contain; opacity: 0; transition: opacity 180ms; }
  .picture.loaded img { opacity: 1; }
  dialog:not(.on) .picture.loaded img { filter: grayscale(1); opacity: 0.6; }
  .state { display: flex; align-items: center; gap: 8px; margin: 0; font-weight: 500; }
  .state::before { content: ""; flex: none; width: 12px; height: 12px; border-radius: 50%; background: var(--tone);
    box-shadow: inset 0 0 0 1px var(--secondary-text-color); }
  .session { margin: 4px 0 0; overflow-wrap: anywhere; }
  .note { margin: 4px 0 0; color: var(--secondary-text-color); }
  .progress { height: 4px; margin-top: 8px; border-radius: 2px; overflow: hidden; background: color-mix(in srgb, var(--primary-color) 20%, transparent); }
  .progress::before { content: ""; display: block; width: 30%; height: 100%; background: var(--primary-color);
    animation: move 1.6s ease-in-out infinite alternate; }
  @keyframes move { to { margin-inline-start: 70%; } }
  .actions { flex-wrap: wrap; margin-top: 16px; }
  .action[aria-disabled="true"] { opacity: 0.5; cursor: default; }
  .message { display: flex; align-items: center; justify-content: space-between; gap: 8px; margin-top: 16px; }
  .reasons { list-style: none; margin: 16px 0 0; padding: 0; display: grid; gap: 8px; }
  .reasons li { display: flex; gap: 12px; }
  .reasons ha-icon { flex: none; color: var(--secondary-text-color); }
  .advice { display: block; color: var(--secondary-text-color); }
  .end { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 16px; margin-top: 24px; }
  .page { color: var(--primary-text-color); text-decoration: underline; }
  @media (max-width: 600px) {
    dialog { width: 100%; max-width: 100%; height: 100%; max-height: 100%; margin: 0; border-radius: 0;
      padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left); }
    header { padding: 12px 16px; }
    .content { padding: 0 16px 24px; }
    .actions .action { flex: 1 1 auto; }
  }
  @supports not (color: color-mix(in srgb, red, red)) {
    .picture, .progress { background: var(--secondary-background-color, #e5e5e5); }
    .picture > ha-icon { color: var(--tone); }
  }
`;
