import type { Raster } from "@materiome/core";
import { reflectIndex } from "../kernels/index.ts";

/** A rectangle of an image, px. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The planes of a region with `halo` pixels of its surroundings on every side. */
export interface FeatureWindow {
  /** Halo included. */
  readonly width: number;
  readonly height: number;
  readonly halo: number;
  readonly planes: readonly Float32Array[];
}

/** Cuts a window out of an image; what lies outside is the image reflected about its border (… b a | a b …). */
export function cutWindow(image: Raster<Float32Array>, region: Region, halo: number): FeatureWindow {
  const width = region.width + 2 * halo;
  const height = region.height + 2 * halo;
  const { channels, data } = image;
  const columns = Int32Array.from({ length: width }, (_, x) => reflectIndex(region.x - halo + x, image.width));
  const planes = Array.from({ length: channels }, () => new Float32Array(width * height));
  for (let y = 0; y < height; y++) {
    const row = reflectIndex(region.y - halo + y, image.height) * image.width;
    for (const [c, plane] of planes.entries()) {
      for (let x = 0; x < width; x++) plane[y * width + x] = data[(row + columns[x]!) * channels + c]!; // x < width
    }
  }
  return { width, height, halo, planes };
}

/** The same region with less halo. */
export function shrinkWindow(window: FeatureWindow, halo: number): FeatureWindow {
  if (halo === window.halo) return window;
  const cut = window.halo - halo;
  const width = window.width - 2 * cut;
  const height = window.height - 2 * cut;
  return { width, height, halo, planes: window.planes.map((plane) => cropPlane(window, plane, cut, width, height)) };
}

/** Rows of `plane`, which is as large as the window, without `cut` pixels on every side. */
export function cropPlane(
  window: { readonly width: number },
  plane: Float32Array,
  cut: number,
  width: number,
  height: number,
): Float32Array {
  const out = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y + cut) * window.width + cut;
    out.set(plane.subarray(from, from + width), y * width);
  }
  return out;
}
