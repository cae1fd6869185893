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
  coregional: ["features", "rank", "hasDiagonal", "from", "loadings"],
  constant: [],
  white: [],
  group: [],
  sum: ["terms"],
  product: ["terms"],
};
const HYPERPARAMETERS: readonly string[] = ["variance", "lengthScale", "shape", "period", "loadings", "diagonal"];
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
  const { rank, from, loadings, hasDiagonal } = term;
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
  if ((kind === "categorical" || kind === "coregional") && features === undefined)
    refuse(`(${kind}) needs features: the 0/1 ones of its columns`);
  for (const [name, value] of Object.entries({ rank, from })) {
    if (value !== undefined && !(Number.isInteger(value) && (value as number) >= 0)) {
      refuse(`needs a whole number of at least 0 as ${name}, got ${JSON.stringify(value)}`);
    }
  }
  if (hasDiagonal !== undefined && typeof hasDiagonal !== "boolean") {
    refuse(`needs true or false as hasDiagonal, got ${JSON.stringify(hasDiagonal)}`);
  }
  if (rank !== undefined && from !== undefined) refuse("(coregional) has a rank or goes from a task, not both");
  if (loadings !== undefined && !(Array.isArray(loadings) && loadings.every(Number.isFinite))) {
    refuse(`needs numbers as loadings, got ${JSON.stringify(loadings)}`);
  }
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
