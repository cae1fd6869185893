/**
 * A rendered mosaic of up to 16 384 × 16 384 px and more, digitized in a bounded memory: seconds, peak memory of the process,
 * and the grain size against the truth. From the repository root:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/mosaic.ts
 *
 * Options: --json, --size PX (default 16384, a multiple of 1024), --folder PATH (scratch and results, default a temporary one),
 * --compare (segment the mosaic in memory too and count the labels that differ; for small sizes).
 */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { closeWorkers } from "@materiome/core";
import { readLabelImage, readMicrograph } from "@materiome/microstructure";
import { digitizeMosaic } from "@materiome/microstructure/mosaic";
import { segmentGrains } from "@materiome/microstructure/segment";
import { report } from "./commandLine.ts";
import { type MosaicTruth, renderMosaic } from "./mosaicImage.ts";
import { provenance } from "./provenance.ts";
import { type Cost, inFolder, measureCost, runStage } from "./stage.ts";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    size: { type: "string", default: "16384" },
    folder: { type: "string" },
    compare: { type: "boolean", default: false },
    stage: { type: "string" },
  },
});
const size = Number(options.size);
const PIXEL_SIZE_UM = 0.25;

interface Digitized extends Cost {
  readonly nGrains: number;
  readonly meanInterceptUm: number;
  readonly lineShare: number;
}

if (options.stage === "render") console.log(JSON.stringify(await renderMosaic(picture(), size, PIXEL_SIZE_UM)));
else if (options.stage === "digitize") console.log(JSON.stringify(await digitize()));
else await inFolder(options.folder, benchmark);

function picture(): string {
  return join(options.folder ?? "", "mosaic.tif");
}

async function digitize(): Promise<Digitized> {
  const costSoFar = measureCost();
  const { measurement, measured } = await digitizeMosaic(picture(), { outDir: options.folder ?? "", method: "lines" });
  const cost = costSoFar();
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

async function benchmark(folder: string): Promise<void> {
  const truth = await runStage<MosaicTruth>("render", { size, folder });
  const fileMB = (await stat(join(folder, "mosaic.tif"))).size / 2 ** 20;
  const digitized = await runStage<Digitized>("digitize", { size, folder });
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
}

async function countDiffering(folder: string): Promise<number> {
  const { grey } = await readMicrograph(join(folder, "mosaic.tif"), { dataBar: "keep" });
  const whole = segmentGrains(grey).labels.data;
  const bands = (await readLabelImage(join(folder, "mosaic.labels.tif"))).labels.data;
  return whole.reduce((sum, label, i) => sum + (label === bands[i] ? 0 : 1), 0);
}
