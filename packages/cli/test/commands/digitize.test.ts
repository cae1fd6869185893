import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRaster, type LabelMap } from "@materiome/core";
import { readLabelImage, writeLabelTiff } from "@materiome/microstructure";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fieldGrains, writeField, writeUniform } from "./fields.ts";
import { runCli } from "./runCli.ts";
import { filesIn, newFolder, removeFolder, workFolder } from "./workFolder.ts";

const PIXEL = ["--pixel-size", "0.5", "--threads", "1"];

/** Three micrographs, made once: tests read them and write elsewhere. */
let fields: string;

beforeAll(async () => {
  fields = await newFolder();
  for (const k of [1, 2, 3]) await writeField(field(k), k);
});
afterAll(() => removeFolder(fields));

const field = (k: number): string => join(fields, `field-${k}.png`);

const number = expect.any(Number);
const numberOrNull = expect.toSatisfy((value: unknown) => value === null || typeof value === "number");

describe("materiome digitize", () => {
  it("measures a calibrated micrograph and writes what the contract names", async () => {
    const cwd = await workFolder();
    const { code, stdout, stderr } = await runCli(["digitize", field(1), ...PIXEL, "--out", "out", "--json"], { cwd });
    expect(code, stderr).toBe(0);
    const out = join(cwd, "out");
    expect(await filesIn(out)).toEqual([
      "digitize.journal.ndjson",
      "field-1.grains.csv",
      "field-1.labels.tif",
      "field-1.overlay.png",
      "report.html",
      "summary.csv",
      "summary.json",
    ]);
    const summary = JSON.parse(await readFile(join(out, "summary.json"), "utf8"));
    expect(JSON.parse(stdout)).toEqual(summary);
    const [image] = summary.images;
    expect(image).toMatchObject({
      file: field(1),
      specimen: null,
      width: 240,
      height: 240,
      pixelSizeUm: 0.5,
      calibrationSource: "option",
      method: "lines",
      kind: "grains",
      nGrains: number,
      edgeRule: expect.any(String),
      twinRule: expect.any(String),
      meanInterceptUm: number,
      anisotropyIndex: number,
      grainSizeNumber: {
        // One field has no spread between fields.
        intercept: {
          G: number,
          nIntercepts: number,
          nIntersections: number,
          lineLengthUm: number,
          ciLow: null,
          ciHigh: null,
        },
        planimetric: { G: number, gradeNa: number, nInside: number, nEdge: number },
      },
      equivalentDiameterUm: {
        mean: number,
        median: number,
        std: number,
        p10: number,
        p90: number,
        areaWeightedMean: number,
      },
      phaseFractions: expect.any(Array),
      boundaryLengthDensityPerUm: number,
      surfaceAreaDensityPerUm: number,
      warnings: expect.any(Array),
    });
    expect(image.interceptByDirection.length).toBeGreaterThanOrEqual(2);
    for (const entry of image.interceptByDirection) {
      expect(entry).toMatchObject({ angleDeg: number, meanUm: number, n: number });
    }
    expect(summary).toMatchObject({ samples: [], skipped: [], seed: 1, versions: { materiome: expect.any(String) } });

    const { labels } = await readLabelImage(join(out, "field-1.labels.tif"));
    expect([labels.width, labels.height, labels.pixelSizeUm]).toEqual([240, 240, expect.closeTo(0.5, 6)]);
    expect(new Set(labels.data).size).toBe(image.nGrains);
    const overlay = await readFile(join(out, "field-1.overlay.png"));
    expect(overlay.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
    const grains = (await readFile(join(out, "field-1.grains.csv"), "utf8")).trimEnd().split("\n");
    expect(grains).toHaveLength(1 + image.nGrains);
    // The truth is known: 70 grains.
    expect(Math.abs(image.nGrains - 70)).toBeLessThanOrEqual(4);
  });

  it("a batch goes on after a bad image: exit code 4, the bad one named", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "noise.tif"), Buffer.alloc(4000, "no image at all"));
    const { code, stdout, stderr } = await runCli(
      ["digitize", field(1), "noise.tif", field(2), ...PIXEL, "--out", "out", "--json"],
      { cwd },
    );
    expect(code).toBe(4);
    const summary = JSON.parse(stdout);
    expect(summary.images.map((image: { file: string }) => image.file)).toEqual([field(1), field(2)]);
    expect(summary.skipped).toEqual([{ file: "noise.tif", reason: expect.stringContaining("not an image") }]);
    expect(stderr).toContain("skipped: noise.tif");
    const files = await filesIn(join(cwd, "out"));
    expect(files.filter((name) => name.startsWith("noise"))).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["field-1.labels.tif", "field-2.labels.tif", "summary.json"]));
    expect(await readFile(join(cwd, "out/report.html"), "utf8")).toContain("noise.tif");
  });

  it("without calibration gives pixels and a warning, never µm", async () => {
    const cwd = await workFolder();
    const { code, stdout, stderr } = await runCli(["digitize", field(1), "--out", "out", "--json"], { cwd });
    expect(code).toBe(0);
    expect(stderr).toMatch(/warning: .*field-1\.png: no calibration: lengths are in pixels/);
    const { images } = JSON.parse(stdout);
    const [image] = images;
    expect(image).toMatchObject({ pixelSizeUm: null, calibrationSource: null, meanInterceptPx: number });
    expect(image.equivalentDiameterPx).toMatchObject({ mean: number });
    expect(image.interceptByDirection[0]).toMatchObject({ meanPx: number });
    expect(image.grainSizeNumber).toMatchObject({ intercept: { G: null }, planimetric: { G: null } });
    const inUm = keysOf(image).filter((key) => /Um$/.test(key) && key !== "pixelSizeUm");
    expect(inUm).toEqual([]);
    const [header] = (await readFile(join(cwd, "out/summary.csv"), "utf8")).split("\n");
    expect(header).toContain("(px)");
    expect(header).not.toMatch(/um\)|\bG /);
    expect(await readFile(join(cwd, "out/field-1.grains.csv"), "utf8")).not.toContain("um");
  });

  it("--labels measures what a person corrected: two grains merged are one grain less", async () => {
    const cwd = await workFolder();
    await runCli(["digitize", field(1), ...PIXEL, "--out", "first"], { cwd });
    const path = join(cwd, "first/field-1.labels.tif");
    const { labels } = await readLabelImage(path);
    const [kept, dropped] = longestBoundary(labels);
    const merged = createRaster(
      labels.data.map((label) => (label === dropped ? kept : label)),
      labels.width,
      labels.height,
      { pixelSizeUm: labels.pixelSizeUm },
    );
    await writeLabelTiff(join(cwd, "fixed.labels.tif"), merged);
    const before = JSON.parse(await readFile(join(cwd, "first/summary.json"), "utf8")).images[0];
    const { code, stdout, stderr } = await runCli(
      ["digitize", "--out", "second", "--json", "--labels", "fixed.labels.tif"],
      { cwd },
    );
    expect(code, stderr).toBe(0);
    const [after] = JSON.parse(stdout).images;
    expect(after).toMatchObject({ method: "labels", pixelSizeUm: expect.closeTo(0.5, 6) });
    expect(after.nGrains).toBe(before.nGrains - 1);
    expect(after.meanInterceptUm).toBeGreaterThan(before.meanInterceptUm);
    expect(after.grainSizeNumber.intercept.G).toBeLessThan(before.grainSizeNumber.intercept.G);
    expect(after.boundaryLengthDensityPerUm).toBeLessThan(before.boundaryLengthDensityPerUm);
    expect(await filesIn(join(cwd, "second"))).toContain("fixed.overlay.png");
  });

  it("--labels on the folder it wrote leaves the corrected file as it is", async () => {
    const cwd = await workFolder();
    await mkdir(join(cwd, "out"));
    const path = join(cwd, "out/field.labels.tif");
    await writeLabelTiff(path, fieldGrains(1));
    const corrected = await readFile(path);
    const { code } = await runCli(["digitize", ...PIXEL, "--out", "out", "--labels", "out/field.labels.tif"], { cwd });
    expect(code).toBe(0);
    expect((await readFile(path)).equals(corrected)).toBe(true);
  });

  it("--samples pools the fields of a specimen with a confidence interval", async () => {
    const cwd = await workFolder();
    const rows = [1, 2, 3].map((k) => `field-${k}.png,${k === 3 ? "B" : "A"}`);
    await writeFile(join(cwd, "one.csv"), ["file,specimen", ...rows.map((row) => row.replace(/.$/, "A"))].join("\n"));
    const images = [1, 2, 3].map(field);
    const { code, stdout } = await runCli(
      ["digitize", ...images, ...PIXEL, "--samples", "one.csv", "--out", "out", "--json"],
      { cwd },
    );
    expect(code).toBe(0);
    const { samples, images: measured } = JSON.parse(stdout);
    expect(samples).toHaveLength(1);
    const [sample] = samples;
    expect(sample).toMatchObject({
      specimen: "A",
      nFields: 3,
      G: { intercept: number, planimetric: number, ciLow: number, ciHigh: number, relativeAccuracyPct: number },
      standard: expect.stringContaining("E112"),
      meetsStandard: expect.any(Boolean),
      reasons: expect.any(Array),
    });
    expect(sample.G).toHaveProperty("fieldsNeeded", numberOrNull);
    const ofFields = measured.map((image: { grainSizeNumber: { intercept: { G: number } } }) => {
      return image.grainSizeNumber.intercept.G;
    });
    expect(sample.G.intercept).toBeGreaterThan(Math.min(...ofFields));
    expect(sample.G.intercept).toBeLessThan(Math.max(...ofFields));
    expect(sample.G.ciLow).toBeLessThan(sample.G.intercept);
    expect(sample.G.ciHigh).toBeGreaterThan(sample.G.intercept);
  });

  it("a folder is read in natural order; --resume takes over what is measured and unchanged", async () => {
    const cwd = await workFolder();
    await mkdir(join(cwd, "scans"));
    await copyFile(field(1), join(cwd, "scans/f10.png"));
    await copyFile(field(2), join(cwd, "scans/f2.png"));
    const run = (...args: string[]) =>
      runCli(["digitize", "scans", ...PIXEL, "--out", "scans", "--json", ...args], { cwd });
    const whole = JSON.parse((await run()).stdout);
    expect(whole.images.map(({ file }: { file: string }) => file)).toEqual(["scans/f2.png", "scans/f10.png"]);
    const resumed = await run("--resume");
    expect(JSON.parse(resumed.stdout)).toEqual({ ...whole, nResumed: 2 });
    expect(resumed.stderr).toContain("2 images were measured before");
  });

  it("gives the same numbers and pictures for one thread and for two", async () => {
    const cwd = await workFolder();
    const run = (threads: string): Promise<unknown> =>
      runCli(["digitize", field(1), field(2), "--pixel-size", "0.5", "--out", threads, "--threads", threads], { cwd });
    await Promise.all(["1", "2"].map(run));
    const names = await filesIn(join(cwd, "1"));
    expect(names.length).toBe(10);
    // The journal lists images as they are done.
    for (const name of names.filter((file) => !file.endsWith(".ndjson"))) {
      const [one, two] = await Promise.all(["1", "2"].map((folder) => readFile(join(cwd, folder, name))));
      expect(one?.equals(two as Buffer), name).toBe(true);
    }
  });
});

