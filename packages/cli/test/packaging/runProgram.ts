import { spawn } from "node:child_process";

export interface ProgramResult {
  readonly code: number | null;
  /** Standard output, then standard error. */
  readonly output: string;
}

/** Runs a script with this Node.js and collects what it prints. */
export function runNode(args: readonly string[], cwd: string): Promise<ProgramResult> {
  return run(process.execPath, args, cwd);
}

/** Runs npm: the one that started the tests, else the one on the PATH. */
export function runNpm(args: readonly string[], cwd: string): Promise<ProgramResult> {
  const own = process.env["npm_execpath"];
  return own?.endsWith("npm-cli.js") ? runNode([own, ...args], cwd) : run("npm", args, cwd);
}

function run(command: string, args: readonly string[], cwd: string): Promise<ProgramResult> {
  // The test run's own settings are not the installed package's business.
  const { NODE_OPTIONS: _, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32" && command === "npm",
    });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      output += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      errors += chunk;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output: output + errors }));
  });
}
