import { DataError, DomainError } from "@materiome/core";
import { ELEMENT_SYMBOLS } from "@materiome/core/composition";
import { kMeans } from "@materiome/core/numerics";
import { holdOutRows } from "./holdOut.ts";
import { membersOf, type SplitRows, type Splitter } from "./splitter.ts";
import { standardiseFeatures } from "./standardise.ts";

/**
 * Holds out one group after the other; for many groups `groupKFold` is as honest and cheaper.
 *
 * @throws `plan` throws DataError without groups or with a single one
 * @example
 * const validation = await crossValidate(learner, x, { ...y, groups }, leaveOneGroupOut(), run);
 */
export function leaveOneGroupOut(): Splitter {
  const kind = "leaveOneGroupOut";
  return {
    kind,
    plan(rows) {
      const codes = [...membersOf(kind, rows.groups).keys()];
      if (codes.length < 2) throw new DataError(`${kind}: all rows are of one group; use kFold, or name finer groups`);
      const holdOuts = codes.map((code) => holdOutRows(kind, `group ${code}`, rows, (i) => rows.groups?.[i] === code));
      return { holdOuts, remarks: [] };
    },
  };
}

/**
 * Holds out one cluster of the feature space after the other: how the learner does on materials unlike those it saw.
 * Clusters are those of k-means on the features, each scaled to mean 0 and variance 1 (constant ones left out, a missing
 * value at the mean).
 *
 * @throws DomainError for fewer than 2 clusters; `plan` throws DataError without features or for fewer different rows than clusters
 * @see Meredig et al., Mol. Syst. Des. Eng. 3, 819 (2018), doi:10.1039/C8ME00012C
 * @example
 * const { folds } = await crossValidate(learner, x, y, leaveOneClusterOut(5), run);
 */
export function leaveOneClusterOut(nClusters: number): Splitter {
  const kind = "leaveOneClusterOut";
  if (!(Number.isInteger(nClusters) && nClusters >= 2)) {
    throw new DomainError(`${kind}: expected a whole number of at least 2 clusters, got ${nClusters}`);
  }
  return {
    kind,
    plan(rows, random) {
      const { x } = rows;
      if (x === undefined)
        throw new DataError(`${kind}: needs the features of the rows; use crossValidate with features`);
      if (x.rows < nClusters) {
        throw new DataError(`${kind}: ${x.rows} rows make no ${nClusters} clusters; use at most ${x.rows} clusters`);
      }
      const { labels } = kMeans(standardiseFeatures(x)(x), nClusters, random);
      const holdOuts = Array.from({ length: nClusters }, (_, c) =>
        holdOutRows(kind, `cluster ${c + 1}`, rows, (i) => labels[i] === c),
      );
      return { holdOuts, remarks: [] };
    },
  };
}

export interface LeaveOneElementOutOptions {
  /**
   * `contains`: rows with any of the element are tested; `base`: rows of which it is the largest part (alloy family).
   * @defaultValue "contains"
   */
  readonly by?: "contains" | "base" | undefined;
  /** Elements to hold out. @defaultValue those that leave at least `minRows` rows on either side */
  readonly elements?: readonly string[] | undefined;
  /** Least rows to train on and to test, for elements not named. @defaultValue 5 */
  readonly minRows?: number | undefined;
}

/**
 * Holds out all rows that contain an element, or whose base it is, for one element after the other. Amounts are read from
 * the features named "… Cr fraction", "fraction Cr" or "Cr"; a missing amount counts as none. A row with several
 * elements is tested once for each, so the pooled scores weigh it so; the scores of the folds are what to look at.
 *
 * @throws DomainError for options outside their range; `plan` throws DataError if no feature is an amount, or no element
 * can be held out
 * @example
 * const byBase = leaveOneElementOut({ by: "base" });
 */
export function leaveOneElementOut(options: LeaveOneElementOutOptions = {}): Splitter {
  const kind = "leaveOneElementOut";
  const { by = "contains", minRows = 5, elements } = options;
  if (by !== "contains" && by !== "base") throw new DomainError(`${kind}: by must be "contains" or "base", got ${by}`);
  if (!(Number.isInteger(minRows) && minRows >= 2)) {
    throw new DomainError(`${kind}: minRows must be a whole number of at least 2, got ${minRows}`);
  }
  return {
    kind,
    plan(rows) {
      const amounts = amountsOf(kind, rows);
      const holds = by === "contains" ? containing(amounts) : based(amounts, rows.nRows);
      const holdOuts = [];
      const left: string[] = [];
      for (const element of elements ?? amounts.keys()) {
        if (elements !== undefined && !amounts.has(element)) {
          throw new DataError(
            `${kind}: no feature gives the amount of ${element}; there are ${[...amounts.keys()].join(", ")}`,
          );
        }
        const isTest = (i: number): boolean => holds(i, element);
        const n = Array.from({ length: rows.nRows }, (_, i) => i).filter(isTest).length;
        if (elements === undefined && (n < minRows || rows.nRows - n < minRows)) left.push(`${element} (in ${n} rows)`);
        else
          holdOuts.push(
            holdOutRows(kind, by === "base" ? `${element}-based rows` : `rows with ${element}`, rows, isTest),
          );
      }
      if (holdOuts.length === 0) {
        throw new DataError(
          `${kind}: no element leaves at least ${minRows} rows on either side: ${left.join(", ")}; lower minRows, or use leaveOneClusterOut`,
        );
      }
      return {
        holdOuts,
        remarks: left.length === 0 ? [] : [`not held out, for too few rows on one side: ${left.join(", ")}`],
      };
    },
  };
}

/** Amount of each element in each row. */
function amountsOf(kind: string, { x }: SplitRows): Map<string, Float64Array> {
  if (x === undefined) throw new DataError(`${kind}: needs the features of the rows; use crossValidate with features`);
  const amounts = new Map<string, Float64Array>();
  for (const [f, { name }] of x.features.entries()) {
    const element = /^(?:fraction )?([A-Z][a-z]?)$/.exec(name)?.[1] ?? /(?:^| )([A-Z][a-z]?) fraction$/.exec(name)?.[1];
    if (element === undefined || !ELEMENT_SYMBOLS.includes(element) || amounts.has(element)) continue;
    amounts.set(
      element,
      Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + f] as number), // f < columns
    );
  }
  if (amounts.size === 0) {
    throw new DataError(
      `${kind}: no feature is the amount of an element ("Cr fraction", "fraction Cr" or "Cr"); add the fractions of the composition`,
    );
  }
  return amounts;
}

type Holds = (row: number, element: string) => boolean;

function containing(amounts: Map<string, Float64Array>): Holds {
  return (row, element) => (amounts.get(element)?.[row] ?? 0) > 0;
}

function based(amounts: Map<string, Float64Array>, nRows: number): Holds {
  const base = Array.from({ length: nRows }, (_, i) => {
    let most = 0;
    let found = "";
    for (const [element, amount] of amounts) {
      if ((amount[i] as number) > most) [most, found] = [amount[i] as number, element]; // one per row
    }
    return found;
  });
  return (row, element) => base[row] === element;
}
