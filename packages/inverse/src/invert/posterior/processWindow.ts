import type { SearchSpace } from "../../space/searchSpace.ts";
import { rangeOf, settingOf, type Variable } from "../../space/variable.ts";
import type { SettingsSample } from "./settingsSample.ts";

interface WindowOfSetting {
  readonly name: string;
  readonly unit: string;
  /** Probability that the setting exists at all: below 1 where it hangs on another. The rest holds where it does. */
  readonly active: number;
  /** Undefined where the window was enumerated and so is exact. */
  readonly rHat?: number | undefined;
  readonly effectiveSampleSize?: number | undefined;
}

/** Where a number lies if the specs are met. */
export interface NumberWindow extends WindowOfSetting {
  readonly kind: "number";
  /** Bounds of the space. */
  readonly min: number;
  readonly max: number;
  /** Quantiles (1 − level)/2, ½ and (1 + level)/2: from 5 to 95 % for a level of 0.9. */
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  /** Ends of the shortest interval with that probability (highest posterior density, where there is one peak). */
  readonly shortestLower: number;
  readonly shortestUpper: number;
}

/** Which levels of a category (or labels of an ordinal) are taken if the specs are met. */
export interface CategoryWindow extends WindowOfSetting {
  readonly kind: "category";
  /** Every level of the space, most probable first. */
  readonly levels: readonly { readonly value: string; readonly probability: number }[];
  /** The fewest levels that together have the probability of the call. */
  readonly credible: readonly string[];
}

/** Credible region of the settings given that the specs are met, variable by variable. */
export interface ProcessWindow {
  /** Probability that each interval holds. */
  readonly level: number;
  readonly method: SettingsSample["method"];
  readonly settings: readonly (NumberWindow | CategoryWindow)[];
  /** Expected probability of meeting the specs at a setting of the window. */
  readonly meanProbability: number;
  /** Whether settings were judged by what they become when they are missed, by the scatter of the call. */
  readonly isUnderScatter: boolean;
  readonly nDraws: number;
  readonly nEvaluated: number;
  /** Largest R̂ and smallest effective sample size of all variables; undefined where enumerated. */
  readonly rHat?: number | undefined;
  readonly effectiveSampleSize?: number | undefined;
  readonly acceptance?: number | undefined;
}

/** Summarises a sample of settings variable by variable. A window of one variable holds for all values of the others together. */
export function processWindow(
  space: SearchSpace,
  sample: SettingsSample,
  level: number,
): Omit<ProcessWindow, "isUnderScatter"> {
  const { points, weights, method, nDraws, nEvaluated, acceptance, convergence } = sample;
  const settings = space.variables.map((variable, j) => {
    const all = points.map((e) => e.point[j] ?? Number.NaN);
    const there = all.flatMap((value, i) => (Number.isNaN(value) ? [] : [i]));
    const active = there.reduce((sum, i) => sum + (weights[i] ?? 0), 0);
    const values = Float64Array.from(there, (i) => all[i] ?? Number.NaN);
    const shares = Float64Array.from(there, (i) => (weights[i] ?? 0) / active);
    const told = convergence[j];
    const common = {
      name: variable.name,
      unit: variable.unit,
      active: there.length === points.length ? 1 : active,
      ...(told === undefined ? {} : { rHat: told.rHat, effectiveSampleSize: told.effectiveSampleSize }),
    };
    const labels = labelsOf(variable);
    return labels === undefined
      ? { ...common, ...numberWindow(variable, values, shares, level) }
      : { ...common, ...categoryWindow(labels, variable, values, shares, level) };
  });
  return {
    level,
    method,
    settings,
    meanProbability: points.reduce((sum, e, i) => sum + e.probability * (weights[i] ?? 0), 0),
    nDraws,
    nEvaluated,
    ...(convergence.length === 0
      ? {}
      : {
          acceptance,
          rHat: Math.max(...convergence.map((c) => c.rHat)),
          effectiveSampleSize: Math.min(...convergence.map((c) => c.effectiveSampleSize)),
        }),
  };
}

/** What can be chosen, where that is no number. */
function labelsOf(variable: Variable): readonly string[] | undefined {
  if (variable.kind === "category") return variable.levels;
  return variable.kind === "ordinal" ? variable.labels : undefined;
}

function numberWindow(
  variable: Variable,
  values: Float64Array,
  weights: Float64Array,
  level: number,
): Omit<NumberWindow, keyof WindowOfSetting> {
  const order = Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const sorted = Float64Array.from(order, (i) => values[i] ?? Number.NaN);
  const below = new Float64Array(order.length + 1);
  order.forEach((i, k) => {
    below[k + 1] = (below[k] ?? 0) + (weights[i] ?? 0);
  });
  const [shortestLower, shortestUpper] = shortest(sorted, below, level);
  return {
    kind: "number",
    ...(variable.kind === "category" ? { min: Number.NaN, max: Number.NaN } : endsOf(variable)),
    lower: quantile(sorted, below, (1 - level) / 2),
    median: quantile(sorted, below, 0.5),
    upper: quantile(sorted, below, (1 + level) / 2),
    shortestLower,
    shortestUpper,
  };
}

function endsOf(variable: Exclude<Variable, { readonly kind: "category" }>): Pick<NumberWindow, "min" | "max"> {
  const { min, max } = rangeOf(variable);
  return { min, max };
}

/** Smallest value with at least probability `p` up to it. */
function quantile(sorted: Float64Array, below: Float64Array, p: number): number {
  let k = 0;
  while (k + 1 < sorted.length && (below[k + 1] ?? 1) < p - 1e-12) k++;
  return sorted[k] ?? Number.NaN;
}

function shortest(sorted: Float64Array, below: Float64Array, level: number): [number, number] {
  const n = sorted.length;
  let best: [number, number] = [sorted[0] ?? Number.NaN, sorted[n - 1] ?? Number.NaN];
  let end = 0;
  for (let start = 0; start < n; start++) {
    while (end < n && (below[end + 1] ?? 1) - (below[start] ?? 0) < level - 1e-12) end++;
    const [low, high] = [sorted[start], sorted[end]];
    if (low === undefined || high === undefined) break;
    if (high - low < best[1] - best[0]) best = [low, high];
  }
  return best;
}

function categoryWindow(
  labels: readonly string[],
  variable: Variable,
  values: Float64Array,
  weights: Float64Array,
  level: number,
): Omit<CategoryWindow, keyof WindowOfSetting> {
  const share = new Map<number | string, number>();
  values.forEach((value, i) => {
    const label = settingOf(variable, value);
    share.set(label, (share.get(label) ?? 0) + (weights[i] ?? 0));
  });
  const levels = labels
    .map((value) => ({ value, probability: share.get(value) ?? 0 }))
    .sort((a, b) => b.probability - a.probability || a.value.localeCompare(b.value));
  let sum = 0;
  const credible = levels.filter(({ probability }) => {
    const isNeeded = sum < level - 1e-12;
    sum += probability;
    return isNeeded;
  });
  return { kind: "category", levels, credible: credible.map(({ value }) => value) };
}
