import type { Matrix } from "@materiome/core";
import { distanceMatrix } from "@materiome/core/numerics";

/** Covariance of two rows by their distance r, in length-scales ℓ. */
export type CovarianceName = "rbf" | "laplacian" | "matern32" | "matern52";

export const COVARIANCES: readonly CovarianceName[] = ["rbf", "laplacian", "matern32", "matern52"];

/** Distances that the covariance takes: sums of absolute differences for the Laplacian, otherwise Euclidean. */
export function distancesFor(covariance: CovarianceName, a: Matrix, b: Matrix): Matrix {
  return distanceMatrix(a, b, { metric: covariance === "laplacian" ? "manhattan" : "euclidean" });
}

/** Values of the covariance at distances. */
export function covarianceOf(covariance: CovarianceName, distances: Matrix, lengthScale: number): Matrix {
  const value = VALUES[covariance];
  return { ...distances, data: distances.data.map((r) => value(r / lengthScale)) };
}

const VALUES: Readonly<Record<CovarianceName, (t: number) => number>> = {
  rbf: (t) => Math.exp(-0.5 * t * t),
  laplacian: (t) => Math.exp(-t),
  matern32: (t) => (1 + Math.sqrt(3) * t) * Math.exp(-Math.sqrt(3) * t),
  matern52: (t) => (1 + Math.sqrt(5) * t + (5 / 3) * t * t) * Math.exp(-Math.sqrt(5) * t),
};
