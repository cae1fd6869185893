/**
 * A rendered mosaic of up to 16 384 × 16 384 px and more, digitized in a bounded memory: seconds, peak memory of the process,
 * and the grain size against the truth. From the repository root:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/mosaic.ts
 *
 * Options: --json, --size PX (default 16384, a multiple of 1024), --folder PATH (scratch and results, default a temporary one),
 * --compare (segment the mosaic in memory too and count the labels that differ; for small sizes), --superpixels (SLIC superpixels
 * instead; --compare then says whether those in memory have the same labels).
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { closeWorkers } from "@materiome/core";
import { readLabelImage, readMicrograph } from "@materiome/microstructure";
import {
  bandSpace,
  digitizeMosaic,
  openMosaic,
  slicSuperpixelBands,
  storeMosaic,
} from "@materiome/microstructure/mosaic";
import { segmentGrains, slicSuperpixels } from "@materiome/microstructure/segment";
import { report } from "./commandLine.ts";
import { type MosaicTruth, renderMosaic } from "./mosaicImage.ts";
import { provenance } from "./provenance.ts";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    size: { type: "string", default: "16384" },
    folder: { type: "string" },
    compare: { type: "boolean", default: false },
    superpixels: { type: "boolean", default: false },
    stage: { type: "string" },
  },
});
const size = Number(options.size);
const PIXEL_SIZE_UM = 0.25;
/** As `digitizeMosaic` has. */
const PIXELS_IN_BAND = 1 << 22;

interface Cost {
  readonly seconds: number;
  /** Of all threads: what other work on the machine hardly changes. */
  readonly processorSeconds: number;
  readonly peakMemoryMB: number;
}

interface Digitized extends Cost {
  readonly nGrains: number;
  readonly meanInterceptUm: number;
  readonly lineShare: number;
}

interface CutToSuperpixels extends Cost {
  readonly nSuperpixels: number;
  readonly labelsSha256: string;
}

if (options.stage === "render") console.log(JSON.stringify(await renderMosaic(picture(), size, PIXEL_SIZE_UM)));
else if (options.stage === "digitize") console.log(JSON.stringify(await digitize()));
else if (options.stage === "superpixels") console.log(JSON.stringify(await cutToSuperpixels()));
else if (options.superpixels) await benchmarkSuperpixels();
else await benchmark();

function picture(): string {
  return join(options.folder ?? "", "mosaic.tif");
}

async function digitize(): Promise<Digitized> {
  const started = performance.now();
  const { measurement, measured } = await digitizeMosaic(picture(), { outDir: options.folder ?? "", method: "lines" });
  const cost = costSince(started);
  await closeWorkers();
  if (measurement.kind !== "grains" || measurement.pixelSizeUm === null)
    throw new Error("the mosaic has lost its calibration");
  return {
    ...cost,
    nGrains: measurement.nGrains,
    meanInterceptUm: measurement.meanInterceptUm,
    lineShare: Number(measured["lineShare"]),
  };
}

function costSince(started: number): Cost {
  const { user, system } = process.cpuUsage();
  return {
    seconds: (performance.now() - started) / 1000,
    processorSeconds: (user + system) / 1e6,
    peakMemoryMB: process.resourceUsage().maxRSS / 1024,
  };
}

async function cutToSuperpixels(): Promise<CutToSuperpixels> {
  const started = performance.now();
  const image = await openMosaic(picture());
  const { width, height } = image;
  const bandRows = Math.max(1, Math.floor(PIXELS_IN_BAND / width));
  const space = bandSpace(width, height, { bandRows, folder: options.folder });
  const { grey } = await storeMosaic(image, space);
  const { labels, n: nSuperpixels } = slicSuperpixelBands(space, grey);
  const cost = costSince(started);
  const hash = createHash("sha256");
  for (const { from, to } of space.bands(0)) hash.update(labels.read(from, to));
  space.close();
  return { ...cost, nSuperpixels, labelsSha256: hash.digest("hex") };
}

