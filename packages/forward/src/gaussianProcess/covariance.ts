/** Hyper-parameters that a covariance may hold at the given value (`fixed`) instead of learning them. */
export type Hyperparameter = "variance" | "lengthScale" | "shape" | "period" | "loadings" | "diagonal";

interface CovarianceBase {
  /**
   * Factor of the covariance, in units of the variance of the target, where learning starts. Factors of a product have none:
   * the product has. @defaultValue an equal share of 1 among the terms of a sum
   */
  readonly variance?: number | undefined;
  /** Hyper-parameters held at the given value. @defaultValue none */
  readonly fixed?: readonly Hyperparameter[] | undefined;
}

interface FeatureCovariance extends CovarianceBase {
  /** Names of features, or of table columns for all features made from them. @defaultValue all features */
  readonly features?: readonly string[] | undefined;
  /**
   * `ard`: a length-scale for each feature; `source`: one for all features made from the same table columns (the elements of
   * a composition, the labels of a category); `isotropic`: one. @defaultValue "ard" ("isotropic" for `linear`, "source" for
   * `categorical`)
   */
  readonly metric?: "ard" | "source" | "isotropic" | undefined;
  /** Where learning starts, in standard deviations of the feature. @defaultValue the mode of the prior */
  readonly lengthScale?: number | readonly number[] | undefined;
}

/** With r² = Σ (x − x′)² / ℓ²: exp(−r²/2), or the Matérn covariance of smoothness 1/2, 3/2 or 5/2. */
export interface StationaryCovariance extends FeatureCovariance {
  readonly kind: "rbf" | "matern12" | "matern32" | "matern52";
}

/** (1 + r² / 2α)^−α, a mixture of `rbf` of many length-scales. */
export interface RationalQuadraticCovariance extends FeatureCovariance {
  readonly kind: "rationalQuadratic";
  /** α, where learning starts. @defaultValue 1 */
  readonly shape?: number | undefined;
}

/** exp(−2 Σ sin²(π (x − x′) / p) / ℓ²); ℓ has no unit here. */
export interface PeriodicCovariance extends FeatureCovariance {
  readonly kind: "periodic";
  /** p in the unit of each feature, where learning starts. @defaultValue the range of the feature */
  readonly period?: number | readonly number[] | undefined;
}

/** Σ x x′ / ℓ² of standardised features: Bayesian linear regression. `isotropic` has no ℓ beside its variance. */
export interface LinearCovariance extends FeatureCovariance {
  readonly kind: "linear";
}

/**
 * For 0/1 features that say which label a row has: exp(−Σ 1 / ℓ²) over the columns whose labels differ, so that all pairs
 * of labels are equally like each other (exchangeable).
 */
export interface CategoricalCovariance extends FeatureCovariance {
  readonly kind: "categorical";
  readonly features: readonly string[];
}

/**
 * For 0/1 features that say which task a row is of (a property, a laboratory, simulation or experiment; one feature alone tells
 * two tasks): B of the two tasks, B = W Wᵀ + diag κ, the intrinsic model of coregionalisation. Multiplied with a covariance of
 * other features it says how much the tasks have in common. A row of no known task has nothing in common with others.
 */
export interface CoregionalCovariance extends CovarianceBase {
  readonly kind: "coregional";
  readonly features: readonly string[];
  /** Columns of W; 0: nothing in common. @defaultValue 1 */
  readonly rank?: number | undefined;
  /** Whether κ is part of B. @defaultValue true */
  readonly hasDiagonal?: boolean | undefined;
  /**
   * A term of a linear autoregression through the tasks in order: W is 0 before this task (counted from 0), 1 for it and learned
   * for later ones, and there is no κ. @defaultValue none
   */
  readonly from?: number | undefined;
  /** W, [tasks, rank], where learning starts. */
  readonly loadings?: readonly number[] | undefined;
}

/**
 * `constant`: an unknown offset. `white`: noise of its own in each row. `group`: an effect of its own in each group of rows (what a
 * heat or a laboratory adds to all its measurements and no feature tells); where rows have no groups, the same as `white`. Neither
 * of these two is part of the posterior mean, as new rows are of new groups; both are part of the interval.
 */
export interface PlainCovariance extends CovarianceBase {
  readonly kind: "constant" | "white" | "group";
}

export interface ComposedCovariance extends CovarianceBase {
  readonly kind: "sum" | "product";
  readonly terms: readonly Covariance[];
}

/** A covariance function as plain data. All features are standardised first, save those of `categorical`. */
export type Covariance =
  | StationaryCovariance
  | RationalQuadraticCovariance
  | PeriodicCovariance
  | LinearCovariance
  | CategoricalCovariance
  | CoregionalCovariance
  | PlainCovariance
  | ComposedCovariance;

/**
 * A rough and a smooth part, Matérn 1/2 + Matérn 5/2, + constant, and an effect of each group where rows have groups:
 * strength steps where a phase or a class of steel changes, and is smooth elsewhere.
 */
export function defaultCovariance(hasGroups: boolean): Covariance {
  const terms: Covariance[] = [
    { kind: "matern12" },
    { kind: "matern52" },
    { kind: "constant", variance: 1, fixed: ["variance"] },
  ];
  return { kind: "sum", terms: hasGroups ? [...terms, { kind: "group" }] : terms };
}
