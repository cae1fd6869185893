import { DomainError, type Feature, type Raster } from "@materiome/core";
import type { FeatureGroup } from "./featureGroup.ts";
import { cropPlane, cutWindow, type FeatureWindow, type Region, shrinkWindow } from "./featureWindow.ts";
import { halfDiscFeatures } from "./halfDiscFeatures.ts";
import { type LineShape, orientedFeatures } from "./orientedFeatures.ts";
import { scaleFeatures } from "./scaleFeatures.ts";
import { surroundingFeatures } from "./surroundingFeatures.ts";

/** Shape of a filter for steps. */
export interface StepShape extends LineShape {
  /** The response is also given relative to its mean over boxes of these radii, px: contrast differs between images. @defaultValue [] */
  readonly relativeToPx?: readonly number[] | undefined;
}

export interface FeatureBankOptions {
  /** Standard deviations of the Gaussians, px, ascending from at least 0.5. @defaultValue [1, 2, 4, 8] */
  readonly scalesPx?: readonly number[] | undefined;
  /** Steps across lines, over all channels together: grain boundaries without a line of their own. @defaultValue [] */
  readonly stepShapes?: readonly StepShape[] | undefined;
  /** Dark and bright lines in the first channel: membrane projections. @defaultValue [{ acrossPx: 1.5, alongPx: 4 }] */
  readonly lineShapes?: readonly LineShape[] | undefined;
  /** Sizes of boxes on and around the pixel in the first channel, px. @defaultValue [12, 24, 48] */
  readonly surroundingsPx?: readonly number[] | undefined;
  /**
   * Radii of half discs whose histograms are compared, over all channels together, px: boundaries between textures and between
   * speckled colours. Takes some seconds a megapixel and radius. @defaultValue []
   */
  readonly halfDiscsPx?: readonly number[] | undefined;
  /** Surroundings keep their direction: for sections of layers, whose up and down differ. @defaultValue false */
  readonly isDirected?: boolean | undefined;
}

export type ResolvedFeatureBankOptions = {
  readonly [K in keyof FeatureBankOptions]-?: NonNullable<FeatureBankOptions[K]>;
};

/** Feature planes of an image: what a pixel is told from. */
export interface FeatureBank {
  readonly features: readonly Feature[];
  /** Pixels round a pixel on which its features depend; with these a tile gives the values of the whole image. */
  readonly haloPx: number;
  /** One plane of region.width × region.height per feature. What lies outside the image is its reflection. */
  compute(image: Raster<Float32Array>, region?: Region): Float32Array[];
}

export function resolveFeatureBankOptions(options: FeatureBankOptions = {}): ResolvedFeatureBankOptions {
  const resolved = {
    scalesPx: options.scalesPx ?? [1, 2, 4, 8],
    stepShapes: options.stepShapes ?? [],
    lineShapes: options.lineShapes ?? [{ acrossPx: 1.5, alongPx: 4 }],
    surroundingsPx: options.surroundingsPx ?? [12, 24, 48],
    halfDiscsPx: options.halfDiscsPx ?? [],
    isDirected: options.isDirected ?? false,
  };
  const fail = (message: string): never => {
    throw new DomainError(`createFeatureBank: ${message}`);
  };
  const { scalesPx, stepShapes, lineShapes } = resolved;
  if (scalesPx.length === 0 || !scalesPx.every((s, k) => s >= 0.5 && s <= 64 && s - (scalesPx[k - 1] ?? 0) >= 0.5)) {
    fail(
      `scalesPx must ascend from 0.5 to at most 64 px in steps of at least 0.5, got ${scalesPx.join(", ") || "none"}`,
    );
  }
  for (const { acrossPx, alongPx } of [...stepShapes, ...lineShapes]) {
    if (!(acrossPx >= 0.5 && alongPx >= acrossPx && alongPx <= 64)) {
      fail(`a line shape needs 0.5 ≤ acrossPx ≤ alongPx ≤ 64, got ${acrossPx} and ${alongPx}`);
    }
  }
  for (const r of [...stepShapes.flatMap(({ relativeToPx = [] }) => relativeToPx), ...resolved.surroundingsPx]) {
    if (!(Number.isInteger(r) && r >= 1 && r <= 1024)) fail(`radii must be whole numbers of 1 … 1024 px, got ${r}`);
  }
  for (const r of resolved.halfDiscsPx) {
    if (!(Number.isInteger(r) && r >= 2 && r <= 64)) fail(`halfDiscsPx must be whole numbers of 2 … 64 px, got ${r}`);
  }
  return resolved;
}

