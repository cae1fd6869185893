import { configureGlobal } from "fast-check";

/** Draws of property tests when none is asked for. */
const SEED = 20_261_127;

// The same draws on every machine, so that a change fails for what it changes; other draws by PROPERTY_SEED=… (see CONTRIBUTING.md).
configureGlobal({ seed: Number(process.env["PROPERTY_SEED"] ?? SEED) });
