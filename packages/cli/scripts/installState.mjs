import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { workspacePackages } from "./workspacePackages.mjs";

const stampFile = "node_modules/.materiome-setup.json";

/** Whether node_modules holds what the lockfile asks for, as far as a few milliseconds can tell. */
export function isInstalled(root) {
  if (readStamp(root) !== fingerprint(root)) return false;
  // npm leaves this file behind: a stray `npm install` has rearranged what pnpm laid out.
  if (existsSync(join(root, "node_modules/.package-lock.json"))) return false;
  return projects(root).every(({ folder, manifest }) =>
    Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).every((name) =>
      existsSync(join(root, folder, "node_modules", name, "package.json")),
    ),
  );
}

/** Says that an install has begun: until {@link markInstalled}, the state counts as unknown. */
export function markInstalling(root) {
  rmSync(join(root, stampFile), { force: true });
  rmSync(join(root, "node_modules/.package-lock.json"), { force: true });
}

/** Records that the install for the present fingerprint is complete. */
export function markInstalled(root) {
  mkdirSync(join(root, "node_modules"), { recursive: true });
  writeFileSync(join(root, stampFile), `${JSON.stringify({ fingerprint: fingerprint(root) })}\n`);
}

function readStamp(root) {
  try {
    return JSON.parse(readFileSync(join(root, stampFile), "utf8")).fingerprint;
  } catch {
    return undefined; // absent or cut short: either way an install is due
  }
}

/** Everything an install depends on: lockfile, manifests, settings, platform, C library, Node ABI. */
function fingerprint(root) {
  const hash = createHash("sha256");
  const files = ["pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc", ...manifestFiles(root)];
  for (const file of files) {
    const content = existsSync(join(root, file)) ? readFileSync(join(root, file)) : Buffer.alloc(0);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  const libc = process.platform === "linux" && existsSync("/etc/alpine-release") ? "musl" : "";
  hash.update([process.platform, process.arch, libc, process.versions.modules].join("\0"));
  return hash.digest("hex");
}

function projects(root) {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return [{ folder: ".", manifest }, ...workspacePackages(root)];
}

function manifestFiles(root) {
  return projects(root).map(({ folder }) => `${folder}/package.json`);
}
