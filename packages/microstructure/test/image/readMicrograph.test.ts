import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DomainError, FormatError } from "@materiome/core";
import { readMicrograph } from "@materiome/microstructure";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/tiff/${name}`, import.meta.url));
const ramp16 = Array.from({ length: 48 }, (_, i) => (i * 1000) / 65_535);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "micrograph-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("readMicrograph pixels", () => {
  it("keeps all 16 bits of a TIFF and of a PNG", async () => {
    const fromTiff = await readMicrograph(fixture("sixteen.tif"));
    expect(fromTiff.bitDepth).toBe(16);
    expect(fromTiff.grey).toMatchObject({ width: 8, height: 6, channels: 1 });
    for (const [i, value] of fromTiff.grey.data.entries()) expect(value).toBeCloseTo(ramp16[i] ?? 0, 6);
    const path = join(folder, "sixteen.png");
    const values = Uint16Array.of(0, 1, 256, 40_000, 40_001, 65_535);
    await sharp(values, { raw: { width: 3, height: 2, channels: 1 } })
      .toColourspace("grey16")
      .png()
      .toFile(path);
    const fromPng = await readMicrograph(path);
    expect(fromPng.bitDepth).toBe(16);
    expect([...fromPng.grey.data].map((value) => Math.round(value * 65_535))).toEqual([...values]);
  });

  it("scales 8 bits to the same full scale", async () => {
    const { grey, bitDepth, sourceChannels } = await readMicrograph(fixture("plain.tif"));
    expect({ bitDepth, sourceChannels }).toEqual({ bitDepth: 8, sourceChannels: 1 });
    for (const [i, value] of grey.data.entries()) expect(value).toBeCloseTo((5 * i) / 255, 6);
  });

  it("turns white-is-zero the right way round", async () => {
    const { grey } = await readMicrograph(fixture("white-is-zero.tif"));
    for (const [i, value] of grey.data.entries()) expect(value).toBeCloseTo(1 - (5 * i) / 255, 6);
  });

  it("weighs colours by BT.709 and leaves grey stored as colour alone", async () => {
    const { grey, colour, sourceChannels } = await readMicrograph(fixture("rgb.tif"));
    expect(sourceChannels).toBe(3);
    expect(colour).toMatchObject({ width: 8, height: 6, channels: 3 });
    expect([...(colour?.data.slice(30, 33) ?? [])].map((value) => Math.round(255 * value))).toEqual([50, 25, 0]);
    for (const [i, value] of grey.data.entries()) {
      const red = 5 * i;
      expect(value).toBeCloseTo((0.2126 * red + 0.7152 * Math.floor(red / 2)) / 255, 6);
    }
    const path = join(folder, "grey-as-colour.png");
    await sharp(
      Uint8Array.from({ length: 12 }, (_, i) => 20 * Math.floor(i / 3)),
      {
        raw: { width: 4, height: 1, channels: 3 },
      },
    )
      .png()
      .toFile(path);
    const same = await readMicrograph(path);
    expect([...same.grey.data].map((value) => Math.round(255 * value * 1000) / 1000)).toEqual([0, 20, 40, 60]);
    expect(same.colour).toBeUndefined();
  });

  it("reads JPEG, and ignores transparency with a warning", async () => {
    const jpeg = join(folder, "flat.jpg");
    await sharp({ create: { width: 40, height: 30, channels: 3, background: { r: 128, g: 128, b: 128 } } })
      .jpeg()
      .toFile(jpeg);
    expect((await readMicrograph(jpeg)).grey.data[600]).toBeCloseTo(128 / 255, 2);
    const clear = join(folder, "alpha.png");
    await sharp({ create: { width: 4, height: 4, channels: 4, background: { r: 51, g: 51, b: 51, alpha: 0.5 } } })
      .png()
      .toFile(clear);
    const { grey, warnings } = await readMicrograph(clear);
    expect(grey.data[0]).toBeCloseTo(0.2, 5);
    expect(warnings).toContain("transparency is ignored");
  });

  it("reads the page asked for and says that there are others", async () => {
    const first = await readMicrograph(fixture("pages.tif"));
    const second = await readMicrograph(fixture("pages.tif"), { page: 1 });
    expect(first.grey.data[1]).toBeCloseTo(5 / 255, 6);
    expect(second.grey.data[1]).toBeCloseTo(250 / 255, 6);
    expect(first.warnings.join()).toContain("2 pages");
    await expect(readMicrograph(fixture("pages.tif"), { page: 5 })).rejects.toThrow(/no page 5/);
  });
});

describe("readMicrograph calibration", () => {
  it.each([
    ["imagej-micron.tif", 0.25, "ImageJ"],
    ["imagej-nm.tif", 0.002, "ImageJ"],
    ["imagej-utf8.tif", 0.5, "ImageJ"],
    ["ome.ome.tif", 0.325, "OME-XML"],
    ["ome-decimal.tif", 0.325, "OME-XML"],
    ["ome-hexadecimal.tif", 0.325, "OME-XML"],
    ["per-cm.tif", 0.5, "TIFF resolution"],
    ["fei.tif", 0.0125, "FEI"],
    ["zeiss.tif", 0.0375, "Zeiss"],
  ])("finds that of %s", async (name, pixelSizeUm, source) => {
    const { calibration, grey, warnings } = await readMicrograph(fixture(name));
    expect(calibration?.source).toBe(source);
    expect(calibration?.pixelSizeUm).toBeCloseTo(pixelSizeUm, 9);
    expect(grey.pixelSizeUm).toBe(calibration?.pixelSizeUm);
    expect(warnings).toEqual([]);
  });

  it.each(["plain.tif", "imagej-pixel.tif", "imagej-furlong.tif", "dpi-72.tif", "dpi-300.tif"])(
    "finds none in %s",
    async (name) => {
      const { calibration, grey } = await readMicrograph(fixture(name));
      expect(calibration).toBeUndefined();
      expect("pixelSizeUm" in grey).toBe(false);
    },
  );

  it("says why a screen resolution and an unknown unit are no calibration", async () => {
    expect((await readMicrograph(fixture("dpi-72.tif"))).warnings.join()).toMatch(/72 dpi.*not a calibration/);
    expect((await readMicrograph(fixture("imagej-furlong.tif"))).warnings.join()).toMatch(/furlong/);
    expect((await readMicrograph(fixture("not-square.tif"))).warnings.join()).toMatch(/not square/);
  });

  it("reads the pixels and the tags of a BigTIFF", async () => {
    const { grey, calibration, warnings } = await readMicrograph(fixture("big.tif"));
    expect(grey.data[1]).toBeCloseTo(5 / 255, 6);
    expect(calibration).toEqual({ pixelSizeUm: 0.5, source: "TIFF resolution" });
    expect(warnings).toEqual([]);
  });

  it("lets the option win and warns where the file disagrees by more than 2 %", async () => {
    const agrees = await readMicrograph(fixture("imagej-micron.tif"), { pixelSizeUm: 0.254 });
    expect(agrees.calibration).toEqual({ pixelSizeUm: 0.254, source: "option" });
    expect(agrees.warnings).toEqual([]);
    const differs = await readMicrograph(fixture("imagej-micron.tif"), { pixelSizeUm: 0.5 });
    expect(differs.grey.pixelSizeUm).toBe(0.5);
    expect(differs.warnings.join()).toMatch(/0\.5 µm, differs by 50 % from the 0\.25 µm/);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses a pixel size of %s", async (pixelSizeUm) => {
    await expect(readMicrograph(fixture("plain.tif"), { pixelSizeUm })).rejects.toThrow(DomainError);
  });
});

describe("readMicrograph on bad input", () => {
  it("names a missing file and a folder", async () => {
    const missing = join(folder, "none.tif");
    await expect(readMicrograph(missing)).rejects.toThrow(FormatError);
    await expect(readMicrograph(missing)).rejects.toThrow(`${missing}: no such file`);
    await expect(readMicrograph(folder)).rejects.toThrow(/is a folder/);
  });

  it("refuses what is no image, and an empty file", async () => {
    const text = join(folder, "notes.tif");
    await writeFile(text, "grain size 8.9 µm");
    await expect(readMicrograph(text)).rejects.toThrow(/notes\.tif: not an image/);
    const empty = join(folder, "empty.tif");
    await writeFile(empty, "");
    await expect(readMicrograph(empty)).rejects.toThrow(/the file is empty/);
  });

  it("refuses truncated TIFF, PNG and JPEG", async () => {
    const noise = Uint8Array.from({ length: 120 * 100 }, (_, i) => (i * 7919) % 251);
    const raw = { raw: { width: 120, height: 100, channels: 1 as const } };
    for (const format of ["tiff", "png", "jpeg"] as const) {
      const whole = await sharp(noise, raw).toFormat(format).toBuffer();
      const path = join(folder, `cut.${format}`);
      await writeFile(path, whole);
      await expect(readMicrograph(path)).resolves.toBeDefined();
      await writeFile(path, whole.subarray(0, Math.floor(whole.length * 0.6)));
      await expect(readMicrograph(path), format).rejects.toThrow(FormatError);
    }
    const plain = await readFile(fixture("plain.tif"));
    const path = join(folder, "cut-strip.tif");
    await writeFile(path, plain.subarray(0, plain.length - 20));
    await expect(readMicrograph(path)).rejects.toThrow(/truncated or damaged/);
  });
});
