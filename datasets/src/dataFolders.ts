import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Where dataset files are looked for. */
export interface DataFolderOptions {
  /**
   * Folder that holds one folder per dataset. Given, nothing else is searched.
   * @defaultValue the folders of `MATERIOME_DATA`, then the cache
   */
  readonly dataDir?: string | undefined;
  /**
   * Environment that `MATERIOME_DATA`, `XDG_CACHE_HOME` and `LOCALAPPDATA` are read from.
   * @defaultValue `process.env`
   */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Folders that hold one folder per dataset (`<folder>/<dataset>/<file>`), in search order: `dataDir` alone where given;
 * otherwise each folder of `MATERIOME_DATA` (separated like `PATH`), then the cache of {@link cacheFolder}.
 */
export function dataFolders(options: DataFolderOptions = {}): readonly string[] {
  if (options.dataDir !== undefined) return [options.dataDir];
  const env = options.env ?? process.env;
  const named = (env["MATERIOME_DATA"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return [...named, cacheFolder(env)];
}

/**
 * Where the user's copies of datasets are kept: `$XDG_CACHE_HOME/materiome` where set, otherwise
 * `~/Library/Caches/materiome` (macOS), `%LOCALAPPDATA%\materiome` (Windows) or `~/.cache/materiome`.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const xdg = env["XDG_CACHE_HOME"];
  if (xdg !== undefined && xdg !== "") return join(xdg, "materiome");
  const home = env["HOME"] || homedir();
  if (process.platform === "darwin") return join(home, "Library", "Caches", "materiome");
  if (process.platform === "win32") return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "materiome");
  return join(home, ".cache", "materiome");
}
