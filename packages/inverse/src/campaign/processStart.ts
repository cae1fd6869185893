import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process started, as a text that another process of the same number does not share; undefined where that cannot be told
 * (no such process, or a system with neither).
 *
 * On Linux the boot and the clock tick since it (`proc(5)`: field 22 of `stat`, counted after the command, which may hold spaces and
 * brackets); elsewhere what `ps` says, to the second.
 *
 * @param proc - where the process file system is mounted
 */
export function processStart(pid: number, proc: string = "/proc"): string | undefined {
  try {
    const stat = readFileSync(`${proc}/${pid}/stat`, "utf8");
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    return `${readFileSync(`${proc}/sys/kernel/random/boot_id`, "utf8").trim()} ${ticks}`;
  } catch {
    return startByPs(pid);
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const said = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C", TZ: "UTC" },
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return said === "" ? undefined : said;
  } catch {
    return undefined;
  }
}
