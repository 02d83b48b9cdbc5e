/** The styles of a list of sessions. */

import { css } from "lit";
import { base, buttons } from "./styles.js";

export const sessionListStyles = css`${base}${buttons}
  :host { container-type: inline-size; }
  h3 { margin: 0; padding: 16px 0 4px; font-size: 14px; font-weight: 500; line-height: 20px; color: var(--secondary-text-color); }
  h3::first-letter { text-transform: uppercase; }
  ul { list-style: none; margin: 0; padding: 0; }
  .session { display: grid; grid-template-columns: 24px minmax(0, 1fr) auto 40px; gap: 0 12px; align-items: center; min-height: 56px; padding: 8px 0;
    border-bottom: 1px solid var(--divider-color, #e0e0e0); }
  .session:last-child { border-bottom: 0; }
  .kind { --mdc-icon-size: 24px; grid-area: 1 / 1 / 4; color: var(--secondary-text-color); }
  .live .kind { color: var(--success-color, #43a047); }
  .computer { grid-area: 1 / 2 / 2 / 4; font-weight: 500; }
  .computer, .login { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .person { display: contents; color: var(--secondary-text-color); }
  .login { grid-area: 2 / 2 / 3 / 4; }
  .first .login { color: var(--primary-text-color); font-weight: 500; }
  .place, .time { color: var(--secondary-text-color); font-size: 12px; line-height: 16px; }
  .place { grid-area: 3 / 2; display: block; overflow-wrap: anywhere; }
  .time { grid-area: 3 / 3; align-self: start; display: flex; align-items: center; gap: 8px; text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
  .length { display: flex; align-items: center; gap: 6px; }
  .chip { padding: 0 8px; border-radius: 10px; font-size: 12px; font-weight: 500; line-height: 20px; color: var(--primary-text-color);
    background: color-mix(in srgb, var(--success-color, #43a047) 25%, transparent); }
  .play { grid-area: 1 / 4 / 4; width: 40px; padding: 0; --tone: var(--primary-color); }
  @container (min-width: 608px) {
    .session { grid-template-columns: 24px minmax(0, 5fr) minmax(0, 6fr) auto 40px; column-gap: 16px; }
    .computer { grid-area: 1 / 2 / 4; }
    .person { display: block; min-width: 0; grid-area: 1 / 3 / 4; color: var(--primary-text-color); }
    .person.first { grid-column: 2 / 4; }
    .time { grid-area: 1 / 4 / 4; align-self: center; flex-direction: column; gap: 0; align-items: flex-end; min-width: 136px; font-size: 14px;
      line-height: 20px; }
    .when { color: var(--primary-text-color); }
    .play { grid-column: 5; }
  }
  @supports not (color: color-mix(in srgb, red, red)) {
    .chip { background: none; border: 1px solid var(--success-color, #43a047); }
  }
`;
