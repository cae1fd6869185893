// Brings a fresh clone to the point where a job can run, with nothing but Node.js and npm:
//   node packages/cli/scripts/setup.mjs JOB [arguments for the job]
//   start   installs what is missing, builds, runs the demo
//   test    installs what is missing, builds, lints, type-checks the tests, runs them
//   setup   installs what is missing, builds
//   clean   removes what the compiler wrote
//   pack    builds from scratch and packs the publishable packages into the folder given (out/packages); with --incremental
//           it keeps what is up to date
//   pnpm    runs the pinned pnpm
// Progress goes to stderr; stdout belongs to the job.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { checkNode } from "./checkNode.mjs";
import { clean } from "./clean.mjs";
import { isInstalled, markInstalled, markInstalling } from "./installState.mjs";
import { pack } from "./pack.mjs";
import { pinnedPnpm } from "./pinnedPnpm.mjs";
import { runCommand } from "./runCommand.mjs";
import { SetupError } from "./setupError.mjs";
import { writableHomeEnv } from "./writableHome.mjs";

const root = resolve(fileURLToPath(import.meta.url), "../../../..");
const toStderr = ["inherit", 2, 2];
const INCREMENTAL = "--incremental";

const jobs = {
  async start(args) {
    await install();
    await build();
    await node("the demo", ["packages/cli/bin/materiome.js", "demo", ...args]);
  },
  async test(args) {
    await install();
    await build();
    say("linting");
    await node("the lint step", ["node_modules/@biomejs/biome/bin/biome", "check", "."]);
    say("checking the types of the tests");
    const cache = ["--incremental", "--tsBuildInfoFile", "node_modules/.cache/materiome/tests.tsbuildinfo"];
    await node("the type check of the tests", [
      "node_modules/typescript/bin/tsc",
      "-p",
      "tsconfig.test.json",
      ...cache,
    ]);
    say("testing");
    // Tests that start the program take what was just built.
    const env = { ...process.env, MATERIOME_TEST_BUILD: "1" };
    await node("the test run", ["node_modules/vitest/vitest.mjs", "run", ...args], { env });
  },
  async setup() {
    await install();
    await build();
    say("ready");
  },
  async clean() {
    clean(root);
  },
  async pack(args) {
    const [destination = "out/packages"] = args.filter((arg) => arg !== INCREMENTAL);
    await pack(root, resolve(root, destination), args.includes(INCREMENTAL), say);
  },
  async pnpm(args) {
    await node("pnpm", [await pinnedPnpm(root, say), ...args], { env: writableHomeEnv(root) });
  },
};

async function install() {
  if (isInstalled(root)) return;
  const pnpm = await pinnedPnpm(root, say);
  say("installing dependencies from the npm registry (under a minute, only when they change)");
  markInstalling(root);
  const args = [
    ...[pnpm, "install", "--frozen-lockfile", "--config.update-notifier=false"],
    "--prod=false", // NODE_ENV=production would leave out the compiler and the test runner
    ...["--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=5000"], // offline: seconds, not minutes
  ];
  const { code } = await runCommand(process.execPath, args, { cwd: root, env: writableHomeEnv(root), stdio: toStderr });
  if (code > 128) throw new SetupError("Stopped while installing; the next run continues.", code);
  if (code !== 0) {
    throw new SetupError(
      `Installing dependencies failed (pnpm exit code ${code}); its lines above say why.\n` +
        "ENOTFOUND, ECONNREFUSED, ETIMEDOUT: could not reach the npm registry; check the connection, `npm config get proxy`\n" +
        "and `npm config get registry`. ENOSPC, EACCES: the disk is full or not writable.\n" +
        "Then run the command again: what was fetched is kept.",
    );
  }
  markInstalled(root);
}

async function build() {
  say("building");
  await node("the build of the WebAssembly modules", ["packages/core/scripts/buildWasm.mjs"], { stdio: toStderr });
  await node("the build", ["node_modules/typescript/bin/tsc", "-b"], { stdio: toStderr });
}

/** Runs a program with this Node.js, directly, so that signals and exit codes pass unchanged. */
async function node(what, [program, ...args], options = {}) {
  const { code } = await runCommand(process.execPath, [resolve(root, program), ...args], { cwd: root, ...options });
  if (code !== 0) throw new SetupError(code > 128 ? "" : `${what} ended with exit code ${code}.`, code);
}

function say(line) {
  console.error(`[setup] ${line}`);
}

const [name = "", ...args] = process.argv.slice(2);
try {
  checkNode();
  const job = Object.hasOwn(jobs, name) ? jobs[name] : undefined;
  if (job === undefined) {
    throw new SetupError(`Unknown job "${name}"; expected one of ${Object.keys(jobs).join(", ")}.`, 2);
  }
  await job(args);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  if (error.message !== "") console.error(error.message);
  process.exitCode = error.exitCode;
}
