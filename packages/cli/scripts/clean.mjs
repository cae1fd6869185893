import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { workspacePackages } from "./workspacePackages.mjs";

/**
 * Deletes what the compilers wrote: the `dist` folder of every workspace package (`tsc -b` never deletes the output of a
 * source that is gone) and the WebAssembly modules.
 */
export function clean(root) {
  for (const { folder } of workspacePackages(root))
    rmSync(join(root, folder, "dist"), { recursive: true, force: true });
  for (const folder of ["packages/core/src/numerics/wasm", "packages/forward/src/nets/wasm"]) {
    const modules = join(root, folder);
    for (const file of existsSync(modules) ? readdirSync(modules) : [])
      if (file.endsWith(".wasm.ts")) rmSync(join(modules, file), { force: true });
  }
}
