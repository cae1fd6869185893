import { createRaster, type Random, type Raster } from "@materiome/core";
import { fftFrequencies, inverseRealFft, realFft } from "@materiome/core/numerics";

/**
 * A two-phase map that repeats itself: a Gaussian random field, white noise smoothed by a Gaussian of deviation `lengthPx`, cut so that `fraction` of
 * the pixels is phase 1.
 */
export function randomFieldMap(side: number, fraction: number, lengthPx: number, random: Random): Raster<Uint8Array> {
  const noise = Float64Array.from({ length: side * side }, () => random.normal());
  const spectrum = realFft(noise, [side, side]);
  const frequency = fftFrequencies(side, 1);
  const half = (side >> 1) + 1;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < half; x++) {
      const square = frequency[y]! ** 2 + (x / side) ** 2; // y < side
      const factor = Math.exp(-2 * Math.PI ** 2 * lengthPx ** 2 * square);
      spectrum[2 * (y * half + x)]! *= factor;
      spectrum[2 * (y * half + x) + 1]! *= factor;
    }
  }
  const smooth = inverseRealFft(spectrum, [side, side]);
  const order = Array.from(smooth.keys()).sort((a, b) => smooth[b]! - smooth[a]! || a - b); // its own places
  const data = new Uint8Array(side * side);
  for (const place of order.slice(0, Math.round(fraction * data.length))) data[place] = 1;
  return createRaster(data, side, side);
}

/** A two-phase map that repeats itself: discs of phase 1 that do not overlap, placed at random until they cover `fraction` or none fits. */
export function discMap(side: number, fraction: number, radiusPx: number, random: Random): Raster<Uint8Array> {
  const data = new Uint8Array(side * side);
  const centres: (readonly [number, number])[] = [];
  const apart = (a: number, b: number): number => Math.min(Math.abs(a - b), side - Math.abs(a - b));
  let covered = 0;
  for (let tries = 0; tries < 2000 && covered < fraction * data.length; tries++) {
    const [cx, cy] = [side * random.next(), side * random.next()];
    if (centres.some(([x, y]) => Math.hypot(apart(x, cx), apart(y, cy)) < 2 * radiusPx + 1)) continue;
    centres.push([cx, cy]);
    for (let i = 0; i < data.length; i++) {
      if (Math.hypot(apart(i % side, cx), apart(Math.floor(i / side), cy)) >= radiusPx) continue;
      data[i] = 1;
      covered++;
    }
  }
  return createRaster(data, side, side);
}
