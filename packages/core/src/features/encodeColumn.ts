import { atomicFractions } from "../composition/composition.ts";
import { magpieFeatureNames, magpieFeatures } from "../composition/magpie.ts";
import type { Composition } from "../composition/parseFormula.ts";
import { DataError, IncompatibleError, UnitError } from "../errors/errors.ts";
import type { Column } from "../table/column.ts";
import { columnTexts } from "../table/columnTexts.ts";
import { type CompositionsFromColumnsOptions, compositionsFromColumns } from "../table/compositionsFromColumns.ts";
import { compositionsOf } from "../table/compositionsOf.ts";
import { elementOf } from "../table/inferRole.ts";
import type { Table } from "../table/table.ts";
import { nearestNames } from "../text/nearestNames.ts";
import { convertUnit, isConvertible } from "../units/convertUnit.ts";
import type { EncodedInput, TableEncoderOptions } from "./encodedInput.ts";

// Each function writes the features of one column and returns how many they are.

/** Where one input writes: features `offset` … of every row of `width` features. */
export interface Block {
  readonly data: Float64Array;
  readonly width: number;
  readonly offset: number;
}

export function encodeNumbers(table: Table, column: Column, unit: string, { data, width, offset }: Block): number {
  const location = { file: table.source, column: column.name };
  if (column.kind !== "number") {
    const i = columnTexts(column).findIndex((text) => text !== undefined);
    if (i < 0) {
      for (let row = 0; row < table.nRows; row++) data[row * width + offset] = Number.NaN;
      return 1;
    }
    throw new IncompatibleError(`numbers are expected, found "${columnTexts(column)[i]}"`, {
      location: { ...location, row: table.rowNumber(i) },
    });
  }
  if (!isConvertible(column.unit, unit)) {
    const has = column.unit === "" ? "has no unit" : `is in ${column.unit}`;
    throw new UnitError(
      `the column ${has}, but was fitted ${unit === "" ? "without a unit" : `in ${unit}`}; state the unit in the header or the schema`,
      { location },
    );
  }
  const values = convertUnit(column.values, column.unit, unit);
  for (const [row, value] of values.entries()) {
    data[row * width + offset] = column.valid[row] === 0 ? Number.NaN : value;
  }
  return 1;
}

export function encodeCategories(
  table: Table,
  column: Column,
  labels: readonly string[],
  unknown: TableEncoderOptions["unknownCategory"],
  { data, width, offset }: Block,
): number {
  const index = new Map(labels.map((label, k) => [label, k]));
  for (const [row, text] of columnTexts(column).entries()) {
    const start = row * width + offset;
    const k = text === undefined ? undefined : index.get(text);
    if (k !== undefined) {
      data[start + k] = 1;
    } else if (text === undefined || unknown === "missing") {
      data.fill(Number.NaN, start, start + labels.length);
    } else if (unknown === "error") {
      const near = nearestNames(text, labels, 1)[0];
      const hint = near === undefined ? `known are ${shortList(labels)}` : `did you mean "${near}"?`;
      throw new DataError(`the label "${text}" was not among the rows that the model was fitted to; ${hint}`, {
        location: { file: table.source, row: table.rowNumber(row), column: column.name },
      });
    }
  }
  return labels.length;
}

export function encodeFormulas(
  table: Table,
  column: Column,
  elements: readonly string[],
  options: TableEncoderOptions,
  { data, width, offset }: Block,
): number {
  const index = new Map(elements.map((element, k) => [element, k]));
  const nFractions = options.features.includes("fractions") ? elements.length + 1 : 0;
  const nMagpie = options.features.includes("magpie") ? magpieFeatureNames().length : 0;
  const done = new Map<Composition, Float64Array>();
  for (const [row, composition] of compositionsOf(table, column).entries()) {
    const start = row * width + offset;
    if (composition === undefined) {
      data.fill(Number.NaN, start, start + nFractions + nMagpie);
      continue;
    }
    let values = done.get(composition);
    if (values === undefined) {
      values = new Float64Array(nFractions + nMagpie);
      if (nFractions > 0) {
        for (const [element, fraction] of atomicFractions(composition)) {
          const k = index.get(element) ?? elements.length;
          values[k] = (values[k] ?? 0) + fraction;
        }
      }
      if (nMagpie > 0) values.set(magpieFeatures(composition, { impute: options.magpieImpute }), nFractions);
      done.set(composition, values);
    }
    data.set(values, start);
  }
  return nFractions + nMagpie;
}

function shortList(labels: readonly string[]): string {
  const shown = labels.slice(0, 8).map((label) => `"${label}"`);
  return labels.length > 8 ? `${shown.join(", ")} and ${labels.length - 8} more` : shown.join(", ");
}

/** True for a number input of role composition that is named after an element. */
export function isElementInput(input: EncodedInput): boolean {
  return (
    input.kind === "number" && input.role === "composition" && elementOf({ ...input, min: 0, max: 0 }) !== undefined
  );
}

/** Magpie statistics of the alloy that the columns of `table` describe together. */
export function encodeElementColumns(
  table: Table,
  options: CompositionsFromColumnsOptions,
  impute: TableEncoderOptions["magpieImpute"],
  { data, width, offset }: Block,
): number {
  const n = magpieFeatureNames().length;
  for (const [row, composition] of compositionsFromColumns(table, options).entries()) {
    const start = row * width + offset;
    if (composition === undefined) data.fill(Number.NaN, start, start + n);
    else data.set(magpieFeatures(composition, { impute }), start);
  }
  return n;
}
