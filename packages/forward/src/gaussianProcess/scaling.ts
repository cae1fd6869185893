import type { Matrix } from "@materiome/core";

/** Mean and standard deviation (over n; 1 for a constant) of each feature of the training rows. */
export interface Scaling {
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

export function fitScaling(x: Matrix): Scaling {
  const { rows: n, columns: d, data } = x;
  const mean = new Float64Array(d);
  const scale = new Float64Array(d);
  for (let f = 0; f < d; f++) {
    const first = data[f] as number; // n ≥ 1
    let shift = 0;
    for (let i = 0; i < n; i++) shift += (data[i * d + f] as number) - first; // i < n
    const centre = first + shift / n;
    let squares = 0;
    let largest = 0;
    for (let i = 0; i < n; i++) {
      const difference = (data[i * d + f] as number) - centre;
      squares += difference * difference;
      largest = Math.max(largest, Math.abs(difference));
    }
    const deviation = Math.sqrt(squares / n);
    mean[f] = centre;
    scale[f] = !isRounding(largest, centre) && deviation > 0 ? deviation : 1;
  }
  return { mean, scale };
}

/** Whether a feature is the same in all rows that a scaling was fitted to. */
export function isConstantFeature({ rows: n, columns: d, data }: Matrix, f: number, { mean }: Scaling): boolean {
  const centre = mean[f] as number; // a feature
  for (let i = 0; i < n; i++) if (!isRounding(Math.abs((data[i * d + f] as number) - centre), centre)) return false; // i < n
  return true;
}

/** Rounding alone moves the values of a constant column by parts in 10¹⁶ of its size. */
function isRounding(difference: number, centre: number): boolean {
  return difference <= 1e-13 * Math.abs(centre);
}
