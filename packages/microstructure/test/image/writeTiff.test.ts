import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRaster, DataError, DomainError } from "@materiome/core";
import {
  encodeFloatTiff,
  readLabelImage,
  readMicrograph,
  readMicrographPages,
  writeFloatTiff,
  writeLabelTiff,
} from "@materiome/microstructure";
import { decode } from "tiff";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tiff-"));
});
afterAll(() => rm(folder, { recursive: true }));

const probabilities = createRaster(
  Float32Array.from({ length: 5 * 4 * 3 }, (_, i) => i / 60),
  5,
  4,
  { channels: 3, pixelSizeUm: 0.125 },
);

describe("writeFloatTiff", () => {
  it.each(["maps.tif", "maps.ome.tif"])("writes %s: a page a channel, every bit, calibrated", async (name) => {
    const path = join(folder, name);
    await writeFloatTiff(path, probabilities, { names: ["matrix", "pearlite & co", "pore"] });
    const pages = decode(await readFile(path));
    expect(pages).toHaveLength(3);
    for (const [c, page] of pages.entries()) {
      expect([...page.data]).toEqual([...probabilities.data].filter((_, i) => i % 3 === c));
    }
    const read = await readMicrographPages(path);
    expect(read.map(({ calibration }) => calibration?.source)).toEqual(
      Array(3).fill(name.includes("ome") ? "OME-XML" : "ImageJ"),
    );
    expect(read[2]?.grey.pixelSizeUm).toBeCloseTo(0.125, 9);
    expect(read[2]?.grey.data[1]).toBe(probabilities.data[5]);
  });

  it("refuses names that are not one a channel", () => {
    expect(() => encodeFloatTiff(probabilities, { names: ["one"] })).toThrow(DomainError);
  });
});

describe("writeLabelTiff", () => {
  it("writes OME-XML for .ome.tif, with the same labels and pixel size", async () => {
    const path = join(folder, "labels.ome.tif");
    const labels = createRaster(Uint32Array.of(0, 70_000, 2, 3), 2, 2, { pixelSizeUm: 0.0372 });
    await writeLabelTiff(path, labels);
    const back = await readLabelImage(path);
    expect([...back.labels.data]).toEqual([0, 70_000, 2, 3]);
    expect(back.calibration).toEqual({ pixelSizeUm: 0.0372, source: "OME-XML" });
    expect(back.warnings).toEqual([]);
  });

  it("is read as a micrograph too, the range named", async () => {
    const path = join(folder, "labels.tif");
    await writeLabelTiff(path, createRaster(Uint32Array.of(1, 70_000), 2, 1));
    expect((await readMicrograph(path)).warnings.join()).toMatch(/from 1 to 70000/);
  });

  it("leaves nothing half-written where a folder takes no file", async () => {
    const file = join(folder, "a-file");
    await writeFile(file, "");
    const before = await readdir(folder);
    const one = createRaster(Uint32Array.of(1), 1, 1);
    await expect(writeFloatTiff(join(file, "maps.tif"), probabilities)).rejects.toThrow(DataError);
    await expect(writeLabelTiff(join(folder, "none", "labels.tif"), one)).rejects.toThrow(DataError);
    expect(await readdir(folder)).toEqual(before);
  });
});
