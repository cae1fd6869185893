import { fileURLToPath } from "node:url";

/** `npm test` has just built what it tests. */
export const isBuilt = process.env["MATERIOME_TEST_BUILD"] === "1";

const hook = fileURLToPath(new URL("./register-typescript.mjs", import.meta.url));

/**
 * Arguments of a Node.js process that runs a TypeScript file with our packages: as `npm test` has just built them, which is what users
 * get and starts in half the time, else from their sources.
 */
export const ownPackages: readonly string[] = [
  "--import",
  hook,
  ...(isBuilt ? [] : ["--conditions=@materiome/source"]),
];
