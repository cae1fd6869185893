import { readFileSync } from "node:fs";
import { createRaster, type Random, type Raster } from "@materiome/core";
import { expect } from "vitest";

interface Golden {
  readonly twoPoint: {
    readonly width: number;
    readonly height: number;
    readonly maxShift: { readonly x: number; readonly y: number };
    readonly a: string;
    readonly b: string;
    readonly mask: string;
    readonly grey: number[];
  } & Readonly<Record<"auto" | "cross" | "periodic" | "periodicCross" | "masked" | "greyAuto" | "cluster4", number[]>>;
  readonly lines: Readonly<
    Record<string, { path: number[]; chords: Record<"complete" | "cut", Record<string, number>> }>
  >;
  readonly shape: {
    readonly width: number;
    readonly height: number;
    readonly phase: string;
    readonly radii: number[];
    readonly opened: number[];
  } & Readonly<Record<"area" | "perimeter" | "euler4" | "euler8", number>>;
  readonly texture: {
    readonly width: number;
    readonly height: number;
    readonly levels: number;
    readonly directed: number[][];
    readonly features: Readonly<Record<string, number[]>>;
  } & Readonly<Record<"grey" | "lbp8" | "lbp16" | "coherence" | "orientation", number[]>>;
  readonly embedding: readonly ({ readonly rows: number; readonly columns: number } & Readonly<
    Record<"data" | "variance" | "components" | "scores", number[]>
  >)[];
}

/** Made by NumPy, SciPy and scikit-image: fixtures/statistics/generate_statistics.py. */
export const golden = JSON.parse(
  readFileSync(new URL("../fixtures/statistics/statistics.json", import.meta.url), "utf8"),
) as Golden;

export function binary(
  width: number,
  height: number,
  isInside: (x: number, y: number) => boolean,
  pixelSizeUm?: number,
): Raster<Uint8Array> {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    isInside(i % width, Math.floor(i / width)) ? 1 : 0,
  );
  return createRaster(data, width, height, { pixelSizeUm });
}

export const ofBits = (bits: string, width: number, height: number): Raster<Uint8Array> =>
  createRaster(Uint8Array.from(bits, Number), width, height);

export const bernoulli = (width: number, height: number, p: number, random: Random): Raster<Uint8Array> =>
  binary(width, height, () => random.next() < p);

/** Pixels outside Poisson distributed discs, on a torus; `density` discs per pixel. */
export function voidsBetweenDiscs(size: number, radius: number, density: number, random: Random): Raster<Uint8Array> {
  const data = new Uint8Array(size * size).fill(1);
  const gap = (): number => -Math.log(1 - random.next());
  // As many unit exponential gaps as fit: a Poisson number.
  for (let reached = gap(); reached < density * size * size; reached += gap()) {
    const [cx, cy] = [random.next() * size, random.next() * size];
    for (let y = Math.ceil(cy - radius); y <= cy + radius; y++) {
      const half = Math.sqrt(Math.max(0, radius ** 2 - (y - cy) ** 2));
      for (let x = Math.ceil(cx - half); x <= cx + half; x++) {
        data[((y + size) % size) * size + ((x + size) % size)] = 0;
      }
    }
  }
  return createRaster(data, size, size);
}

/** Area that two discs of radius R at distance r share. */
export function lensArea(r: number, R: number): number {
  return r >= 2 * R ? 0 : 2 * R * R * Math.acos(r / (2 * R)) - (r / 2) * Math.sqrt(4 * R * R - r * r);
}

export function expectClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(found[i] - expected[i]);
    if (!(difference <= tolerance)) expect.fail(`at ${i}: ${found[i]}, expected ${expected[i]} ± ${tolerance}`);
  }
}
