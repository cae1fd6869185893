import type * as fs from "node:fs";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DataError, isDiskFull, temporaryPathFor } from "@materiome/core";
import { TiffRowWriter } from "@materiome/microstructure/mosaic";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { fileStore } from "../../src/bands/rowStore.ts";

/** Writes that still succeed before the disk is full. */
const disk = vi.hoisted(() => ({ writesLeft: Number.POSITIVE_INFINITY }));
vi.mock("node:fs", async (original) => {
  const real = await original<typeof fs>();
  const writeSync = (...args: Parameters<typeof fs.writeSync>): number => {
    if (disk.writesLeft-- > 0) return real.writeSync(...args);
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", errno: -28 });
  };
  return { ...real, writeSync, default: { ...real, writeSync } };
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "rows-"));
});
beforeEach(() => {
  disk.writesLeft = Number.POSITIVE_INFINITY;
});
afterAll(() => rmSync(folder, { recursive: true }));

const layout = { width: 40, height: 30, bits: 8, largest: 255 } as const;
const rows = new Uint8Array(40 * 30);
const descriptors = (): number => readdirSync("/proc/self/fd").length;

describe("TiffRowWriter on a full disk", () => {
  it.skipIf(!existsSync("/proc/self/fd"))("closes the file, whichever write fails (needs /proc)", () => {
    const before = descriptors();
    for (const writes of [0, 1, 2]) {
      const writer = new TiffRowWriter(join(folder, `rows-${writes}.tif`), layout);
      expect(descriptors()).toBe(before + 1);
      disk.writesLeft = writes;
      expect(() => {
        writer.write(rows);
        writer.finish();
      }).toThrow(DataError);
      expect(descriptors()).toBe(before);
      expect(() => writer.finish()).toThrow();
      writer.close(); // nothing left to do
    }
  });

  it("says which file it was, by its final name, and why", () => {
    const writer = new TiffRowWriter(temporaryPathFor(join(folder, "steel.labels.tif")), layout);
    disk.writesLeft = 0;
    const fail = (): void => writer.write(rows);
    expect(fail).toThrow(`${join(folder, "steel.labels.tif")}: cannot write the file: the disk is full`);
  });
});

describe("fileStore on a full disk", () => {
  it("says that the disk of its folder is full", () => {
    const store = fileStore("uint8", 40, 30, folder);
    disk.writesLeft = 0;
    try {
      store.write(0, rows);
      expect.unreachable();
    } catch (error) {
      expect(isDiskFull(error)).toBe(true);
      expect((error as Error).message).toContain(`${folder}: cannot write scratch data: the disk is full`);
    }
    store.close();
  });
});
