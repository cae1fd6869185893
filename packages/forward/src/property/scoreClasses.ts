import type { DerivedGroups, Matrix, Random } from "@materiome/core";
import { leastUnits } from "../uncertainty/conformalBounds.ts";
import { type ClassificationMetrics, classificationMetrics } from "../validation/classificationMetrics.ts";
import { clusterBootstrap } from "../validation/clusterBootstrap.ts";
import type { ClassTargetMetrics } from "./classMetrics.ts";

export interface ScoredClasses {
  readonly name: string;
  readonly labels: readonly string[];
  readonly codes: Int32Array;
  readonly blended: Matrix;
  readonly frequencies: Matrix;
  readonly neighbour: Matrix;
  readonly sets: readonly (readonly number[])[];
  readonly level: number;
  readonly groups: Int32Array | undefined;
  readonly inDomain: Uint8Array;
  readonly random: Random;
}

/** Scores held-out probabilities and sets beside their baselines. */
export function scoreClasses(given: ScoredClasses): ClassTargetMetrics {
  const { name, labels, codes, blended, frequencies, neighbour, sets, level, groups, inDomain, random } = given;
  const metrics = classificationMetrics(blended, codes, labels);
  const called = (p: Matrix): Float64Array => {
    const k = p.columns;
    return Float64Array.from(codes, (code, i) => {
      const own = p.data.subarray(i * k, (i + 1) * k);
      return own.indexOf(Math.max(...own)) === code ? 1 : 0;
    });
  };
  const [right, guessed] = [called(blended), called(frequencies)];
  const ci = (values: Float64Array, label: string): readonly [number, number] =>
    clusterBootstrap([values], (sums, count) => (sums[0] as number) / count, { groups, random: random.fork(label) });
  const shareOfSize = (size: number): number => sets.filter((set) => set.length === size).length / sets.length;
  const covered = Float64Array.from(codes, (code, i) => (sets[i]?.includes(code) === true ? 1 : 0));
  const meanWhere = (values: Float64Array, keep: (i: number) => boolean): number | null => {
    const own = values.filter((_, i) => keep(i));
    return own.length === 0 ? null : own.reduce((sum, value) => sum + value, 0) / own.length;
  };
  const gain = right.map((value, i) => value - (guessed[i] as number)); // one per row
  const brief = (m: ClassificationMetrics): ClassTargetMetrics["baselines"]["frequencies"] => ({
    accuracy: m.accuracy,
    balancedAccuracy: m.balancedAccuracy,
    logLoss: Number.isFinite(m.logLoss) ? m.logLoss : null,
    brier: m.brier,
  });
  const { confusion, classes, macroF1, ...rest } = metrics;
  return {
    name,
    unit: "",
    labels,
    ...rest,
    f1: macroF1,
    accuracyCi: ci(right, "accuracy"),
    classes: classes.map((one, c) => ({ ...one, setCoverage: meanWhere(covered, (i) => codes[i] === c) })),
    confusion: labels.map((_, c) => Array.from(confusion.data.subarray(c * labels.length, (c + 1) * labels.length))),
    baselines: {
      frequencies: brief(classificationMetrics(frequencies, codes, labels)),
      neighbour: brief(classificationMetrics(neighbour, codes, labels)),
    },
    againstMostFrequent: {
      difference: gain.reduce((sum, value) => sum + value, 0) / gain.length,
      bootstrapInterval: ci(gain, "gain"),
    },
    sets: {
      level,
      coverage: meanWhere(covered, () => true) as number, // there are rows
      coverageCi: ci(covered, "sets"),
      meanSize: sets.reduce((sum, set) => sum + set.length, 0) / sets.length,
      shareOfOne: shareOfSize(1),
      shareOfNone: shareOfSize(0),
    },
    domain: {
      nOutside: inDomain.filter((flag) => flag === 0).length,
      accuracyInside: meanWhere(right, (i) => inDomain[i] === 1),
      accuracyOutside: meanWhere(right, (i) => inDomain[i] !== 1),
    },
  };
}

const FEW_ROWS = 20;
const FEW_OF_CLASS = 10;

/** Why scores of classes mean little. */
export function weakClassWarnings(
  scores: ClassTargetMetrics,
  grouping: DerivedGroups,
  nUnits: readonly number[],
): string[] {
  const { name, n, classes, accuracy, baselines, againstMostFrequent } = scores;
  const warnings: string[] = [];
  if (n < FEW_ROWS) warnings.push(`${name}: only ${n} rows: scores are little more than luck`);
  const few = classes.filter((one) => one.n < FEW_OF_CLASS).map((one) => `"${one.label}" (${one.n})`);
  if (few.length > 0)
    warnings.push(`${name}: scores of classes with few rows are little more than luck: ${few.join(", ")}`);
  const what = grouping.kind === "none" ? "rows" : "groups";
  const always = classes.filter((_, c) => (nUnits[c] ?? 0) < leastUnits(scores.sets.level));
  if (always.length > 0) {
    const shown = always.map((one) => `"${one.label}"`).join(", ");
    warnings.push(
      `${name}: sets at ${100 * scores.sets.level} % can never rule out classes with fewer than ${leastUnits(scores.sets.level)} ${what}: ${shown}`,
    );
  }
  if (grouping.kind !== "none" && grouping.nGroups < FEW_OF_CLASS) {
    warnings.push(`${name}: only ${grouping.nGroups} groups to hold out: scores are little more than luck`);
  }
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  if (againstMostFrequent.bootstrapInterval[0] <= 0) {
    const beside = `(accuracy ${percent(accuracy)}, calling the most frequent class ${percent(baselines.frequencies.accuracy)})`;
    warnings.push(
      againstMostFrequent.difference <= 0
        ? `${name}: not better than always calling the most frequent class ${beside}; do not use this model`
        : `${name}: not clearly better than always calling the most frequent class ${beside}`,
    );
  }
  return warnings;
}