/**
 * Features of the pixels of an image, at several scales: Gaussian means, gradients, Hessian and gradient-tensor eigenvalues, local
 * deviation (texture), differences of Gaussians, oriented steps and lines, histograms of half discs, and the surroundings. None depends on where in the image
 * the pixel is; all but directed surroundings are the same for a turned image.
 *
 * @param channels - names of the planes; the first is the one looked at where only one is
 * @throws DomainError for options outside their range
 * @example
 * const bank = createFeatureBank(["grey"]);
 * const planes = bank.compute(grey); // one Float32Array per entry of bank.features
 */
export function createFeatureBank(channels: readonly string[], options: FeatureBankOptions = {}): FeatureBank {
  const { scalesPx, stepShapes, lineShapes, surroundingsPx, halfDiscsPx, isDirected } =
    resolveFeatureBankOptions(options);
  const first = channels.slice(0, 1);
  const label = first.join("");
  return joinGroups(channels.length, [
    { group: scaleFeatures(channels, scalesPx), isFirstOnly: false },
    ...stepShapes.map((shape) => ({
      group: orientedFeatures("image", {
        order: 1,
        shape,
        acrossPx: [Math.max(1.5, shape.acrossPx), 2 * Math.max(1.5, shape.acrossPx)],
        alongPx: [2 * shape.alongPx],
        relativeToPx: shape.relativeToPx,
      }),
      isFirstOnly: false,
    })),
    ...lineShapes.map((shape) => ({ group: orientedFeatures(label, { order: 2, shape }), isFirstOnly: true })),
    ...halfDiscsPx.map((r) => ({ group: halfDiscFeatures("image", r), isFirstOnly: false })),
    ...(surroundingsPx.length === 0
      ? []
      : [{ group: surroundingFeatures(first, { radiiPx: surroundingsPx, isDirected }), isFirstOnly: true }]),
  ]);
}

interface Part {
  readonly group: FeatureGroup;
  /** Whether the group sees the first plane alone. */
  readonly isFirstOnly: boolean;
}

/** A bank of several groups, each computed with the halo that it needs. */
export function joinGroups(nPlanes: number, parts: readonly Part[]): FeatureBank {
  const haloPx = Math.max(...parts.map(({ group }) => group.haloPx));
  const features = parts.flatMap(({ group }) => group.names.map((name) => ({ name, unit: "", source: ["image"] })));
  return {
    features,
    haloPx,
    compute(image, region = { x: 0, y: 0, width: image.width, height: image.height }) {
      if (image.channels !== nPlanes)
        throw new DomainError(`features: expected ${nPlanes} planes, got ${image.channels}`);
      const whole = cutWindow(image, region, haloPx);
      const planes: Float32Array[] = [];
      for (const { group, isFirstOnly } of parts) {
        const window = shrinkWindow(isFirstOnly ? firstPlane(whole) : whole, group.haloPx);
        group.compute(window, (plane) => {
          planes.push(cropPlane(window, plane, group.haloPx, region.width, region.height));
        });
      }
      return planes;
    },
  };
}

function firstPlane(window: FeatureWindow): FeatureWindow {
  return { ...window, planes: window.planes.slice(0, 1) };
}
