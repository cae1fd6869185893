import { cpus } from "node:os";

/** Where and when a number was measured; stands beside every committed result. */
export interface Provenance {
  readonly date: string;
  readonly machine: string;
  readonly versions: { readonly [name: string]: string };
}

export function provenance(versions: { readonly [name: string]: string } = {}): Provenance {
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}`,
    versions: { node: process.versions.node, ...versions },
  };
}

/** One line under a printed result: versions, machine and date. */
export function provenanceLine({ versions, machine, date }: Provenance): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return `${named.join(", ")}; ${machine}; ${date}`;
}
