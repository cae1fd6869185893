import { createMatrix, type FeatureMatrix, type Matrix, type Random } from "@materiome/core";
import { cholesky, choleskySolve } from "@materiome/core/numerics";
import type { DifferentiableAcquisition } from "../acquisition/acquisition.ts";
import { type AnchoredMoments, type Anchors, createAnchors } from "../acquisition/anchors.ts";
import { normalDraws } from "../acquisition/normalDraws.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import { averageImprovement } from "./averageImprovement.ts";
import { type BoxDecomposition, decomposeNonDominated } from "./boxDecomposition.ts";
import { checkFront } from "./checkFront.ts";

export interface LogHypervolumeImprovementOptions {
  readonly random: Random;
  /** Outcomes that are to be improved on, [n, m], in the models' sense (large is good): posterior means at tried points. */
  readonly front: Matrix;
  /** [m], in the models' sense: what is below it in any objective is of no use. */
  readonly reference: ArrayLike<number>;
  /** Tried points whose outcomes are drawn rather than taken from `front`, as their measurements are noisy. @defaultValue none */
  readonly incumbents?: FeatureMatrix | undefined;
  /** Points being tried, or chosen before in the same batch: their outcomes are drawn. @defaultValue none */
  readonly pending?: FeatureMatrix | undefined;
  /** Draws of the outcomes at incumbents and pending points. @defaultValue 64 */
  readonly draws?: number | undefined;
}

const MAX_JITTER = 1e-6;

/**
 * Logarithm of the expected hypervolume improvement of one more point over the front, incumbents and pending points, for up to four
 * independent outcomes that are to be large: ln E_z[EHVI(x | outcomes z at incumbents and pending points)].
 *
 * Outcomes at incumbents and pending points are drawn once (common random numbers, scrambled Sobol points); each draw has its own
 * front and boxes, over which the outcome at x given the draw is integrated in closed form. So points chosen one after the other
 * are sequential greedy q-log-EHVI, with incumbents q-log-NEHVI, with an analytic gradient and less noise than draws of f(x) give.
 *
 * @param models one for each objective, large is good
 * @throws DataError for fewer than two or more than four models
 * @throws ShapeError, DomainError for a front or reference that do not fit
 * @see Daulton, Balandat & Bakshy, NeurIPS 2020, arXiv:2006.05078 (q-EHVI), and NeurIPS 2021, arXiv:2105.08195 (noisy);
 * Ament et al., NeurIPS 2023, arXiv:2310.20708 (logarithm)
 */
