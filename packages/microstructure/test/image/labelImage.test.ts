import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRaster, DataError, FormatError, ShapeError } from "@materiome/core";
import { readLabelImage, renderOverlayPng, writeLabelTiff, writeOverlayPng } from "@materiome/microstructure";
import fc from "fast-check";
import sharp from "sharp";
import { decode } from "tiff";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/tiff/${name}`, import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "labels-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("writeLabelTiff", () => {
  it("comes back the same: 16 and 32 bits, plain and deflated, calibrated or not", async () => {
    const cases = fc.record({
      width: fc.integer({ min: 1, max: 400 }),
      height: fc.integer({ min: 1, max: 40 }),
      largest: fc.constantFrom(1, 255, 65_535, 65_536, 4_294_967_295),
      compression: fc.constantFrom("none" as const, "deflate" as const),
      pixelSizeUm: fc.option(fc.double({ min: 1e-4, max: 100, noNaN: true }), { nil: undefined }),
    });
    const path = join(folder, "round.tif");
    await fc.assert(
      fc.asyncProperty(cases, async ({ width, height, largest, compression, pixelSizeUm }) => {
        const data = Uint32Array.from({ length: width * height }, (_, i) => (i * 2_654_435_761) % (largest + 1));
        data[0] = largest;
        await writeLabelTiff(path, createRaster(data, width, height, { pixelSizeUm }), { compression });
        const back = await readLabelImage(path);
        expect(back.labels.data).toEqual(data);
        expect([back.labels.width, back.labels.height]).toEqual([width, height]);
        if (pixelSizeUm === undefined) expect(back.calibration).toBeUndefined();
        else expect((back.calibration?.pixelSizeUm ?? 0) / pixelSizeUm).toBeCloseTo(1, 6);
      }),
      { seed: 3, numRuns: 40 },
    );
  });

  it("writes 16 bits up to label 65535, several strips, and tags that another reader understands", async () => {
    const path = join(folder, "strips.tif");
    const data = Uint32Array.from({ length: 600 * 500 }, (_, i) => i % 65_536);
    await writeLabelTiff(path, createRaster(data, 600, 500, { pixelSizeUm: 0.25 }), { compression: "none" });
    const [page] = decode(await readFile(path));
    expect(page?.bitsPerSample).toBe(16);
    expect(page?.stripOffsets.length).toBeGreaterThan(1);
    expect(page?.xResolution).toBeCloseTo(4, 6);
    expect(page?.imageDescription).toContain("unit=micron");
    expect(Uint32Array.from(page?.data ?? [])).toEqual(data);
  });

  it("leaves nothing behind where it cannot write", async () => {
    const labels = createRaster(Uint32Array.of(1, 2), 2, 1);
    await expect(writeLabelTiff(join(folder, "no", "where.tif"), labels)).rejects.toThrow(DataError);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("readLabelImage", () => {
  it("reads labels saved elsewhere: 8-bit PNG, 16- and 32-bit TIFF, whole numbers in float", async () => {
    const png = join(folder, "edited.png");
    await sharp(Uint8Array.of(0, 1, 2, 255), { raw: { width: 4, height: 1, channels: 1 } })
      .toColourspace("b-w")
      .png()
      .toFile(png);
    expect([...(await readLabelImage(png)).labels.data]).toEqual([0, 1, 2, 255]);
    expect((await readLabelImage(fixture("sixteen.tif"))).labels.data[47]).toBe(47_000);
    expect((await readLabelImage(fixture("uint32.tif"))).labels.data[47]).toBe(47_000_000);
    expect((await readLabelImage(fixture("float-labels.tif"))).labels.data[47]).toBe(470_000);
  });

  it("refuses colour, JPEG and fractions, each with the way out", async () => {
    await expect(readLabelImage(fixture("rgb.tif"))).rejects.toThrow(/3 channels.*one grey channel/);
    await expect(readLabelImage(fixture("fractions.tif"))).rejects.toThrow(/pixel \(0, 0\) is 0\.5/);
    const jpeg = join(folder, "labels.jpg");
    await sharp({ create: { width: 8, height: 8, channels: 3, background: "white" } })
      .jpeg()
      .toFile(jpeg);
    await expect(readLabelImage(jpeg)).rejects.toThrow(FormatError);
  });
});

describe("writeOverlayPng", () => {
  const grey = createRaster(Float32Array.of(0, 0.5, 1, 0, 0.5, 1), 3, 2);
  const labels = createRaster(Uint32Array.of(1, 1, 2, 1, 1, 2), 3, 2);

  it("draws the boundary over the stretched image", async () => {
    const path = join(folder, "overlay.png");
    await writeOverlayPng(path, grey, labels, { colour: [255, 0, 10] });
    const { data, info } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: 3, height: 2, channels: 3 });
    const row = [0, 0, 0, 255, 0, 10, 255, 255, 255];
    expect([...data]).toEqual([...row, ...row]);
  });

  it("tints grains in different colours", async () => {
    const { data } = await sharp(
      await renderOverlayPng(createRaster(new Float32Array(6).fill(1), 3, 2), labels, { tint: 1 }),
    )
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([...data.subarray(0, 3)]).not.toEqual([...data.subarray(6, 9)]);
  });

  it("leaves the matrix around particles as it is, tinted or not", async () => {
    const particle = createRaster(Uint32Array.of(0, 0, 5, 0, 0, 5), 3, 2);
    const { data } = await sharp(await renderOverlayPng(grey, particle, { tint: 0.5, zeros: "matrix" }))
      .raw()
      .toBuffer({ resolveWithObject: true });
    const row = [0, 0, 0, 128, 128, 128, 255, 40, 0];
    expect([...data].slice(0, 3)).toEqual(row.slice(0, 3));
    expect(new Set(data.subarray(3, 6)).size).toBe(1);
    expect([...data].slice(6, 9)).toEqual(row.slice(6));
  });

  it("refuses labels of another size", async () => {
    await expect(renderOverlayPng(grey, createRaster(Uint32Array.of(1), 1, 1))).rejects.toThrow(ShapeError);
  });
});
