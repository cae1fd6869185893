import { DataError, DomainError, type LearnerCapability, type Serialized } from "@materiome/core";
import { createGaussianProcess, type GaussianProcess, type GaussianProcessModel } from "./createGaussianProcess.ts";

/**
 * The Gaussian process of greatest evidence among several: each is fitted to all rows, and the model of largest log marginal likelihood
 * (`report.logMarginalLikelihood`) is kept, so that data decide whether the function is rough, smooth, or smooth around a second-order response
 * surface. The first of equally likely ones. For surrogates of experiments, which are too few for inner folds; a fit costs as much as
 * all of the candidates.
 *
 * @param candidates - processes that differ in their covariance, in order of preference. @defaultValue Matérn 5/2, squared exponential, and squared
 * exponential with the squares and products of all inputs (squared linear covariance), each with its own length-scales
 * @throws DomainError for no candidates, or candidates that take different rows; `fit` throws what a candidate throws, and DataError where no
 * candidate has a finite likelihood
 * @see Rasmussen & Williams, Gaussian Processes for Machine Learning (2006), 5.4.1, http://gaussianprocess.org/gpml
 * @example
 * const model = await createProcessByEvidence().fit(x, y, { random: createRandom(1) });
 */
export function createProcessByEvidence(candidates: readonly GaussianProcess[] = responseProcesses()): GaussianProcess {
  const [first] = candidates;
  if (first === undefined) throw new DomainError("createProcessByEvidence: expected at least one candidate");
  const supports: ReadonlySet<LearnerCapability> = new Set(
    [...first.supports].filter((capability) => candidates.every((candidate) => candidate.supports.has(capability))),
  );
  return {
    supports,
    module: import.meta.url,
    async fit(x, y, run) {
      let best: GaussianProcessModel | undefined;
      for (const [k, candidate] of candidates.entries()) {
        const model = await candidate.fit(x, y, { ...run, onProgress: undefined });
        if (best === undefined ? Number.isFinite(evidenceOf(model)) : evidenceOf(model) > evidenceOf(best))
          best = model;
        run.onProgress?.({ stage: "process by evidence", done: k + 1, total: candidates.length });
      }
      if (best === undefined) {
        throw new DataError(
          "process by evidence: no candidate has a finite likelihood on these rows; look for values that are far off",
        );
      }
      return best;
    },
    toJSON(): Serialized {
      return {
        type: "materiome/process-by-evidence-learner",
        version: 1,
        params: { learners: candidates.map((candidate) => ({ ...candidate.toJSON() })) },
        state: null,
      };
    },
  };
}

function responseProcesses(): GaussianProcess[] {
  const squares = { kind: "product", terms: [{ kind: "linear" }, { kind: "linear" }] } as const;
  return [
    createGaussianProcess(),
    createGaussianProcess({ covariance: { kind: "rbf" } }),
    createGaussianProcess({ covariance: { kind: "sum", terms: [{ kind: "rbf" }, squares] } }),
  ];
}

function evidenceOf(model: GaussianProcessModel): number {
  return (model.report as { readonly logMarginalLikelihood: number }).logMarginalLikelihood;
}
