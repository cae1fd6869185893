import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { vi } from "vitest";
import { createProgram } from "../../src/program.ts";
import { exitCodeOf } from "../../src/terminal/exitCodes.ts";
import type { CliResult } from "./runCli.ts";

export const GOALS = ["--objective", "maximize Hardness (HV)", "--constraint", "Elongation>=8 %"];
export const KNOBS = [
  "--vary",
  "T (degC)=500..700 step 5",
  "t (min)=10..240 log",
  "Medium=oil|water",
  "--fix",
  "C (wt%)=0.4",
];

export type Run = (...args: readonly string[]) => Promise<CliResult>;

/**
 * A campaign command in this process, which spares a start of Node for each step; words that end in a name of a file are paths in the
 * folder.
 */
export function runner(folder: string): Run {
  return async (...args) => {
    let [stdout, stderr, code] = ["", "", 0];
    const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      stdout += String(text);
      return true;
    });
    const err = vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      stderr += String(text);
      return true;
    });
    const located = args.map((word) => (/^[\w.-]+\.(?:journal|csv|html|json)$/.test(word) ? join(folder, word) : word));
    try {
      const program = createProgram(new AbortController().signal, (set) => {
        code = set;
      });
      await program.parseAsync(["node", "materiome", "campaign", ...located]);
    } catch (error) {
      code = exitCodeOf(error);
      stderr += (error as Error).message;
    } finally {
      out.mockRestore();
      err.mockRestore();
    }
    return { code, stdout: stdout.replaceAll(`${folder}/`, ""), stderr: stderr.replaceAll(`${folder}/`, "") };
  };
}

/** Fills in the outcomes of a table that `ask` wrote: row by row, "" leaves a row alone, "failed" is a status. */
export async function fillIn(
  path: string,
  outcomes: readonly (readonly [number, number] | "" | "failed")[],
): Promise<void> {
  const [header = "", ...rows] = (await readFile(path, "utf8")).trimEnd().split("\n");
  const filled = rows.map((row, i) => {
    const outcome = outcomes[i] ?? "";
    const start = row.replace(/,,,,$/, "");
    if (outcome === "") return row;
    return outcome === "failed" ? `${start},,,failed,cracked` : `${start},${outcome.join(",")},,`;
  });
  await writeFile(path, `${[header, ...filled].join("\n")}\n`);
}
