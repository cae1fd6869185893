import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { DataError } from "../errors/errors.ts";
import { isHeldOpen, retryWhileOpen, retryWhileOpenSync } from "./retryWhileOpen.ts";

const temporary = new Set<string>();
let counter = 0;

/**
 * Writes a file so that it is either whole or not there: the data go to `.name.<pid>.<n>.tmp` in the same folder, are
 * flushed to disk and renamed over `path`. On failure the temporary file is removed and an older file stays as it was. Where Windows
 * refuses because another program has the older file open, it is tried again for two seconds.
 *
 * @throws DataError naming the path if the folder is missing or not writable
 * @example
 * await writeFileAtomic("out/metrics.json", JSON.stringify(metrics));
 */
export async function writeFileAtomic(path: string, data: string | Uint8Array): Promise<void> {
  const name = temporaryName(path);
  temporary.add(name);
  let handle: FileHandle | undefined;
  try {
    handle = await open(name, "wx");
    await handle.writeFile(data);
    await handle.sync();
    await handle.close();
    handle = undefined;
    await retryWhileOpen(() => rename(name, path));
  } catch (error) {
    await handle?.close().catch(() => undefined);
    await rm(name, { force: true }).catch(() => undefined);
    throw cannotWrite(path, error);
  } finally {
    temporary.delete(name);
  }
}

/** As {@link writeFileAtomic}, blocking: for exit handlers and small files. */
export function writeFileAtomicSync(path: string, data: string | Uint8Array): void {
  const name = temporaryName(path);
  temporary.add(name);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(name, "wx");
    writeFileSync(descriptor, data);
    fsyncSync(descriptor);
    closeSync(descriptor);
    descriptor = undefined;
    retryWhileOpenSync(() => renameSync(name, path));
  } catch (error) {
    if (descriptor !== undefined) closeSync(descriptor);
    rmSync(name, { force: true });
    throw cannotWrite(path, error);
  } finally {
    temporary.delete(name);
  }
}

/**
 * Path for a temporary file beside `path`, registered so that {@link removeTemporaryFiles} removes it: for writers that
 * must be given a path (image encoders). Call {@link commitTemporaryFile} when it is complete.
 */
export function temporaryPathFor(path: string): string {
  const name = temporaryName(path);
  temporary.add(name);
  return name;
}

/**
 * Renames a file written under `temporaryPathFor(path)` to `path`.
 *
 * @throws DataError if that is not possible
 */
export async function commitTemporaryFile(temporaryPath: string, path: string): Promise<void> {
  try {
    await retryWhileOpen(() => rename(temporaryPath, path));
  } catch (error) {
    await rm(temporaryPath, { force: true }).catch(() => undefined);
    throw cannotWrite(path, error);
  } finally {
    temporary.delete(temporaryPath);
  }
}

/** Removes, at once, every temporary file that is still being written: for signal and exit handlers. */
export function removeTemporaryFiles(): void {
  for (const name of temporary) {
    try {
      rmSync(name, { force: true });
    } catch {
      // The process is going away and the folder may have gone first: there is nobody left to tell.
    }
  }
  temporary.clear();
}

function temporaryName(path: string): string {
  counter++;
  return join(dirname(path), `.${basename(path)}.${process.pid}.${counter}.tmp`);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "the folder does not exist; create it or choose another",
  EACCES: "no permission to write there; choose another folder or change its permissions",
  EPERM: "no permission to write there; choose another folder or change its permissions",
  EROFS: "the file system is read-only; choose another folder",
  ENOSPC: "the disk is full; free space, or choose a folder on another disk",
  EDQUOT: "the disk is full: the quota is used up; free space, or choose a folder on another disk",
  ENOTDIR: "a part of the path is a file, not a folder",
  EISDIR: "a folder of that name is in the way",
};

const HELD_OPEN =
  "another program has it open, or there is no permission to write there; close it there, or choose another folder";

/**
 * What {@link writeFileAtomic} throws, for writers of their own.
 *
 * @param path - what could not be written; a name that `temporaryPathFor` gave stands for the file it was to become
 * @param cause - error of the file system
 * @param what - what was to be written
 * @example
 * try { writeSync(descriptor, bytes); } catch (error) { throw cannotWrite(path, error); }
 */
export function cannotWrite(path: string, cause: unknown, what = "the file"): DataError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code ?? "";
  const why =
    (isHeldOpen(cause) ? HELD_OPEN : REASONS[code]) ?? (cause instanceof Error ? cause.message : String(cause));
  const name = basename(path).replace(/^\.(.+)\.\d+\.\d+\.tmp$/, "$1");
  const file = name === basename(path) ? path : join(dirname(path), name);
  return new DataError(`cannot write ${what}: ${why}`, { cause, location: { file } });
}
