import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  cannotWrite,
  commitTemporaryFile,
  DataError,
  isDiskFull,
  removeTemporaryFiles,
  temporaryPathFor,
  writeFileAtomic,
  writeFileAtomicSync,
} from "@materiome/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "materiome-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("writeFileAtomic", () => {
  it("replaces a file and leaves nothing else behind", async () => {
    const path = join(folder, "a.txt");
    await writeFileAtomic(path, "one");
    await writeFileAtomic(path, Uint8Array.of(0x74, 0x77, 0x6f));
    expect(readFileSync(path, "utf8")).toBe("two");
    writeFileAtomicSync(path, "three");
    expect(readFileSync(path, "utf8")).toBe("three");
    expect(readdirSync(folder)).toEqual(["a.txt"]);
  });

  it("survives many writers of one file", async () => {
    const path = join(folder, "a.txt");
    await Promise.all(Array.from({ length: 20 }, (_, i) => writeFileAtomic(path, String(i).repeat(1000))));
    expect(new Set(readFileSync(path, "utf8")).size).toBeLessThanOrEqual(2);
    expect(readFileSync(path, "utf8").length).toBeGreaterThanOrEqual(1000);
    expect(readdirSync(folder)).toEqual(["a.txt"]);
  });

  it("names the path and the reason where it cannot write", async () => {
    writeFileSync(join(folder, "file"), "");
    await expect(writeFileAtomic(join(folder, "no", "a.txt"), "x")).rejects.toThrow(DataError);
    await expect(writeFileAtomic(join(folder, "no", "a.txt"), "x")).rejects.toThrow(/a\.txt: .*folder does not exist/);
    await expect(writeFileAtomic(join(folder, "file", "a.txt"), "x")).rejects.toThrow(/is a file, not a folder/);
    await expect(writeFileAtomic(folder, "x")).rejects.toThrow(DataError);
    expect(() => writeFileAtomicSync(join(folder, "no", "a.txt"), "x")).toThrow(/folder does not exist/);
    expect(readdirSync(folder)).toEqual(["file"]);
  });

  it("removes what was not finished, keeps what was", async () => {
    const [done, left] = [temporaryPathFor(join(folder, "done")), temporaryPathFor(join(folder, "left"))];
    writeFileSync(done, "d");
    writeFileSync(left, "l");
    expect(left).toMatch(/\.left\.\d+\.\d+\.tmp$/);
    await commitTemporaryFile(done, join(folder, "done"));
    removeTemporaryFiles();
    expect(readdirSync(folder)).toEqual(["done"]);
  });

  it("tells a full disk, and names the file that a temporary one was to become", () => {
    const cause = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    const error = cannotWrite(join("out", ".a.tif.12.3.tmp"), cause);
    expect(error.message).toContain(`${join("out", "a.tif")}: cannot write the file: the disk is full`);
    expect(isDiskFull(error)).toBe(true);
    expect(isDiskFull(new Error("x", { cause: error }))).toBe(true);
    for (const other of [
      cannotWrite("a.tif", new Error("x")),
      new DataError("the disk is full"),
      "ENOSPC",
      undefined,
    ]) {
      expect(isDiskFull(other)).toBe(false);
    }
  });
});
