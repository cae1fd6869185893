import { isMateriomeError } from "@materiome/core";
import { InterruptedError } from "./interrupt.ts";

/** What the exit codes of `materiome` mean; scripts rely on them. */
export const EXIT = {
  done: 0,
  fault: 1,
  usage: 2,
  badInput: 3,
  someSkipped: 4,
  infeasible: 5,
} as const;

/** Sets the exit code of a command that ended without an error but not with everything done. */
export type SetExitCode = (code: number) => void;

/** The command was called wrongly: unknown option, missing argument, values that contradict each other. */
export class UsageError extends Error {
  readonly code = "USAGE";

  constructor(message: string) {
    super(message);
    this.name = "UsageError";
  }
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError) return error.exitCode;
  if (error instanceof UsageError) return EXIT.usage;
  if (isMateriomeError(error)) return error.code === "INFEASIBLE" ? EXIT.infeasible : EXIT.badInput;
  return EXIT.fault;
}
