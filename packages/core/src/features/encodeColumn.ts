import { atomicFractions } from "../composition/composition.ts";
import type { CompositionFeaturizer } from "../composition/compositionFeaturizer.ts";
import type { Composition } from "../composition/parseFormula.ts";
import { DataError, IncompatibleError, UnitError } from "../errors/errors.ts";
import type { Column } from "../table/column.ts";
import { columnTexts } from "../table/columnTexts.ts";
import type { CompositionKind } from "../table/compositionOfText.ts";
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
  input: Extract<EncodedInput, { kind: "category" }>,
  unknown: TableEncoderOptions["unknownCategory"],
  { data, width, offset }: Block,
): number {
  const { labels, encoding = "one-hot", frequencies } = input;
  const index = new Map(labels.map((label, k) => [label, k]));
  const count = encoding === "one-hot" ? labels.length : 1;
  for (const [row, text] of columnTexts(column).entries()) {
    const start = row * width + offset;
    const k = text === undefined ? undefined : index.get(text);
    if (k !== undefined) {
      if (encoding === "one-hot") data[start + k] = 1;
      else data[start] = encoding === "ordinal" ? k : (frequencies?.[k] ?? Number.NaN);
    } else if (text === undefined || unknown === "missing") {
      data.fill(Number.NaN, start, start + count);
    } else if (unknown === "error") {
      const near = nearestNames(text, labels, 1)[0];
      const hint = near === undefined ? `known are ${shortList(labels)}` : `did you mean "${near}"?`;
      throw new DataError(`the label "${text}" was not among the rows that the model was fitted to; ${hint}`, {
        location: { file: table.source, row: table.rowNumber(row), column: column.name },
      });
    } else if (encoding === "ordinal") {
      data[start] = Number.NaN;
    }
  }
  return count;
}

/** Fractions of the elements met while fitting (if `withFractions`), then the features of each featurizer. */
export function encodeFormulas(
  table: Table,
  column: Column,
  { kind, elements }: Extract<EncodedInput, { readonly kind: CompositionKind }>,
  withFractions: boolean,
  featurizers: readonly CompositionFeaturizer[],
  { data, width, offset }: Block,
): number {
  const index = new Map(elements.map((element, k) => [element, k]));
  const nFractions = withFractions ? elements.length + 1 : 0;
  const count = nFractions + countFeatures(featurizers);
  const done = new Map<Composition, Float64Array>();
  for (const [row, composition] of compositionsOf(table, column, kind).entries()) {
    const start = row * width + offset;
    if (composition === undefined) {
      data.fill(Number.NaN, start, start + count);
      continue;
    }
    let values = done.get(composition);
    if (values === undefined) {
      values = new Float64Array(count);
      if (nFractions > 0) {
        for (const [element, fraction] of atomicFractions(composition)) {
          const k = index.get(element) ?? elements.length;
          values[k] = (values[k] ?? 0) + fraction;
        }
      }
      featurizeAll(featurizers, composition, values, nFractions);
      done.set(composition, values);
    }
    data.set(values, start);
  }
  return count;
}

function countFeatures(featurizers: readonly CompositionFeaturizer[]): number {
  return featurizers.reduce((sum, { features }) => sum + features.length, 0);
}

function featurizeAll(
  featurizers: readonly CompositionFeaturizer[],
  composition: Composition,
  out: Float64Array,
  offset: number,
): void {
  let at = offset;
  for (const featurizer of featurizers) {
    featurizer.featurize(composition, out, at);
    at += featurizer.features.length;
  }
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

/** Features of the alloy that the columns of `table` describe together. */
export function encodeElementColumns(
  table: Table,
  options: CompositionsFromColumnsOptions,
  featurizers: readonly CompositionFeaturizer[],
  { data, width, offset }: Block,
): number {
  const n = countFeatures(featurizers);
  for (const [row, composition] of compositionsFromColumns(table, options).entries()) {
    const start = row * width + offset;
    if (composition === undefined) data.fill(Number.NaN, start, start + n);
    else featurizeAll(featurizers, composition, data, start);
  }
  return n;
}
