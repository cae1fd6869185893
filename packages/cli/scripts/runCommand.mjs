import { spawn } from "node:child_process";
import { constants } from "node:os";

/**
 * Runs a program to its end and resolves with its exit code (128 + n when a signal ended it).
 *
 * Ctrl-C reaches the whole process group, so the child stops by itself: the empty handler keeps this process alive
 * until the child has cleaned up. Signals that only this process receives are passed on.
 *
 * @param {string} command program to run
 * @param {string[]} args its arguments
 * @param {{ cwd: string, env?: NodeJS.ProcessEnv, stdio?: import("node:child_process").StdioOptions }} options
 * @returns {Promise<{ code: number, output: string }>} `output` holds what was piped, empty where stdio is inherited
 */
export function runCommand(command, args, { cwd, env = process.env, stdio = "inherit" }) {
  return new Promise((resolve, reject) => {
    // npm is a .cmd file on Windows, which only a shell can start.
    const shell = process.platform === "win32" && !command.endsWith(".exe");
    const child = spawn(command, args, { cwd, env, stdio, shell });

    const ignore = () => {};
    const forward = (signal) => child.kill(signal);
    process.on("SIGINT", ignore);
    process.on("SIGTERM", forward);
    process.on("SIGHUP", forward);
    const release = () => {
      process.off("SIGINT", ignore);
      process.off("SIGTERM", forward);
      process.off("SIGHUP", forward);
    };

    let output = "";
    const collect = (chunk) => {
      output += chunk;
    };
    child.stdout?.setEncoding("utf8").on("data", collect);
    child.stderr?.setEncoding("utf8").on("data", collect);

    child.on("error", (error) => {
      release();
      reject(error);
    });
    child.on("close", (code, signal) => {
      release();
      resolve({ code: code ?? 128 + (constants.signals[signal] ?? 0), output });
    });
  });
}
