import { DomainError, ShapeError } from "../../errors/errors.ts";
import { convolutionLength } from "./factorise.ts";
import { fftEngine } from "./fftEngine.ts";
import { type FftPlan, withFftPlans } from "./fftPlan.ts";
import { requireFiniteGrid, requireGrid } from "./requireGrid.ts";
import { unitRoot } from "./unitRoot.ts";

export interface Correlate2dOptions {
  /** Whether the grid repeats itself in both directions; otherwise it is surrounded by zeros. @defaultValue false */
  readonly periodic?: boolean | undefined;
  /** Largest shift along rows and columns, [dy, dx]. @defaultValue all there are: n − 1, periodic ⌊n / 2⌋ */
  readonly maxShift?: readonly [number, number] | undefined;
}

/** Numbers copied in and out at once, a fraction of the second-level cache; whole pairs of rows. */
const STRIP = 8192;

/**
 * Autocorrelation of a real grid: r[s] = Σ_x a[x] a[x + s], by Fourier transforms padded so that no shift wraps around.
 * Error about 10⁻¹⁶ of r[0].
 *
 * @param values - last dimension fastest
 * @param shape - rows and columns
 * @returns sums for all shifts (dy, dx) from −maxShift to maxShift, of shape [2 dy + 1, 2 dx + 1]; the shift 0 is in the middle
 * @throws ShapeError if the sizes do not fit the number of values
 * @throws DomainError if a value is NaN or infinite, a shift is impossible, or more than 4 GiB would be needed
 * @see Oppenheim & Schafer, Discrete-Time Signal Processing, on circular and linear convolution
 * @example
 * autocorrelate2d(Float64Array.of(1, 2, 3), [1, 3]); // Float64Array [ 3, 8, 14, 8, 3 ]
 */
export function autocorrelate2d(
  values: Float64Array | Uint8Array,
  shape: readonly [number, number],
  options: Correlate2dOptions = {},
): Float64Array {
  return correlate("autocorrelate2d", [values], shape, options);
}

/**
 * Cross-correlation of two real grids of one shape: r[s] = Σ_x a[x] b[x + s]; see {@link autocorrelate2d}.
 *
 * @example
 * crossCorrelate2d(Float64Array.of(1, 0, 0), Float64Array.of(0, 5, 7), [1, 3]); // Float64Array [ 0, 0, 0, 5, 7 ]
 */
export function crossCorrelate2d(
  a: Float64Array | Uint8Array,
  b: Float64Array | Uint8Array,
  shape: readonly [number, number],
  options: Correlate2dOptions = {},
): Float64Array {
  return correlate("crossCorrelate2d", [a, b], shape, options);
}

function correlate(
  who: string,
  grids: readonly (Float64Array | Uint8Array)[],
  shape: readonly [number, number],
  { periodic = false, maxShift }: Correlate2dOptions,
): Float64Array {
  for (const grid of grids) requireValues(who, grid, shape);
  const [rows, width] = shape;
  const [lastY, lastX] = maxShift ?? (periodic ? [rows >> 1, width >> 1] : [rows - 1, width - 1]);
  requireShift(who, lastY, rows, periodic);
  requireShift(who, lastX, width, periodic);
  const isHalved = !periodic || rows % 2 === 0;
  const n = periodic ? (isHalved ? rows / 2 : rows) : convolutionLength(Math.ceil((rows + lastY) / 2));
  const period = periodic ? width : convolutionLength(width + lastX);
  const plane = { rows, width, lastY, lastX, n, isHalved, period, half: (period >> 1) + 1 };
  return withFftPlans(who, [n, period], -1, (forward, forwardWork) =>
    withFftPlans(who, [n, period], 1, (backward, backwardWork) =>
      pass(who, grids, plane, forward, backward, Math.max(forwardWork, backwardWork)),
    ),
  );
}

interface Plane {
  readonly rows: number;
  readonly width: number;
  readonly lastY: number;
  readonly lastX: number;
  /** Length of the transforms along columns: half of the period where it is halved. */
  readonly n: number;
  readonly isHalved: boolean;
  /** Length of the transforms along rows, and of their half spectra. */
  readonly period: number;
  readonly half: number;
}

