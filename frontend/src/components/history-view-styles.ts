/** The styles of the history. */

import { css } from "lit";
import { base, buttons } from "./styles.js";

export const historyViewStyles = css`${base}${buttons}
  .content { padding: 16px; display: flex; flex-direction: column; gap: 12px; outline: none; }
  .top { display: flex; flex-direction: column; gap: 12px; }
  /* Without a title, a line of its own for one button would be an empty band. */
  .untitled { flex-direction: row; gap: 8px; }
  .untitled .head { order: 1; align-self: flex-start; }
  .untitled getscreen-history-filters { flex: 1; min-width: 0; }
  .head { display: flex; align-items: center; gap: 8px; min-height: 40px; }
  .head .title { flex: 1 1 0; min-width: 0; padding: 0; overflow-wrap: anywhere; }
  .refresh { flex: none; width: 40px; padding: 0; margin-inline-start: auto; }
  .refresh.busy ha-icon { animation: spin 1s linear infinite; }
  @keyframes spin { to { transform: rotate(1turn); } }
  .block:empty, .end { min-height: 1px; }
  .none { color: var(--secondary-text-color); display: flex; flex-direction: column; align-items: center; gap: 8px; padding: 16px 8px;
    text-align: center; }
  .none ha-icon { --mdc-icon-size: 32px; opacity: 0.6; }
  .foot { display: flex; align-items: center; justify-content: center; flex-wrap: wrap; gap: 8px 12px; color: var(--secondary-text-color); }
  .message { display: flex; align-items: center; gap: 8px; justify-content: space-between; flex-wrap: wrap; }
`;
