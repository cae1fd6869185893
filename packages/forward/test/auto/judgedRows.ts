import { createRandom } from "@materiome/core";
import type { Candidate, Judged } from "../../src/auto/judged.ts";

export const squared = (error: number): number => error * error;

export const candidate = (name: string, mean: ArrayLike<number>, variance = 0): Candidate => ({
  family: { name },
  estimates: { mean: Float64Array.from(mean), variance: new Float64Array(mean.length).fill(variance) },
});

/** Rows, each its own group where none are given. */
export const judged = (
  y: ArrayLike<number>,
  library: readonly Candidate[],
  fold: ArrayLike<number>,
  { weights, groups }: { readonly weights?: readonly number[]; readonly groups?: readonly number[] } = {},
): Judged => ({
  y: Float64Array.from(y),
  weights: weights && Float64Array.from(weights),
  groups: Int32Array.from(groups ?? Array.from({ length: y.length }, (_, i) => i)),
  fold: Int32Array.from(fold),
  library,
});

/** Candidates that know nothing of a target that is noise. */
export function noise(seed: number, nSamples: number, nCandidates: number, nFolds: number): Judged {
  const random = createRandom(seed);
  const normals = (): Float64Array => Float64Array.from({ length: nSamples }, () => random.normal());
  const y = normals();
  const library = Array.from({ length: nCandidates }, (_, m) => candidate(`learner ${m % 5}`, normals(), 1 + m));
  return judged(
    y,
    library,
    Array.from(y, (_, i) => i % nFolds),
  );
}
