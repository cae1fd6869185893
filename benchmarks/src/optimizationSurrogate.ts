import { type Covariance, createGaussianProcess, createProcessByEvidence } from "@materiome/forward";
import type { SurrogateLearner } from "@materiome/inverse";

const COVARIANCES: readonly Covariance[] = [
  { kind: "matern52" },
  { kind: "rbf" },
  { kind: "sum", terms: [{ kind: "rbf" }, { kind: "product", terms: [{ kind: "linear" }, { kind: "linear" }] }] },
];

/**
 * What `campaign ask` learns by, with known noise and shorter searches: of Gaussian processes that are rough, smooth, or smooth around a response
 * surface, the one of greatest evidence at each ask.
 *
 * @param noise - variance of a measurement, beyond what the observations bring themselves
 */
export function learner(noise: number): SurrogateLearner {
  return createProcessByEvidence(
    COVARIANCES.map((covariance) => createGaussianProcess({ covariance, noise, starts: 2, maxIterations: 100 })),
  );
}
