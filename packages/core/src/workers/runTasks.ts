import { availableParallelism } from "node:os";
import { Piscina } from "piscina";
import { DomainError, MateriomeError } from "../errors/errors.ts";
import { reviveError } from "../errors/transfer.ts";
import type { AbortLike, RunContext } from "../run/run.ts";
import type { TaskFunction, TaskReply, TaskRequest } from "./task.worker.ts";

export interface RunTasksOptions extends Pick<RunContext, "threads" | "signal" | "onProgress"> {
  /** Name of the work in progress reports. @defaultValue the function's name */
  readonly stage?: string;
}

/**
 * Calls an exported function in worker threads, once per input, and returns the results in the order of the inputs.
 *
 * The result must depend on the input alone (randomness enters as a `Random.key`), so it is the same for any number of
 * threads. Typed arrays over `SharedArrayBuffer` are shared, everything else is copied. On abort running workers are
 * terminated, in the middle of a loop too, and the signal's reason is thrown; a signal without events is looked at before each
 * task. The first failure ends the other tasks in the same way.
 *
 * @param inputs - one entry per task
 * @throws whatever a task throws, of its own class and with its place, or the abort reason
 * @throws DomainError unless `threads` is a whole number of at least 1
 * @throws MateriomeError, naming the task, if its thread ends before it answers (out of memory, `process.exit`) or if its
 * input cannot be copied
 * @example
 * const areas = await runTasks<Tile, number>({ module: import.meta.resolve("./area.js"), name: "area" }, tiles, { threads: 2 });
 */
export async function runTasks<Input, Output>(
  task: TaskFunction,
  inputs: readonly Input[],
  options: RunTasksOptions = {},
): Promise<Output[]> {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const asked = options.threads ?? availableParallelism();
  if (!(Number.isInteger(asked) && asked >= 1)) {
    throw new DomainError(`runTasks: threads must be a whole number of at least 1, got ${asked}`);
  }
  const threads = Math.min(asked, inputs.length);
  const stage = options.stage ?? task.name;
  const results = new Array<Output>(inputs.length);
  const controller = new AbortController();
  const unwatch = forwardAbort(signal, controller);
  let next = 0;
  let done = 0;
  let failure: { readonly error: unknown } | undefined;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < inputs.length && failure === undefined; i = next++) {
      try {
        signal?.throwIfAborted();
        const request: TaskRequest = { task, input: inputs[i] };
        const running = sharedPool().run(request, { signal: controller.signal }) as Promise<TaskReply>;
        const reply = await running.catch((error: unknown) => {
          throw controller.signal.aborted ? error : brokenThread(task, i, inputs.length, error);
        });
        if (!reply.ok) throw reviveError(reply.error);
        results[i] = reply.value as Output;
        done++;
        onProgress?.({ stage, done, total: inputs.length });
      } catch (error) {
        failure ??= { error };
        controller.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: threads }, lane));
  unwatch();
  signal?.throwIfAborted();
  if (failure !== undefined) throw (failure as { readonly error: unknown }).error;
  return results;
}

let pool: Piscina | undefined;

/** One lazy pool for the process; idle threads do not keep the process alive. */
function sharedPool(): Piscina {
  if (pool === undefined) {
    pool = new Piscina({
      filename: new URL(import.meta.url.endsWith(".ts") ? "./task.worker.ts" : "./task.worker.js", import.meta.url)
        .href,
      minThreads: 0,
      maxThreads: Math.max(2, availableParallelism()),
      idleTimeout: 30_000,
      // What speaks of the program's own entry would keep a thread from starting: code given on the command line or stdin.
      execArgv: process.execArgv.filter((argument) => !/^--(input-type|eval|print|check)\b|^-[epc]$/.test(argument)),
    });
    // Failures of tasks reach their callers through the promise of the task. What arrives here belongs to no task: the
    // late reply of one that was aborted, or a thread that died while idle.
    pool.on("error", () => undefined);
  }
  return pool;
}

/** Ends the worker threads; a later `runTasks` starts new ones. */
export async function closeWorkers(): Promise<void> {
  const closing = pool;
  pool = undefined;
  await closing?.destroy();
}

/** What Piscina says of a thread that ended, or of an input it could not send, with the task it happened to. */
function brokenThread(task: TaskFunction, index: number, total: number, cause: unknown): MateriomeError {
  const said = cause instanceof Error ? cause.message : String(cause);
  const what =
    cause instanceof Error && cause.name === "DataCloneError"
      ? "has an input that cannot be copied"
      : "ended its thread";
  return new MateriomeError(`runTasks: task ${index + 1} of ${total} of "${task.name}" ${what}: ${said}`, { cause });
}

function forwardAbort(signal: AbortLike | undefined, controller: AbortController): () => void {
  if (signal === undefined || !("addEventListener" in signal)) return () => undefined;
  const abort = (): void => controller.abort();
  const source = signal as AbortSignal;
  source.addEventListener("abort", abort, { once: true });
  return () => source.removeEventListener("abort", abort);
}
