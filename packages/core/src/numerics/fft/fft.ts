import { fftEngine } from "./fftEngine.ts";
import { type FftDirection, withFftPlans } from "./fftPlan.ts";
import { requireFiniteSum, requireGrid } from "./requireGrid.ts";

/**
 * Discrete Fourier transform of a complex grid in one, two or three dimensions, of any size:
 * X[k] = Σ_j x[j] exp(−2πi Σ_a j_a k_a / n_a), without a factor. Relative error (root mean square) about 10⁻¹⁶ log₂ N.
 *
 * Lengths with prime factors up to 23 go by mixed radices, others take about four times as long.
 *
 * @param values complex numbers as re, im, re, im, …, last dimension fastest; 2 N numbers
 * @param shape sizes of the grid, one to three
 * @returns complex, same layout and shape; frequencies along each axis as in {@link fftFrequencies}
 * @throws ShapeError if the sizes do not fit the number of values
 * @throws DomainError if a value is NaN or infinite, or more than 4 GiB would be needed
 * @see Van Loan, Computational Frameworks for the Fast Fourier Transform, doi:10.1137/1.9781611970999
 * @example
 * fft(Float64Array.of(1, 0, 2, 0), [2]); // Float64Array [ 3, 0, -1, 0 ]
 */
export function fft(values: Float64Array, shape: readonly number[]): Float64Array {
  return transform("fft", values, shape, -1);
}

/**
 * Inverse of {@link fft}: x[j] = (1 / N) Σ_k X[k] exp(2πi Σ_a j_a k_a / n_a), N being the number of grid points.
 *
 * @example
 * inverseFft(Float64Array.of(3, 0, -1, 0), [2]); // Float64Array [ 1, 0, 2, 0 ]
 */
export function inverseFft(values: Float64Array, shape: readonly number[]): Float64Array {
  return transform("inverseFft", values, shape, 1);
}

function transform(who: string, values: Float64Array, shape: readonly number[], direction: FftDirection): Float64Array {
  const size = requireGrid(who, values, shape, shape, 2);
  const out = withFftPlans(who, shape, direction, (plans, work) =>
    fftEngine.use(who, [2 * size, work], (wasm, [pd = 0, pw = 0], view) => {
      const grid = view(pd, 2 * size);
      grid.set(values);
      let outer = 1;
      for (const [i, plan] of plans.entries()) {
        const n = shape[i] ?? 1; // one plan for each size
        wasm.axis(plan.address, pd, outer, size / (outer * n), pw);
        outer *= n;
      }
      if (direction === 1) {
        const scale = 1 / size;
        for (let i = 0; i < grid.length; i++) grid[i] = scale * (grid[i] ?? 0); // i < length
      }
      return new Float64Array(grid);
    }),
  );
  requireFiniteSum(who, out, values, shape, 2);
  return out;
}
