import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closeWorkers, createRandom, createRaster, DataError, DomainError, type LabelMap } from "@materiome/core";
import {
  digitizeBatch,
  digitizeImage,
  EXPORT_FORMATS,
  readLabelImage,
  readMicrograph,
  summaryCsv,
  writeLabelTiff,
  writeMicrographPng,
} from "@materiome/microstructure";
import { rasteriseAnnotations, readAnnotationFile } from "@materiome/microstructure/annotations";
import { renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let folder: string;
let truth: LabelMap;
const image = (name: string): string => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "digitize-"));
  await mkdir(image("other"));
  for (const [k, name] of ["one.png", "two.png", "other/one.png"].entries()) {
    const labels = voronoiGrains({ width: 200, height: 160, nGrains: 80 }, createRandom(k));
    if (k === 0) truth = labels;
    await writeMicrographPng(image(name), renderMicrograph(labels, {}, createRandom(100 + k)));
  }
  await writeFile(image("broken.tif"), "no image");
});
afterAll(async () => {
  await closeWorkers();
  await rm(folder, { recursive: true });
});

describe("digitizeBatch", () => {
  it("writes labels, overlay and grain table of each image, records what fails, and goes on", async () => {
    const outDir = image("out");
    const files = [image("one.png"), image("broken.tif"), image("missing.tif"), image("two.png")];
    const progress: number[] = [];
    const summary = await digitizeBatch(files, {
      outDir,
      pixelSizeUm: 0.5,
      threads: 2,
      onProgress: ({ done }) => progress.push(done),
    });
    expect(summary.images.map(({ file }) => file)).toEqual([files[0], files[3]]);
    expect(summary.skipped.map(({ file }) => file)).toEqual([files[1], files[2]]);
    expect(summary.skipped[0]?.reason).toContain("not an image");
    expect(summary.skipped[1]?.reason).toContain("no such file");
    expect(summary.unassigned).toEqual([]);
    expect(progress).toEqual([1, 2, 3, 4]);
    expect(await resultFiles(outDir)).toEqual(
      ["one", "two"].flatMap((stem) => [`${stem}.grains.csv`, `${stem}.labels.tif`, `${stem}.overlay.png`]),
    );
    const [first] = summary.images;
    expect(first).toMatchObject({
      width: 200,
      height: 160,
      pixelSizeUm: 0.5,
      calibrationSource: "option",
      method: "lines",
      kind: "grains",
      specimen: null,
    });
    const { labels } = await readLabelImage(join(outDir, "one.labels.tif"));
    expect(labels.pixelSizeUm).toBeCloseTo(0.5, 9);
    expect(Math.max(...new Set(labels.data))).toBe(first?.nGrains);
    const csv = await readFile(join(outDir, "one.grains.csv"), "utf8");
    expect(csv.trim().split("\n").length).toBe((first?.nGrains ?? 0) + 1);
    expect(csv).toContain("um");
  });

  it("gives the same numbers for any number of threads and as digitizeImage", async () => {
    const files = [image("one.png"), image("two.png")];
    const one = await digitizeBatch(files, { outDir: image("t1"), threads: 1 });
    const two = await digitizeBatch(files, { outDir: image("t2"), threads: 2 });
    expect(two).toEqual(one);
    const { measurement } = digitizeImage(await readMicrograph(files[0] ?? ""));
    expect(one.images[0]).toMatchObject(measurement);
  });

  it("measures in pixels, with a warning, where nothing gives the pixel size", async () => {
    const summary = await digitizeBatch([image("one.png")], { outDir: image("px") });
    const [field] = summary.images;
    expect(field?.pixelSizeUm).toBeNull();
    expect(field).toHaveProperty("meanInterceptPx");
    expect(field).not.toHaveProperty("meanInterceptUm");
    expect(field?.calibrationSource).toBeNull();
    expect(field?.warnings.join()).toContain("no calibration");
    expect(summaryCsv(summary.images)).not.toContain("(um)");
  });

  it("works on large images in bands, with the same labels and numbers", async () => {
    const file = image("one.png");
    const options = { pixelSizeUm: 0.5, threads: 1, method: "lines", exports: ["geojson"] } as const;
    const [whole] = (await digitizeBatch([file], { ...options, outDir: image("whole") })).images;
    const [bands] = (await digitizeBatch([file], { ...options, outDir: image("bands"), mostPixels: 1000 })).images;
    expect(bands).toEqual(whole);
    for (const name of ["one.grains.csv", "one.geojson"]) {
      const read = (folder: string): Promise<Buffer> => readFile(join(image(folder), name));
      expect((await read("bands")).equals(await read("whole"))).toBe(true);
    }
    const labels = async (folder: string) => (await readLabelImage(join(image(folder), "one.labels.tif"))).labels.data;
    expect(await labels("bands")).toEqual(await labels("whole"));
    expect((await readdir(image("bands"))).sort()).toEqual((await readdir(image("whole"))).sort());
  });

  it("writes the regions for other tools, from which the same labels come back", async () => {
    const outDir = image("exported");
    const exports = EXPORT_FORMATS;
    const [found] = (await digitizeBatch([image("one.png")], { outDir, pixelSizeUm: 0.5, method: "lines", exports }))
      .images;
    if (found === undefined) throw new Error("nothing measured");
    const { labels } = await readLabelImage(join(outDir, found.outputs.labels));
    for (const format of exports) {
      const name = found.outputs[format];
      expect(name, format).toMatch(/^one\.(coco\.json|labelme\.json|geojson|rois\.zip)$/);
      const set = await readAnnotationFile(join(outDir, name ?? ""));
      const back = rasteriseAnnotations(set, { width: labels.width, height: labels.height, by: "instance" });
      expect(back.labels.data, format).toEqual(labels.data);
      expect(new Set(set.annotations.map(({ className }) => className)).has("grain"), format).toBe(true);
    }
  });

  it("keeps apart two images of the same name", async () => {
    const outDir = image("same");
    const summary = await digitizeBatch([image("one.png"), image("other/one.png")], { outDir, threads: 2 });
    expect(summary.images.map(({ outputs }) => outputs.labels)).toEqual(["one.labels.tif", "one-2.labels.tif"]);
    expect(await resultFiles(outDir)).toHaveLength(6);
  });

  it("says of an image in which nothing is found what was seen on reading it", async () => {
    const file = image("white.png");
    await writeMicrographPng(file, createRaster(new Float32Array(64 * 64).fill(1), 64, 64));
    const { skipped } = await digitizeBatch([file], { outDir: image("white"), threads: 1 });
    expect(skipped[0]?.reason).toMatch(/the image is uniform.*; on reading the file: .*same grey/);
  });

  it("measures a file named twice only once", async () => {
    const file = image("one.png");
    const summary = await digitizeBatch([file, file], { outDir: image("twice"), threads: 2 });
    expect(summary.images).toHaveLength(1);
    expect(summary.skipped).toEqual([{ file, reason: "named twice; measured once" }]);
  });

  it("pools the fields of a specimen with a confidence interval", async () => {
    const files = [image("one.png"), image("two.png"), image("other/one.png")];
    const samples = new Map(files.slice(0, 2).map((file) => [file, "A"]));
    const summary = await digitizeBatch(files, { outDir: image("pooled"), pixelSizeUm: 1, samples, threads: 2 });
    expect(summary.samples).toHaveLength(1);
    expect(summary.samples[0]).toMatchObject({ specimen: "A", nFields: 2 });
    expect(summary.samples[0]?.G.ciLow).toBeLessThan(summary.samples[0]?.G.intercept ?? 0);
    expect(summary.images[2]?.specimen).toBeNull();
    expect(summary.images[2]?.warnings.join()).toContain("not pooled");
    expect(summary.unpooled).toEqual([]);
    expect(summary.unassigned).toEqual([files[2]]);
  });

  it("stops when asked to, leaving no partial file", async () => {
    const outDir = image("stopped");
    const controller = new AbortController();
    const reason = new Error("stop");
    const running = digitizeBatch([image("one.png"), image("two.png")], {
      outDir,
      threads: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    await expect(running).rejects.toBe(reason);
    expect(await resultFiles(outDir)).toEqual(["one.grains.csv", "one.labels.tif", "one.overlay.png"]);
  });

  it("refuses an empty list, a stranger in the map of samples, an unknown method and a bad pixel size", async () => {
    const outDir = image("refused");
    const file = image("one.png");
    await expect(digitizeBatch([], { outDir })).rejects.toThrow(DataError);
    await expect(digitizeBatch([file], { outDir, samples: new Map([["x.png", "A"]]) })).rejects.toThrow(/"x\.png"/);
    await expect(digitizeBatch([file], { outDir, method: "magic" as "lines" })).rejects.toThrow(DomainError);
    await expect(digitizeBatch([file], { outDir, pixelSizeUm: -1 })).rejects.toThrow(DomainError);
  });

  it.skipIf(!existsSync("/proc/self"))("does not hang on a folder below /proc (needs /proc)", async () => {
    await expect(digitizeBatch([image("one.png")], { outDir: "/proc/x/y" })).rejects.toThrow(/cannot be made/);
  });

  it("makes the parents of the output folder", async () => {
    const outDir = image(join("a", "b", "c"));
    await digitizeBatch([image("one.png")], { outDir, threads: 1 });
    expect(await readdir(outDir)).toContain("one.labels.tif");
  });

  it("says when the output folder cannot be made or written", async () => {
    await expect(digitizeBatch([image("one.png")], { outDir: image("broken.tif") })).rejects.toThrow(DataError);
    const below = join(image("broken.tif"), "below", "it");
    await expect(digitizeBatch([image("one.png")], { outDir: below })).rejects.toThrow(/cannot be made/);
    const locked = image("locked");
    await mkdir(locked);
    await chmod(locked, 0o500);
    const isRoot = process.getuid?.() === 0; // may write anywhere
    if (!isRoot) await expect(digitizeBatch([image("one.png")], { outDir: locked })).rejects.toThrow(DataError);
    await chmod(locked, 0o700);
  });
});

describe("digitizeBatch on corrected label images", () => {
  it("follows the correction: a line of zeros drawn through a grain makes two of it", async () => {
    const path = image("field.labels.tif");
    const labels = createRaster(truth.data.slice(), truth.width, truth.height, { pixelSizeUm: 0.5 });
    await writeLabelTiff(path, labels);
    const before = await digitizeBatch([path], { outDir: image("fixed-before"), labels: true });
    expect(before.images[0]).toMatchObject({ method: "labels", calibrationSource: "ImageJ" });
    expect(before.images[0]?.nGrains).toBe(Math.max(...new Set(truth.data)));
    const inside = labels.data[80 * 200 + 100] ?? 0;
    for (const [i, label] of labels.data.entries()) if (label === inside && i % 200 === 100) labels.data[i] = 0;
    await writeLabelTiff(path, labels);
    const after = await digitizeBatch([path], { outDir: image("fixed-after"), labels: true });
    expect(after.images[0]?.nGrains).toBe((before.images[0]?.nGrains ?? 0) + 1);
    expect(after.images[0]?.warnings.join()).toContain("separate regions");
    expect(after.images[0]?.outputs.labels).toBe("field.labels.tif");
  });

  it("does not overwrite the image it measures", async () => {
    const path = image("own.labels.tif");
    await writeLabelTiff(path, truth);
    const bytes = await readFile(path);
    const summary = await digitizeBatch([path], { outDir: folder, labels: true });
    expect(summary.images[0]?.outputs.labels).toBe("own.measured.labels.tif");
    expect(await readFile(path)).toEqual(bytes);
  });

  it("draws over the micrograph where it is given, and refuses one of another size", async () => {
    const path = image("paired.labels.tif");
    await writeLabelTiff(path, truth);
    const options = { outDir: image("paired"), labels: true };
    const good = await digitizeBatch([path], { ...options, micrographs: new Map([[path, image("one.png")]]) });
    expect(good.skipped).toEqual([]);
    await writeMicrographPng(image("small.png"), createRaster(new Float32Array(100), 10, 10));
    const bad = await digitizeBatch([path], { ...options, micrographs: new Map([[path, image("small.png")]]) });
    expect(bad.skipped[0]?.reason).toContain("10 × 10");
  });

  it("refuses colour labels under skipped", async () => {
    const path = image("one.png");
    const summary = await digitizeBatch([path], { outDir: image("single"), labels: true });
    expect(summary.images.length + summary.skipped.length).toBe(1);
  });
});

describe("summaryCsv", () => {
  it("has one row per image, units in the header, and quotes what needs it", async () => {
    const { images } = await digitizeBatch([image("one.png")], { outDir: image("csv"), pixelSizeUm: 0.5 });
    const [first] = images;
    if (first === undefined) throw new Error("nothing measured");
    const text = summaryCsv([{ ...first, file: 'a,"b".tif' }]);
    const [header, row, end] = text.split("\n");
    expect(header).toContain("mean intercept (um)");
    expect(row).toMatch(/^"a,""b""\.tif",,lines,grains,200,160,0\.5,option,/);
    expect(end).toBe("");
  });
});

/** What was written of the images, without the journal of the batch. */
async function resultFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !name.endsWith(".ndjson")).toSorted();
}
