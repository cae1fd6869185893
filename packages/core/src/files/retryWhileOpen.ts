/** Waits between tries, ms: about two seconds in all. */
const WAITS: readonly number[] = [10, 20, 50, 100, 200, 500, 1000];
const CODES: ReadonlySet<string> = new Set(["EACCES", "EBUSY", "EPERM"]);

/**
 * Whether the file system refuses because another program has the file open. Windows lets nobody rename over, remove or make anew a file that
 * a program holds without sharing it, such as a virus scanner, an indexer or a spreadsheet, and a removed file keeps its name until the last
 * who had it open closes it. Elsewhere these codes mean missing rights, and waiting does not help.
 */
export function isHeldOpen(error: unknown, platform: string = process.platform): boolean {
  return platform === "win32" && CODES.has((error as NodeJS.ErrnoException | undefined)?.code ?? "");
}

/**
 * Does something with a file again for up to two seconds while another program has it open ({@link isHeldOpen}); the last error
 * is thrown.
 *
 * @example
 * await retryWhileOpen(() => rename(from, to));
 */
export async function retryWhileOpen<T>(work: () => Promise<T> | T, platform?: string): Promise<T> {
  for (const wait of WAITS) {
    try {
      return await work();
    } catch (error) {
      if (!isHeldOpen(error, platform)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return work();
}

/** As {@link retryWhileOpen}, blocking. */
export function retryWhileOpenSync<T>(work: () => T, platform?: string): T {
  for (const wait of WAITS) {
    try {
      return work();
    } catch (error) {
      if (!isHeldOpen(error, platform)) throw error;
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, wait);
  }
  return work();
}
