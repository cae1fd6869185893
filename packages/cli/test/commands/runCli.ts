import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { isBuilt, ownPackages } from "../../../../tools/testing/ownPackages.ts";

export interface CliResult {
  /** Null if a signal ended the process before it could say a code. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunCliOptions {
  /** Where the program is started; paths in the arguments are relative to it. */
  readonly cwd: string;
  /** Changes to the environment; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Is given the running process, to send it a signal. */
  readonly onStart?: (child: ChildProcess) => void;
}

const ENTRY = fileURLToPath(new URL("./entry.ts", import.meta.url));
const PROGRAM = fileURLToPath(new URL("../../bin/materiome.js", import.meta.url));

/** Runs `materiome` with these arguments as a process of its own and waits until it has ended. */
export function runCli(args: readonly string[], options: RunCliOptions): Promise<CliResult> {
  const { NODE_OPTIONS: _, ...own } = process.env;
  const program = isBuilt ? [PROGRAM] : [...ownPackages, ENTRY];
  const child = spawn(process.execPath, [...program, ...args], {
    cwd: options.cwd,
    env: { ...own, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  options.onStart?.(child);
  return new Promise((resolve, reject) => {
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
