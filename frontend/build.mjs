// Builds the cards into the integration.
import { bundle } from "./bundle.mjs";

await bundle();
