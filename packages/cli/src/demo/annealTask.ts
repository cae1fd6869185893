import { createRandom, type LabelMap, type Raster, type RunTasksOptions, runTasks } from "@materiome/core";
import { interceptGrainSize } from "@materiome/microstructure/measure";
import { boundaryMask } from "@materiome/microstructure/regions";
import { type GrainStructure, growStart, renderMicrograph, simulateAnneal } from "@materiome/microstructure/synthesis";
import { tensileTest } from "./hallPetch.ts";
import { DEMO, DEMO_PIXEL_SIZE_UM, kelvin } from "./plan.ts";

/** One piece of metal to be annealed, photographed and pulled. */
export interface SampleRequest {
  readonly name: string;
  readonly temperatureC: number;
  readonly timeMin: number;
  readonly start: GrainStructure;
  /** Key of the sample's random stream. */
  readonly key: string;
}

/** What comes out of the furnace: the picture that the digitizer will see, and the truth that only the simulator knows. */
export interface AnnealedPiece {
  readonly picture: Raster<Float32Array>;
  readonly trueBoundary: Raster<Uint8Array>;
  readonly trueGrainSizeUm: number;
  readonly trueNGrains: number;
  readonly monteCarloSteps: number;
  /** One tensile test of the true structure, MPa. */
  readonly strengthMPa: number;
}

/** Starting material of a wanted grain size; a task for a worker thread. */
export function growStartingMaterial(request: { readonly grainSizeUm: number; readonly key: string }): GrainStructure {
  const { latticeSites, siteSizeUm } = DEMO;
  return growStart(
    { width: latticeSites, height: latticeSites, meanInterceptSites: request.grainSizeUm / siteSizeUm },
    createRandom(request.key),
  );
}

/** Anneals, photographs and pulls one piece; a task for a worker thread. */
export function annealPiece(request: SampleRequest): AnnealedPiece {
  const random = createRandom(request.key);
  const { labels, monteCarloSteps } = simulateAnneal(
    {
      start: request.start,
      siteSizeUm: DEMO.siteSizeUm,
      temperatureK: kelvin(request.temperatureC),
      timeS: request.timeMin * 60,
      kinetics: DEMO.kinetics,
      magnification: DEMO.pixelsPerSite,
      minGrains: DEMO.leastGrains,
    },
    random.fork("anneal"),
  );
  const truth = meanInterceptUm(labels);
  return {
    picture: renderMicrograph(labels, {}, random.fork("camera")),
    trueBoundary: boundaryMask(labels),
    trueGrainSizeUm: truth,
    trueNGrains: new Set(labels.data).size,
    monteCarloSteps,
    strengthMPa: tensileTest(truth, random.fork("test")),
  };
}

function meanInterceptUm(labels: LabelMap): number {
  return interceptGrainSize(labels, { pixelSizeUm: DEMO_PIXEL_SIZE_UM }).meanInterceptUm ?? Number.NaN;
}

/** Runs one of the tasks above in worker threads. */
export function runFurnace<Input, Output>(
  name: "growStartingMaterial" | "annealPiece",
  inputs: readonly Input[],
  options: RunTasksOptions,
): Promise<Output[]> {
  return runTasks<Input, Output>({ module: import.meta.url, name }, inputs, options);
}
