/**
 * Whether an error, or what caused it, is a full disk or a used-up quota; also after it crossed from a worker thread.
 *
 * @example
 * try { await writeFileAtomic(path, data); } catch (error) { if (isDiskFull(error)) console.error("free some space"); }
 */
export function isDiskFull(error: unknown): boolean {
  let each = error;
  for (let depth = 0; each instanceof Error && depth < 10; depth++) {
    const { code } = each as NodeJS.ErrnoException;
    if (code === "ENOSPC" || code === "EDQUOT") return true;
    each = each.cause;
  }
  return false;
}
