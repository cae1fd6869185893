import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { type AbortLike, cannotWrite, DataError, isHeldOpen, retryWhileOpenSync } from "@materiome/core";
import { isSameStart, ownStart, processStart } from "./processStart.ts";

export interface LockOptions {
  /** How long to wait for another process, in ms. @defaultValue 10000 */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortLike | undefined;
}

/** A lock file that stays without content so long belongs to a process that died while making it. */
const EMPTY_MS = 1000;
const POLL_MS = 15;

/**
 * Does something while no other process does anything with the same file: `PATH.lock`, made with O_EXCL, holds process
 * number, its start and host of who works. A lock whose process is gone (same host) is removed, also where its number belongs to a
 * process that started at another time ({@link processStart}); another is waited for.
 *
 * Removing happens under a second lock, `PATH.lock.stale`: of two processes that find the same dead lock, one would else remove
 * the new lock of the other. That second lock lives for microseconds; should a process die within, the message says so.
 *
 * @throws DataError naming who holds the lock, if it does not become free in time
 */
export async function withLock<T>(path: string, work: () => T, options: LockOptions = {}): Promise<T> {
  const lock = `${path}.lock`;
  const deadline = performance.now() + (options.timeoutMs ?? 10_000);
  const confirmed = new Set<string>();
  let empty: { readonly since: number; readonly identity: string } | undefined;
  for (let attempt = made(lock); attempt !== "made"; attempt = made(lock)) {
    options.signal?.throwIfAborted();
    const found = heldBy(lock, confirmed);
    if (found?.kind === "empty") {
      if (empty?.identity !== found.identity) empty = { since: performance.now(), identity: found.identity };
    } else empty = undefined;
    const isStale = found?.kind === "dead" || (empty !== undefined && performance.now() - empty.since > EMPTY_MS);
    if (isStale) removeStale(lock, found);
    if (performance.now() > deadline) {
      if (found === undefined && attempt !== "held") throw cannotWrite(lock, attempt.refused, "the lock file");
      throw new DataError(heldMessage(lock, found), { location: { file: path } });
    }
    if (found !== undefined || attempt !== "held") await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  try {
    return work();
  } finally {
    remove(lock);
  }
}

interface Holder {
  readonly kind: "alive" | "dead" | "elsewhere" | "empty";
  readonly text: string;
  /** Tells this file from a later one of the same name. */
  readonly identity: string;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Absent where the system does not tell. */
  readonly start?: string | undefined;
}

function self(): Owner {
  return { pid: process.pid, host: hostname(), start: ownStart() };
}

/** Undefined for what is no whole lock: its maker died, or is still writing. */
function ownerIn(text: string): Owner | undefined {
  try {
    const { pid, host, start } = JSON.parse(text) as Partial<Owner>;
    // 0 and negative numbers stand for groups of processes, which always live.
    return Number.isInteger(pid) && pid !== undefined && pid > 0 && typeof host === "string"
      ? { pid, host, start: typeof start === "string" ? start : undefined }
      : undefined;
  } catch {
    return undefined;
  }
}

/** `refused`: Windows keeps the name of a lock that was removed while somebody was looking at it. */
function made(lock: string): "made" | "held" | { readonly refused: unknown } {
  let descriptor: number;
  try {
    descriptor = openSync(lock, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return "held";
    if (isHeldOpen(error)) return { refused: error };
    throw cannotWrite(lock, error, "the lock file");
  }
  try {
    writeSync(descriptor, JSON.stringify(self()));
  } finally {
    closeSync(descriptor);
  }
  return "made";
}

function remove(lock: string): void {
  retryWhileOpenSync(() => rmSync(lock, { force: true }));
}

/**
 * Undefined where the lock has just gone.
 *
 * @param confirmed - locks whose process was found to be the one that made them
 */
function heldBy(lock: string, confirmed: Set<string>): Holder | undefined {
  let [text, identity] = ["", ""];
  try {
    // As whole numbers of 64 bits: file numbers of Windows do not fit a double, and are 0 on some drives.
    const { ino, mtimeNs } = statSync(lock, { bigint: true });
    identity = `${ino} ${mtimeNs}`;
    text = readFileSync(lock, "utf8");
  } catch {
    return undefined; // removed between our two looks
  }
  const owner = ownerIn(text);
  if (owner === undefined) return { kind: "empty", text, identity };
  if (owner.host !== hostname()) return { kind: "elsewhere", text, identity };
  if (!isAlive(owner.pid)) return { kind: "dead", text, identity };
  if (!confirmed.has(text)) {
    const now = owner.start === undefined ? undefined : processStart(owner.pid);
    if (now !== undefined && owner.start !== undefined && !isSameStart(now, owner.start))
      return { kind: "dead", text, identity };
    confirmed.add(text);
  }
  return { kind: "alive", text, identity };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"; // EPERM: it lives, and is another user's, on Windows too
  }
}

function removeStale(lock: string, found: Holder | undefined): void {
  const breaking = `${lock}.stale`;
  if (made(breaking) !== "made") return;
  try {
    const now = heldBy(lock, new Set());
    if (now !== undefined && now.text === found?.text && now.identity === found.identity) remove(lock);
  } finally {
    remove(breaking);
  }
}

function heldMessage(lock: string, found: Holder | undefined): string {
  const owner = ownerIn(found?.text ?? "");
  const who = owner === undefined ? "another process" : `process ${owner.pid} on ${owner.host}`;
  return `${who} is working on it; nothing was written. Try again when it is done; if it died, remove ${lock} (and ${lock}.stale, if there is one)`;
}
