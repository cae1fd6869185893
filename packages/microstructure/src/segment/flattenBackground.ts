import type { BandSpace } from "../bands/bandSpace.ts";
import type { RowReader, RowStore } from "../bands/rowStore.ts";
import { addToCells, gaussianBlur, readCells } from "../kernels/index.ts";

/**
 * Divides an image by its slow background and restores the mean: removes uneven illumination, which multiplies.
 *
 * The background is the mean weighted by a Gaussian of standard deviation `sigmaPx` (means of square cells an eighth of that
 * wide, smoothed with reflected borders, bilinear between the cells), computed twice: the second time pixels darker or
 * brighter than the first estimate by more than two robust standard deviations (boundaries, islands, pits) are replaced by
 * that estimate, so that they do not pull it.
 *
 * @param grey - one channel, values ≥ 0
 * @param sigmaPx - px, much larger than a grain where the image allows it
 * @param out - gets the flattened image
 * @returns its mean
 */
export function flattenBackground(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  sigmaPx: number,
  out: RowStore<Float32Array>,
): number {
  const { width, height } = space;
  const size = width * height;
  const first = background(space, grey, sigmaPx, undefined, 0);
  let deviation = 0;
  for (const { from, to } of space.bands(0)) {
    const values = grey.read(from, to);
    const levels = first(from, to);
    for (let i = 0; i < values.length; i++) deviation += Math.abs(values[i]! - levels[i]!); // same length
  }
  const limit = (2.5 * deviation) / size; // 2 σ of a normal distribution, whose mean |deviation| is 0.8 σ
  const second = background(space, grey, sigmaPx, first, limit);
  let mean = 0;
  for (const { from, to } of space.bands(0)) for (const level of second(from, to)) mean += level;
  mean /= size;
  const floor = 0.05 * mean; // a black region has no illumination to divide by
  let sum = 0;
  for (const { from, to } of space.bands(0)) {
    const values = grey.read(from, to);
    const levels = second(from, to);
    const flat = out.read(from, to);
    for (let i = 0; i < flat.length; i++) {
      flat[i] = (values[i]! * mean) / Math.max(levels[i]!, floor); // same length
      sum += flat[i]!;
    }
    out.write(from, flat);
  }
  return sum / size;
}

/** Cells per standard deviation: finer changes nothing. */
const CELLS_PER_SIGMA = 8;

type Levels = (from: number, to: number) => Float32Array;

function background(
  space: BandSpace,
  grey: RowReader<Float32Array>,
  sigmaPx: number,
  before: Levels | undefined,
  limit: number,
): Levels {
  const { width, height } = space;
  const cell = Math.max(1, Math.round(sigmaPx / CELLS_PER_SIGMA));
  const columns = Math.ceil(width / cell);
  const lines = Math.ceil(height / cell);
  const sums = new Float64Array(columns * lines);
  const counts = new Float64Array(columns * lines);
  for (const { from, to } of space.bands(0)) {
    const values = grey.read(from, to);
    const levels = before?.(from, to) ?? new Float32Array(0);
    addToCells(width, to - from, from, values, levels, limit, cell, columns, sums, counts);
  }
  const scratch = new Float32Array(columns * lines);
  const grid = Float32Array.from(sums);
  const weight = Float32Array.from(counts);
  gaussianBlur(columns, lines, grid, sigmaPx / cell, scratch, grid);
  gaussianBlur(columns, lines, weight, sigmaPx / cell, scratch, weight);
  for (let c = 0; c < grid.length; c++) grid[c]! /= weight[c]!; // same length
  let rows = new Float32Array(0);
  return (from, to) => {
    const length = (to - from) * width;
    if (rows.length < length) rows = new Float32Array(length);
    const levels = rows.subarray(0, length);
    readCells(width, to - from, from, cell, columns, lines, grid, levels);
    return levels;
  };
}
