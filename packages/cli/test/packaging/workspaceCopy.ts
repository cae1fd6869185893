import { cp, mkdtemp, readdir, readFile, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const leftOut = new Set([".git", "out", "coverage"]);
const whole = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true };
const shared = new Set(["node_modules", ".materiome"]);

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface WorkspacePackage {
  /** Relative to the workspace root. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The folder that holds the workspace under test. */
export const workspaceRoot: string = root;

/** Packages of the workspace, found where pnpm-workspace.yaml says. */
export async function listPackages(): Promise<WorkspacePackage[]> {
  const script = new URL("../../scripts/workspacePackages.mjs", import.meta.url).href;
  const { workspacePackages } = (await import(script)) as { workspacePackages(root: string): WorkspacePackage[] };
  return workspacePackages(root);
}

/**
 * A copy of the sources in a temporary folder, with what is built already, sharing the installed dependencies: what is built,
 * broken and packed there leaves the tree under test alone. Files keep their times, by which the compiler knows what is up to date.
 */
export async function copyWorkspace(): Promise<string> {
  const copy = await temporaryFolder("materiome-workspace-");
  for (const entry of await readdir(root)) {
    if (leftOut.has(entry)) continue;
    if (shared.has(entry)) await symlink(join(root, entry), join(copy, entry), "junction");
    else await cp(join(root, entry), join(copy, entry), { ...whole, filter: isTaken });
  }
  return copy;
}

/** A new temporary folder, with symbolic links in its path resolved. */
export async function temporaryFolder(prefix: string): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), prefix)));
}

export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true });
}

export async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, "utf8")) as T;
}

function isTaken(path: string): boolean {
  return !leftOut.has(basename(path)) && !path.endsWith(".tgz");
}
