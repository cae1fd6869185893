import {
  createMatrix,
  type FeatureMatrix,
  type LearnerCapability,
  type Matrix,
  type Prediction,
  ShapeError,
} from "@materiome/core";
import { moments } from "./moments.ts";
import type { SurrogateLearner, SurrogateModel } from "./surrogate.ts";

/**
 * A learner whose surrogate is the mixture, in equal parts, of what several learners make of the same rows.
 *
 * No single covariance is right before the data are in: a rough process finds peaks that stand alone, a smooth one follows slopes, and with a
 * dozen rows nothing tells which the material is. Where they agree the mixture is as sure as they are; where they do not, it is unsure,
 * and the search looks there. Mean and covariance are those of the mixture, taken as normal; draws are of one member each.
 *
 * Intervals of `predict` come from the mean and variance of the members' predictions.
 *
 * @throws ShapeError without learners
 * @see Hoeting, Madigan, Raftery & Volinsky, Stat. Sci. 14, 382 (1999) (model averaging); the weights are equal because evidence from few
 * rows is worse than none in choosing between covariances: see benchmarks/README.md
 * @example
 * const rough = createGaussianProcess({ covariance: { kind: "matern12" } });
 * const smooth = createGaussianProcess({ covariance: { kind: "matern52" }, estimate: "likelihood" });
 * const learner = averageSurrogates([rough, smooth]);
 */
export function averageSurrogates(learners: readonly SurrogateLearner[]): SurrogateLearner {
  const [first] = learners;
  if (first === undefined) throw new ShapeError("averageSurrogates: expected at least one learner, got none");
  if (learners.length === 1) return first;
  const supports: ReadonlySet<LearnerCapability> = new Set(
    [...first.supports].filter((capability) => learners.every((learner) => learner.supports.has(capability))),
  );
  return {
    supports,
    module: import.meta.url,
    async fit(x, y, run) {
      const members: SurrogateModel[] = [];
      for (const [k, learner] of learners.entries()) {
        members.push(await learner.fit(x, y, { ...run, random: run.random.fork("member").fork(k) }));
      }
      return mixtureOf(members);
    },
    toJSON: () => ({
      type: "materiome/averaged-surrogate-learner",
      version: 1,
      params: { members: learners.map((learner) => ({ ...learner.toJSON() })) },
      state: null,
    }),
  };
}

function mixtureOf(members: readonly SurrogateModel[]): SurrogateModel {
  const share = 1 / members.length;
  const average = (of: (k: number) => number): number => members.reduce((sum, _, k) => sum + share * of(k), 0);
  return {
    module: import.meta.url,
    posterior(x) {
      const joint = members.map((member) => member.posterior(x));
      const mean = Float64Array.from({ length: x.rows }, (_, i) => average((k) => at(joint[k]?.mean, i)));
      const covariance = createMatrix(x.rows, x.rows);
      for (let i = 0; i < x.rows; i++) {
        for (let j = 0; j < x.rows; j++) {
          // Σ w (C + (μ − μ̄)(μ − μ̄)ᵀ)
          covariance.data[i * x.rows + j] = average(
            (k) =>
              at(joint[k]?.covariance.data, i * x.rows + j) +
              (at(joint[k]?.mean, i) - at(mean, i)) * (at(joint[k]?.mean, j) - at(mean, j)),
          );
        }
      }
      return { mean, covariance };
    },
    samplePosterior(x, nSamples, random) {
      const out = createMatrix(nSamples, x.rows);
      const draws = members.map((member, k) => member.samplePosterior(x, nSamples, random.fork("member").fork(k)));
      for (let s = 0; s < nSamples; s++) {
        const row = draws[random.int(members.length)] as Matrix; // below the number of members
        out.data.set(row.data.subarray(s * x.rows, (s + 1) * x.rows), s * x.rows);
      }
      return out;
    },
    meanVarianceGradient(x) {
      const { columns: d } = x;
      const parts = members.map((member) => member.meanVarianceGradient(x));
      const mean = Float64Array.from({ length: x.rows }, (_, i) => average((k) => at(parts[k]?.mean, i)));
      const variance = mean.map((m, i) => average((k) => at(parts[k]?.variance, i) + (at(parts[k]?.mean, i) - m) ** 2));
      const dMean = createMatrix(x.rows, d);
      const dVariance = createMatrix(x.rows, d);
      for (let c = 0; c < dMean.data.length; c++) {
        const i = Math.floor(c / d);
        dMean.data[c] = average((k) => at(parts[k]?.dMean.data, c));
        // The slope of μ̄ drops out, as Σ w (μ − μ̄) = 0.
        dVariance.data[c] = average(
          (k) =>
            at(parts[k]?.dVariance.data, c) + 2 * (at(parts[k]?.mean, i) - at(mean, i)) * at(parts[k]?.dMean.data, c),
        );
      }
      return { mean, variance, dMean, dVariance };
    },
    condition: (x: Matrix, y: Float64Array) => mixtureOf(members.map((member) => member.condition(x, y))),
    async predict(x: FeatureMatrix, run): Promise<Prediction> {
      const parts = await Promise.all(members.map((member) => member.predict(x, run)));
      const own = await Promise.all(members.map((member) => moments(member, x)));
      const mean = Float64Array.from({ length: x.rows }, (_, i) => average((k) => at(parts[k]?.mean.data, i)));
      const isTotal = parts.every(({ uncertainty }) => uncertainty === "total");
      const std = mean.map((m, i) =>
        Math.sqrt(
          average((k) => {
            const { std: given } = parts[k] as Prediction;
            const v = isTotal && given !== undefined ? at(given.data, i) ** 2 : at(own[k]?.variance, i);
            return v + (at(parts[k]?.mean.data, i) - m) ** 2;
          }),
        ),
      );
      return {
        kind: "regression",
        mean: createMatrix(x.rows, 1, mean),
        std: createMatrix(x.rows, 1, std),
        uncertainty: isTotal ? "total" : "epistemic",
      };
    },
    toJSON: () => ({
      type: "materiome/averaged-surrogate",
      version: 1,
      params: {},
      state: { members: members.map((member) => ({ ...member.toJSON() })) },
    }),
  };
}

/** Entry of an array that has it. */
function at(values: Float64Array | undefined, i: number): number {
  return values?.[i] as number;
}
