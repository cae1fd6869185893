import { DomainError, type Raster, ShapeError } from "@materiome/core";
import { columnMinimum, distanceTransformSquared, windowMinimum } from "../kernels/index.ts";
import { checkElement, elementRuns, type StructuringElement } from "./structuringElement.ts";

/** Data of masks and 8-bit images, or of grey images. */
export type MorphologyData = Uint8Array | Float32Array;

/** A raster with the size and calibration of another. */
export function withData<T extends MorphologyData>(image: Raster, data: T): Raster<T> {
  const { width, height, channels, pixelSizeUm } = image;
  return pixelSizeUm === undefined ? { data, width, height, channels } : { data, width, height, channels, pixelSizeUm };
}

/** Checks the arguments of the public functions. */
export function checkMorphology(caller: string, image: Raster<MorphologyData>, element: StructuringElement): void {
  requireOneChannel(caller, image);
  checkElement(caller, element);
}

/** Checks that an image has one channel and no NaN. */
export function requireOneChannel(caller: string, image: Raster<MorphologyData>): void {
  const { width, height, channels, data } = image;
  if (channels !== 1 || data.length === 0) {
    throw new ShapeError(
      `${caller}: image must have one channel and at least one pixel, got ${width} × ${height} with ${channels}`,
    );
  }
  if (data instanceof Float32Array) {
    for (let i = 0; i < data.length; i++) {
      if (Number.isNaN(data[i]))
        throw new DomainError(`${caller}: pixel ${i} is NaN; replace or crop such pixels first`);
    }
  }
}

/** Erosion (sign 1) or dilation by the reflected element (sign −1); arguments checked by the caller. */
export function extremum<T extends MorphologyData>(
  data: T,
  image: Raster,
  element: StructuringElement,
  sign: 1 | -1,
): T {
  const { width, height } = image;
  if (element.shape === "disk" && data instanceof Uint8Array && isBinary(data)) {
    return diskOnMask(width, height, data, element.radiusPx, sign) as T;
  }
  const input = data instanceof Float32Array ? data : Float32Array.from(data);
  const out = new Float32Array(data.length);
  const box = boxOf(element);
  if (box !== undefined) {
    const between = box.height > 1 ? new Float32Array(data.length) : out;
    const rx = (box.width - 1) / 2;
    windowMinimum(width, height, input, sign, Int32Array.of(0), Int32Array.of(-rx), Int32Array.of(box.width), between);
    if (box.height > 1) columnMinimum(width, height, between, sign, -(box.height - 1) / 2, box.height, out);
  } else {
    const runs = elementRuns(element, sign < 0);
    windowMinimum(width, height, input, sign, runs.dy, runs.x, runs.length, out);
  }
  return (data instanceof Float32Array ? out : Uint8Array.from(out)) as T;
}

function boxOf(element: StructuringElement): { readonly width: number; readonly height: number } | undefined {
  if (element.shape === "square") return { width: 2 * element.radiusPx + 1, height: 2 * element.radiusPx + 1 };
  if (element.shape === "rectangle") return { width: element.widthPx, height: element.heightPx };
  return undefined;
}

function isBinary(data: Uint8Array): boolean {
  for (let i = 0; i < data.length; i++) if (data[i]! > 1) return false; // i < length
  return true;
}

/** By exact distance: a pixel survives erosion when the nearest zero is farther than the radius. */
function diskOnMask(width: number, height: number, mask: Uint8Array, radius: number, sign: 1 | -1): Uint8Array {
  const targets = sign > 0 ? mask.map((value) => 1 - value) : mask;
  const squared = new Float32Array(mask.length);
  distanceTransformSquared(width, height, targets, squared);
  const limit = radius * radius;
  const out = new Uint8Array(mask.length);
  for (let i = 0; i < out.length; i++) out[i] = squared[i]! <= limit === sign < 0 ? 1 : 0; // as long as the mask
  return out;
}
