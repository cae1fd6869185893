import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Cost {
  readonly seconds: number;
  /** Of all threads: what other work on the machine hardly changes. */
  readonly processorSeconds: number;
  /** Of the process since it was started. */
  readonly peakMemoryMB: number;
}

/** Starts measuring; what is returned tells the cost since then. */
export function measureCost(): () => Cost {
  const started = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return {
      seconds: (performance.now() - started) / 1000,
      processorSeconds: (user + system) / 1e6,
      peakMemoryMB: process.resourceUsage().maxRSS / 1024,
    };
  };
}

/** Runs the benchmark again as `--stage name` in a process of its own, whose peak memory is that of the stage. */
export function runStage<T>(name: string, options: { readonly [name: string]: string | number }): Promise<T> {
  const [, script = ""] = process.argv;
  const given = Object.entries({ stage: name, ...options }).flatMap(([key, value]) => [`--${key}`, String(value)]);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, script, ...given], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (part) => {
      text += part;
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`${name} ended with ${code}`)),
    );
  });
}

/** Runs `work` with the folder asked for, or a temporary one that it removes. */
export async function inFolder(asked: string | undefined, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = asked ?? (await mkdtemp(join(tmpdir(), "materiome-benchmark-")));
  try {
    await work(folder);
  } finally {
    if (asked === undefined) await rm(folder, { recursive: true });
  }
}
