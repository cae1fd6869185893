import { accessSync, constants, existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/**
 * The environment for npm and pnpm. Where the home folder cannot be written (containers with an arbitrary user, locked
 * down accounts), their caches and the package store go to `.materiome/` instead.
 *
 * @param {string} root workspace root
 * @param {NodeJS.ProcessEnv} env environment to start from
 */
export function writableHomeEnv(root, env = process.env) {
  if (isWritable(homedir())) return env;
  const place = join(root, ".materiome", "home");
  return {
    ...env,
    HOME: place,
    // The user's settings (registry, proxy, token) still apply.
    npm_config_userconfig: env.npm_config_userconfig ?? join(homedir(), ".npmrc"),
    npm_config_cache: join(place, "npm-cache"),
    XDG_CACHE_HOME: join(place, "cache"),
    XDG_STATE_HOME: join(place, "state"),
    XDG_DATA_HOME: join(place, "data"),
  };
}

/** Whether the folder, or the nearest existing one above it, can be written. */
function isWritable(folder) {
  if (!existsSync(folder)) return dirname(folder) !== folder && isWritable(dirname(folder));
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
