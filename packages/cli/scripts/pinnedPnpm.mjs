import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./runCommand.mjs";
import { SetupError } from "./setupError.mjs";
import { writableHomeEnv } from "./writableHome.mjs";

/**
 * Path of the pnpm that `packageManager` in package.json pins, fetched once into `.materiome/` from the npm registry
 * the user has configured and unpacked only when its sha512 is the pinned one.
 *
 * @param {string} root workspace root
 * @param {(line: string) => void} say receives a progress line when something has to be fetched
 * @returns {Promise<string>} file to run with node
 */
export async function pinnedPnpm(root, say) {
  const { version, sha512 } = readPin(root);
  const home = join(root, ".materiome", `pnpm-${version}`);
  const program = join(home, "node_modules/pnpm/bin/pnpm.cjs");
  if (existsSync(program)) return program;

  say(`fetching pnpm ${version} from the npm registry (5 MB)`);
  mkdirSync(join(root, ".materiome"), { recursive: true });
  // Unpacked aside and renamed when whole, so that an interrupted run leaves nothing half done.
  const work = mkdtempSync(join(root, ".materiome", "fetch-"));
  try {
    const retries = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-factor=2"];
    await npm(root, ["pack", `pnpm@${version}`, "--pack-destination", work, ...retries], `fetching pnpm ${version}`);
    const tarball = join(work, `pnpm-${version}.tgz`);
    verify(tarball, sha512, version);
    const quiet = ["--offline", "--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"];
    await npm(root, ["install", "--prefix", work, ...quiet, tarball], `unpacking pnpm ${version}`);
    rmSync(tarball);
    rmSync(home, { recursive: true, force: true });
    renameSync(work, home);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}

function readPin(root) {
  const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const pin = /^pnpm@([^+]+)\+sha512\.([0-9a-f]{128})$/.exec(packageManager ?? "");
  if (pin === null) {
    throw new SetupError(
      `package.json: "packageManager" must read pnpm@<version>+sha512.<128 hex digits>, found ${JSON.stringify(packageManager)}.`,
    );
  }
  return { version: pin[1], sha512: pin[2] };
}

function verify(tarball, expected, version) {
  const found = createHash("sha512").update(readFileSync(tarball)).digest("hex");
  if (found === expected) return;
  throw new SetupError(
    `pnpm ${version}: the file the npm registry sent is not the pinned one; nothing was unpacked.\n` +
      `  expected sha512 ${expected}\n  found    sha512 ${found}\n` +
      "Check which registry `npm config get registry` names: a mirror that repacks tarballs cannot be used here.",
  );
}

async function npm(root, args, purpose) {
  // Under `npm start` npm names its own program; else it is looked up on the PATH.
  const own = process.env.npm_execpath;
  const [command, first] = own?.endsWith("npm-cli.js") ? [process.execPath, [own]] : ["npm", []];
  let result;
  try {
    result = await runCommand(command, [...first, ...args, "--loglevel=error"], {
      cwd: root,
      env: writableHomeEnv(root),
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (cause) {
    throw new SetupError(
      `${purpose}: npm could not be started (${cause.message}). It comes with Node.js; reinstall it.`,
    );
  }
  if (result.code === 0) return;
  if (result.code > 128) throw new SetupError(`${purpose}: stopped.`, result.code);
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|network/.test(
    result.output,
  );
  const remedy = offline
    ? "Could not reach the npm registry. The first run needs it; check the connection, the proxy (`npm config get proxy`) and\n" +
      "the registry (`npm config get registry`), then run the command again."
    : "Run the command again; if it persists, report the lines above.";
  throw new SetupError(`${result.output.trim()}\n${purpose} failed (npm exit code ${result.code}).\n${remedy}`);
}
