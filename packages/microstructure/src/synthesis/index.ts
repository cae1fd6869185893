export { type AnnealKinetics, monteCarloSteps } from "./annealKinetics.ts";
export { type DrawMicrographOptions, type DrawnMicrograph, drawMicrograph } from "./drawMicrograph.ts";
export { type GrainStructure, type GrowStartOptions, growStart } from "./grainStructure.ts";
export { type MagnifyLabelsOptions, magnifyLabels } from "./magnifyLabels.ts";
export { type CameraNoise, NOISE_LEVELS, type NoiseLevel } from "./noiseLevels.ts";
export { type RenderMicrographOptions, renderMicrograph } from "./renderMicrograph.ts";
export {
  type AnnealedStructure,
  type SimulateAnnealOptions,
  type SimulateAnnealSeriesOptions,
  simulateAnneal,
  simulateAnnealSeries,
} from "./simulateAnneal.ts";
export { type VoronoiGrainsOptions, voronoiGrains } from "./voronoiGrains.ts";
