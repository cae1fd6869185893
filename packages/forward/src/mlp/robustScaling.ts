import type { Matrix } from "@materiome/core";
import { quantileSorted } from "@materiome/core/numerics";
import { squashColumns } from "../kernels/index.ts";
import { momentsOf, type Standardiser } from "../linear/standardiser.ts";

/** Standardised features stay within ± this: a far outlier moves the net no more than a value at some three deviations. */
export const SQUASH_LIMIT = 3;

/** Interquartile range of a normal distribution, in standard deviations. */
const NORMAL_RANGE = 1.3489795003921634;

/**
 * Median of each feature, and its interquartile range as a standard deviation; of features half of whose values are equal
 * the standard deviation itself. Constant features are left out.
 */
export function fitRobustScaling(x: Matrix): Standardiser {
  const { rows, columns: d, data } = x;
  const used: number[] = [];
  const centre: number[] = [];
  const scale: number[] = [];
  for (let f = 0; f < d; f++) {
    const values = Float64Array.from({ length: rows }, (_, i) => data[i * d + f] as number); // f < d
    const { std } = momentsOf(rows, (i) => values[i] as number);
    if (std === 0) continue;
    values.sort();
    const [low, high] = [quantileSorted(values, 0.25), quantileSorted(values, 0.75)];
    const isSpread = high - low > 1e-12 * Math.max(Math.abs(low), Math.abs(high)); // more than rounding
    used.push(f);
    centre.push(quantileSorted(values, 0.5));
    scale.push(isSpread ? (high - low) / NORMAL_RANGE : std);
  }
  return { used: Int32Array.from(used), centre: Float64Array.from(centre), scale: Float64Array.from(scale) };
}

/** Inputs of a net, [nSamples, used.length], within ± {@link SQUASH_LIMIT}. */
export function squash({ used, centre, scale }: Standardiser, x: Matrix): Matrix {
  const data = new Float64Array(x.rows * used.length);
  squashColumns(x.rows, x.columns, used.length, x.data, used, centre, scale, SQUASH_LIMIT, data);
  return { rows: x.rows, columns: used.length, data };
}
