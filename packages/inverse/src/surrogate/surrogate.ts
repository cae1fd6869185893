import type {
  Conditionable,
  FeatureMatrix,
  JointPosterior,
  Learner,
  Model,
  PosteriorGradient,
  Prediction,
  Targets,
} from "@materiome/core";

/**
 * What an optimiser needs of a model of one outcome over the encoded space ({@link encodePoints}): the joint posterior of the
 * noise-free function in units of the target, its gradients, and conditioning on pending points without a new search of
 * hyper-parameters.
 */
export type SurrogateModel = Model<FeatureMatrix, Prediction> &
  JointPosterior &
  PosteriorGradient &
  Conditionable<SurrogateModel> & {
    /** Rows of another model that the posterior of one point is made of, as of its disturbed settings. @defaultValue 1 */
    readonly rowsPerPoint?: number | undefined;
  };

/** A learner of surrogates, such as `createGaussianProcess()` of `@materiome/forward`. */
export type SurrogateLearner = Learner<FeatureMatrix, Targets, SurrogateModel>;
