import { DataError, DomainError, type Feature, type Matrix } from "@materiome/core";
import { isElement } from "@materiome/core/composition";

/** Features that are amounts of elements. */
export interface AmountColumns {
  /** Columns of the matrix, and the element of each. */
  readonly columns: readonly number[];
  readonly elements: readonly string[];
  /** The amount of a pure element: 1, 100 or a million. */
  readonly whole: number;
}

/** Units of amounts, and the whole in each. */
const UNITS: Readonly<Record<string, number>> = {
  "atomic fraction": 1,
  "at%": 100,
  appm: 1e6,
  "mass fraction": 1,
  "wt%": 100,
  wppm: 1e6,
};

/**
 * The features that are amounts of elements: those that `named` says, else those in a unit of amounts whose name ends in the symbol of an element, as
 * `Fe fraction` of a formula or the column `Cr` in wt%.
 *
 * @param named - element of each feature, by the feature's name, as fractions of the whole
 * @throws DataError where there are none, an element stands twice, or they stand in several units
 */
export function findAmounts(
  caller: string,
  features: readonly Feature[],
  named: { readonly [feature: string]: string } | undefined,
): AmountColumns {
  const columns: number[] = [];
  const elements: string[] = [];
  const units = new Set<string>();
  for (const [f, { name, unit }] of features.entries()) {
    const element = named === undefined ? (unit in UNITS ? elementIn(name) : undefined) : named[name];
    if (element === undefined) continue;
    if (elements.includes(element)) {
      throw new DataError(
        `${caller}: "${features[columns[elements.indexOf(element)] as number]?.name}" and "${name}" are both amounts of ${element}; keep one of them, or name the amounts`,
      );
    }
    columns.push(f);
    elements.push(element);
    units.add(named === undefined ? unit : "atomic fraction");
  }
  if (columns.length === 0) {
    throw new DataError(
      `${caller}: no feature is the amount of an element, so there is no composition to attend to; give a formula or columns such as Cr (wt%), or use another learner (mlp)`,
    );
  }
  const [unit, ...others] = units;
  if (others.length > 0) {
    throw new DataError(`${caller}: amounts stand in ${[...units].join(", ")}; convert them to one unit`);
  }
  return { columns, elements, whole: UNITS[unit as string] ?? 1 };
}

function elementIn(name: string): string | undefined {
  const symbol = /(?:^|[: ])([A-Z][a-z]?)(?: fraction)?$/.exec(name)?.[1] ?? /^([A-Z][a-z]?)[ _]/.exec(name)?.[1];
  return symbol !== undefined && isElement(symbol) ? symbol : undefined;
}

/** Amounts as fractions of the whole, [nSamples, nElements]. */
export function fractionsOf({ columns, elements, whole }: AmountColumns, x: Matrix): Matrix {
  const data = new Float64Array(x.rows * columns.length);
  for (let i = 0; i < x.rows; i++) {
    for (const [e, f] of columns.entries()) {
      const value = (x.data[i * x.columns + f] as number) / whole; // f < columns
      if (value < 0) {
        throw new DomainError(
          `element attention: the amount of ${elements[e]} is ${value * whole} in row ${i}; expected at least 0`,
        );
      }
      data[i * columns.length + e] = value;
    }
  }
  return { rows: x.rows, columns: columns.length, data };
}
