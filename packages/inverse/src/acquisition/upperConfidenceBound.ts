import { DomainError } from "@materiome/core";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import type { DifferentiableAcquisition } from "./acquisition.ts";
import { momentAcquisition } from "./momentAcquisition.ts";

/**
 * Upper confidence bound μ + √β σ of a function to be maximised.
 *
 * With β = 2 ln(|D| t² π² / 6δ) for the t-th choice among |D| candidates the regret is bounded with probability 1 − δ; smaller values
 * do better in practice.
 *
 * @param beta - at least 0
 * @throws DomainError for another `beta`
 * @see Srinivas, Krause, Kakade & Seeger, ICML 2010, arXiv:0912.3995, theorem 1
 */
export function upperConfidenceBound(model: SurrogateModel, beta = 4): DifferentiableAcquisition {
  if (!(beta >= 0 && Number.isFinite(beta))) {
    throw new DomainError(`upperConfidenceBound: beta must be a finite number of at least 0, got ${beta}`);
  }
  const width = Math.sqrt(beta);
  return momentAcquisition("upper confidence bound", false, model, (mean, std, slopes) => {
    if (slopes !== undefined) {
      slopes.byMean = 1;
      slopes.byStd = width;
    }
    return mean + width * std;
  });
}