function pass(
  who: string,
  grids: readonly (Float64Array | Uint8Array)[],
  plane: Plane,
  [alongColumns, alongRows]: readonly FftPlan[],
  [backColumns, backRows]: readonly FftPlan[],
  work: number,
): Float64Array {
  const { rows, width, lastY, lastX, n, isHalved, period, half } = plane;
  const isAuto = grids.length === 1;
  const spectrum = 2 * half * rows;
  const outRows = isAuto ? lastY + 1 : 2 * lastY + 1;
  const strip = 2 * Math.ceil(STRIP / period);
  const block = fftEngine.use(who, [], (wasm) => wasm.blockSize());
  const lengths = [
    ...[strip * period, 2 * (period + 1), work, 3 * (n + 1), (isAuto ? 4 : 8) * n * block],
    ...[spectrum, isAuto ? 0 : spectrum, isAuto ? 0 : 2 * half * outRows],
  ];
  return fftEngine.use(who, lengths, (wasm, addresses, view) => {
    const [px = 0, pair = 0, pw = 0, pr = 0, pb = 0, pa = 0, pc = 0, po = 0] = addresses;
    const input = view(px, strip * period);
    for (const [g, grid] of grids.entries()) {
      input.fill(0);
      for (let r = 0; r < rows; r += strip) {
        const count = Math.min(strip, rows - r);
        for (let k = 0; k < count; k++) input.set(grid.subarray((r + k) * width, (r + k + 1) * width), k * period);
        wasm.realRows(alongRows?.address ?? 0, count, px, (g === 0 ? pa : pc) + 16 * r * half, pair, pw);
      }
    }
    putHalfRoots(view(pr, 3 * (n + 1)), n);
    const forward = alongColumns?.address ?? 0;
    const backward = backColumns?.address ?? 0;
    if (isAuto) wasm.autoColumns(forward, backward, n, Number(isHalved), half, rows, lastY, pa, pr, pb, pw);
    else wasm.crossColumns(forward, backward, n, Number(isHalved), half, rows, lastY, pa, pc, po, pr, pb, pw);
    const outWidth = 2 * lastX + 1;
    const out = new Float64Array((2 * lastY + 1) * outWidth);
    const scale = 1 / (period * n * (isHalved ? 2 : 1));
    for (let r = 0; r < outRows; r += strip) {
      const count = Math.min(strip, outRows - r);
      wasm.inverseRealRows(backRows?.address ?? 0, count, (isAuto ? pa : po) + 16 * r * half, px, scale, pair, pw);
      for (let k = 0; k < count; k++) {
        const line = input.subarray(k * period, (k + 1) * period);
        const at = (isAuto ? lastY + r + k : r + k) * outWidth;
        out.set(line.subarray(0, lastX + 1), at + lastX);
        if (lastX > 0) out.set(line.subarray(period - lastX), at);
      }
    }
    if (isAuto) mirror(out, lastY * outWidth + lastX);
    return out;
  });
}

/** Fills what stands before the middle from what stands behind it: r[−s] = r[s]. */
function mirror(out: Float64Array, middle: number): void {
  out.copyWithin(0, middle + 1);
  out.subarray(0, middle).reverse();
}

/** exp(−πi k / n), k = 0 … n, as (re, −im, im). */
function putHalfRoots(table: Float64Array, n: number): void {
  for (let k = 0; k <= n; k++) {
    const { re, im } = unitRoot(k, 2 * n);
    table[3 * k] = re;
    table[3 * k + 1] = im;
    table[3 * k + 2] = -im;
  }
}

function requireValues(who: string, values: Float64Array | Uint8Array, shape: readonly [number, number]): void {
  if (values instanceof Float64Array) {
    requireGrid(who, values, shape, shape, 1);
    requireFiniteGrid(who, values, shape, 1);
    return;
  }
  const [rows, width] = shape;
  if (!(Number.isSafeInteger(rows) && rows >= 1 && width >= 1 && values.length === rows * width)) {
    throw new ShapeError(`${who}: a ${shape.join(" × ")} grid does not hold ${values.length} numbers`);
  }
}

function requireShift(who: string, shift: number, size: number, periodic: boolean): void {
  const most = periodic ? size >> 1 : size - 1;
  if (!(Number.isSafeInteger(shift) && shift >= 0 && shift <= most)) {
    const kind = periodic ? "periodic " : "";
    throw new DomainError(`${who}: maxShift of a ${kind}grid of size ${size} must be 0 … ${most}, got ${shift}`);
  }
}
