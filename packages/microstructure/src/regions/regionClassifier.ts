import {
  type Classes,
  type ClassPrediction,
  convertUnit,
  DataError,
  type FeatureMatrix,
  IncompatibleError,
  isConvertible,
  type Learner,
  type Matrix,
  type Model,
  type RunContext,
  ShapeError,
  type Table,
} from "@materiome/core";

export type RegionLearner = Learner<FeatureMatrix, Classes, Model<FeatureMatrix, ClassPrediction>>;

/** Regions of one image whose phases a person has named; undefined: not named, left out. */
export interface NamedRegions {
  readonly table: Table;
  readonly phases: readonly (string | undefined)[];
}

/** A trained classifier of regions; needs tables with the same columns in convertible units. */
export interface RegionClassifier {
  readonly columns: readonly { readonly name: string; readonly unit: string }[];
  readonly phases: readonly string[];
  readonly model: Model<FeatureMatrix, ClassPrediction>;
}

export interface TrainRegionClassifierOptions {
  /** Columns to learn from. @defaultValue all number columns of role `structure` of the first table */
  readonly columns?: readonly string[] | undefined;
}

/**
 * Trains any classifier on the columns of region tables. Regions of one image are one group, which a learner that resamples keeps
 * together.
 *
 * @param named - one entry per image
 * @param learner - such as `createRandomForestClassifier` of `@materiome/forward`
 * @throws DataError for fewer than two phases, or missing values that the learner cannot take
 * @throws ShapeError if phases and rows differ in number; IncompatibleError or UnitError for tables that do not fit each other
 * @example
 * const classifier = await trainRegionClassifier([{ table, phases }], learner, { random });
 */
export async function trainRegionClassifier(
  named: readonly NamedRegions[],
  learner: RegionLearner,
  run: RunContext & TrainRegionClassifierOptions,
): Promise<RegionClassifier> {
  const [first] = named;
  if (first === undefined) throw new DataError("trainRegionClassifier: there are no tables to learn from");
  const { columns: wanted, ...context } = run;
  const names =
    wanted ?? first.table.columns.filter((c) => c.kind === "number" && c.role === "structure").map((c) => c.name);
  const columns = names.map((name) => ({ name, unit: first.table.number(name).unit }));
  const rows: number[] = [];
  const texts: string[] = [];
  const groups: number[] = [];
  for (const [k, { table, phases }] of named.entries()) {
    if (phases.length !== table.nRows) {
      throw new ShapeError(
        `trainRegionClassifier: table ${k + 1} has ${table.nRows} regions, but ${phases.length} phases`,
      );
    }
    const { data } = featuresOf(table, columns, "trainRegionClassifier");
    for (const [i, phase] of phases.entries()) {
      if (phase === undefined) continue;
      for (let c = 0; c < columns.length; c++) rows.push(data[i * columns.length + c]!); // row i of the table
      texts.push(phase);
      groups.push(k);
    }
  }
  const labels = [...new Set(texts)].sort();
  if (labels.length < 2) {
    throw new DataError(
      `trainRegionClassifier: regions of at least 2 phases must be named, got ${labels.join(", ") || "none"}`,
    );
  }
  const x = matrixOf(Float64Array.from(rows), columns);
  if (!learner.supports.has("missing") && x.data.some(Number.isNaN)) {
    throw new DataError(
      "trainRegionClassifier: some values are missing, which this learner cannot take; leave those columns out",
    );
  }
  const codes = Int32Array.from(texts, (phase) => labels.indexOf(phase));
  const y: Classes = { kind: "classification", codes, labels, groups: Int32Array.from(groups) };
  return { columns, phases: labels, model: await learner.fit(x, y, context) };
}

export interface ClassifyRegionsOptions {
  /** Regions whose likeliest phase has a lower probability stay without. @defaultValue 0 */
  readonly minProbability?: number | undefined;
}

export interface ClassifiedRegions {
  /** Of each row; undefined below `minProbability`. */
  readonly phases: readonly (string | undefined)[];
  /** [nRegions, nPhases], in the order of `classifier.phases`. */
  readonly probabilities: Matrix;
  /** Labels of the rows without a phase. */
  readonly unlabelled: readonly number[];
}

/**
 * Phases of regions by a trained classifier.
 *
 * @param table - with the columns of the training, in the same or convertible units
 * @throws IncompatibleError for columns that are missing or of other units
 * @example
 * const { phases, unlabelled } = await classifyRegions(table, classifier, { minProbability: 0.6 });
 */
export async function classifyRegions(
  table: Table,
  classifier: RegionClassifier,
  options: ClassifyRegionsOptions = {},
): Promise<ClassifiedRegions> {
  const minProbability = options.minProbability ?? 0;
  const { probabilities, labels } = await classifier.model.predict(
    featuresOf(table, classifier.columns, "classifyRegions"),
  );
  const phases = Array.from({ length: table.nRows }, (_, i) => {
    const row = probabilities.data.subarray(i * labels.length, (i + 1) * labels.length);
    const best = row.reduce((most, p, k) => (p > row[most]! ? k : most), 0); // most < length
    return row[best]! >= minProbability ? labels[best] : undefined; // best < length
  });
  const numbers = table.number("label").values;
  return { phases, probabilities, unlabelled: [...numbers].filter((_, i) => phases[i] === undefined) };
}

function featuresOf(table: Table, columns: RegionClassifier["columns"], caller: string): FeatureMatrix {
  const n = columns.length;
  const data = new Float64Array(table.nRows * n);
  for (const [c, { name, unit }] of columns.entries()) {
    if (!table.has(name))
      throw new IncompatibleError(`${caller}: the table has no column "${name}"; measure it as well`);
    const column = table.number(name);
    if (column.unit !== unit && !isConvertible(column.unit, unit)) {
      throw new IncompatibleError(
        `${caller}: column "${name}" is in ${column.unit || "no unit"}, expected ${unit || "no unit"}; calibrate all images, or none`,
      );
    }
    const values = column.unit === unit ? column.values : convertUnit(column.values, column.unit, unit);
    for (let i = 0; i < table.nRows; i++) data[i * n + c] = values[i]!; // a value per row
  }
  return matrixOf(data, columns);
}

function matrixOf(data: Float64Array, columns: RegionClassifier["columns"]): FeatureMatrix {
  const features = columns.map(({ name, unit }) => ({ name, unit, source: [name] }));
  return { data, rows: columns.length === 0 ? 0 : data.length / columns.length, columns: columns.length, features };
}
