import { createMatrix, type FeatureMatrix, type Matrix, type Random } from "@materiome/core";
import { normalCdf, normalPdf } from "@materiome/core/numerics";
import { createGaussianProcess } from "../gaussianProcess/createGaussianProcess.ts";

/** A point of the unit cube whose cost is known. */
export interface SeenPoint {
  readonly point: readonly number[];
  readonly cost: number;
}

/** Fewest seen points that a process can tell anything from. */
const FEWEST_SEEN = 4;
const PROCESS = { kind: "sum", terms: [{ kind: "matern52" }, { kind: "constant" }] } as const;

/**
 * Picks the candidates from which most improvement is expected. A Gaussian process (Matérn 5/2, a length-scale for each coordinate,
 * learned noise) learns ln cost from the points seen; the expected improvement is that over its least mean at a point seen, since
 * costs are noisy. After each pick it takes what it expects there for seen, so that the next one goes elsewhere.
 *
 * @param candidates - points of the unit cube, one a row, at least `count`, in the order in which they are taken where nothing can be learned
 * @returns rows of `candidates`, `count` of them
 * @see Jones, Schonlau & Welch, J. Global Optim. 13, 455 (1998), doi:10.1023/A:1008306431147; Snoek, Larochelle & Adams,
 * NeurIPS 2012, arXiv:1206.2944; picks believed one after the other: Ginsbourger, Le Riche & Carraro, in Computational Intelligence in
 * Expensive Optimization Problems (2010), doi:10.1007/978-3-642-10701-6_6
 */
export async function proposePoints(
  seen: readonly SeenPoint[],
  candidates: Matrix,
  count: number,
  random: Random,
): Promise<number[]> {
  const inOrder = Array.from({ length: count }, (_, k) => k);
  const costs = Float64Array.from(seen, ({ cost }) => Math.log(cost));
  if (seen.length < FEWEST_SEEN || !costs.every(Number.isFinite) || costs.every((cost) => cost === costs[0])) {
    return inOrder;
  }
  const x = createMatrix(seen.length, candidates.columns, Float64Array.from(seen.flatMap(({ point }) => point)));
  const learner = createGaussianProcess({ covariance: PROCESS });
  const targets = { kind: "regression", values: createMatrix(seen.length, 1, costs), units: [""] } as const;
  let model = await learner.fit(withNames(x), targets, { random, threads: 1 });
  const best = Math.min(...model.posterior(x).mean);
  const picked: number[] = [];
  for (let pick = 0; pick < count; pick++) {
    const { mean, covariance } = model.posterior(candidates);
    let [at, most] = [-1, Number.NEGATIVE_INFINITY];
    for (const [i, value] of mean.entries()) {
      const std = Math.sqrt(Math.max(0, covariance.data[i * (mean.length + 1)] as number)); // on the diagonal
      const gain = expectedGain(best - value, std);
      if (gain > most && !picked.includes(i)) [at, most] = [i, gain];
    }
    if (at < 0) break; // no gain is a number
    picked.push(at);
    const d = candidates.columns;
    const row = createMatrix(1, d, candidates.data.slice(at * d, (at + 1) * d));
    if (pick + 1 < count) model = model.condition(row, Float64Array.of(mean[at] as number)); // one per candidate
  }
  for (let i = 0; picked.length < count; i++) if (!picked.includes(i)) picked.push(i);
  return picked;
}

/** E max(0, gain + std · z) for a standard normal z. */
function expectedGain(gain: number, std: number): number {
  if (std === 0) return Math.max(0, gain);
  const z = gain / std;
  return gain * normalCdf(z) + std * normalPdf(z);
}

function withNames(x: Matrix): FeatureMatrix {
  const features = Array.from({ length: x.columns }, (_, k) => ({ name: `setting ${k}`, unit: "", source: [] }));
  return { ...x, features };
}
