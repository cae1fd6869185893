import { readFileSync } from "node:fs";

interface Manifest {
  readonly version: string;
}

/** Version of the installed `materiome` package. */
export function materiomeVersion(): string {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as Manifest;
  return manifest.version;
}

/** Versions written beside every result, so that it can be made again. */
export function versions(): { readonly materiome: string; readonly node: string } {
  return { materiome: materiomeVersion(), node: process.versions.node };
}
