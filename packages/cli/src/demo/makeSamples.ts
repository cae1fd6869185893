import { join } from "node:path";
import { DataError, type RunContext } from "@materiome/core";
import { digitizeBatch, readLabelImage, writeMicrographPng } from "@materiome/microstructure";
import { boundaryF1 } from "@materiome/microstructure/compare";
import { boundaryMask } from "@materiome/microstructure/regions";
import { type AnnealedPiece, runFurnace, type SampleRequest } from "./annealTask.ts";
import { DEMO_PIXEL_SIZE_UM } from "./plan.ts";

/** One sample through the whole laboratory. */
export interface Sample {
  readonly name: string;
  /** Picture file; the digitizer saw nothing else. */
  readonly micrograph: string;
  readonly overlay: string;
  /** Measured on the picture. */
  readonly grainSizeUm: number;
  readonly nGrains: number;
  /** Known to the simulator alone. */
  readonly trueGrainSizeUm: number;
  readonly trueNGrains: number;
  readonly boundaryF1: number;
  readonly monteCarloSteps: number;
  readonly strengthMPa: number;
}

/**
 * Anneals and photographs each piece, writes the pictures to the folder, and has them digitized as a user's pictures
 * would be: by `digitizeBatch`, which gets the files and the pixel size and nothing of the truth.
 */
export async function makeSamples(
  requests: readonly SampleRequest[],
  folder: string,
  stage: string,
  run: RunContext,
): Promise<Sample[]> {
  const pieces = await runFurnace<SampleRequest, AnnealedPiece>("annealPiece", requests, {
    ...run,
    stage: `${stage}: anneal and photograph`,
  });
  const files = requests.map(({ name }) => join(folder, `${name}.png`));
  for (const [i, piece] of pieces.entries()) await writeMicrographPng(files[i] ?? "", piece.picture);
  const { images, skipped } = await digitizeBatch(files, {
    outDir: folder,
    pixelSizeUm: DEMO_PIXEL_SIZE_UM,
    method: "lines",
    threads: run.threads,
    signal: run.signal,
    onProgress: (p) => run.onProgress?.({ ...p, stage: `${stage}: digitize` }),
  });
  if (skipped[0] !== undefined) throw new DataError(`demo: ${skipped[0].file}: ${skipped[0].reason}`);
  const samples: Sample[] = [];
  for (const [i, image] of images.entries()) {
    const piece = pieces[i];
    if (piece === undefined || image.kind !== "grains" || image.pixelSizeUm === null)
      throw new DataError(`demo: no measurement of ${image.file}`);
    const { labels } = await readLabelImage(join(folder, image.outputs.labels));
    samples.push({
      name: requests[i]?.name ?? "",
      micrograph: image.file,
      overlay: join(folder, image.outputs.overlay),
      grainSizeUm: image.meanInterceptUm,
      nGrains: image.nGrains,
      trueGrainSizeUm: piece.trueGrainSizeUm,
      trueNGrains: piece.trueNGrains,
      boundaryF1: boundaryF1(boundaryMask(labels), piece.trueBoundary, 2).f1,
      monteCarloSteps: piece.monteCarloSteps,
      strengthMPa: piece.strengthMPa,
    });
  }
  return samples;
}
