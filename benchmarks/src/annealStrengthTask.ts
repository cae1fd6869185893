import { createRandom, type LabelMap } from "@materiome/core";
import { interceptGrainSize } from "@materiome/microstructure/measure";
import { type GrainStructure, growStart, simulateAnneal } from "@materiome/microstructure/synthesis";
// The metal of `materiome demo`: its constants, its law and the scatter of its tests.
import { tensileTest } from "../../packages/cli/src/demo/hallPetch.ts";
import { DEMO, DEMO_PIXEL_SIZE_UM, kelvin } from "../../packages/cli/src/demo/plan.ts";

/** The hottest and longest anneals of some laboratories leave a little fewer than the 200 grains that the simulator asks for. */
const FEWEST_GRAINS = 120;

/** Starting material of a wanted grain size; a task for a worker thread. */
export function growMaterial(request: { readonly grainSizeUm: number; readonly key: string }): GrainStructure {
  const { latticeSites, siteSizeUm } = DEMO;
  return growStart(
    { width: latticeSites, height: latticeSites, meanInterceptSites: request.grainSizeUm / siteSizeUm },
    createRandom(request.key),
  );
}

export interface AnnealRequest {
  readonly start: GrainStructure;
  readonly temperatureC: number;
  readonly timeMin: number;
  /** Key of the random stream of grain growth and of the test. */
  readonly key: string;
}

/**
 * Yield strength (MPa) of one test of one anneal, with the scatter of growth and test: as `annealPiece` of the demo, without the
 * picture; a task for a worker thread.
 */
export function annealStrength({ start, temperatureC, timeMin, key }: AnnealRequest): number {
  const random = createRandom(key);
  const { labels } = simulateAnneal(
    {
      start,
      siteSizeUm: DEMO.siteSizeUm,
      temperatureK: kelvin(temperatureC),
      timeS: timeMin * 60,
      kinetics: DEMO.kinetics,
      magnification: DEMO.pixelsPerSite,
      minGrains: FEWEST_GRAINS,
    },
    random.fork("anneal"),
  );
  return tensileTest(meanInterceptUm(labels), random.fork("test"));
}

function meanInterceptUm(labels: LabelMap): number {
  return interceptGrainSize(labels, { pixelSizeUm: DEMO_PIXEL_SIZE_UM }).meanInterceptUm ?? Number.NaN;
}
