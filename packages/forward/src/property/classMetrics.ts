import type { ClassMetrics } from "../validation/classificationMetrics.ts";
import type { PropertyMetrics } from "./metrics.ts";

/** Scores of a guess; the log loss is null where it is infinite. */
export interface ClassBaseline {
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly logLoss: number | null;
  readonly brier: number;
}

/** Scores of a column of classes on held-out rows, as `metrics.json` has them. */
export interface ClassTargetMetrics {
  readonly name: string;
  readonly unit: "";
  readonly labels: readonly string[];
  readonly n: number;
  readonly accuracy: number;
  /** 95 % bootstrap interval, whole groups drawn, here and below. */
  readonly accuracyCi: readonly [number, number];
  readonly balancedAccuracy: number;
  /** Mean over the classes, as `rocAuc` is (one against the rest). */
  readonly f1: number;
  readonly rocAuc: number | null;
  readonly logLoss: number;
  readonly brier: number;
  readonly ece: number;
  readonly classes: readonly (ClassMetrics & { readonly setCoverage: number | null })[];
  /** Row: true class; column: called class. */
  readonly confusion: readonly (readonly number[])[];
  /** The shares of the classes among the training rows, so that the most frequent is called; the class of the nearest training row. */
  readonly baselines: { readonly frequencies: ClassBaseline; readonly neighbour: ClassBaseline };
  /** Accuracy less that of always calling the most frequent class. */
  readonly againstMostFrequent: { readonly difference: number; readonly bootstrapInterval: readonly [number, number] };
  /** Prediction sets, calibrated class by class on other folds. */
  readonly sets: {
    readonly level: number;
    readonly coverage: number;
    readonly coverageCi: readonly [number, number];
    readonly meanSize: number;
    /** Share of sets that name one class. */
    readonly shareOfOne: number;
    /** Share of sets that hold no class. */
    readonly shareOfNone: number;
  };
  readonly domain: {
    readonly nOutside: number;
    readonly accuracyInside: number | null;
    readonly accuracyOutside: number | null;
  };
}

/** `metrics.json` of the `train` command for classes. */
export interface PropertyClassMetrics
  extends Pick<PropertyMetrics, "nFeatures" | "leakage" | "dropped" | "search" | "seed" | "dataSha256" | "versions"> {
  readonly kind: "classification";
  readonly targets: readonly ClassTargetMetrics[];
  readonly splitter: Omit<PropertyMetrics["splitter"], "kind"> & {
    readonly kind: "stratifiedKFold" | "stratifiedGroupKFold";
  };
}
