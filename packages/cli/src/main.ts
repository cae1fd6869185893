import { closeWorkers, isMateriomeError, removeTemporaryFiles } from "@materiome/core";
import { CommanderError } from "commander";
import { removeUnusedFolders } from "./output/prepareFolder.ts";
import { createProgram } from "./program.ts";
import { EXIT, exitCodeOf, UsageError } from "./terminal/exitCodes.ts";
import { InterruptedError, interruptSignal } from "./terminal/interrupt.ts";
import { versions } from "./version.ts";

/**
 * Runs the command line: parses `argv` (as `process.argv`), runs one command, sets `process.exitCode`.
 * Exit codes are listed in `terminal/exitCodes.ts`.
 */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(EXIT.done); // the reader went away: `materiome … | head`
    throw error;
  });
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error; // nobody reads the notes: the work goes on
  });
  const json = argv.includes("--json");
  const interrupt = interruptSignal({
    onInterrupt: removeTemporaryFiles,
    exit: (code) => {
      removeUnusedFolders();
      process.exit(code);
    },
  });
  try {
    const program = createProgram(interrupt.signal, (code) => {
      process.exitCode = code;
    });
    await program.parseAsync([...argv]);
  } catch (error) {
    const cause = interrupt.signal.aborted ? interrupt.signal.reason : error;
    process.exitCode = report(cause, json);
  } finally {
    interrupt.dispose();
    removeTemporaryFiles();
    removeUnusedFolders();
    await closeWorkers();
  }
}

/** Prints an error the way its kind asks for and returns the exit code. */
function report(error: unknown, json: boolean): number {
  if (error instanceof CommanderError) {
    // commander has printed help, version or its message already
    const exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    if (json && exitCode !== 0) printJsonError(error, exitCode);
    return exitCode;
  }
  const exitCode = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  if (exitCode === EXIT.fault) {
    const { materiome, node } = versions();
    process.stderr.write(
      `materiome: internal fault. This is a defect in the program, not in your data.\n` +
        `Please report it with the command you ran and these lines:\n` +
        `materiome ${materiome}, Node ${node}, ${process.platform} ${process.arch}\n` +
        `${error instanceof Error ? (error.stack ?? message) : message}\n`,
    );
  } else if (error instanceof InterruptedError) {
    process.stderr.write(`\nmateriome: ${message}; nothing half-written is left\n`);
  } else {
    process.stderr.write(`materiome: ${message}\n`);
  }
  if (json) printJsonError(error, exitCode);
  return exitCode;
}

function printJsonError(error: unknown, exitCode: number): void {
  const message = error instanceof Error ? error.message : String(error);
  const code = isMateriomeError(error) || error instanceof UsageError ? error.code : undefined;
  const location = isMateriomeError(error) ? error.location : undefined;
  process.stdout.write(`${JSON.stringify({ error: { code, message, location, exitCode } }, null, 2)}\n`);
}
