/** How sessions look in a list. */

import { css } from "lit";
import { base, buttons } from "./styles.js";

export const sessionListStyles = css`${base}${buttons}
  :host { container-type: inline-size; }
  h3 { margin: 0; padding: 16px 0 4px; font-size: 14px; font-weight: 500; line-height: 20px; color: var(--secondary-text-color); }
  ul { list-style: none; margin: 0; padding: 0; }
  .session { display: grid; grid-template-columns: 24px minmax(0, 1fr) auto 40px; gap: 0 12px; align-items: center; min-height: 56px; padding: 8px 0;
    border-bottom: 1px solid var(--divider-color, #e0e0e0); }
  .session:last-child { border-bottom: 0; }
  .kind { --mdc-icon-size: 24px; grid-area: 1 / 1 / 3; color: var(--secondary-text-color); }
  .live .kind { color: var(--success-color, #43a047); }
  .computer { grid-area: 1 / 2; font-weight: 500; }
  .computer, .login { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .person { grid-area: 2 / 2; min-width: 0; color: var(--secondary-text-color); }
  .person.first { grid-row: 1 / 3; }
  .person.first .login { color: var(--primary-text-color); font-weight: 500; }
  .place { display: block; overflow-wrap: anywhere; color: var(--secondary-text-color); font-size: 12px; line-height: 16px; }
  .time { grid-area: 1 / 3 / 3; display: flex; flex-direction: column; align-items: flex-end; text-align: end; white-space: nowrap;
    font-variant-numeric: tabular-nums; }
  .length { color: var(--secondary-text-color); display: flex; align-items: center; gap: 6px; }
  .chip { padding: 0 8px; border-radius: 10px; font-size: 12px; font-weight: 500; line-height: 20px; color: var(--primary-text-color);
    background: color-mix(in srgb, var(--success-color, #43a047) 25%, transparent); }
  .play { grid-area: 1 / 4 / 3; width: 40px; padding: 0; --tone: var(--primary-color); }
  @container (min-width: 608px) {
    .session { grid-template-columns: 24px minmax(0, 5fr) minmax(0, 6fr) auto 40px; column-gap: 16px; }
    .computer { grid-row: 1 / 3; }
    .person { grid-area: 1 / 3 / 3; color: var(--primary-text-color); }
    .person.first { grid-column: 2 / 4; }
    .time { grid-column: 4; min-width: 136px; }
    .play { grid-column: 5; }
  }
  @supports not (color: color-mix(in srgb, red, red)) {
    .chip { background: none; border: 1px solid var(--success-color, #43a047); }
  }
`;
