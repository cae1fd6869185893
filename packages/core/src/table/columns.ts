import { ShapeError } from "../errors/errors.ts";
import { canonicalUnitText } from "../units/unit.ts";
import type { CategoryColumn, ColumnRole, NumberColumn, TextColumn } from "./column.ts";

export interface CreateColumnOptions {
  readonly role: ColumnRole;
  /** @defaultValue "": no unit */
  readonly unit?: string | undefined;
  /** Column that an `uncertainty` or `censor` column speaks of. */
  readonly describes?: string | undefined;
  /** Original header, where it differs from the name. */
  readonly header?: string | undefined;
}

/**
 * A number column; NaN is missing.
 *
 * @throws ShapeError if `valid` has another length
 * @example
 * createNumberColumn("temperature", [850, NaN], { role: "process", unit: "°C" });
 */
export function createNumberColumn(
  name: string,
  values: ArrayLike<number>,
  options: CreateColumnOptions,
  valid?: Uint8Array,
): NumberColumn {
  const data = values instanceof Float64Array ? values : Float64Array.from(values);
  const mask = valid ?? Uint8Array.from(data, (value) => (Number.isNaN(value) ? 0 : 1));
  if (mask.length !== data.length) {
    throw new ShapeError(`createNumberColumn: "${name}" has ${data.length} values but ${mask.length} validity flags`);
  }
  return { kind: "number", name, ...info(options), values: data, valid: mask };
}

/**
 * A category column; undefined is missing. Labels are listed in the order of first appearance.
 *
 * @example
 * createCategoryColumn("route", ["cast", "rolled", "cast", undefined], { role: "process" });
 */
export function createCategoryColumn(
  name: string,
  texts: readonly (string | undefined)[],
  options: CreateColumnOptions,
): CategoryColumn {
  const index = new Map<string, number>();
  const codes = Int32Array.from(texts, (text) => {
    if (text === undefined) return -1;
    const known = index.get(text);
    if (known !== undefined) return known;
    index.set(text, index.size);
    return index.size - 1;
  });
  return { kind: "category", name, ...info(options), codes, labels: [...index.keys()] };
}

/** A column of formulas, names of alloy grades or free text; undefined is missing. */
export function createTextColumn(
  name: string,
  texts: readonly (string | undefined)[],
  options: CreateColumnOptions & { readonly kind: TextColumn["kind"] },
): TextColumn {
  return { kind: options.kind, name, ...info(options), texts };
}

function info(options: CreateColumnOptions): Omit<CreateColumnOptions, "unit"> & { readonly unit: string } {
  return {
    role: options.role,
    unit: canonicalUnitText(options.unit ?? ""),
    ...(options.describes === undefined ? {} : { describes: options.describes }),
    ...(options.header === undefined ? {} : { header: options.header }),
  };
}
