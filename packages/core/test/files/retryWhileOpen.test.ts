import { isHeldOpen, retryWhileOpen, retryWhileOpenSync } from "@materiome/core";
import { describe, expect, it } from "vitest";

const refused = (code: string) => Object.assign(new Error(code), { code });

/** Fails so many times. */
function failing(times: number, code: string): { readonly work: () => number; readonly calls: () => number } {
  let calls = 0;
  const work = (): number => {
    if (calls++ < times) throw refused(code);
    return calls;
  };
  return { work, calls: () => calls };
}

describe("retryWhileOpen", () => {
  it("tries again while Windows says that the file is open elsewhere", async () => {
    expect(await retryWhileOpen(failing(3, "EBUSY").work, "win32")).toBe(4);
    expect(retryWhileOpenSync(failing(2, "EPERM").work, "win32")).toBe(3);
  });

  it("takes other errors, and the same ones elsewhere, at their word", async () => {
    for (const [code, platform] of [
      ["EPERM", "linux"],
      ["EACCES", "darwin"],
      ["ENOSPC", "win32"],
    ] as const) {
      const { work, calls } = failing(1, code);
      await expect(retryWhileOpen(work, platform)).rejects.toThrow(code);
      expect(calls()).toBe(1);
      expect(() => retryWhileOpenSync(failing(1, code).work, platform)).toThrow(code);
    }
    expect(isHeldOpen(undefined, "win32")).toBe(false);
  });
});
