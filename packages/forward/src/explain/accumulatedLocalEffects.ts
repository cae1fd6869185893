import { DataError, DomainError } from "@materiome/core";
import { inputIndex, numbersOf, presentRows, quantileGrid } from "./effects.ts";
import { type ExplainRun, outputOf, type Subject, type SubjectInput, type WideSubject } from "./subject.ts";

export interface AccumulatedLocalEffectsOptions extends ExplainRun {
  /** Rows the effect is averaged over; those without a value are left out. @defaultValue all */
  readonly rows?: Int32Array | undefined;
  /** Bins of about equally many rows; fewer where values repeat. @defaultValue 20 */
  readonly nBins?: number | undefined;
}

export interface AccumulatedLocalEffects {
  readonly input: string;
  /** Edges of the bins, ascending, in the unit of the input. */
  readonly grid: Float64Array;
  /** Effect at each edge, in units of the target; its mean over the rows is 0. */
  readonly effect: Float64Array;
  /** Standard error of the way from the first edge to here, from the scatter of the local differences among rows; 0 at the first. */
  readonly standardError: Float64Array;
  /** Rows in each bin. */
  readonly counts: Int32Array;
}

/**
 * How predictions change with one input, the others being what they are where it has that value: in each bin the mean
 * difference between predictions at its two edges, for the rows in the bin alone, accumulated over the bins and centred. Asks
 * the model only near rows that exist, so correlated inputs do no harm.
 *
 * @param input - name of an input that is a number
 * @throws DomainError for an unknown input or one that is no number; DataError if fewer than two different values are there
 * @see Apley & Zhu, J. R. Stat. Soc. B 82, 1059 (2020), doi:10.1111/rssb.12377, equations 15–16
 * @example
 * const { grid, effect } = await accumulatedLocalEffects(subject, "Cr", { nBins: 10 });
 */
export async function accumulatedLocalEffects(
  subject: Subject,
  input: string,
  options: AccumulatedLocalEffectsOptions = {},
): Promise<AccumulatedLocalEffects> {
  const { outputs, ...rest } = await localEffects(subject, input, options);
  return { ...rest, ...(outputs[0] as LocalEffect) }; // a subject has one output
}

/** Accumulated local effect on one of several outputs. */
export type LocalEffect = Pick<AccumulatedLocalEffects, "effect" | "standardError">;

/** {@link accumulatedLocalEffects} on all outputs over one grid. */
export async function localEffects(
  subject: WideSubject,
  input: string,
  options: AccumulatedLocalEffectsOptions,
): Promise<Omit<AccumulatedLocalEffects, keyof LocalEffect> & { readonly outputs: readonly LocalEffect[] }> {
  const { nBins = 20, rows: asked, ...run } = options;
  if (!(Number.isInteger(nBins) && nBins >= 1)) {
    throw new DomainError(`accumulatedLocalEffects: nBins must be a whole number of at least 1, got ${nBins}`);
  }
  const c = inputIndex("accumulatedLocalEffects", subject, input);
  const values = numbersOf("accumulatedLocalEffects", subject.inputs[c] as SubjectInput); // found above
  const rows = presentRows(values, asked ?? Int32Array.from({ length: subject.nRows }, (_, i) => i));
  const grid = rows.length === 0 ? new Float64Array(0) : quantileGrid(values, rows, nBins);
  if (grid.length < 2) {
    throw new DataError(
      `accumulatedLocalEffects: "${input}" has ${grid.length} different values in ${rows.length} rows; at least 2 are needed`,
    );
  }
  const bin = Int32Array.from(rows, (i) => binOf(grid, values[i] as number));
  const at = (side: number): Float64Array => Float64Array.from(bin, (k) => grid[k + side] as number); // k + 1 < length
  const low = await subject.set(rows, [{ input: c, values: at(0) }], run);
  const high = await subject.set(rows, [{ input: c, values: at(1) }], run);
  const counts = new Int32Array(grid.length - 1);
  for (const k of bin) counts[k] = (counts[k] as number) + 1; // a bin
  const m = subject.nOutputs;
  const outputs = Array.from({ length: m }, (_, output) => {
    const differences = outputOf(high, m, output).map((value, i) => value - (low[i * m + output] as number)); // one per row
    return accumulate(bin, counts, differences);
  });
  return { input, grid, counts, outputs };
}

/** Adds up the mean differences of the bins, centred over the rows. */
function accumulate(bin: Int32Array, counts: Int32Array, differences: Float64Array): LocalEffect {
  const n = counts.length;
  const sums = new Float64Array(n);
  const squares = new Float64Array(n);
  for (const [i, k] of bin.entries()) {
    const difference = differences[i] as number; // one per row
    sums[k] = (sums[k] as number) + difference;
    squares[k] = (squares[k] as number) + difference * difference;
  }
  const effect = new Float64Array(n + 1);
  const standardError = new Float64Array(n + 1);
  let variance = 0;
  let centre = 0;
  for (let k = 0; k < n; k++) {
    const count = counts[k] as number; // an edge is a quantile, so no bin is empty but where values repeat
    const mean = count === 0 ? 0 : (sums[k] as number) / count;
    effect[k + 1] = (effect[k] as number) + mean;
    if (count > 1) variance += Math.max(0, (squares[k] as number) / count - mean * mean) / (count - 1);
    standardError[k + 1] = Math.sqrt(variance);
    centre += (count * ((effect[k] as number) + (effect[k + 1] as number))) / 2 / bin.length;
  }
  return { effect: effect.map((value) => value - centre), standardError };
}

/** Bin (grid[k], grid[k + 1]] of a value; the first takes its lower edge too. */
function binOf(grid: Float64Array, value: number): number {
  let low = 0;
  let high = grid.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value > (grid[middle] as number)) low = middle;
    else high = middle;
  }
  return low;
}
