import { type Column, type FeatureMatrix, inputColumnsFor, Table } from "@materiome/core";
import {
  type Composition,
  type CompositionFeaturizerName,
  type CompositionsFromColumnsOptions,
  compositionFeaturizer,
  compositionsFromColumns,
  compositionsOf,
} from "@materiome/core/composition";

/** How many rows, reasons or sets of gaps are named before the rest is counted. */
const SHOWN = 10;

/** Rows of the file in which a feature is missing. */
export interface Gaps {
  readonly feature: string;
  readonly rows: readonly number[];
}

/** Why numbers are missing, and in which rows of the file. */
export interface Reason {
  readonly reason: string;
  readonly rows: readonly number[];
}

/** Features with missing numbers. */
export function missingFeatures(x: FeatureMatrix, table: Table): Gaps[] {
  return x.features.flatMap(({ name }, k) => {
    const rows = Array.from({ length: x.rows }, (_, i) => i).filter((i) => Number.isNaN(x.data[i * x.columns + k]));
    return rows.length === 0 ? [] : [{ feature: name, rows: rows.map((i) => table.rowNumber(i)) }];
  });
}

/** Rows in which every feature is missing. */
export function rowsWithout(x: FeatureMatrix): number[] {
  return Array.from({ length: x.rows }, (_, i) => i).filter((i) =>
    x.data.subarray(i * x.columns, (i + 1) * x.columns).every(Number.isNaN),
  );
}

/** "rows 3, 5 and 12 more". */
export function rowsText(rows: readonly number[]): string {
  const shown = rows.slice(0, SHOWN).join(", ");
  const more = rows.length > SHOWN ? ` and ${rows.length - SHOWN} more` : "";
  return `row${rows.length === 1 ? "" : "s"} ${shown}${more}`;
}

/** One line per set of rows with gaps. */
export function gapLines(missing: readonly Gaps[]): string[] {
  const featuresOf = new Map<string, string[]>();
  for (const { feature, rows } of missing) {
    const where = rowsText(rows);
    featuresOf.set(where, [...(featuresOf.get(where) ?? []), feature]);
  }
  const lines = [...featuresOf].map(([where, features]) => {
    if (features.length === 1) return `"${features[0]}" is missing in ${where}`;
    return `${features.length} features ("${features[0]}", "${features[1]}"${features.length > 2 ? ", …" : ""}) are missing in ${where}`;
  });
  const more = lines.length > SHOWN ? [`… and ${lines.length - SHOWN} more sets of gaps (--json lists them)`] : [];
  return [...lines.slice(0, SHOWN), ...more];
}

/** One line per reason, the first of them. */
export function reasonLines(reasons: readonly Reason[]): string[] {
  return reasons.slice(0, SHOWN).map(({ reason, rows }) => `${reason} (${rowsText(rows)})`);
}

/**
 * Why features of compositions are missing, as the featurizers say it, with the rows.
 *
 * @param alloy - how element columns were read as an alloy, where they were
 */
export function reasonsOf(
  table: Table,
  features: readonly string[],
  targets: readonly string[],
  alloy: CompositionsFromColumnsOptions | undefined,
): Reason[] {
  const rowsOf = new Map<string, number[]>();
  const featurizers = features.flatMap((text) => {
    const [name = "", preset] = text.split(":");
    return text === "fractions" ? [] : [compositionFeaturizer(name as CompositionFeaturizerName, preset)];
  });
  const inputs = inputColumnsFor(table, targets);
  const described = inputs.filter(isComposition).map((column) => compositionsOf(table, column));
  if (alloy !== undefined) {
    const elements = new Table(inputs, table.source, table.rowNumbers);
    described.push(compositionsFromColumns(elements, alloy));
  }
  for (const compositions of described) {
    const known = new Map<Composition, readonly string[]>();
    for (const [i, composition] of compositions.entries()) {
      if (composition === undefined) continue;
      const reasons = known.get(composition) ?? featurizers.flatMap((featurizer) => featurizer.missing(composition));
      known.set(composition, reasons);
      for (const reason of reasons) rowsOf.set(reason, [...(rowsOf.get(reason) ?? []), table.rowNumber(i)]);
    }
  }
  return [...rowsOf].map(([reason, rows]) => ({ reason, rows }));
}

/** Formulas, and whatever else names a whole composition in one cell. */
export function isComposition({ kind }: Column): boolean {
  return kind !== "number" && kind !== "category" && kind !== "text";
}
