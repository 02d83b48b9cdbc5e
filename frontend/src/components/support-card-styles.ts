/** The styles of the quick-support card. */

import { css } from "lit";
import { base, buttons } from "./styles.js";

export const supportCardStyles = css`${base}${buttons}
  .content { padding: 16px; display: flex; flex-direction: column; gap: 16px; outline: none; }
  .head .title { padding: 0; }
  .remaining { color: var(--secondary-text-color); font-size: 12px; line-height: 16px; }
  form { display: flex; gap: 8px; }
  input { flex: 1 1 0; min-width: 0; height: 40px; padding: 0 12px; font: inherit; color: var(--primary-text-color);
    border: 1px solid var(--ha-color-border-neutral-loud, var(--secondary-text-color, #727272));
    border-radius: var(--ha-border-radius-md, 10px);
    background: var(--ha-color-form-background, var(--input-fill-color, transparent)); }
  input::placeholder { color: var(--ha-color-text-secondary, var(--primary-text-color)); opacity: 1; }
  input:focus-visible { outline-offset: -1px; }
  .list { display: flex; flex-direction: column; gap: 12px; }
  .list:empty { display: none; }
  .none { color: var(--secondary-text-color); display: flex; flex-direction: column; align-items: center; gap: 8px; padding: 8px; }
  .none ha-icon { --mdc-icon-size: 32px; }
  .message { display: flex; align-items: center; gap: 8px; justify-content: space-between; flex-wrap: wrap; }
`;
