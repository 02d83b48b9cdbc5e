/** What Home Assistant loads: everything of ours for dashboards. */

import "./components/computers-card.js";
import "./components/history-card.js";
import "./components/support-card.js";
import "./dashboard/strategy.js";
