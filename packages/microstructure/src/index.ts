export { type CameraNoise, NOISE_LEVELS, type NoiseLevel } from "./render/noiseLevels.ts";
export { type RenderMicrographOptions, renderMicrograph } from "./render/renderMicrograph.ts";
export { type VoronoiGrainsOptions, voronoiGrains } from "./render/voronoiGrains.ts";
export { type AnnealKinetics, monteCarloSteps } from "./simulate/annealKinetics.ts";
export { type GrainStructure, type GrowStartOptions, growStart } from "./simulate/grainStructure.ts";
export { type MagnifyLabelsOptions, magnifyLabels } from "./simulate/magnifyLabels.ts";
export {
  type AnnealedStructure,
  type SimulateAnnealOptions,
  type SimulateAnnealSeriesOptions,
  simulateAnneal,
  simulateAnnealSeries,
} from "./simulate/simulateAnneal.ts";
