import { createRaster, DataError, DomainError, type Raster, ShapeError } from "@materiome/core";
import { markNonZero } from "../kernels/index.ts";

/**
 * Binary image of the pixels whose label is one of those given.
 *
 * @param labels - labels or phases, one channel
 * @param wanted - labels that make up the phase
 * @returns 1 inside the phase, 0 elsewhere; the calibration is kept
 * @throws DomainError if no label is given; DataError if none of the pixels has one of them
 * @example
 * const precipitates = phaseIndicator(labels, [2, 3]);
 */
export function phaseIndicator(labels: Raster, wanted: readonly number[]): Raster<Uint8Array> {
  if (wanted.length === 0) throw new DomainError("phaseIndicator: no label is given; name at least one");
  const plane = requirePlane("phaseIndicator", "labels", labels);
  const set = new Set(wanted);
  const data = new Uint8Array(plane.length);
  for (let i = 0; i < plane.length; i++) if (set.has(plane[i]!)) data[i] = 1; // i < length
  if (!data.includes(1)) {
    throw new DataError(
      `phaseIndicator: no pixel has one of the labels ${wanted.join(", ")}; see which the image holds`,
    );
  }
  return createRaster(data, labels.width, labels.height, { pixelSizeUm: labels.pixelSizeUm });
}

/** The pixels of an image with one channel and at least one pixel. */
export function requirePlane(
  who: string,
  name: string,
  { data, width, height, channels, depth = 1 }: Raster,
): Raster["data"] {
  if (channels !== 1 || depth !== 1 || data.length !== width * height || data.length === 0) {
    throw new ShapeError(
      `${who}: ${name} must be one plane of at least one pixel with one channel, got ${width} × ${height} × ${depth} with ${channels} channels and ${data.length} values`,
    );
  }
  return data;
}

/** 0 and 1 for the pixels of a binary image (any integer other than 0 is inside). Images of fractions are refused. */
export function requireBinary(who: string, name: string, raster: Raster): Uint8Array {
  const data = requirePlane(who, name, raster);
  if (data instanceof Float32Array || data instanceof Float64Array) {
    throw new DomainError(
      `${who}: ${name} must be binary, in whole numbers (0 outside, others inside), got ${data.constructor.name}; threshold the image first, or see phaseIndicator`,
    );
  }
  const binary = new Uint8Array(data.length);
  markNonZero(data.length, data, binary);
  return binary;
}

/** Valid pixels of a mask of the size of `like`; undefined without one. */
export function requireMask(who: string, mask: Raster | undefined, like: Raster): Uint8Array | undefined {
  if (mask === undefined) return undefined;
  requireSameSize(who, "mask", mask, like);
  const valid = requireBinary(who, "mask", mask);
  if (!valid.includes(1)) throw new DataError(`${who}: mask is 0 everywhere; at least one pixel must be valid`);
  return valid;
}

export function requireSameSize(who: string, name: string, raster: Raster, like: Raster): void {
  if (raster.width !== like.width || raster.height !== like.height) {
    throw new ShapeError(
      `${who}: ${name} must be ${like.width} × ${like.height} like the image, got ${raster.width} × ${raster.height}`,
    );
  }
}
