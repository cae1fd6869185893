import { type FftExports, fftEngine } from "./fftEngine.ts";
import { type FftPlan, withFftPlans } from "./fftPlan.ts";
import { halfShape, requireFiniteGrid, requireFiniteSum, requireGrid } from "./requireGrid.ts";

/** Numbers copied in at once, a fraction of the second-level cache; whole pairs of rows. */
const STRIP = 8192;

/**
 * Discrete Fourier transform of a real grid, X[k] = Σ_j x[j] exp(−2πi Σ_a j_a k_a / n_a), without a factor. Since
 * X[−k] is the conjugate of X[k], only half is returned: along the last axis k = 0 … ⌊n / 2⌋.
 *
 * @param values real numbers, last dimension fastest
 * @param shape sizes of the grid, one to three
 * @returns complex numbers as re, im, re, im, …, of shape [..., ⌊n / 2⌋ + 1]
 * @throws ShapeError if the sizes do not fit the number of values
 * @throws DomainError if a value is NaN or infinite, or more than 4 GiB would be needed
 * @example
 * realFft(Float64Array.of(1, 2, 3, 4), [4]); // Float64Array [ 10, 0, -2, 2, -2, 0 ]
 */
export function realFft(values: Float64Array, shape: readonly number[]): Float64Array {
  const size = requireGrid("realFft", values, shape, shape, 1);
  const stored = halfShape(shape);
  const length = 2 * stored.reduce((product, n) => product * n, 1);
  const n = shape.at(-1) ?? 1;
  const out = withFftPlans("realFft", shape, -1, (plans, work) => {
    const rows = size / n;
    const strip = Math.min(rows, 2 * Math.ceil(STRIP / n));
    const lengths = [strip * n, length, 2 * (n + 1), work];
    return fftEngine.use("realFft", lengths, (wasm, [px = 0, py = 0, pair = 0, pw = 0], view) => {
      const input = view(px, strip * n);
      for (let r = 0; r < rows; r += strip) {
        const count = Math.min(strip, rows - r);
        input.set(values.subarray(r * n, (r + count) * n));
        wasm.realRows(plans.at(-1)?.address ?? 0, count, px, py + (8 * r * length) / rows, pair, pw);
      }
      otherAxes(wasm, plans, stored, py, pw);
      return new Float64Array(view(py, length));
    });
  });
  requireFiniteSum("realFft", out, values, shape, 1);
  return out;
}

/**
 * Inverse of {@link realFft}: the real grid whose half spectrum is given, with the factor 1 / N. Imaginary parts that
 * no real grid can have, at k = 0 and k = n / 2 of the last axis, are ignored.
 *
 * @param spectrum complex numbers as re, im, …, of shape [..., ⌊n / 2⌋ + 1]
 * @param shape sizes of the real grid
 * @returns real numbers, last dimension fastest
 * @throws ShapeError if the sizes do not fit the number of values
 * @throws DomainError if a value is NaN or infinite, or more than 4 GiB would be needed
 * @example
 * inverseRealFft(Float64Array.of(10, 0, -2, 2, -2, 0), [4]); // Float64Array [ 1, 2, 3, 4 ]
 */
export function inverseRealFft(spectrum: Float64Array, shape: readonly number[]): Float64Array {
  const stored = halfShape(shape);
  const size = requireGrid("inverseRealFft", spectrum, shape, stored, 2);
  requireFiniteGrid("inverseRealFft", spectrum, stored, 2);
  const n = shape.at(-1) ?? 1;
  return withFftPlans("inverseRealFft", shape, 1, (plans, work) => {
    const lengths = [size, spectrum.length, 2 * (n + 1), work];
    return fftEngine.use("inverseRealFft", lengths, (wasm, [px = 0, py = 0, pair = 0, pw = 0], view) => {
      view(py, spectrum.length).set(spectrum);
      otherAxes(wasm, plans, stored, py, pw);
      wasm.inverseRealRows(plans.at(-1)?.address ?? 0, size / n, py, px, 1 / size, pair, pw);
      return new Float64Array(view(px, size));
    });
  });
}

/** Complex transforms of a half spectrum along all axes but the last. */
function otherAxes(
  wasm: FftExports,
  plans: readonly FftPlan[],
  stored: readonly number[],
  data: number,
  work: number,
): void {
  const total = stored.reduce((product, size) => product * size, 1);
  let outer = 1;
  for (const [i, plan] of plans.slice(0, -1).entries()) {
    const points = stored[i] ?? 1; // one plan for each size
    wasm.axis(plan.address, data, outer, total / (outer * points), work);
    outer *= points;
  }
}
