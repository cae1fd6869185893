import { type Covariance, createGaussianProcess, type GaussianProcessModel } from "@materiome/forward";
import type { SurrogateLearner } from "@materiome/inverse";

/** A response surface of second order, whose deviations are a smooth process. */
const RESPONSE_SURFACE: Covariance = {
  kind: "sum",
  terms: [{ kind: "rbf" }, { kind: "product", terms: [{ kind: "linear" }, { kind: "linear" }] }],
};
const COVARIANCES: readonly Covariance[] = [{ kind: "matern52" }, { kind: "rbf" }, RESPONSE_SURFACE];

/**
 * Gaussian processes that are rough, smooth, or smooth around a response surface; of the three that of greatest evidence is taken at each ask.
 *
 * @param noise - variance of a measurement, beyond what the observations bring themselves
 */
export function learner(noise: number): SurrogateLearner {
  const candidates = COVARIANCES.map((covariance) =>
    createGaussianProcess({ covariance, noise, starts: 2, maxIterations: 100 }),
  );
  return {
    ...(candidates[0] as (typeof candidates)[number]),
    async fit(x, y, run) {
      const models = await Promise.all(candidates.map((candidate) => candidate.fit(x, y, run)));
      const evidence = (model: GaussianProcessModel): number =>
        (model.report as { readonly logMarginalLikelihood: number }).logMarginalLikelihood;
      return models.reduce((a, b) => (evidence(b) > evidence(a) ? b : a));
    },
  };
}
