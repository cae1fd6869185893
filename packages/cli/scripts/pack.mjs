import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { clean } from "./clean.mjs";
import { pinnedPnpm } from "./pinnedPnpm.mjs";
import { runCommand } from "./runCommand.mjs";
import { SetupError } from "./setupError.mjs";
import { workspacePackages } from "./workspacePackages.mjs";

/**
 * Writes one tarball per publishable package into `destination`, from a clean build of an installed workspace.
 *
 * @param {string} root workspace root
 * @param {string} destination folder for the tarballs, made where absent
 * @param {boolean} isIncremental keeps what is built and up to date, also the output of sources that are gone
 * @param {(line: string) => void} say receives progress lines
 */
export async function pack(root, destination, isIncremental, say) {
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  if (!existsSync(compiler))
    throw new SetupError(
      "pack: dependencies are not installed; run `node packages/cli/scripts/setup.mjs setup` first.",
      2,
    );
  const pnpm = await pinnedPnpm(root, say);
  if (!isIncremental) clean(root);
  say(isIncremental ? "building what is not up to date" : "building all packages from scratch");
  await step([join(root, "packages/core/scripts/buildWasm.mjs")], root, "the build of the WebAssembly modules");
  await step([compiler, "-b"], root, "the build");
  mkdirSync(destination, { recursive: true });
  for (const { folder, manifest } of workspacePackages(root)) {
    if (manifest.private === true) continue;
    say(`packing ${manifest.name} ${manifest.version}`);
    await step([pnpm, "pack", "--pack-destination", destination], join(root, folder), `packing ${manifest.name}`);
  }
}

async function step(args, cwd, what) {
  const { code, output } = await runCommand(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
  if (code !== 0) throw new SetupError(`${output.trim()}\n${what} failed (exit code ${code}).`, code);
}
