import { DataError, DomainError } from "@materiome/core";
import { quantileSorted } from "@materiome/core/numerics";
import { featureValues, holdOutRows } from "./holdOut.ts";
import { shortNumber } from "./shortNumber.ts";
import type { HoldOut, Splitter } from "./splitter.ts";

export interface TimeOrderedOptions {
  /** When each row was measured, in any increasing unit. @defaultValue the order of the rows */
  readonly times?: ArrayLike<number> | undefined;
  /** A feature to take as time instead. @defaultValue none */
  readonly by?: string | undefined;
}

/**
 * Expanding window: rows are cut by time into nFolds + 1 parts of nearly equal size; each part but the first is predicted
 * from all rows before it. Rows of one time stay together; rows of a tested group are not trained on.
 *
 * @throws DomainError for no fold, or both `times` and `by`; `plan` throws DataError for fewer different times than parts
 * @example
 * const validation = await crossValidate(learner, x, y, timeOrdered(5), run); // rows in the order of measurement
 */
export function timeOrdered(nFolds: number, options: TimeOrderedOptions = {}): Splitter {
  const kind = "timeOrdered";
  const { times, by } = options;
  if (!(Number.isInteger(nFolds) && nFolds >= 1)) {
    throw new DomainError(`${kind}: expected a whole number of at least 1 fold, got ${nFolds}`);
  }
  if (times !== undefined && by !== undefined) throw new DomainError(`${kind}: give either times or by, not both`);
  return {
    kind,
    plan(rows) {
      const { nRows } = rows;
      const when =
        by !== undefined
          ? featureValues(kind, rows, by)
          : Float64Array.from(times ?? Array.from({ length: nRows }, (_, i) => i));
      if (when.length !== nRows || !when.every(Number.isFinite)) {
        throw new DataError(
          `${kind}: needs a time for each of the ${nRows} rows, got ${when.filter(Number.isFinite).length}`,
        );
      }
      const sorted = when.slice().sort();
      // Part k begins at the first time not before its share of the rows.
      const starts = Array.from({ length: nFolds }, (_, k) => sorted[Math.round(((k + 1) * nRows) / (nFolds + 1))]);
      const edges = [...new Set(starts)].filter(
        (edge): edge is number => edge !== undefined && edge > (sorted[0] ?? edge),
      );
      if (edges.length < nFolds) {
        throw new DataError(
          `${kind}: ${nRows} rows at ${new Set(when).size} different times make only ${edges.length} parts after the first; use ${edges.length} folds`,
        );
      }
      const holdOuts = edges.map((from, k) => {
        const until = edges[k + 1] ?? Number.POSITIVE_INFINITY;
        const isTest = (i: number): boolean => (when[i] as number) >= from && (when[i] as number) < until;
        return holdOutRows(
          kind,
          `part ${k + 2} of ${nFolds + 1} by time`,
          rows,
          isTest,
          (i) => (when[i] as number) < from,
        );
      });
      const never = nRows - holdOuts.reduce((sum, { test }) => sum + test.length, 0);
      return { holdOuts, remarks: [`the first ${never} rows by time are never tested`] };
    },
  };
}

/** Which end of the range is tested; `outside` tests both ends of it at once. */
export type ExtrapolationSide = "below" | "above" | "outside";

export interface ExtrapolationOptions {
  /** "target", or the name of a feature. @defaultValue "target" */
  readonly by?: string | undefined;
  /** One hold-out each. @defaultValue below and above */
  readonly sides?: readonly ExtrapolationSide[] | undefined;
  /** Share of the rows tested, above 0, at most 0.9. @defaultValue 0.2 */
  readonly share?: number | undefined;
}

/**
 * Trains inside a range of the target or of a feature and tests outside: the question of whoever looks for a stronger
 * alloy than any yet made. "Above" tests the rows above the (1 − share) quantile, "below" those below the share
 * quantile, "outside" those beyond the share / 2 quantiles.
 *
 * @throws DomainError for options outside their range; `plan` throws DataError where one side has no rows
 * @see Xiong et al., Comput. Mater. Sci. 171, 109203 (2020), doi:10.1016/j.commatsci.2019.109203
 * @example
 * const hard = await crossValidate(learner, x, y, extrapolation({ sides: ["above"] }), run);
 */
export function extrapolation(options: ExtrapolationOptions = {}): Splitter {
  const kind = "extrapolation";
  const { by = "target", sides = ["below", "above"], share = 0.2 } = options;
  if (!(share > 0 && share <= 0.9)) {
    throw new DomainError(`${kind}: share must lie above 0 and be at most 0.9, got ${share}`);
  }
  if (sides.length === 0 || sides.some((side) => !["below", "above", "outside"].includes(side))) {
    throw new DomainError(`${kind}: sides must be some of below, above, outside; got ${sides.join(", ")}`);
  }
  return {
    kind,
    plan(rows) {
      if (by === "target" && rows.target === undefined) throw new DataError(`${kind}: needs the target of each row`);
      const values = by === "target" ? Float64Array.from(rows.target ?? []) : featureValues(kind, rows, by);
      const sorted = values.slice().sort();
      const holdOuts = sides.map((side): HoldOut => {
        const low =
          side === "above" ? Number.NEGATIVE_INFINITY : quantileSorted(sorted, side === "below" ? share : share / 2);
        const high =
          side === "below"
            ? Number.POSITIVE_INFINITY
            : quantileSorted(sorted, 1 - (side === "above" ? share : share / 2));
        const bounds = [
          low > Number.NEGATIVE_INFINITY ? `below ${shortNumber(low)}` : "",
          high < Number.POSITIVE_INFINITY ? `above ${shortNumber(high)}` : "",
        ];
        const what = `rows with ${by} ${bounds.filter((text) => text !== "").join(" or ")}`;
        return holdOutRows(kind, what, rows, (i) => (values[i] as number) < low || (values[i] as number) > high);
      });
      return {
        holdOuts,
        remarks: ["rows within the range trained on are not tested; baselines and R² are those of the rows tested"],
      };
    },
  };
}
