import { DataError, DomainError, type Feature, type FeatureMatrix, ShapeError } from "@materiome/core";
import type { Covariance, Hyperparameter } from "./covariance.ts";
import type { Scaling } from "./scaling.ts";

/** A covariance with its hyper-parameters numbered; plain data, stored with the model. −1 stands for none. */
export interface ProgramNode {
  readonly kind: Covariance["kind"];
  readonly terms: readonly ProgramNode[];
  /** Hyper-parameter that is the factor; −1 for a factor of 1. */
  readonly variance: number;
  readonly shape: number;
  /** Features used, in order. */
  readonly columns: readonly number[];
  /** For each of `columns`: the hyper-parameter that is its length-scale, −1 for a length-scale of 1. */
  readonly lengths: readonly number[];
  /** For each of `columns` of a periodic covariance: the hyper-parameter that is its period. */
  readonly periods: readonly number[];
  /** Of a coregional covariance: the hyper-parameters of W, [tasks, rank], themselves in place of their logarithms or a constant. */
  readonly loadings?: readonly number[];
  /** And those of κ; empty for none. */
  readonly diagonal?: readonly number[];
}

/** What the value of a hyper-parameter is measured by. */
type Measured = Pick<ProgramParameter, "column" | "distancesOf" | "unit">;

/** Loadings that are no hyper-parameters. */
export const LOADING_ONE = -1;
export const LOADING_ZERO = -2;

/** The logarithm of the hyper-parameter is learned; its prior is normal with `mean` and `sd`. */
export interface ProgramParameter {
  readonly name: string;
  readonly start: number;
  readonly mean: number;
  readonly sd: number;
  readonly lower: number;
  readonly upper: number;
  readonly isFixed: boolean;
  /** Any real number, learned itself and not its logarithm. */
  readonly isLinear?: boolean;
  /**
   * The one feature that it is a distance of, held in standard deviations of that feature; absent for numbers without a unit and for
   * a distance that features of several units share.
   */
  readonly column?: number | undefined;
  /** Of a length-scale: the features whose distances it divides. */
  readonly distancesOf?: readonly number[] | undefined;
  /** What the value is counted in, if not in the unit of `column`. */
  readonly unit: string;
}

/** What variances are counted in: features and target are standardised. */
export const TARGET_VARIANCE = "variance of the target";
const DEVIATIONS = "standard deviations of the features";

export interface Program {
  readonly root: ProgramNode;
  readonly parameters: readonly ProgramParameter[];
}

/** Of the prior of log ℓ of standardised features: see `createGaussianProcess`. */
const LENGTH_MEAN = Math.SQRT2 - 3 + 0.5 * Math.log(12);
const LENGTH_SD = Math.sqrt(3);
const VARIANCE_SD = 1.5;
/** Of the target's variance, around which the variance of noise is expected. */
export const NOISE_SHARE = 0.02;

/**
 * Numbers the hyper-parameters of a covariance for the features of a table.
 *
 * @throws DataError for a feature that is not there; DomainError for a categorical one with other values than 0 and 1, or
 * a period that neither was given nor follows from the data; ShapeError for the wrong number of length-scales or periods
 */
