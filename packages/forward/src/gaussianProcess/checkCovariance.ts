import { DomainError } from "@materiome/core";
import type { Covariance } from "./covariance.ts";

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  rbf: ["features", "metric", "lengthScale"],
  matern12: ["features", "metric", "lengthScale"],
  matern32: ["features", "metric", "lengthScale"],
  matern52: ["features", "metric", "lengthScale"],
  rationalQuadratic: ["features", "metric", "lengthScale", "shape"],
  periodic: ["features", "metric", "lengthScale", "period"],
  linear: ["features", "metric", "lengthScale"],
  categorical: ["features", "metric", "lengthScale"],
  constant: [],
  white: [],
  group: [],
  sum: ["terms"],
  product: ["terms"],
};
const HYPERPARAMETERS: readonly string[] = ["variance", "lengthScale", "shape", "period"];
const METRICS: readonly unknown[] = [undefined, "ard", "source", "isotropic"];

/**
 * Checks a covariance as far as it can be without features.
 *
 * @throws DomainError naming the term, what it holds and what is expected
 */
export function checkCovariance(given: unknown, path = "covariance", isFactor = false): Covariance {
  const refuse = (what: string): never => {
    throw new DomainError(`createGaussianProcess: ${path} ${what}`);
  };
  if (typeof given !== "object" || given === null) {
    return refuse(`must be an object such as { kind: "matern52" }, got ${given === null ? "null" : typeof given}`);
  }
  const term = given as Record<string, unknown>;
  const { kind, variance, fixed = [], features, metric, lengthScale, shape, period, terms } = term;
  const fields =
    FIELDS[String(kind)] ?? refuse(`has kind ${JSON.stringify(kind)}; known: ${Object.keys(FIELDS).join(", ")}`);
  for (const [name, value] of Object.entries(term)) {
    if (value !== undefined && !["kind", "variance", "fixed", ...fields].includes(name)) {
      refuse(`(${String(kind)}) has no "${name}"; it takes ${["variance", "fixed", ...fields].join(", ")}`);
    }
  }
  if (variance !== undefined && isFactor)
    refuse("is a factor of a product and has no variance; give it to the product");
  if (variance !== undefined && !isPositive(variance)) refuse(`needs a variance above 0, got ${String(variance)}`);
  if (!Array.isArray(fixed) || !fixed.every((name) => HYPERPARAMETERS.includes(name as string))) {
    refuse(`can hold fixed ${HYPERPARAMETERS.join(", ")}, got ${JSON.stringify(fixed)}`);
  }
  if (!METRICS.includes(metric)) refuse(`has metric ${JSON.stringify(metric)}; expected ard, source or isotropic`);
  if (features !== undefined && !isNames(features)) refuse("needs names of features, at least one");
  if (kind === "categorical" && features === undefined)
    refuse("(categorical) needs features: the 0/1 ones of its columns");
  for (const [name, value] of Object.entries({ lengthScale, shape, period })) {
    if (
      value !== undefined &&
      !isPositive(value) &&
      !(name !== "shape" && Array.isArray(value) && value.every(isPositive))
    ) {
      refuse(`needs a ${name} above 0, got ${JSON.stringify(value)}`);
    }
  }
  if (kind === "linear" && (metric ?? "isotropic") === "isotropic" && lengthScale !== undefined) {
    refuse("(linear, isotropic) has no lengthScale beside its variance");
  }
  if (fields.includes("terms")) {
    if (!Array.isArray(terms) || terms.length === 0) refuse(`(${String(kind)}) needs terms, at least one`);
    for (const [i, inner] of (terms as unknown[]).entries()) {
      checkCovariance(inner, `${path}.terms[${i}]`, kind === "product");
    }
  }
  return given as Covariance;
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && value > 0 && Number.isFinite(value);
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string");
}
