/** Entry point of the bundle that Home Assistant loads: the cards and the dashboard strategy. */

import "./components/computers-card.js";
import "./components/history-card.js";
import "./components/support-card.js";
import "./dashboard/strategy.js";