export function compileCovariance(covariance: Covariance, x: FeatureMatrix, scaling: Scaling): Program {
  const parameters: ProgramParameter[] = [];
  const add = (
    term: Covariance,
    hyperparameter: Hyperparameter,
    name: string,
    start: number | undefined,
    mean: number,
    sd: number,
    of: Measured = {
      unit: hyperparameter === "variance" ? TARGET_VARIANCE : "",
    },
  ): number => {
    const isFixed = (term.fixed ?? []).includes(hyperparameter);
    const from = start === undefined ? mean : Math.log(start);
    // Half-widths of the search box are generous: twelve units of ln are a factor of 160 000.
    const [lower, upper] = [Math.min(mean - 12, from), Math.max(mean + 12, from)];
    parameters.push({ name, start: from, mean, sd, lower, upper, isFixed, ...of });
    return parameters.length - 1;
  };

  const compile = (term: Covariance, path: string, share: number, hasVariance: boolean): ProgramNode => {
    if (term.kind === "sum" || term.kind === "product") {
      const isSum = term.kind === "sum";
      const carries = hasVariance && (isSum ? term.variance !== undefined : true);
      const variance = carries
        ? add(term, "variance", `${path}.variance`, term.variance ?? share, Math.log(share), VARIANCE_SD)
        : -1;
      const terms = term.terms.map((inner, i) =>
        compile(
          inner,
          `${path}.${inner.kind}${i}`,
          isSum && !carries ? share / term.terms.length : 1 / term.terms.length,
          isSum,
        ),
      );
      return { ...EMPTY, kind: term.kind, terms, variance };
    }
    const columns = usesFeatures(term) ? chooseFeatures(term.features, x.features, path) : [];
    const isNoise = term.kind === "white" || term.kind === "group";
    const middle = isNoise ? NOISE_SHARE : share / (term.kind === "linear" ? columns.length : 1);
    const variance = hasVariance
      ? add(term, "variance", `${path}.variance`, term.variance ?? middle, Math.log(middle), VARIANCE_SD)
      : -1;
    if (!usesFeatures(term)) return { ...EMPTY, kind: term.kind, variance };
    if (term.kind === "categorical" || term.kind === "coregional") requireBinary(x, columns, path);
    if (term.kind === "coregional") {
      return { ...EMPTY, kind: term.kind, columns, variance, ...addTasks(term, columns.length, path, add, parameters) };
    }
    const shape =
      term.kind === "rationalQuadratic" ? add(term, "shape", `${path}.shape`, term.shape ?? 1, 0, VARIANCE_SD) : -1;
    const lengths = addLengths(term, columns, x.features, path, add);
    const periods = term.kind === "periodic" ? addPeriods(term, columns, x, scaling, path, add) : [];
    return { kind: term.kind, terms: [], variance, shape, columns, lengths, periods };
  };
  const root = compile(covariance, covariance.kind, 1, true);
  return { root, parameters };
}

const EMPTY = { terms: [], variance: -1, shape: -1, columns: [], lengths: [], periods: [] };

/** One 0/1 feature tells two tasks. */
export function countTasks(nColumns: number): number {
  return nColumns === 1 ? 2 : nColumns;
}

function addTasks(
  term: Extract<Covariance, { readonly kind: "coregional" }>,
  nColumns: number,
  path: string,
  add: Add,
  parameters: ProgramParameter[],
): { readonly loadings: number[]; readonly diagonal: number[] } {
  const { rank = 1, from, loadings: given, hasDiagonal = from === undefined } = term;
  const nTasks = countTasks(nColumns);
  if (from !== undefined && from >= nTasks) {
    throw new ShapeError(`gaussianProcess: ${path} goes from task ${from} of ${nTasks}; they are counted from 0`);
  }
  const nLoadings = from === undefined ? nTasks * rank : nTasks;
  if (given !== undefined && given.length !== nLoadings) {
    throw new ShapeError(`gaussianProcess: ${path}: loadings expected ${nLoadings}, got ${given.length}`);
  }
  const isFixed = (term.fixed ?? []).includes("loadings");
  const addLoading = (name: string, start: number, mean: number): number => {
    const bounds = { lower: Math.min(-10, start), upper: Math.max(10, start) };
    parameters.push({
      name: `${path}.loadings[${name}]`,
      start,
      mean,
      sd: 1,
      ...bounds,
      isFixed,
      isLinear: true,
      unit: "",
    });
    return parameters.length - 1;
  };
  const loadings = Array.from({ length: nLoadings }, (_, at) => {
    if (from === undefined) {
      const [t, r] = [Math.floor(at / rank), at % rank];
      return addLoading(`${t},${r}`, given?.[at] ?? Math.SQRT1_2 * Math.cos((Math.PI * r * (t + 0.5)) / nTasks), 0);
    }
    if (at > from) return addLoading(String(at), given?.[at] ?? 1, 1);
    return at === from ? LOADING_ONE : LOADING_ZERO;
  });
  const share = rank === 0 ? 1 : 0.5;
  const diagonal = Array.from({ length: hasDiagonal ? nTasks : 0 }, (_, t) =>
    add(term, "diagonal", `${path}.diagonal[${t}]`, undefined, Math.log(share), VARIANCE_SD),
  );
  return { loadings, diagonal };
}

type FeatureTerm = Exclude<Covariance, { readonly kind: "sum" | "product" | "constant" | "white" | "group" }>;
type LengthTerm = Exclude<FeatureTerm, { readonly kind: "coregional" }>;

function usesFeatures(term: Covariance): term is FeatureTerm {
  return !["sum", "product", "constant", "white", "group"].includes(term.kind);
}

type Add = (
  term: Covariance,
  hyperparameter: Hyperparameter,
  name: string,
  start: number | undefined,
  mean: number,
  sd: number,
  of?: Measured,
) => number;