export function logHypervolumeImprovement(
  models: readonly SurrogateModel[],
  options: LogHypervolumeImprovementOptions,
): DifferentiableAcquisition {
  const { random, front, reference, incumbents, pending, draws = 64 } = options;
  const m = models.length;
  checkFront("logHypervolumeImprovement", m, front, reference, "ParEGO takes more");
  const worst = Float64Array.from(reference, (value) => -value);
  const drawn = joinRows([incumbents, pending]);
  const outcomes = models.map((model, j) => conditional(model, drawn, draws, random.fork(j)));
  const k = drawn?.rows ?? 0;
  const fronts = Array.from({ length: k === 0 ? 1 : draws }, (_, s): BoxDecomposition => {
    const values = createMatrix(front.rows + k, m, new Float64Array((front.rows + k) * m));
    values.data.set(front.data.map((value) => -value));
    outcomes.forEach(({ samples }, j) => {
      for (let a = 0; a < k; a++) values.data[(front.rows + a) * m + j] = -(samples[s * k + a] as number); // [draws, k]
    });
    return decomposeNonDominated(values, worst);
  });
  const least = Float64Array.from({ length: m }, (_, j) => {
    let best = worst[j] as number; // one a model
    for (let i = 0; i < front.rows; i++) best = Math.min(best, -(front.data[i * m + j] as number));
    return Math.max(1e-24, (1e-8 * ((worst[j] as number) - best)) ** 2);
  });

  /** Means of each draw (small is good) and standard deviations at row i. */
  const given = (at: readonly AnchoredMoments[], i: number) => {
    const means = new Float64Array(fronts.length * m);
    const variances = new Float64Array(m);
    const solved = at.map(({ mean, variance, cross }, j) => {
      const row = cross.data.subarray(i * k, (i + 1) * k);
      const { pull, solve } = outcomes[j] as Conditional; // one a model
      const explained = solve(row);
      let left = variance[i] as number;
      for (let a = 0; a < k; a++) left -= (explained[a] as number) * (row[a] as number);
      variances[j] = Math.max(left, least[j] as number);
      for (let s = 0; s < fronts.length; s++) {
        let value = mean[i] as number;
        for (let a = 0; a < k; a++) value += (row[a] as number) * (pull[s * k + a] as number);
        means[s * m + j] = -value;
      }
      return explained;
    });
    return { means, std: variances.map(Math.sqrt), solved };
  };
  const isNoisy = incumbents !== undefined && incumbents.rows > 0;
  return {
    name: `${isNoisy ? "noisy " : ""}log expected hypervolume improvement${pending !== undefined && pending.rows > 0 ? " of the batch" : ""}`,
    isLog: true,
    value(x) {
      const at = outcomes.map(({ anchors }) => anchors.moments(x));
      return Float64Array.from({ length: x.rows }, (_, i) => {
        const { means, std } = given(at, i);
        return averageImprovement(fronts, means, std).logValue;
      });
    },
    gradient(x) {
      const at = outcomes.map(({ anchors }) => anchors.gradient(x));
      const d = x.columns;
      const gradient = createMatrix(x.rows, d);
      const value = Float64Array.from({ length: x.rows }, (_, i) => {
        const { means, std, solved } = given(at, i);
        const { logValue, dMean, dStd } = averageImprovement(fronts, means, std);
        at.forEach((moments, j) => {
          const { pull } = outcomes[j] as Conditional;
          const byVariance = (dStd[j] as number) / (2 * (std[j] as number));
          let byMean = 0;
          const byCross = Float64Array.from(solved[j] as Float64Array, (w) => -2 * byVariance * w);
          for (let s = 0; s < fronts.length; s++) {
            const slope = -(dMean[s * m + j] as number);
            byMean += slope;
            for (let a = 0; a < k; a++) byCross[a] = (byCross[a] as number) + slope * (pull[s * k + a] as number);
          }
          for (let f = i * d; f < (i + 1) * d; f++) {
            let sum = byMean * (moments.dMean.data[f] as number) + byVariance * (moments.dVariance.data[f] as number);
            moments.dCross.forEach((dCross, a) => {
              sum += (byCross[a] as number) * (dCross.data[f] as number);
            });
            gradient.data[f] = (gradient.data[f] as number) + sum;
          }
        });
        return logValue;
      });
      return { value, gradient };
    },
  };
}

interface Conditional {
  readonly anchors: Anchors;
  /** [draws, k]: values drawn at the anchors. */
  readonly samples: Float64Array;
  /** [draws, k]: C⁻¹ (sample − mean), which covariances with the anchors are multiplied with. */
  readonly pull: Float64Array;
  /** C⁻¹ c */
  solve(cross: Float64Array): Float64Array;
}

/** One outcome given draws of its values at the anchors. */
function conditional(
  model: SurrogateModel,
  drawn: FeatureMatrix | undefined,
  draws: number,
  random: Random,
): Conditional {
  const anchors = createAnchors(model, drawn ?? EMPTY);
  const k = anchors.count;
  if (k === 0) return { anchors, samples: new Float64Array(0), pull: new Float64Array(0), solve: (cross) => cross };
  // Anchors whose values are known have no variance; a trace of it keeps their rows apart.
  const factor = cholesky(anchors.covariance, { maxRelativeJitter: MAX_JITTER });
  const { lower } = factor;
  const z = normalDraws(draws, k, random);
  const samples = new Float64Array(draws * k);
  const pull = new Float64Array(draws * k);
  for (let s = 0; s < draws; s++) {
    const shift = new Float64Array(k);
    for (let a = 0; a < k; a++) {
      for (let b = 0; b <= a; b++) {
        shift[a] = (shift[a] as number) + (lower.data[a * k + b] as number) * (z.data[s * k + b] as number); // [k, k], [draws, k]
      }
      samples[s * k + a] = (anchors.mean[a] as number) + (shift[a] as number);
    }
    pull.set(choleskySolve(factor, shift), s * k);
  }
  return { anchors, samples, pull, solve: (cross) => choleskySolve(factor, cross.slice()) };
}

const EMPTY: FeatureMatrix = { data: new Float64Array(0), rows: 0, columns: 0, features: [] };

function joinRows(parts: readonly (FeatureMatrix | undefined)[]): FeatureMatrix | undefined {
  const there = parts.flatMap((part) => (part === undefined || part.rows === 0 ? [] : [part]));
  const [first] = there;
  if (first === undefined) return undefined;
  return {
    ...first,
    rows: there.reduce((sum, { rows }) => sum + rows, 0),
    data: Float64Array.from(there.flatMap(({ data }) => Array.from(data))),
  };
}
