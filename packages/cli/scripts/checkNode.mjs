import { SetupError } from "./setupError.mjs";

// The product runs on 20.19 and later; vite and vitest, which the tests need, leave out the releases in between.
const supported = "20.19 or later 20.x, 22.12 or later 22.x, or 24 and later";

/** Throws where the running Node.js cannot build and test the project. */
export function checkNode(version = process.versions.node) {
  const [major, minor] = version.split(".").map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24;
  if (fits) return;
  throw new SetupError(
    `This is Node.js ${version}; Materiome needs ${supported}.\n` +
      "Install a current version from https://nodejs.org (or with your version manager, e.g. `nvm install 22`), then run the command again.",
  );
}
