import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Packages of the workspace, as `pnpm-workspace.yaml` lists them (`folder` and `folder/*` entries), sorted by folder.
 *
 * @param {string} root folder that holds pnpm-workspace.yaml
 * @returns {{ folder: string, manifest: Record<string, any> }[]} folder relative to root, with forward slashes
 */
export function workspacePackages(root) {
  const patterns = listUnder("packages", readFileSync(join(root, "pnpm-workspace.yaml"), "utf8"));
  const folders = patterns.flatMap((pattern) => {
    if (!pattern.endsWith("/*")) return [pattern];
    const parent = pattern.slice(0, -2);
    const entries = readdirSync(join(root, parent), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => `${parent}/${entry.name}`);
  });
  return folders
    .filter((folder) => existsSync(join(root, folder, "package.json")))
    .sort()
    .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")) }));
}

/** Entries of one top-level block list; setup runs before any YAML reader is installed. */
function listUnder(key, yaml) {
  const lines = yaml.split(/\r?\n/);
  const start = lines.indexOf(`${key}:`);
  if (start < 0) throw new Error(`pnpm-workspace.yaml: expected a top-level "${key}:" list, found none`);
  const items = [];
  for (const line of lines.slice(start + 1)) {
    const item = /^\s*-\s*["']?([^"'#]+?)["']?\s*(?:#.*)?$/.exec(line);
    if (item?.[1] !== undefined) items.push(item[1]);
    else if (line.trim() !== "" && !line.trim().startsWith("#")) break;
  }
  return items;
}
