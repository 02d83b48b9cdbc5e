/** A link as a QR code. */

import { css, html, LitElement, nothing, svg, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { encode } from "uqr";
import { define } from "../home-assistant/offers.js";

/** The quiet zone around a code, in modules. */
const QUIET_ZONE = 4;

/** The largest QR code version that phones read from a card: 57 modules wide, up to 213 bytes. */
const MAX_VERSION = 10;

class QrCode extends LitElement {
  static override styles = css`
    :host { display: contents; }
    svg { width: 220px; max-width: 100%; border-radius: var(--ha-border-radius-md, 10px); background: white; fill: black; }`;

  /** Nothing is shown for a link that is too long. */
  @property({ attribute: false }) link = "";
  /** The label for screen readers. */
  @property({ attribute: false }) label = "";

  protected override render(): TemplateResult | typeof nothing {
    const modules = modulesOf(this.link);
    if (!modules.length) return nothing;
    const path = modules.map((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : "")).join("")).join("");
    return html`
      <svg role="img" aria-label=${this.label} shape-rendering="crispEdges" viewBox="0 0 ${modules.length} ${modules.length}">
        ${svg`<path d=${path}></path>`}
      </svg>`;
  }
}

const modulesOf = (link: string): boolean[][] => {
  if (!link) return [];
  try {
    return encode(link, { ecc: "M", border: QUIET_ZONE, maxVersion: MAX_VERSION }).data;
  } catch {
    return [];
  }
};

define("getscreen-qr-code", QrCode);
