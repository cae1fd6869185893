import type { FoldScores } from "../validation/crossValidate.ts";
import type { RegressionMetrics } from "../validation/regressionMetrics.ts";
import type { Scores } from "../validation/scores.ts";
import type { TargetDiagnostics } from "./diagnostics.ts";
import type { SearchLimits } from "./searchBudget.ts";
import type { TargetUncertainty } from "./targetNoise.ts";

/** Scores of one target as `metrics.json` has them; errors and widths in the target's unit. */
export interface TargetMetrics {
  readonly name: string;
  readonly unit: string;
  readonly n: number;
  readonly mae: number;
  readonly maeCi: readonly [number, number];
  readonly rmse: number;
  readonly r2: number;
  readonly meanBaselineMae: number;
  readonly medianBaselineMae: number;
  /** Error of the nearest training row as a guess; null where it was not asked for. */
  readonly neighbourBaselineMae: number | null;
  /** Share of held-out rows inside their 90 % interval, mean width and mean interval score of those. */
  readonly coverage90: number | null;
  readonly meanIntervalWidth: number | null;
  readonly intervalScore: number | null;
}

/** `metrics.json` of the `train` command. */
export interface PropertyMetrics {
  readonly targets: readonly TargetMetrics[];
  readonly nFeatures: number;
  readonly splitter: {
    readonly kind: "kFold" | "groupKFold";
    readonly groupColumns: readonly string[];
    readonly derived: boolean;
    readonly nGroups: number;
    readonly folds: number;
    readonly repeats: number;
    readonly reason: string;
  };
  /** The same scores under random folds, which let groups leak; null where there are no groups. */
  readonly optimistic: { readonly targets: readonly TargetMetrics[] } | null;
  readonly leakage: {
    /** Rows whose inputs repeat those of an earlier row. */
    readonly duplicateRows: number;
    /** Groups with rows in more than one fold of the headline split. */
    readonly groupsAcrossFolds: number;
    readonly warnings: readonly string[];
  };
  /** Columns of standard deviations that describe targets, and what became of them. */
  readonly uncertainties: readonly TargetUncertainty[];
  /** Rows left out, as the table's source counts them (the header is row 1). */
  readonly dropped: readonly { readonly reason: string; readonly rows: readonly number[] }[];
  readonly perFold: readonly (FoldScores & { readonly target: string })[];
  /** Per target. */
  readonly diagnostics: readonly TargetDiagnostics[];
  /** What limited the searches of `auto`; null where nothing did. */
  readonly search: SearchLimits | null;
  readonly seed: number | string;
  readonly dataSha256: string | null;
  readonly versions: { readonly [name: string]: string };
}

export function targetMetrics(
  name: string,
  unit: string,
  scores: Scores,
  neighbour: RegressionMetrics | null = null,
): TargetMetrics {
  const { coverage, ...rest } = scores;
  return { name, unit, ...rest, neighbourBaselineMae: neighbour?.mae ?? null, coverage90: coverage };
}
