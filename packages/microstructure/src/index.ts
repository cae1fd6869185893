export { type CameraNoise, NOISE_LEVELS, type NoiseLevel } from "./render/noiseLevels.ts";
export { type RenderMicrographOptions, renderMicrograph } from "./render/renderMicrograph.ts";
export { type VoronoiGrainsOptions, voronoiGrains } from "./render/voronoiGrains.ts";