function benchmarkSuperpixels(): Promise<void> {
  return inFolder(async (folder) => {
    await stage<MosaicTruth>("render", folder);
    const cut = await stage<CutToSuperpixels>("superpixels", folder);
    const isSameInMemory = options.compare ? cut.labelsSha256 === (await sha256InMemory(folder)) : undefined;
    report({ suite: "mosaic-superpixels", width: size, height: size, ...cut, isSameInMemory, ...provenance() }, () => {
      console.log(
        `${size} × ${size} px: ${cut.nSuperpixels} superpixels in ${cut.seconds.toFixed(0)} s, ${cut.processorSeconds.toFixed(0)} s of processor, peak memory ${cut.peakMemoryMB.toFixed(0)} MB`,
      );
      if (isSameInMemory !== undefined)
        console.log(`the labels in memory are ${isSameInMemory ? "the same" : "others"}`);
    });
  });
}

async function sha256InMemory(folder: string): Promise<string> {
  const { grey } = await readMicrograph(join(folder, "mosaic.tif"), { dataBar: "keep" });
  return createHash("sha256").update(slicSuperpixels(grey).labels.data).digest("hex");
}

/** Runs `work` with the folder asked for, or a temporary one that it removes. */
async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "materiome-mosaic-")));
  try {
    await work(folder);
  } finally {
    if (options.folder === undefined) await rm(folder, { recursive: true });
  }
}

function benchmark(): Promise<void> {
  return inFolder(async (folder) => {
    const truth = await stage<MosaicTruth>("render", folder);
    const fileMB = (await stat(join(folder, "mosaic.tif"))).size / 2 ** 20;
    const digitized = await stage<Digitized>("digitize", folder);
    const labelsMB = (await stat(join(folder, "mosaic.labels.tif"))).size / 2 ** 20;
    const nDiffering = options.compare ? await countDiffering(folder) : undefined;
    const result = {
      suite: "mosaic",
      width: size,
      height: size,
      fileMB,
      labelsMB,
      ...digitized,
      secondsPerMegapixel: digitized.seconds / ((size * size) / 1e6),
      trueInterceptUm: truth.meanInterceptUm,
      interceptErrorPct: 100 * (digitized.meanInterceptUm / truth.meanInterceptUm - 1),
      ...(nDiffering === undefined ? {} : { nDiffering }),
      ...provenance(),
    };
    report(result, () => {
      console.log(
        `${size} × ${size} px: ${digitized.nGrains} grains in ${digitized.seconds.toFixed(0)} s, ${digitized.processorSeconds.toFixed(0)} s of processor (${result.secondsPerMegapixel.toFixed(2)} s/Mpx), peak memory ${digitized.peakMemoryMB.toFixed(0)} MB, intercept ${digitized.meanInterceptUm.toFixed(3)} µm against ${truth.meanInterceptUm.toFixed(3)} (${result.interceptErrorPct.toFixed(2)} %)`,
      );
      if (nDiffering !== undefined) console.log(`${nDiffering} labels differ from those of the image in memory`);
    });
  });
}

/** Runs a stage in a process of its own, whose peak memory is that of the stage. */
function stage<T>(name: string, folder: string): Promise<T> {
  const [, script = ""] = process.argv;
  const args = [...process.execArgv, script, "--stage", name, "--size", String(size), "--folder", folder];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    let text = "";
    child.stdout.on("data", (part) => {
      text += part;
    });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`${name} ended with ${code}`)),
    );
  });
}

async function countDiffering(folder: string): Promise<number> {
  const { grey } = await readMicrograph(join(folder, "mosaic.tif"), { dataBar: "keep" });
  const whole = segmentGrains(grey).labels.data;
  const bands = (await readLabelImage(join(folder, "mosaic.labels.tif"))).labels.data;
  return whole.reduce((sum, label, i) => sum + (label === bands[i] ? 0 : 1), 0);
}
