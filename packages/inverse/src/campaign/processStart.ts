import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Start times that clock and rounding may keep apart, ms. */
const SAME_MS = 5000;

/** Runs a program and returns what it prints; throws where it fails. */
export type RunProgram = (program: string, args: readonly string[]) => string;

let own: { readonly text: string | undefined } | undefined;

/** {@link processStart} of this process, looked up once. On Windows it is taken from its own clock, as asking the system takes a second. */
export function ownStart(): string | undefined {
  own ??= {
    text: process.platform === "win32" ? `ms ${Math.round(performance.timeOrigin)}` : processStart(process.pid),
  };
  return own.text;
}

/**
 * When a process started, as a text that another process of the same number does not share ({@link isSameStart}); undefined where
 * that cannot be told (no such process, another user's, or a system with none of these).
 *
 * On Linux the boot and the clock tick since it (`proc(5)`: field 22 of `stat`, counted after the command, which may hold spaces and
 * brackets); on Windows, which soon gives a number to another process, what PowerShell's Get-Process says, in ms since 1970; elsewhere
 * what `ps` says, to the second.
 *
 * @param proc - where the process file system is mounted
 */
export function processStart(
  pid: number,
  proc: string = "/proc",
  platform: string = process.platform,
  run: RunProgram = printed,
): string | undefined {
  try {
    if (platform === "win32") return startByPowerShell(pid, run);
    const stat = readFileSync(`${proc}/${pid}/stat`, "utf8");
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${readFileSync(`${proc}/sys/kernel/random/boot_id`, "utf8").trim()} ${ticks}`;
  } catch {
    return platform === "win32" ? undefined : startByPs(pid, run);
  }
}

/** Whether two texts of {@link processStart} are of one process. */
export function isSameStart(a: string, b: string): boolean {
  const [, first] = /^ms (\d+)$/.exec(a) ?? [];
  const [, second] = /^ms (\d+)$/.exec(b) ?? [];
  return first === undefined || second === undefined ? a === b : Math.abs(Number(first) - Number(second)) <= SAME_MS;
}

function startByPowerShell(pid: number, run: RunProgram): string | undefined {
  const command = `[DateTimeOffset]::new((Get-Process -Id ${pid}).StartTime).ToUnixTimeMilliseconds()`;
  const said = run("powershell.exe", ["-NoProfile", "-NonInteractive", "-Command", command]);
  return /^\d+$/.test(said) ? `ms ${said}` : undefined;
}

function startByPs(pid: number, run: RunProgram): string | undefined {
  try {
    const said = run("ps", ["-o", "lstart=", "-p", String(pid)]);
    return said === "" ? undefined : said;
  } catch {
    return undefined;
  }
}

function printed(program: string, args: readonly string[]): string {
  return execFileSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 10_000,
    windowsHide: true,
  }).trim();
}