function addLengths(
  term: LengthTerm,
  columns: readonly number[],
  features: readonly Feature[],
  path: string,
  add: Add,
): number[] {
  const metric = term.metric ?? (term.kind === "linear" ? "isotropic" : term.kind === "categorical" ? "source" : "ard");
  if (term.kind === "linear" && metric === "isotropic") return columns.map(() => -1);
  const keys = columns.map((f) => {
    const feature = features[f] as Feature; // chosen among them
    return metric === "ard" ? feature.name : metric === "source" ? feature.source.join("+") : "";
  });
  const distinct = [...new Set(keys)];
  const given = perItem(term.lengthScale, distinct.length, `${path}: length-scales`);
  const nParts = term.kind === "categorical" ? distinct.length : columns.length;
  const hasUnitOfOwn = term.kind === "categorical" || term.kind === "periodic" || term.kind === "linear";
  const mean = 0.5 * Math.log(nParts) + (hasUnitOfOwn ? 0 : LENGTH_MEAN);
  const of = (key: string): Measured => {
    const distancesOf = columns.filter((_, c) => keys[c] === key);
    if (term.kind === "categorical" || term.kind === "periodic") return { distancesOf, unit: "" }; // of labels, and of phases
    const [column, ...more] = distancesOf;
    return more.length === 0 ? { distancesOf, column, unit: "" } : { distancesOf, unit: DEVIATIONS };
  };
  const codes = distinct.map((key, i) =>
    add(
      term,
      "lengthScale",
      `${path}.lengthScale${key === "" ? "" : `[${key}]`}`,
      given[i],
      mean,
      hasUnitOfOwn ? 1 : LENGTH_SD,
      of(key),
    ),
  );
  return keys.map((key) => codes[distinct.indexOf(key)] as number); // each key is among the distinct ones
}

function addPeriods(
  term: Extract<Covariance, { readonly kind: "periodic" }>,
  columns: readonly number[],
  x: FeatureMatrix,
  scaling: Scaling,
  path: string,
  add: Add,
): number[] {
  const given = perItem(term.period, columns.length, `${path}: periods`);
  return columns.map((f, i) => {
    const name = x.features[f]?.name ?? String(f);
    const range = columnRange(x, f);
    const period = given[i] ?? range;
    if (!(period > 0)) {
      throw new DomainError(`gaussianProcess: ${path} needs a period for "${name}", which is constant in these rows`);
    }
    // Held in standard deviations of the feature, as the coordinates are.
    const scaled = period / (scaling.scale[f] as number); // f is a feature
    return add(term, "period", `${path}.period[${name}]`, scaled, Math.log(scaled), 0.5, { column: f, unit: "" });
  });
}

function columnRange(x: FeatureMatrix, f: number): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < x.rows; i++) {
    const value = x.data[i * x.columns + f] as number; // f < columns
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low;
}

function perItem(
  given: number | readonly number[] | undefined,
  n: number,
  what: string,
): readonly (number | undefined)[] {
  if (given === undefined || typeof given === "number") return Array.from({ length: n }, () => given);
  if (given.length !== n)
    throw new ShapeError(`gaussianProcess: ${what} expected ${n} (or one number), got ${given.length}`);
  return given;
}

function chooseFeatures(names: readonly string[] | undefined, features: readonly Feature[], path: string): number[] {
  if (names === undefined) return features.map((_, f) => f);
  const chosen = new Set<number>();
  for (const name of names) {
    const exact = features.findIndex((feature) => feature.name === name);
    const made = features.flatMap((feature, f) => (feature.source.includes(name) ? [f] : []));
    const found = exact >= 0 ? [exact] : made;
    if (found.length === 0) {
      throw new DataError(
        `gaussianProcess: ${path} asks for feature "${name}", which is not there; features are ${features.map((f) => f.name).join(", ")}`,
      );
    }
    for (const f of found) chosen.add(f);
  }
  return [...chosen].sort((a, b) => a - b);
}

function requireBinary(x: FeatureMatrix, columns: readonly number[], path: string): void {
  for (const f of columns) {
    for (let i = 0; i < x.rows; i++) {
      const value = x.data[i * x.columns + f]; // f < columns
      if (value !== 0 && value !== 1) {
        throw new DomainError(
          `gaussianProcess: ${path} is about labels, but feature "${x.features[f]?.name}" is ${value} in row ${i}; expected 0 or 1`,
        );
      }
    }
  }
}
