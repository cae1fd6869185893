import { rmSync } from "node:fs";
import { join } from "node:path";
import { workspacePackages } from "./workspacePackages.mjs";

/** Deletes the `dist` folder of every workspace package: `tsc -b` never deletes the output of a source that is gone. */
export function clean(root) {
  for (const { folder } of workspacePackages(root))
    rmSync(join(root, folder, "dist"), { recursive: true, force: true });
}
