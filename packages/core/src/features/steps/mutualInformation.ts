import { DataError, DomainError, ShapeError } from "../../errors/errors.ts";
import { kraskovInformation } from "../../kernels/index.ts";
import type { Random } from "../../random/random.ts";
import { meanOf, spreadOf } from "./featureColumns.ts";

/** A variable made ready for {@link mutualInformation}: scaled, ties broken, sorted. */
export interface InformationVariable {
  readonly values: Float64Array;
  readonly order: Int32Array;
  readonly sorted: Float64Array;
  /** Its information about itself, the normaliser. */
  readonly self: number;
}

/**
 * Divides by the standard deviation and adds normal noise of 1e-10 times the larger of 1 and the mean absolute value, so that
 * equal values (few levels, 0/1 features) have neighbours in a random order. This is what scikit-learn does.
 */
export function informationVariable(values: Float64Array, nNeighbours: number, random: Random): InformationVariable {
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at >= 0) throw new DataError(`mutual information: value ${at + 1} is ${values[at]}; fill or drop it beforehand`);
  const spread = spreadOf(values);
  const scaled = values.map((value) => (spread > 0 ? value / spread : value));
  const jitter = 1e-10 * Math.max(1, meanOf(scaled.map(Math.abs)));
  const noisy = (label: string): Float64Array => {
    const noise = random.fork(label);
    return scaled.map((value) => value + jitter * noise.normal());
  };
  const own = ready(noisy("own"));
  // Against a copy with noise of its own, as two variables have it.
  return { ...own, self: Math.max(0, estimate(own, ready(noisy("copy")), nNeighbours)) };
}

/**
 * Mutual information in nats, at least 0: Kraskov's estimator by `nNeighbours` nearest neighbours.
 *
 * @throws ShapeError for variables of different length; DomainError for too few values
 * @see Kraskov, Stögbauer & Grassberger, Phys. Rev. E 69, 066138 (2004), doi:10.1103/PhysRevE.69.066138
 */
export function mutualInformation(a: InformationVariable, b: InformationVariable, nNeighbours: number): number {
  return Math.max(0, estimate(a, b, nNeighbours));
}

/** I(a, b) / ((I(a, a) + I(b, b)) / 2), 0 where a variable holds no information. */
export function normalizedInformation(a: InformationVariable, b: InformationVariable, nNeighbours: number): number {
  const scale = (a.self + b.self) / 2;
  return scale > 0 ? mutualInformation(a, b, nNeighbours) / scale : 0;
}

type Ready = Pick<InformationVariable, "values" | "order" | "sorted">;

function ready(values: Float64Array): Ready {
  const order = Int32Array.from(values.keys()).sort((i, j) => (values[i] as number) - (values[j] as number)); // in range
  return { values, order, sorted: take(values, order) };
}

function estimate(a: Ready, b: Ready, k: number): number {
  const n = a.values.length;
  if (b.values.length !== n) throw new ShapeError(`mutual information: ${n} values beside ${b.values.length}`);
  if (n <= k) throw new DomainError(`mutual information: ${k} neighbours need more than ${k} rows, got ${n}`);
  const ordered = take(b.values, a.order);
  return kraskovInformation(n, k, a.sorted, ordered, b.sorted, digammas(n), new Float64Array(k));
}

function take(values: Float64Array, order: Int32Array): Float64Array {
  const out = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) out[i] = values[order[i] as number] as number; // a permutation
  return out;
}

const EULER_MASCHERONI = 0.5772156649015329;
let table = Float64Array.of(Number.NaN, -EULER_MASCHERONI);

/** ψ(m) for m = 0 (NaN) … n + 1, by ψ(m + 1) = ψ(m) + 1/m. */
function digammas(n: number): Float64Array {
  if (table.length < n + 2) {
    const grown = new Float64Array(2 * n + 2);
    grown[0] = Number.NaN;
    grown[1] = -EULER_MASCHERONI;
    for (let m = 1; m + 1 < grown.length; m++) grown[m + 1] = (grown[m] as number) + 1 / m; // below length
    table = grown;
  }
  return table;
}
