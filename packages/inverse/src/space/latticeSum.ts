import type { Random } from "@materiome/core";
import { commonDivisor } from "./commonDivisor.ts";

/** One amount of a sum on a grid: first + k · step, k = 0 … count − 1. */
export interface LatticeMember {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Stands for a share of ways lost in rounding. */
const TINY = 1e-300;
/** Most numbers held for the counts. */
const MOST_ENTRIES = 5e6;

/**
 * Draws amounts on grids that add up to a total, every combination as likely: with W_i(s) = Σ_k W_{i+1}(s − k) the number of ways in
 * which members i, i + 1, … add up to s units, member i takes k with probability W_{i+1}(s − k) / W_i(s).
 *
 * @param tolerance - by how much the sum may miss the total; the reachable sum nearest to it is taken
 * @returns multiples k, one for each member; undefined if no combination adds up, "tooLarge" if the table would be
 */
export function createLatticeSum(
  members: readonly LatticeMember[],
  total: number,
  tolerance: number,
): ((random: Random) => Int32Array) | "tooLarge" | undefined {
  const unit = commonDivisor(members.map(({ step }) => step));
  if (unit === undefined) return "tooLarge";
  const strides = members.map(({ step }) => Math.round(step / unit));
  const rest = (total - members.reduce((sum, { first }) => sum + first, 0)) / unit;
  const room = tolerance / unit + 1e-6;
  const size = Math.floor(rest + room) + 1;
  if (size < 1) return undefined;
  if (size * members.length > MOST_ENTRIES) return "tooLarge";
  // ways[i][s], each layer divided by its largest entry: only ratios within a layer count.
  const ways: Float64Array[] = [];
  let layer: Float64Array = new Float64Array(size);
  layer[0] = 1;
  for (let i = members.length - 1; i >= 0; i--) {
    ways[i] = layer;
    layer = spread(layer, strides[i] as number, (members[i] as LatticeMember).count);
  }
  let units = -1;
  for (let s = Math.max(0, Math.ceil(rest - room)); s < size; s++) {
    const isNearer = units < 0 || Math.abs(s - rest) < Math.abs(units - rest);
    if ((layer[s] as number) > 0 && isNearer) units = s;
  }
  if (units < 0) return undefined;
  return (random) => {
    let left = units;
    return Int32Array.from(members, ({ count }, i) => {
      const next = ways[i] as Float64Array; // ways of the members after i
      const stride = strides[i] as number;
      const last = Math.min(count - 1, Math.floor(left / stride));
      let sum = 0;
      for (let k = 0; k <= last; k++) sum += next[left - k * stride] as number;
      let u = random.next() * sum;
      let chosen = -1;
      for (let k = 0; k <= last; k++) {
        const weight = next[left - k * stride] as number;
        if (weight === 0) continue;
        chosen = k;
        u -= weight;
        if (u < 0) break;
      }
      left -= chosen * stride;
      return chosen;
    });
  };
}

/**
 * Ways with one more member: sums over windows of `count` entries, `stride` apart, by running differences. What can be reached at
 * all is counted in whole numbers beside it, as differences of rounded numbers need not come out as 0.
 */
function spread(layer: Float64Array, stride: number, count: number): Float64Array {
  const out = new Float64Array(layer.length);
  const reached = new Int32Array(layer.length);
  let largest = 0;
  for (let s = 0; s < out.length; s++) {
    const gone = s - stride * count;
    const [sum, n] = s >= stride ? [out[s - stride] as number, reached[s - stride] as number] : [0, 0];
    const [come, go] = [layer[s] as number, gone >= 0 ? (layer[gone] as number) : 0];
    reached[s] = n + Number(come > 0) - Number(go > 0);
    out[s] = reached[s] === 0 ? 0 : Math.max(TINY, sum + come - go);
    largest = Math.max(largest, out[s] as number);
  }
  if (largest === 0) return out;
  return out.map((value, s) => (reached[s] === 0 ? 0 : Math.max(TINY, value / largest)));
}
