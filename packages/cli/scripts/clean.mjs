import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { workspacePackages } from "./workspacePackages.mjs";

/**
 * Deletes what the compilers wrote: the `dist` folder of every workspace package (`tsc -b` never deletes the output of a
 * source that is gone) and core's WebAssembly modules.
 */
export function clean(root) {
  for (const { folder } of workspacePackages(root))
    rmSync(join(root, folder, "dist"), { recursive: true, force: true });
  const modules = join(root, "packages/core/src/numerics/wasm");
  for (const file of existsSync(modules) ? readdirSync(modules) : [])
    if (file.endsWith(".wasm.ts")) rmSync(join(modules, file), { force: true });
}
