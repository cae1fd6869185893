import { createRaster, DomainError, type LabelMap, type Raster } from "@materiome/core";
import { fillHoles } from "./fillHoles.ts";
import { splitTouching } from "./splitTouching.ts";

export interface ParticleSizeOptions {
  /** Smallest area kept, px. @defaultValue 9, or what `minAreaUm2` says */
  readonly minAreaPx?: number | undefined;
  /** Smallest area kept, µm²; needs a calibrated image. @defaultValue undefined */
  readonly minAreaUm2?: number | undefined;
  /** Largest area kept, px. @defaultValue Infinity, or what `maxAreaUm2` says */
  readonly maxAreaPx?: number | undefined;
  /** Largest area kept, µm²; needs a calibrated image. @defaultValue undefined */
  readonly maxAreaUm2?: number | undefined;
  /** Whether holes inside a particle belong to it. @defaultValue true */
  readonly fillHoles?: boolean | undefined;
  /**
   * Touching particles are cut where the neck between them is narrower than this share of the smaller one's inscribed
   * diameter; 0 cuts nothing. @defaultValue 0.7
   */
  readonly splitNeck?: number | undefined;
}

/** Labels of a mask after the size options: holes filled, touching parts cut, parts outside the limits of area dropped. */
export function particleLabels(
  caller: string,
  grey: Raster<Float32Array>,
  mask: Uint8Array,
  options: ParticleSizeOptions,
): { readonly labels: LabelMap; readonly n: number; readonly nDropped: number } {
  const { width, height } = grey;
  const { least, most, neck } = checkSizes(caller, grey.pixelSizeUm, options);
  const filled = (options.fillHoles ?? true) ? fillHoles(createRaster(mask, width, height)).data : mask;
  const labels = new Uint32Array(filled.length);
  const n = splitTouching(width, height, filled, neck, labels);
  const area = new Float64Array(n + 1);
  for (const label of labels) area[label]! += 1; // labels are 0 … n
  const number = new Uint32Array(n + 1);
  let kept = 0;
  for (let k = 1; k <= n; k++) if (area[k]! >= least && area[k]! <= most) number[k] = ++kept;
  for (const [i, label] of labels.entries()) labels[i] = number[label]!;
  return {
    labels: createRaster(labels, width, height, { pixelSizeUm: grey.pixelSizeUm }),
    n: kept,
    nDropped: n - kept,
  };
}

function checkSizes(
  caller: string,
  pixelSizeUm: number | undefined,
  options: ParticleSizeOptions,
): { readonly least: number; readonly most: number; readonly neck: number } {
  const neck = options.splitNeck ?? 0.7;
  if (!(neck >= 0 && neck <= 1)) throw new DomainError(`${caller}: splitNeck must lie in 0 … 1, got ${neck}`);
  const limit = (name: "minArea" | "maxArea", otherwise: number): number => {
    const px = options[`${name}Px`];
    const um2 = options[`${name}Um2`];
    if (px !== undefined && um2 !== undefined) {
      throw new DomainError(`${caller}: give ${name}Px or ${name}Um2, not both`);
    }
    const value = px ?? um2;
    if (value === undefined) return otherwise;
    if (!(value >= 0)) throw new DomainError(`${caller}: ${name} must be at least 0, got ${value}`);
    if (um2 === undefined) return value;
    if (pixelSizeUm === undefined) {
      throw new DomainError(`${caller}: ${name}Um2 needs a pixel size; calibrate the image or give ${name}Px`);
    }
    return um2 / (pixelSizeUm * pixelSizeUm);
  };
  const least = limit("minArea", 9);
  const most = limit("maxArea", Infinity);
  if (least > most) {
    throw new DomainError(`${caller}: the smallest area, ${least} px, is above the largest, ${most} px`);
  }
  return { least, most, neck };
}
