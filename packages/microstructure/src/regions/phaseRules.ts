import { createNumberColumn, FormatError, Table } from "@materiome/core";
import { expression } from "@materiome/core/features";

/** Regions for which `when` holds are of that phase. */
export interface PhaseRule {
  readonly phase: string;
  /** A condition over the columns of the table; see `phasesByRules`. */
  readonly when: string;
}

export interface RulePhases {
  /** Of each row; undefined where no rule holds. */
  readonly phases: readonly (string | undefined)[];
  /** Place of the rule that decided, from 0; −1 where none did. */
  readonly rule: Int32Array;
  /** Labels of the rows without a phase. */
  readonly unlabelled: readonly number[];
}

/**
 * Phases (or defects) of regions by rules: the first rule that holds decides, regions for which none does stay without.
 *
 * A rule is an object or text `"meanGrey > 0.7 and areaUm2 < 3 -> carbide"`. Conditions are those of `expression` in
 * `@materiome/core/features`. Columns go by their name in backticks with units checked (`` `max Feret diameter` < quantity(5, "um") ``),
 * or run together with the unit at the end, as plain numbers: `maxFeretDiameterUm`, `areaUm2`, `orientationDeg`, `meanGrey`,
 * `EulerNumber`. A condition that misses a value does not hold.
 *
 * @param table - of `measureRegions`
 * @throws FormatError for a rule that cannot be read; DataError for an unknown column; UnitError for units that do not fit
 * @example
 * const { phases, unlabelled } = phasesByRules(measureRegions(labels, image), [
 *   "meanGrey > 0.7 and areaUm2 < 3 -> carbide",
 *   { phase: "ferrite", when: "meanGrey <= 0.7" },
 * ]);
 */
export function phasesByRules(table: Table, rules: readonly (PhaseRule | string)[]): RulePhases {
  const wide = withPlainNames(table);
  const held = rules.map((rule, k) => {
    const { phase, when } = typeof rule === "string" ? readPhaseRule(rule) : rule;
    const condition = expression(when, wide);
    if (condition.kind !== "condition") {
      throw new FormatError(
        `phasesByRules: rule ${k + 1} ("${when}") is a number, not a condition such as "areaUm2 < 3"`,
      );
    }
    return { phase, holds: condition.evaluate(wide) };
  });
  const rule = Int32Array.from({ length: table.nRows }, (_, i) => held.findIndex(({ holds }) => holds[i] === 1));
  const phases = Array.from(rule, (k) => held[k]?.phase);
  const labels = table.number("label").values;
  return { phases, rule, unlabelled: [...labels].filter((_, i) => phases[i] === undefined) };
}

/**
 * Reads `"condition -> phase"`.
 *
 * @throws FormatError if there is no arrow, or nothing on one of its sides
 * @example
 * readPhaseRule("circularity < 0.3 -> crack"); // { when: "circularity < 0.3", phase: "crack" }
 */
export function readPhaseRule(text: string): PhaseRule {
  const at = text.lastIndexOf("->");
  const [when, phase] = [text.slice(0, Math.max(0, at)).trim(), text.slice(at + 2).trim()];
  if (at > 0 && when !== "" && phase !== "") return { when, phase };
  throw new FormatError(
    `readPhaseRule: "${text}" is no rule; write "condition -> phase", as in "areaUm2 < 3 -> carbide"`,
  );
}

/** The table with each number column once more under a plain name, without a unit. */
function withPlainNames(table: Table): Table {
  const known = new Set(table.names);
  const plain = table.columns.flatMap((column) => {
    if (column.kind !== "number") return [];
    const words = column.name.split(" ");
    const name =
      words.map((word, k) => (k === 0 ? word : `${word.charAt(0).toUpperCase()}${word.slice(1)}`)).join("") +
      column.unit.charAt(0).toUpperCase() +
      column.unit.slice(1).replace("^", "");
    if (known.has(name)) return [];
    known.add(name);
    return [createNumberColumn(name, column.values, { role: column.role }, column.valid)];
  });
  return new Table([...table.columns, ...plain], table.source, table.rowNumbers);
}
