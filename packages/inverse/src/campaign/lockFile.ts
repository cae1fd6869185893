import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { type AbortLike, cannotWrite, DataError } from "@materiome/core";
import { processStart } from "./processStart.ts";

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
  let empty: { readonly since: number; readonly inode: number } | undefined;
  while (!made(lock)) {
    options.signal?.throwIfAborted();
    const found = heldBy(lock, confirmed);
    if (found?.kind === "empty") {
      if (empty?.inode !== found.inode) empty = { since: performance.now(), inode: found.inode };
    } else empty = undefined;
    const isStale = found?.kind === "dead" || (empty !== undefined && performance.now() - empty.since > EMPTY_MS);
    if (isStale) removeStale(lock, found);
    if (performance.now() > deadline) throw new DataError(heldMessage(lock, found), { location: { file: path } });
    if (found !== undefined) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

interface Holder {
  readonly kind: "alive" | "dead" | "elsewhere" | "empty";
  readonly text: string;
  readonly inode: number;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Absent where the system does not tell. */
  readonly start?: string | undefined;
}

let ownStart: { readonly text: string | undefined } | undefined;

function self(): Owner {
  ownStart ??= { text: processStart(process.pid) };
  return { pid: process.pid, host: hostname(), start: ownStart.text };
}

/** Undefined for what is no whole lock: its maker died, or is still writing. */
function ownerIn(text: string): Owner | undefined {
  try {
    const { pid, host, start } = JSON.parse(text) as Partial<Owner>;
    return Number.isInteger(pid) && pid !== undefined && typeof host === "string"
      ? { pid, host, start: typeof start === "string" ? start : undefined }
      : undefined;
  } catch {
    return undefined;
  }
}

function made(lock: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(lock, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw cannotWrite(lock, error, "the lock file");
  }
  try {
    writeSync(descriptor, JSON.stringify(self()));
  } finally {
    closeSync(descriptor);
  }
  return true;
}

/**
 * Undefined where the lock has just gone.
 *
 * @param confirmed - locks whose process was found to be the one that made them
 */
function heldBy(lock: string, confirmed: Set<string>): Holder | undefined {
  let [text, inode] = ["", 0];
  try {
    inode = statSync(lock).ino;
    text = readFileSync(lock, "utf8");
  } catch {
    return undefined; // removed between our two looks
  }
  const owner = ownerIn(text);
  if (owner === undefined) return { kind: "empty", text, inode };
  if (owner.host !== hostname()) return { kind: "elsewhere", text, inode };
  if (!isAlive(owner.pid)) return { kind: "dead", text, inode };
  if (!confirmed.has(text)) {
    const now = owner.start === undefined ? undefined : processStart(owner.pid);
    if (now !== undefined && now !== owner.start) return { kind: "dead", text, inode };
    confirmed.add(text);
  }
  return { kind: "alive", text, inode };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"; // EPERM: it lives, and is another user's
  }
}

function removeStale(lock: string, found: Holder | undefined): void {
  const breaking = `${lock}.stale`;
  if (!made(breaking)) return;
  try {
    const now = heldBy(lock, new Set());
    if (now !== undefined && now.text === found?.text && now.inode === found.inode) rmSync(lock, { force: true });
  } finally {
    rmSync(breaking, { force: true });
  }
}

function heldMessage(lock: string, found: Holder | undefined): string {
  const owner = ownerIn(found?.text ?? "");
  const who = owner === undefined ? "another process" : `process ${owner.pid} on ${owner.host}`;
  return `${who} is working on it; nothing was written. Try again when it is done; if it died, remove ${lock} (and ${lock}.stale, if there is one)`;
}
