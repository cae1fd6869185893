import { type PlainError, plainError } from "../errors/transfer.ts";

/** A task in another thread: the function `name` exported by `module`, given one structured-cloneable input. */
export interface TaskFunction {
  /** URL of a module that exports the function; it is loaded once per thread. */
  readonly module: string;
  readonly name: string;
}

export interface TaskRequest {
  readonly task: TaskFunction;
  readonly input: unknown;
}

export type TaskReply =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: PlainError };

/** Entry of every worker thread: loads the module, calls the function, sends errors back with their code and location. */
export default async function runTask({ task, input }: TaskRequest): Promise<TaskReply> {
  try {
    const loaded = (await import(task.module)) as Record<string, unknown>;
    const run = loaded[task.name];
    if (typeof run !== "function") throw new TypeError(`${task.module} exports no function "${task.name}"`);
    return { ok: true, value: await run(input) };
  } catch (error) {
    return { ok: false, error: plainError(error) };
  }
}
