/** Styles that the elements share, based on Home Assistant's colors. */

import { css } from "lit";

// Components include these in their own style sheet: arrays of style sheets need Array.flat, which the oldest supported browsers lack.

/** `.card`, `.title`, `.message` (also `.error`), `.hidden`: for screen readers only. */
export const base = css`
  :host { display: block; color: var(--primary-text-color); font: 400 14px/20px var(--ha-font-family-body, Roboto, sans-serif);
    -webkit-font-smoothing: var(--ha-font-smoothing, antialiased); }
  * { box-sizing: border-box; }
  .card { border-radius: var(--ha-card-border-radius, var(--ha-border-radius-lg, 12px)); overflow: hidden;
    background: var(--ha-card-background, var(--card-background-color, white)); box-shadow: var(--ha-card-box-shadow, none);
    -webkit-backdrop-filter: var(--ha-card-backdrop-filter, none); backdrop-filter: var(--ha-card-backdrop-filter, none);
    border: var(--ha-card-border-width, 1px) solid var(--ha-card-border-color, var(--divider-color, #e0e0e0)); }
  .title { margin: 0; padding: 0 4px 10px; color: var(--ha-heading-card-title-color, var(--primary-text-color));
    font-size: var(--ha-heading-card-title-font-size, var(--ha-font-size-l, 16px)); font-weight: 400; line-height: 24px; }
  .message { margin: 0; padding: 8px 12px; overflow-wrap: anywhere; border-radius: 8px; color: var(--primary-text-color);
    background: color-mix(in srgb, var(--message-color, var(--info-color, #039be5)) 15%, transparent); }
  .message.error { --message-color: var(--error-color, #db4437); }
  .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  [hidden] { display: none !important; }
  :focus-visible { outline: 2px solid var(--primary-color); outline-offset: 2px; }
  @media (prefers-reduced-motion: reduce) { * { transition: none !important; animation: none !important; } }
  @supports not (color: color-mix(in srgb, red, red)) {
    .message { background: var(--secondary-background-color, #e5e5e5);
      border-left: 4px solid var(--message-color, var(--info-color, #039be5)); }
  }
`;

// An icon on a tint of its own color has too little contrast (WCAG requires 3:1), so the color of the text is mixed into it.

/** `.action`: a button (also `.primary`, `.danger`), `.actions` around several. */
export const buttons = css`
  .actions { display: flex; gap: 8px; }
  .action { --tone: var(--primary-text-color); display: inline-flex; align-items: center; justify-content: center; gap: 8px; min-width: 0;
    height: 40px; padding: 0 12px; border: 0; border-radius: var(--ha-border-radius-md, 10px); cursor: pointer; font: inherit;
    font-weight: 500; color: var(--primary-text-color); position: relative;
    background: color-mix(in srgb, var(--tone) 8%, transparent); transition: background-color 180ms; }
  .action:hover { background: color-mix(in srgb, var(--tone) 16%, transparent); }
  .action:active { background: color-mix(in srgb, var(--tone) 24%, transparent); }
  .action.primary { --tone: var(--primary-color); }
  .action.danger { --tone: var(--error-color); }
  .action.primary, .action.danger { background: color-mix(in srgb, var(--tone) 20%, transparent); }
  .action.primary:hover, .action.danger:hover { background: color-mix(in srgb, var(--tone) 30%, transparent); }
  .action:disabled { cursor: default; opacity: 0.5; pointer-events: none; }
  .action ha-icon { --mdc-icon-size: 20px; flex: none; color: color-mix(in srgb, var(--icon-tone, var(--tone)) 60%, var(--primary-text-color)); }
  .action > span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  @supports not (color: color-mix(in srgb, red, red)) {
    .action { background: var(--secondary-background-color, #e5e5e5) !important; }
    .action.primary, .action.danger { box-shadow: inset 0 0 0 2px var(--tone); }
  }
`;
