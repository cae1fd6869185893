import {
  type Conditionable,
  DomainError,
  type Feature,
  type JointPosterior,
  type Matrix,
  type PosteriorGradient,
  type Random,
  ShapeError,
} from "@materiome/core";
import { checkInputs } from "./checkTraining.ts";
import type { ProcessPredictor } from "./predictor.ts";
import { checkFeatures } from "./storedModel.ts";

/**
 * What models of a Gaussian process, or of trees as draws of one, can do beside `predict`. `condition` keeps hyper-parameters and intervals; its model has no
 * held-out predictions, as those are of other rows.
 *
 * @param rebuild - the model with another predictor
 */
export function processCapabilities<M>(
  features: readonly Feature[],
  predictor: ProcessPredictor,
  rebuild: (conditioned: ProcessPredictor) => M,
): JointPosterior & PosteriorGradient & Conditionable<M> {
  const check = (x: Matrix): void => {
    checkFeatures(features, x);
    checkInputs("predict", { ...x, features }, false);
  };
  return {
    posterior(x) {
      check(x);
      return predictor.posterior(x);
    },
    samplePosterior(x: Matrix, nSamples: number, random: Random): Matrix {
      check(x);
      return predictor.samplePosterior(x, nSamples, random);
    },
    meanVarianceGradient(x) {
      check(x);
      return predictor.meanVarianceGradient(x);
    },
    condition(x, y) {
      check(x);
      if (y.length !== x.rows) throw new ShapeError(`condition: ${x.rows} rows of inputs but ${y.length} targets`);
      const bad = y.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw new DomainError(`condition: target of row ${bad} is ${y[bad]}; expected a finite number`);
      return rebuild(predictor.condition(x, y));
    },
  };
}