describe("materiome digitize, bad input", () => {
  const pictures: Record<string, { readonly make?: (path: string) => Promise<void>; readonly says: string }> = {
    "missing.png": { says: "no such file; check the path" },
    "truncated.tif": {
      make: async (path) => {
        await writeLabelTiff(path, fieldGrains(1));
        const whole = await readFile(path);
        await writeFile(path, whole.subarray(0, Math.floor(whole.length / 2)));
      },
      says: "truncated or damaged; copy the file again",
    },
    "random.tif": {
      make: (path) =>
        writeFile(
          path,
          Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 31 + 7 * i) % 251),
        ),
      says: "not an image that can be read, or damaged; expected PNG, JPEG",
    },
    "empty.tif": { make: (path) => writeFile(path, ""), says: "empty" },
    "uniform.png": { make: writeUniform, says: "the image is uniform or its boundaries are not visible" },
  };
  it.each(Object.entries(pictures))("%s", async (name, { make, says }) => {
    const cwd = await workFolder();
    await make?.(join(cwd, name));
    const { code, stderr, stdout } = await runCli(["digitize", name, ...PIXEL, "--out", "out", "--json"], { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain(name);
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(JSON.parse(stdout).skipped).toEqual([{ file: name, reason: expect.stringContaining(says) }]);
    const written = ["digitize.journal.ndjson", "report.html", "summary.csv", "summary.json"];
    expect(await filesIn(join(cwd, "out"))).toEqual(written);
  });

  it("output folder below a file", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "file"), "");
    const { code, stderr } = await runCli(["digitize", field(1), ...PIXEL, "--out", "file/out"], { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain("file/out: the output folder cannot be written");
    expect(await filesIn(cwd)).toEqual(["file"]);
  });

  it.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "output folder without write permission (not as root, who may write anywhere)",
    async () => {
      const cwd = await workFolder();
      await mkdir(join(cwd, "out"), { mode: 0o555 });
      const { code, stderr } = await runCli(["digitize", field(1), ...PIXEL, "--out", "out"], { cwd });
      expect(code).toBe(3);
      expect(stderr).toContain("out: the output folder cannot be written (EACCES); choose another --out");
    },
  );

  it("a map of samples that names none of the images", async () => {
    const cwd = await workFolder();
    await writeFile(join(cwd, "map.csv"), "file,specimen\nother.png,A\n");
    const { code, stderr } = await runCli(["digitize", field(1), ...PIXEL, "--samples", "map.csv", "--out", "out"], {
      cwd,
    });
    expect(code).toBe(3);
    expect(stderr).toContain('map.csv, column "file": names none of the 1 images; first entry "other.png"');
  });

  it.each([
    ["no images", [], "name at least one micrograph"],
    ["a pixel size below zero", ["a.png", "--pixel-size", "-1"], "expected a number above 0"],
    ["a decimal comma in the pixel size", ["a.png", "--pixel-size", "0,5"], "expected a number above 0"],
    ["an unknown method", ["a.png", "--method", "magic"], "auto, lines, dark, bright"],
  ])("%s is wrong usage: exit code 2", async (_, args, says) => {
    const cwd = await workFolder();
    const { code, stderr } = await runCli(["digitize", ...args, "--out", "out"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(says);
    expect(await filesIn(cwd)).toEqual([]);
  });
});

/** The two grains that share most pixel edges. */
function longestBoundary({ data, width }: LabelMap): [number, number] {
  const shared = new Map<string, number>();
  for (const [i, label] of data.entries()) {
    for (const other of [i % width === width - 1 ? undefined : data[i + 1], data[i + width]]) {
      if (other === undefined || other === label || other === 0 || label === 0) continue;
      const pair = `${Math.min(label, other)} ${Math.max(label, other)}`;
      shared.set(pair, (shared.get(pair) ?? 0) + 1);
    }
  }
  const [longest] = [...shared].sort((a, b) => b[1] - a[1])[0] as [string, number];
  return longest.split(" ").map(Number) as [number, number];
}

/** Names of all fields, at any depth. */
function keysOf(value: unknown): string[] {
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, inner]) => [...(Array.isArray(value) ? [] : [key]), ...keysOf(inner)]);
}
