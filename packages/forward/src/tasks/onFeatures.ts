import type { Feature } from "@materiome/core";
import type { ComposedCovariance, Covariance, PlainCovariance } from "../gaussianProcess/covariance.ts";

/** Where a covariance is of all features, makes it one of these. */
export function onFeatures(covariance: Covariance, features: readonly Feature[]): Covariance {
  if (isComposed(covariance)) {
    return { ...covariance, terms: covariance.terms.map((term) => onFeatures(term, features)) };
  }
  if (isPlain(covariance)) return covariance;
  return { ...covariance, features: covariance.features ?? features.map(({ name }) => name) };
}

function isComposed(covariance: Covariance): covariance is ComposedCovariance {
  return covariance.kind === "sum" || covariance.kind === "product";
}

function isPlain(covariance: Covariance): covariance is PlainCovariance {
  return ["constant", "white", "group"].includes(covariance.kind);
}
