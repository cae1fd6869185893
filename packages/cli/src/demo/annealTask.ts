import { join } from "node:path";
import { createRandom, type LabelMap, type RunTasksOptions, runTasks } from "@materiome/core";
import {
  boundaryF1,
  boundaryMask,
  type GrainStructure,
  growStart,
  interceptGrainSize,
  readMicrograph,
  renderMicrograph,
  segmentGrains,
  simulateAnneal,
  writeMicrographPng,
  writeOverlayPng,
} from "@materiome/microstructure";
import { tensileTest } from "./hallPetch.ts";
import { DEMO, DEMO_PIXEL_SIZE_UM, kelvin } from "./plan.ts";

/** One sample through the whole laboratory. */
export interface SampleRequest {
  readonly name: string;
  readonly temperatureC: number;
  readonly timeMin: number;
  readonly start: GrainStructure;
  /** Key of the sample's random stream. */
  readonly key: string;
  readonly folder: string;
}

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

/**
 * Anneals, photographs, digitizes and tests one sample; a task for a worker thread. The digitizer reads the picture file
 * and knows the pixel size, nothing else; the tensile test feels the true structure.
 */
export async function makeSample(request: SampleRequest): Promise<Sample> {
  const random = createRandom(request.key);
  const annealed = simulateAnneal(
    {
      start: request.start,
      siteSizeUm: DEMO.siteSizeUm,
      temperatureK: kelvin(request.temperatureC),
      timeS: request.timeMin * 60,
      kinetics: DEMO.kinetics,
      magnification: DEMO.pixelsPerSite,
    },
    random.fork("anneal"),
  );
  const micrograph = join(request.folder, `${request.name}.png`);
  await writeMicrographPng(micrograph, renderMicrograph(annealed.labels, {}, random.fork("camera")));

  const { grey } = await readMicrograph(micrograph, { pixelSizeUm: DEMO_PIXEL_SIZE_UM });
  const { labels } = segmentGrains(grey);
  const overlay = join(request.folder, `${request.name}.overlay.png`);
  await writeOverlayPng(overlay, grey, labels);

  const truth = meanInterceptUm(annealed.labels);
  return {
    name: request.name,
    micrograph,
    overlay,
    grainSizeUm: meanInterceptUm(labels),
    nGrains: countLabels(labels),
    trueGrainSizeUm: truth,
    trueNGrains: countLabels(annealed.labels),
    boundaryF1: boundaryF1(boundaryMask(labels), boundaryMask(annealed.labels), 2).f1,
    monteCarloSteps: annealed.monteCarloSteps,
    strengthMPa: tensileTest(truth, random.fork("test")),
  };
}

function meanInterceptUm(labels: LabelMap): number {
  return interceptGrainSize(labels, { pixelSizeUm: DEMO_PIXEL_SIZE_UM }).meanInterceptUm ?? Number.NaN;
}

function countLabels(labels: LabelMap): number {
  return new Set(labels.data).size;
}

/** Runs one of the tasks above in worker threads. */
export function runDemoTasks<Input, Output>(
  name: "growStartingMaterial" | "makeSample",
  inputs: readonly Input[],
  options: RunTasksOptions,
): Promise<Output[]> {
  return runTasks<Input, Output>({ module: import.meta.url, name }, inputs, options);
}
