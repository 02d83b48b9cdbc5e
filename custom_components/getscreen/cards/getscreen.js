/** What Home Assistant loads: everything of ours for dashboards. */

import "./device-card.js";
import "./strategy.js";
import "./support-card.js";
