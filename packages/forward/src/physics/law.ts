import { createNumberColumn, DomainError, type Feature, type Matrix, Table } from "@materiome/core";
import { type Expression, expression } from "@materiome/core/features";

/** A free constant of a law. */
export interface LawParameter {
  readonly name: string;
  /** "" for a plain number. */
  readonly unit: string;
}

/** A physical law: an expression of features and parameters, units checked. */
export interface Law {
  readonly text: string;
  readonly features: readonly Feature[];
  readonly parameters: readonly LawParameter[];
  /** Of the result. */
  readonly unit: string;
  /** Values of the law in rows of all features; NaN where it does not exist. */
  values(x: Matrix, parameters: Float64Array): Float64Array;
  /** Derivatives by the parameters, shape [nSamples, nParameters]. */
  derivatives(x: Matrix, parameters: Float64Array): Matrix;
}

/**
 * Reads a law. Features are named as in the feature matrix and have its units.
 *
 * @param unit - of the result, which the expression must give or convert to
 * @throws FormatError, DataError or UnitError for an expression that cannot be read, names what is not there or has other units
 * @throws DomainError for a parameter that is a feature too, one that the law does not name, or a condition
 */
export function readLaw(
  text: string,
  features: readonly Feature[],
  parameters: readonly LawParameter[],
  unit: string,
): Law {
  const taken = parameters.find(({ name }) => features.some((feature) => feature.name === name));
  if (taken !== undefined) {
    throw new DomainError(`law "${text}": "${taken.name}" is a feature as well as a parameter; rename the parameter`);
  }
  const shown = new Table([
    ...features.map((feature) => createNumberColumn(feature.name, [], { role: "process", unit: feature.unit })),
    ...parameters.map((p) => createNumberColumn(p.name, [], { role: "process", unit: p.unit })),
  ]);
  const read: Expression = expression(text, shown, { unit, outside: "missing" });
  if (read.kind === "condition") throw new DomainError(`law "${text}": is a condition; a number is needed`);
  const used = features.flatMap((feature, f) => (read.columns.some(({ name }) => name === feature.name) ? [f] : []));
  for (const { name } of parameters) {
    if (read.columns.some((column) => column.name === name)) continue;
    throw new DomainError(`law "${text}": has no parameter "${name}"; leave it out or name it in the law`);
  }
  const tableOf = (x: Matrix, values: Float64Array): Table =>
    new Table([
      ...used.map((f) => {
        const { name, unit } = features[f] as Feature; // f < features.length
        const data = Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + f] as number);
        return createNumberColumn(name, data, { role: "process", unit });
      }),
      ...parameters.map(({ name, unit }, p) =>
        createNumberColumn(name, new Float64Array(x.rows).fill(values[p] as number), { role: "process", unit }),
      ),
    ]);
  const numeric = read.columns.map(({ name }) => name);
  return {
    text,
    features,
    parameters,
    unit,
    values(x, at) {
      // A law of parameters alone has no column to tell the rows from.
      if (x.rows === 0) return new Float64Array(0);
      return used.length + parameters.length === 0
        ? new Float64Array(x.rows).fill(constantOf(read))
        : read.evaluate(tableOf(x, at));
    },
    derivatives(x, at) {
      const table = tableOf(x, at);
      const m = parameters.length;
      const data = new Float64Array(x.rows * m);
      const places = parameters.map(({ name }) => numeric.indexOf(name));
      for (let i = 0; i < x.rows; i++) {
        const slopes = read.gradient(table, i);
        for (const [p, place] of places.entries()) data[i * m + p] = slopes[place] as number; // one per numeric column
      }
      return { rows: x.rows, columns: m, data };
    },
  };
}

function constantOf(read: Expression): number {
  const one = new Table([createNumberColumn("row", [0], { role: "note" })]);
  return read.evaluate(one)[0] as number; // one row
}
