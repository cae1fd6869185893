import { DomainError } from "@materiome/core";
import type { BandSpace } from "../bands/bandSpace.ts";
import { fillHoleBands } from "../bands/fillHoleBands.ts";
import { renumberBands } from "../bands/labelBands.ts";
import type { RowStore } from "../bands/rowStore.ts";
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

/** Sizes for images that need not be in memory. */
export interface BandSizeOptions extends ParticleSizeOptions {
  /** Edge of a pixel, µm, for limits in µm². @defaultValue undefined */
  readonly pixelSizeUm?: number | undefined;
}

export interface ParticleLabels {
  readonly labels: RowStore<Uint32Array>;
  readonly n: number;
  /** Parts outside the limits of area. */
  readonly nDropped: number;
  /** Share of the image that the others cover. */
  readonly areaFraction: number;
}

/** The size options in pixels. */
export interface ParticleSizes {
  readonly least: number;
  readonly most: number;
  readonly neck: number;
  readonly hasHoles: boolean;
}

/**
 * Labels of a mask after the size options: holes filled, touching parts cut, parts outside the limits of area dropped.
 *
 * @param mask - closed when it has been used
 */
export function particleLabels(
  space: BandSpace,
  mask: RowStore<Uint8Array>,
  { least, most, neck, hasHoles }: ParticleSizes,
): ParticleLabels {
  let whole = mask;
  if (!hasHoles) {
    whole = space.store("uint8");
    fillHoleBands(space, mask, 4, whole);
    mask.close();
  }
  const { labels, n } = splitTouching(space, whole, neck);
  whole.close();
  const area = new Float64Array(n + 1);
  for (const { from, to } of space.bands(0)) for (const label of labels.read(from, to)) area[label]! += 1; // 0 … n
  const number = new Uint32Array(n + 1);
  let nKept = 0;
  let covered = 0;
  for (let k = 1; k <= n; k++) {
    if (area[k]! < least || area[k]! > most) continue; // k ≤ n
    number[k] = ++nKept;
    covered += area[k]!;
  }
  if (nKept < n) renumberBands(space, labels, number);
  return { labels, n: nKept, nDropped: n - nKept, areaFraction: covered / (space.width * space.height) };
}

/** @throws DomainError, naming `caller`, for options out of range or limits in µm² without a pixel size */
export function checkSizes(caller: string, options: BandSizeOptions): ParticleSizes {
  const { pixelSizeUm } = options;
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
  return { least, most, neck, hasHoles: !(options.fillHoles ?? true) };
}
