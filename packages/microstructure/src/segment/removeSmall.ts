import { DomainError, type Raster } from "@materiome/core";
import { connectedComponents } from "../kernels/index.ts";
import { requireOneChannel, withData } from "./morphologyFilter.ts";
import { type ReconstructOptions, requireConnectivity } from "./reconstructByDilation.ts";

/**
 * Removes the connected objects of a mask that have fewer than `minAreaPx` pixels.
 *
 * @param mask - foreground not 0
 * @returns mask of 0 and 1
 * @throws ShapeError for more than one channel; DomainError for a negative area or a connectivity other than 4 and 8
 * @example
 * const clean = removeSmallObjects(mask, 20);
 */
export function removeSmallObjects(
  mask: Raster<Uint8Array>,
  minAreaPx: number,
  options: ReconstructOptions = {},
): Raster<Uint8Array> {
  const connectivity = requireConnectivity("removeSmallObjects", options.connectivity ?? 8);
  const small = smallRegions("removeSmallObjects", mask, minAreaPx, connectivity);
  const out = new Uint8Array(small.length);
  for (let i = 0; i < out.length; i++) out[i] = mask.data[i] !== 0 && small[i] === 0 ? 1 : 0;
  return withData(mask, out);
}

/**
 * Fills the holes of a mask that have fewer than `minAreaPx` pixels. Zeros that touch the border of the image are no hole.
 *
 * @param mask - foreground not 0
 * @param options - `connectivity` of the foreground: zeros are joined through 4 neighbours under 8 and through 8 under 4
 * @returns mask of 0 and 1
 * @throws ShapeError for more than one channel; DomainError for a negative area or a connectivity other than 4 and 8
 * @example
 * const solid = removeSmallHoles(mask, 20);
 */
export function removeSmallHoles(
  mask: Raster<Uint8Array>,
  minAreaPx: number,
  options: ReconstructOptions = {},
): Raster<Uint8Array> {
  const connectivity = requireConnectivity("removeSmallHoles", options.connectivity ?? 8) === 8 ? 4 : 8;
  const zeros = withData(
    mask,
    mask.data.map((value) => (value === 0 ? 1 : 0)),
  );
  const inside = clearBorderOf(zeros, connectivity);
  const small = smallRegions("removeSmallHoles", withData(mask, inside), minAreaPx, connectivity);
  const out = new Uint8Array(small.length);
  for (let i = 0; i < out.length; i++) out[i] = mask.data[i] !== 0 || small[i] !== 0 ? 1 : 0;
  return withData(mask, out);
}

/**
 * Removes the connected objects of a mask that touch the border of the image: cut off, they have no measurable size.
 *
 * @param mask - foreground not 0
 * @returns mask of 0 and 1
 * @throws ShapeError for more than one channel; DomainError for a connectivity other than 4 and 8
 * @example
 * const whole = clearBorder(mask);
 */
export function clearBorder(mask: Raster<Uint8Array>, options: ReconstructOptions = {}): Raster<Uint8Array> {
  requireOneChannel("clearBorder", mask);
  return withData(mask, clearBorderOf(mask, requireConnectivity("clearBorder", options.connectivity ?? 8)));
}

function clearBorderOf(mask: Raster<Uint8Array>, connectivity: 4 | 8): Uint8Array {
  const { width, height, data } = mask;
  const isObject = data.map((value) => (value === 0 ? 0 : 1));
  const objects = new Uint32Array(data.length);
  const touches = new Uint8Array(connectedComponents(width, height, isObject, connectivity, objects) + 1);
  for (let x = 0; x < width; x++) {
    touches[objects[x]!] = 1; // objects are 0 … n
    touches[objects[(height - 1) * width + x]!] = 1;
  }
  for (let y = 0; y < height; y++) {
    touches[objects[y * width]!] = 1;
    touches[objects[y * width + width - 1]!] = 1;
  }
  touches[0] = 1;
  const inside = new Uint8Array(objects.length);
  for (let i = 0; i < inside.length; i++) inside[i] = 1 - touches[objects[i]!]!; // objects are 0 … n
  return inside;
}

/** 1 on the objects of fewer than `minAreaPx` pixels. */
function smallRegions(caller: string, mask: Raster<Uint8Array>, minAreaPx: number, connectivity: 4 | 8): Uint8Array {
  requireOneChannel(caller, mask);
  if (!(minAreaPx >= 0)) throw new DomainError(`${caller}: minAreaPx must be at least 0, got ${minAreaPx}`);
  const isObject = mask.data.map((value) => (value === 0 ? 0 : 1));
  const objects = new Uint32Array(isObject.length);
  const area = new Float64Array(connectedComponents(mask.width, mask.height, isObject, connectivity, objects) + 1);
  for (let i = 0; i < objects.length; i++) area[objects[i]!]! += 1; // objects are 0 … n
  const isSmall = new Uint8Array(objects.length);
  for (let i = 0; i < objects.length; i++) {
    const object = objects[i]!; // 0 … n
    if (object !== 0 && area[object]! < minAreaPx) isSmall[i] = 1;
  }
  return isSmall;
}
