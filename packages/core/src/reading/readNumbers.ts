import type { ProblemList } from "../errors/problemList.ts";
import type { CellNotation } from "../table/column.ts";
import { isLabelName } from "../table/inferRole.ts";
import { type DecimalSign, numberRemedy, parseNumber } from "../table/numberText.ts";
import { convertDifference, convertUnit, isConvertible } from "../units/convertUnit.ts";
import { canonicalUnitText } from "../units/unit.ts";
import type { Header } from "./columnHeaders.ts";
import { type Measurement, parseMeasurement } from "./measurement.ts";
import type { MissingTexts } from "./missing.ts";
import { forEachText, type RawColumn, textsOf } from "./rawColumn.ts";

export interface ReadNumbersOptions {
  readonly decimal: DecimalSign;
  readonly missing: MissingTexts;
  readonly certificates: boolean;
  readonly coverageFactor: number;
  /** Unit that schema or header state; "" where neither does. */
  readonly unit: string;
  readonly rowNumbers: ArrayLike<number>;
}

/** A column of numbers with what its cells said besides. */
export interface ReadNumbers {
  readonly values: Float64Array;
  readonly valid: Uint8Array;
  /** The unit stated before, else the one that the cells state. */
  readonly unit: string;
  /** Standard uncertainties, NaN where none is stated; absent where no cell states one. */
  readonly sigma?: Float64Array | undefined;
  /** "left", "right", or undefined for each row; absent where no cell is censored. */
  readonly censor?: readonly (string | undefined)[] | undefined;
  readonly notation?: CellNotation | undefined;
}

/** The numbers of a column; texts that are none are listed as problems. */
export function readNumbers(
  header: Header,
  column: RawColumn,
  options: ReadNumbersOptions,
  problems: ProblemList,
): ReadNumbers {
  const { decimal, missing, rowNumbers } = options;
  const { labels } = textsOf(column);
  const mayMeasure = options.certificates && !isLabelName(header.name);
  let nPlain = column.plan === "numbers" ? column.nNumbers : 0;
  const numbers = new Float64Array(labels.length).fill(Number.NaN);
  const measured = new Map<number, Measurement>();
  const wrong = new Set<number>();
  for (const [code, text] of labels.entries()) {
    if (missing.hasAsNumber(text)) continue;
    const number = parseNumber(text, decimal);
    if (number !== undefined && Number.isFinite(number)) {
      numbers[code] = number;
      nPlain++;
      continue;
    }
    const found = mayMeasure && number === undefined ? parseMeasurement(text, decimal, header.name) : undefined;
    if (found === undefined) wrong.add(code);
    else measured.set(code, found);
  }
  const n = column.plan === "numbers" ? column.values.length : column.codes.length;
  const values = column.plan === "numbers" ? column.values : new Float64Array(n).fill(Number.NaN);
  const valid = column.plan === "numbers" ? column.valid : new Uint8Array(n);
  const units = measured.size === 0 ? undefined : unitsOfCells(column, measured, options.unit, nPlain > 0);
  let sigma: Float64Array | undefined;
  let censor: (string | undefined)[] | undefined;
  const notation: { -readonly [K in keyof CellNotation]: number } = {};
  const note = (key: keyof CellNotation): void => {
    notation[key] = (notation[key] ?? 0) + 1;
  };
  forEachText(column, (row, code) => {
    const cell = measured.get(code);
    if (cell === undefined) {
      const number = numbers[code] ?? Number.NaN;
      if (wrong.has(code)) {
        const text = labels[code] ?? "";
        const at = { row: rowNumbers[row], column: header.header };
        problems.add(`"${text}" is not a number; ${numberRemedy(text, decimal)}`, at);
      } else if (!Number.isNaN(number)) {
        values[row] = number;
        valid[row] = 1;
      }
      return;
    }
    const why = units?.conflicts.get(cell.unit);
    if (why !== undefined) {
      problems.add(`"${labels[code]}" ${why}`, { row: rowNumbers[row], column: header.header });
      return;
    }
    const to = units?.unit ?? "";
    const isConverted = cell.unit !== "" && cell.unit !== to;
    values[row] = isConverted ? convertUnit(cell.value, cell.unit, to) : cell.value;
    valid[row] = 1;
    note(cell.form === "plusMinus" ? "plusMinus" : cell.form);
    if (isConverted) note("converted");
    if (cell.censor !== undefined) {
      censor ??= new Array<string | undefined>(n).fill(undefined);
      censor[row] = cell.censor;
    }
    if (cell.form === "range" || cell.form === "plusMinus" || cell.form === "concise") {
      const divisor = cell.form === "range" ? Math.sqrt(3) : cell.form === "plusMinus" ? options.coverageFactor : 1;
      const own = cell.halfWidth / divisor;
      sigma ??= new Float64Array(n).fill(Number.NaN);
      sigma[row] = isConverted ? convertDifference(own, cell.unit, to) : own;
    }
  });
  if (units?.bare !== undefined) problems.add(units.bare, { column: header.header });
  if (notation.plusMinus !== undefined) notation.coverageFactor = options.coverageFactor;
  return {
    values,
    valid,
    unit: units?.unit ?? options.unit,
    sigma,
    censor,
    notation: Object.keys(notation).length === 0 ? undefined : notation,
  };
}

interface CellUnits {
  readonly unit: string;
  /** What is wrong with cells that state such a unit. */
  readonly conflicts: ReadonlyMap<string, string>;
  /** What is wrong with cells that state none. */
  readonly bare: string | undefined;
}

/** The unit of the column, and which of the units that its cells state cannot be converted to it. */
function unitsOfCells(
  column: RawColumn,
  measured: ReadonlyMap<number, Measurement>,
  stated: string,
  hasPlain: boolean,
): CellUnits {
  const { counts } = textsOf(column);
  const byUnit = new Map<string, number>();
  let hasBare = hasPlain;
  for (const [code, { unit }] of measured) {
    if (unit === "") hasBare = true;
    else byUnit.set(unit, (byUnit.get(unit) ?? 0) + (counts[code] ?? 0));
  }
  let own = canonicalUnitText(stated);
  if (own === "") {
    let most = 0;
    for (const [unit, n] of byUnit) {
      if (n <= most) continue;
      own = unit;
      most = n;
    }
  }
  const conflicts = new Map<string, string>();
  for (const unit of byUnit.keys()) {
    if (isConvertible(unit, own)) continue;
    const source = stated === "" ? "most cells of the column are" : "the column is";
    conflicts.set(unit, `is in ${unit}, but ${source} in ${own}, which it cannot be converted to; correct the cell`);
  }
  const bare =
    stated === "" && hasBare && byUnit.size > 1
      ? `cells state different units (${[...byUnit.keys()].join(", ")}) and others none; write the unit of the others into the header`
      : undefined;
  return { unit: own, conflicts, bare };
}
