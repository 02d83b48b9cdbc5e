/** The styles of the list of computers. */

import { css } from "lit";
import { base } from "./styles.js";

export const computersListStyles = css`${base}
  .list { position: relative; }
  .line { position: absolute; inset-inline: 0; left: 0; right: 0; }
  .headings { display: grid; column-gap: 16px; padding-bottom: 8px; }
  .pictures .computers { display: grid; gap: 8px; padding-bottom: 8px; align-items: start; }
  .compact .card { border-radius: 0; border-top-width: 0; }
  .compact .first .card { border-top-width: var(--ha-card-border-width, 1px); border-top-left-radius: var(--getscreen-radius); border-top-right-radius: var(--getscreen-radius); }
  .compact .last .card { border-bottom-left-radius: var(--getscreen-radius); border-bottom-right-radius: var(--getscreen-radius); }
  .compact { --getscreen-radius: var(--ha-card-border-radius, var(--ha-border-radius-lg, 12px)); }
`;
