/** Ctrl-C or a termination signal: work stops, temporary files go, the exit code is 128 + the signal's number. */
export class InterruptedError extends Error {
  readonly exitCode: number;

  constructor(signal: "SIGINT" | "SIGTERM") {
    super(signal === "SIGINT" ? "stopped by Ctrl-C" : "stopped by a termination signal");
    this.name = "InterruptedError";
    this.exitCode = signal === "SIGINT" ? 130 : 143;
  }
}

export interface InterruptOptions {
  /** Runs at once when the signal arrives. */
  readonly onInterrupt: () => void;
  /** Ends the process when a second signal says that waiting is over. */
  readonly exit: (code: number) => void;
}

/** An abort signal that fires on Ctrl-C and on termination; a second Ctrl-C ends the process without waiting. */
export function interruptSignal(options: InterruptOptions): { readonly signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const handler = (name: "SIGINT" | "SIGTERM"): void => {
    const error = new InterruptedError(name);
    options.onInterrupt();
    if (controller.signal.aborted) options.exit(error.exitCode);
    controller.abort(error);
  };
  const onInt = (): void => handler("SIGINT");
  const onTerm = (): void => handler("SIGTERM");
  process.on("SIGINT", onInt);
  process.on("SIGTERM", onTerm);
  return {
    signal: controller.signal,
    dispose() {
      process.off("SIGINT", onInt);
      process.off("SIGTERM", onTerm);
    },
  };
}
