import { createRaster, type LabelMap } from "@materiome/core";
import { diffuseChannels, gaussianBlur, hMaxima, vectorGradient, watershed } from "../kernels/index.ts";
import { mergeByContrast } from "./mergeByContrast.ts";
import { smoothBoundaries } from "./smoothBoundaries.ts";

export interface ContrastPlan {
  /** Image values, `nChannels` planes one after the other, in units in which equal distances matter equally. */
  readonly values: Float32Array;
  readonly nChannels: number;
  /** Standard deviation of the Gaussian that precedes the edge-preserving smoothing, px; 0 for none. */
  readonly sigmaPx: number;
  /** Steps between neighbours well below this are smoothed, steps above it kept. */
  readonly edge: number;
  readonly nSteps: number;
  /** Borders of less contrast are no boundaries. */
  readonly minContrast: number;
  readonly minAreaPx: number;
  /** Borders whose contrast is below this many times the median step of the smoothed image (texture) are no boundaries either; 0 for no such limit. */
  readonly textureFactor: number;
}

export interface ContrastPartition {
  readonly labels: LabelMap;
  readonly nGrains: number;
  /** Regions before merging. */
  readonly nCut: number;
  /** Least contrast of a boundary, texture considered. */
  readonly minContrast: number;
}

/**
 * Cuts an image of one or several channels where its values change: edge-preserving smoothing, vector gradient, watershed from its
 * minima, regions of little contrast joined (`mergeByContrast`), staircases evened out. The labels tile the image.
 */
export function segmentByContrast(width: number, height: number, plan: ContrastPlan): ContrastPartition {
  const { nChannels, minAreaPx } = plan;
  const size = width * height;
  const values = plan.values.slice();
  const scratch = new Float32Array(nChannels * size);
  if (plan.sigmaPx > 0) {
    for (let c = 0; c < nChannels; c++) {
      const plane = values.subarray(c * size, (c + 1) * size);
      gaussianBlur(width, height, plane, plan.sigmaPx, scratch, plane);
    }
  }
  diffuseChannels(width, height, nChannels, plan.edge, plan.nSteps, values, scratch);
  const gradient = new Float32Array(size);
  vectorGradient(width, height, nChannels, values, gradient);
  let steepest = 0;
  for (const g of gradient) if (g > steepest) steepest = g;
  const labels = new Uint32Array(size);
  if (steepest === 0)
    return { labels: createRaster(labels.fill(1), width, height), nGrains: 1, nCut: 1, minContrast: plan.minContrast };
  const usual = gradient.slice().sort()[size >> 1]!; // size ≥ 1
  const minContrast = Math.max(plan.minContrast, plan.textureFactor * usual * STEP_WIDTH_PX);
  const flatness = gradient.map((g) => steepest - g + 1e-3 * steepest);
  const nCut = hMaxima(width, height, flatness, LEAST_DEPTH * minContrast, 0, labels);
  const levels = new Uint16Array(gradient.length);
  for (let i = 0; i < levels.length; i++) levels[i] = Math.floor((gradient[i]! / steepest) * (N_LEVELS - 1)); // of one length
  watershed(width, height, levels, N_LEVELS, labels);
  mergeByContrast(width, height, labels, nCut, {
    values,
    nChannels,
    gradient,
    minContrast,
    minAreaPx,
    stepWidthPx: STEP_WIDTH_PX,
  });
  const nGrains = smoothBoundaries(width, height, labels, minAreaPx);
  return { labels: createRaster(labels, width, height), nGrains, nCut, minContrast };
}

/** Width over which the optics, the smoothing and central differences spread a sharp step. */
const STEP_WIDTH_PX = 4;
/** Minima of the gradient shallower than this share of the least contrast (in a step, four pixels wide, a quarter of it per pixel) cut nothing. */
const LEAST_DEPTH = 0.05;
const N_LEVELS = 4096;
