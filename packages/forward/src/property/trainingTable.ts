import {
  type Column,
  countPresent,
  DataError,
  type DerivedGroups,
  inputColumnsFor,
  isPresent,
  type RunContext,
  resolveColumn,
  type Table,
  type Targets,
} from "@materiome/core";
import {
  type ElementColumnsOptions,
  type FeatureStep,
  type FormulaFeatures,
  featurePipeline,
  type TableEncoder,
  tableFeaturizer,
} from "@materiome/core/features";

/** What is made of the columns of a table. */
export interface FeatureOptions {
  /** Input columns. @defaultValue all of role composition, process, condition and structure */
  readonly inputs?: readonly string[] | undefined;
  /** Lets properties other than the targets be inputs. @defaultValue false */
  readonly useProperties?: boolean | undefined;
  /** Features of formula columns. @defaultValue fractions and magpie */
  readonly features?: readonly FormulaFeatures[] | undefined;
  /** Adds composition features of the alloy that the element columns describe together. @defaultValue none */
  readonly elementColumns?: ElementColumnsOptions | undefined;
  /** What is done to the features, in this order; fitted inside each fold, with the targets of its training rows. @defaultValue none */
  readonly steps?: readonly FeatureStep[] | undefined;
}

/**
 * Fits the features of some rows.
 *
 * @param targetsIn - what was measured in these rows and no others: a step that selects by it sees its fold only
 */
export function featureFitter(
  inputs: readonly string[],
  targets: readonly string[],
  options: FeatureOptions,
  targetsIn: (rows: Table) => Targets | undefined,
): (rows: Table, context: RunContext) => Promise<TableEncoder> {
  return (rows, context) => {
    const columns = tableFeaturizer({
      inputs: inputs.filter((input) => countPresent(rows.column(input)) > 0), // a fold may hold none of the values
      targets,
      ...(options.features === undefined ? {} : { features: options.features }),
      elementColumns: options.elementColumns,
      unknownCategory: "other", // the domain check speaks of it
    });
    const featurizer = options.steps === undefined ? columns : featurePipeline(columns, options.steps);
    return featurizer.fit(rows, { ...context, onProgress: undefined, targets: targetsIn(rows) });
  };
}

/** Rows with at least one measured target, and a list of what is missing where. */
export function measuredRows(
  table: Table,
  targets: readonly { readonly name: string }[],
): {
  readonly rows: Int32Array;
  readonly dropped: readonly { readonly reason: string; readonly rows: readonly number[] }[];
} {
  const all = Array.from({ length: table.nRows }, (_, i) => i);
  const dropped = targets.map(({ name }) => ({
    reason: `no value of the target "${name}"`,
    rows: all.filter((i) => !isPresent(table.column(name), i)).map((i) => table.rowNumber(i)),
  }));
  return {
    rows: Int32Array.from(all.filter((i) => targets.some(({ name }) => isPresent(table.column(name), i)))),
    dropped: dropped.filter((entry) => entry.rows.length > 0),
  };
}

/**
 * Labels of a column that groups rows are no inputs unless asked for by name: a held-out group has none that training knew, so that each
 * of its rows would lie outside the domain. Numbers and compositions that group rows stay.
 *
 * @returns the inputs with values in the rows kept, and those asked for or possible that have none there
 */
export function inputNames(
  table: Table,
  kept: Table,
  targets: readonly { readonly name: string }[],
  options: {
    readonly inputs?: readonly string[] | undefined;
    readonly groups?: readonly string[] | undefined;
    readonly useProperties?: boolean | undefined;
  },
): { readonly inputs: string[]; readonly empty: string[] } {
  const grouping = (options.groups ?? []).map((name) => resolveColumn(table, name));
  const labels = grouping.filter(({ kind }) => kind === "category" || kind === "text").map(({ name }) => name);
  const names =
    options.inputs?.map((name) => resolveColumn(table, name).name) ??
    inputColumnsFor(
      table,
      targets.map((target) => target.name),
      { useProperties: options.useProperties },
    )
      .map((column) => column.name)
      .filter((name) => !labels.includes(name));
  const inputs = names.filter((name) => countPresent(kept.column(name)) > 0);
  if (inputs.length === 0) {
    throw new DataError(
      names.length === 0
        ? "trainPropertyModel: no column can be an input; give columns the role composition, process, condition or structure in the schema, or name the inputs"
        : `trainPropertyModel: no input has a value in the rows with a measured target: ${names.join(", ")}`,
      { location: { file: table.source } },
    );
  }
  return { inputs, empty: names.filter((name) => !inputs.includes(name)) };
}

/** Columns that a stored model keeps of its training rows. */
export function trainingColumns(
  table: Table,
  inputs: readonly string[],
  targets: readonly { readonly name: string }[],
  grouping: DerivedGroups,
): string[] {
  const wanted = new Set([...inputs, ...grouping.columns, ...targets.map((target) => target.name)]);
  return table.columns
    .filter(({ name, role }) => wanted.has(name) || role === "id" || role === "group")
    .map(({ name }) => name);
}

/** Values with NaN where there is none; undefined for what is no number. */
export function numbersOrNone(column: Column): Float64Array | undefined {
  if (column.kind !== "number") return undefined;
  return column.values.map((value, i) => (column.valid[i] === 0 ? Number.NaN : value));
}

/** Contexts of the stages of one training, whose progress adds up. */
export function stageCounter(run: RunContext, nStages: number): (random: RunContext["random"]) => RunContext {
  let next = 0;
  return (random) => {
    const stage = next++;
    return {
      ...run,
      random,
      onProgress: (p) =>
        run.onProgress?.({ stage: "train", done: stage + p.done / Math.max(1, p.total), total: nStages }),
    };
  };
}
