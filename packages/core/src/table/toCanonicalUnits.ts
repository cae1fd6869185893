import { type CanonicalUnit, canonicalUnitFor, ENGINEERING_UNITS } from "../units/canonicalUnits.ts";
import { isConvertible } from "../units/convertUnit.ts";
import { canonicalUnitText, isKnownUnit, parseUnit } from "../units/unit.ts";
import type { Column } from "./column.ts";
import { convertColumns } from "./convertColumns.ts";
import { resolveColumn } from "./resolveColumn.ts";
import type { Table } from "./table.ts";

export interface ToCanonicalUnitsOptions {
  /** Which unit for which quantity. @defaultValue ENGINEERING_UNITS */
  readonly units?: readonly CanonicalUnit[] | undefined;
  /** Units of single columns (name or header), which come before the table of units. @defaultValue none */
  readonly columns?: Readonly<Record<string, string>> | undefined;
  /** Columns of temperature differences. @defaultValue those whose name says so (ΔT, undercooling, temperature range, …) */
  readonly differences?: readonly string[] | undefined;
}

/** A column that got another unit. */
export interface UnitChange {
  readonly column: string;
  readonly from: string;
  readonly to: string;
  /** True where a temperature was taken for a difference, which has no offset. */
  readonly isDifference: boolean;
}

/** A number column whose unit stayed, and why. */
export interface KeptUnit {
  readonly column: string;
  readonly unit: string;
  readonly reason: "no unit" | "unknown unit" | "no canonical unit" | "already canonical";
}

export interface CanonicalUnitsResult {
  readonly table: Table;
  readonly changes: readonly UnitChange[];
  readonly kept: readonly KeptUnit[];
}

/**
 * Converts every number column to the canonical unit of its quantity, by a table of units that can be given. Nothing is
 * guessed: columns without a unit, or with one that no line of the table fits, stay, and are listed. An uncertainty column
 * follows the column it describes. Original units stay with the columns ({@link restoreUnits}).
 *
 * A column of temperature differences has its name or `differences` to tell it: in °C it keeps its numbers and is called
 * K, and 9 °F become 5 K.
 *
 * @throws UnitError, DomainError, DataError as {@link convertColumns}
 * @example
 * const { table: si, changes } = toCanonicalUnits(table, { units: SI_UNITS });
 */
export function toCanonicalUnits(table: Table, options: ToCanonicalUnitsOptions = {}): CanonicalUnitsResult {
  const units = options.units ?? ENGINEERING_UNITS;
  const asked = new Map(
    Object.entries(options.columns ?? {}).map(
      ([name, unit]) => [resolveColumn(table, name).name, canonicalUnitText(unit)] as const,
    ),
  );
  const declared = options.differences?.map((name) => resolveColumn(table, name).name);
  const isDifference = (column: Column): boolean =>
    parseUnit(column.unit).dimension === "K1" &&
    (column.isDifference === true || (declared?.includes(column.name) ?? DIFFERENCE.test(column.name)));
  const target = (column: Column): string | undefined => {
    const own = asked.get(column.name);
    if (own !== undefined) return own;
    if (isDifference(column)) return "K";
    return canonicalUnitFor(column.unit, column.role, column.name, units);
  };
  const wanted: Record<string, string> = {};
  const changes: UnitChange[] = [];
  const kept: KeptUnit[] = [];
  for (const column of table.columns) {
    if (column.kind !== "number") continue;
    const subject =
      column.role === "uncertainty" && column.describes !== undefined && table.has(column.describes)
        ? table.column(column.describes)
        : column;
    const ofSubject = asked.get(column.name) ?? target(subject) ?? subject.unit;
    const unit = subject === column || !isConvertible(column.unit, ofSubject) ? target(column) : ofSubject;
    const { name } = column;
    if (unit !== undefined && unit !== column.unit) {
      wanted[name] = unit;
      changes.push({
        column: name,
        from: column.unit,
        to: unit,
        isDifference: isDifference(column) || (subject !== column && parseUnit(unit).dimension === "K1"),
      });
    } else {
      const reason =
        column.unit === "" ? "no unit" : !isKnownUnit(column.unit) ? "unknown unit" : unit === undefined ? "no canonical unit" : "already canonical"; // biome-ignore format: one decision
      kept.push({ column: name, unit: column.unit, reason });
    }
  }
  const differences = changes.filter((change) => change.isDifference).map((change) => change.column);
  return { table: convertColumns(table, wanted, { differences }), changes, kept };
}

const DIFFERENCE =
  /Δ|\bdelta\b|\bdT\b|difference|under-?cool|super-?cool|super-?heat|overheat|hysteresis|temperature (?:rise|drop|increase|decrease|range|interval|window|span|width)|(?:freezing|solidification|transformation|melting) (?:range|interval)/i;
