import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { DomainError, FormatError } from "@materiome/core";
import { readLabelImage, readMicrograph, readMicrographPages } from "@materiome/microstructure";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/tiff/${name}`, import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "formats-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function saved(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

describe("scale of samples", () => {
  it("takes floats of 0 … 1 as they are and says the range of others", async () => {
    const unit = await readMicrograph(fixture("unit-float.tif"));
    expect(unit.bitDepth).toBe(32);
    expect(unit.grey.data[10]).toBeCloseTo(50 / 255, 6);
    expect(unit.warnings).toEqual([]);
    const wide = await readMicrograph(fixture("float.tif"));
    expect(wide.grey.data[47]).toBe(1);
    expect(wide.grey.data[10]).toBeCloseTo(50 / 235, 6);
    expect(wide.warnings).toEqual([expect.stringMatching(/from 0 to 235.*black … white/)]);
    const whole = await readMicrograph(fixture("uint32.tif"));
    expect(whole.grey.data[47]).toBe(1);
    expect(whole.warnings.join()).toMatch(/from 0 to 47000000/);
  });

  it("follows a range given, for every type, and counts what it cuts", async () => {
    const wide = await readMicrograph(fixture("float.tif"), { range: [0, 470] });
    expect(wide.grey.data[47]).toBeCloseTo(0.5, 6);
    expect(wide.warnings).toEqual([]);
    const narrow = await readMicrograph(fixture("sixteen.tif"), { range: [0, 24_000] });
    expect(narrow.grey.data[12]).toBeCloseTo(0.5, 6);
    expect(narrow.grey.data[47]).toBe(1);
    expect(narrow.warnings).toEqual([expect.stringMatching(/^48 % of the values lie outside/)]);
    await expect(readMicrograph(fixture("float.tif"), { range: [1, 1] })).rejects.toThrow(DomainError);
  });

  it("refuses values that are no number, and types the decoder would change", async () => {
    await expect(readMicrograph(fixture("not-a-number.tif"))).rejects.toThrow(/sample 4 is NaN/);
    await expect(readMicrograph(fixture("signed16.tif"))).rejects.toThrow(/16 bits of type short/);
    await expect(readMicrograph(fixture("double.tif"))).rejects.toThrow(/64 bits a sample/);
  });
});

describe("files", () => {
  it("reads WebP, and any format compressed by gzip", async () => {
    const raw = { raw: { width: 16, height: 16, channels: 3 as const } };
    const noise = Uint8Array.from({ length: 768 }, (_, i) => (i * 7919) % 251);
    const path = await saved("lossless.webp", await sharp(noise, raw).webp({ lossless: true }).toBuffer());
    const webp = await readMicrograph(path);
    expect([...(webp.colour?.data ?? [])].map((value) => Math.round(value * 255))).toEqual([...noise]);
    const gz = await saved("fei.tif.gz", gzipSync(await readFile(fixture("fei.tif"))));
    expect((await readMicrograph(gz)).calibration).toEqual({ pixelSizeUm: 0.0125, source: "FEI" });
    const whole = await readFile(gz);
    await expect(readMicrograph(await saved("cut.tif.gz", whole.subarray(0, whole.length - 30)))).rejects.toThrow(
      /gzip data are truncated/,
    );
  });

  it("reads every page with the calibration that stands on the first", async () => {
    const pages = await readMicrographPages(fixture("ome-pages.tif"));
    expect(pages.map(({ page, pages: n }) => [page, n])).toEqual([
      [0, 2],
      [1, 2],
    ]);
    expect(pages.map(({ calibration }) => calibration?.pixelSizeUm)).toEqual([0.325, 0.325]);
    expect(pages[1]?.grey.data[0]).toBeCloseTo(7 / 65_535, 7);
    expect(pages.flatMap(({ warnings }) => warnings)).toEqual([]);
    await expect(readMicrograph(fixture("pages.tif"), { page: -1 })).rejects.toThrow(DomainError);
  });

  it("refuses CMYK, animations and GIF, each with the way out", async () => {
    await expect(readMicrograph(fixture("cmyk.tif"))).rejects.toThrow(/CMYK.*save.*grey or RGB/);
    const frames = { raw: { width: 8, height: 16, channels: 3 as const, pageHeight: 8 } };
    const noise = Uint8Array.from({ length: 384 }, (_, i) => (i * 7919) % 251);
    const webp = await saved("moving.webp", await sharp(noise, frames).webp({ loop: 0 }).toBuffer());
    await expect(readMicrograph(webp)).rejects.toThrow(/is an animation/);
    const gif = await saved("moving.gif", await sharp(noise, frames).gif().toBuffer());
    await expect(readMicrograph(gif)).rejects.toThrow(/GIF.*export/);
    const still = await sharp(noise, { raw: { width: 8, height: 16, channels: 3 } })
      .png()
      .toBuffer();
    const chunk = Buffer.from(`00000008${Buffer.from("acTL").toString("hex")}000000010000000000000000`, "hex");
    const apng = Buffer.concat([still.subarray(0, 33), chunk, still.subarray(33)]); // after IHDR
    await expect(readMicrograph(await saved("moving.png", apng))).rejects.toThrow(/is an animation/);
  });

  it("refuses a 1-bit picture as a micrograph and reads it as labels 0 and 1", async () => {
    await expect(readMicrograph(fixture("one-bit.tif"))).rejects.toThrow(/1 bit a pixel.*readLabelImage/);
    const { labels } = await readLabelImage(fixture("one-bit.tif"));
    expect([...labels.data]).toEqual(Array.from({ length: 48 }, (_, i) => (5 * i > 100 ? 1 : 0)));
  });

  it("never returns half an image: every cut of a tiled, a stripped and a JPEG file is refused", async () => {
    const noise = Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 251);
    const raw = { raw: { width: 64, height: 64, channels: 1 as const } };
    const files = {
      "tiled.tif": await readFile(fixture("tiled.tif")),
      "lzw.tif": await sharp(noise, raw).tiff({ compression: "lzw" }).toBuffer(),
      "progressive.jpg": await sharp(noise, raw).jpeg({ progressive: true }).toBuffer(),
      "baseline.jpg": await sharp(noise, raw).jpeg().toBuffer(),
      "deep.png": await sharp(noise, raw).png().toBuffer(),
    };
    for (const [name, whole] of Object.entries(files)) {
      await expect(readMicrograph(await saved(name, whole))).resolves.toBeDefined();
      for (const share of [0.1, 0.3, 0.5, 0.7, 0.9, 0.97]) {
        const part = whole.subarray(0, Math.floor(share * whole.length));
        await expect(readMicrograph(await saved(name, part)), `${name} ${share}`).rejects.toThrow(FormatError);
      }
    }
  });

  it("says of a single grey and of clipped ends what is wrong", async () => {
    const grey = (bytes: Uint8Array, width: number) =>
      sharp(bytes, { raw: { width, height: bytes.length / width, channels: 1 } })
        .toColourspace("b-w")
        .png()
        .toBuffer();
    const flat = await readMicrograph(await saved("flat.png", await grey(new Uint8Array(400).fill(90), 20)));
    expect(flat.warnings).toEqual([expect.stringMatching(/same grey/)]);
    const one = await readMicrograph(await saved("one.png", await grey(Uint8Array.of(90), 1)));
    expect([one.grey.width, one.grey.height, one.warnings.length]).toEqual([1, 1, 0]);
    const bright = Uint8Array.from({ length: 10_000 }, (_, i) => Math.min(255, 60 + ((i * 7919) % 251)));
    const nWhite = bright.filter((value) => value === 255).length;
    const clipped = await readMicrograph(await saved("clipped.png", await grey(bright, 100)));
    expect(clipped.warnings).toEqual([expect.stringContaining(`clipped: ${(nWhite / 100).toPrecision(2)} % white`)]);
    const fair = bright.map((value) => (value === 255 ? 128 : value));
    expect((await readMicrograph(await saved("fair.png", await grey(fair, 100)))).warnings).toEqual([]);
    const mask = (levels: number) => Uint8Array.from({ length: 400 }, (_, i) => 30 * (i % levels));
    const few = await readMicrograph(await saved("mask.png", await grey(mask(3), 20)));
    expect(few.warnings).toEqual([expect.stringMatching(/^only 3 grey levels: this looks like a mask/)]);
    expect((await readMicrograph(await saved("nine.png", await grey(mask(9), 20)))).warnings.join()).not.toContain(
      "mask",
    );
  });
});

describe("instruments", () => {
  it.each([
    ["zeiss-screen.tif", { pixelSizeUm: 0.0375, source: "Zeiss", magnification: 1500 }, /screen of 1024/],
    ["phenom.tif", { pixelSizeUm: 0.25, source: "Phenom" }, undefined],
    ["jeol.tif", { pixelSizeUm: 2.5, source: "JEOL", magnification: 500 }, undefined],
    ["hitachi.tif", { pixelSizeUm: 0.0248, source: "Hitachi", magnification: 2000 }, undefined],
    ["big-endian.tif", { pixelSizeUm: 0.5, source: "TIFF resolution" }, undefined],
    ["fei-bar.tif", { pixelSizeUm: 0.0125, source: "FEI" }, undefined],
    ["fei-resized.tif", undefined, /16 px wide, this one has 8.*not used/],
    ["fei-contradicted.tif", { pixelSizeUm: 0.0125, source: "FEI" }, /of FEI, 0\.0125 µm.*0\.5 µm.*TIFF resolution/],
  ])("reads %s", async (name, calibration, warning) => {
    const found = await readMicrograph(fixture(name));
    expect(found.calibration).toEqual(calibration);
    expect(found.warnings).toEqual(warning === undefined ? [] : [expect.stringMatching(warning)]);
  });

  it("cuts off the rows that the microscope did not scan, unless told to keep them", async () => {
    const fei = await readMicrograph(fixture("fei-bar.tif"));
    expect([fei.grey.height, fei.grey.pixelSizeUm]).toEqual([4, 0.0125]);
    expect(fei.dataBar).toMatchObject({ side: "bottom", top: 4, rows: 2, reason: expect.stringMatching(/4 rows/) });
    expect((await readMicrograph(fixture("jeol.tif"))).grey.height).toBe(5);
    expect((await readMicrograph(fixture("hitachi.tif"))).grey.height).toBe(6);
    expect((await readMicrograph(fixture("fei-bar.tif"), { dataBar: "keep" })).grey.height).toBe(6);
  });
});
