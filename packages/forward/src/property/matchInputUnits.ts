import {
  type Column,
  type ColumnInfo,
  convertUnit,
  createNumberColumn,
  DataError,
  isConvertible,
  isMateriomeError,
  type NumberColumn,
  parseUnit,
  resolveColumn,
  Table,
} from "@materiome/core";
import { type Composition, compositionsFromColumns, massFractions } from "@materiome/core/composition";

/** A column whose unit differs from the one that the model takes. */
export interface UnitConversion {
  readonly column: string;
  readonly from: string;
  readonly to: string;
  /** `scale`: value by value; `composition`: between mass and atoms, from the amounts of all elements of the row. */
  readonly by: "scale" | "composition";
}

export interface MatchInputUnitsOptions {
  /** Element that makes up the rest of the element columns, for conversions between mass and atoms. @defaultValue none: they must sum to 100 % */
  readonly balance?: string | undefined;
}

export interface MatchedTable {
  /** The table with the columns converted that the model could not convert itself. */
  readonly table: Table;
  /** Every column that is in another unit than the model's, with what is done about it. */
  readonly conversions: readonly UnitConversion[];
}

/**
 * Makes the units of a table those of a model's inputs, and says which differ.
 *
 * Units of one quantity (MPa and GPa, K and °C) convert by value; the model does so itself, here they are listed. Amounts by mass and
 * by atoms (wt%, at%) convert only where the composition is known as a whole: the element columns of the row sum to 100 %, or `balance`
 * makes up the rest. Whatever else differs is left as it is, and refused by `predict`.
 *
 * @param inputs - what the model takes
 * @throws DataError where amounts would have to be converted between mass and atoms and the composition is not whole
 * @example
 * const { table: same, conversions } = matchInputUnits(model.inputs, table, { balance: "Fe" });
 * const prediction = await model.predict(same);
 */
export function matchInputUnits(
  inputs: readonly ColumnInfo[],
  table: Table,
  options: MatchInputUnitsOptions = {},
): MatchedTable {
  const conversions: UnitConversion[] = [];
  const turned = new Map<string, string>();
  for (const { name, unit } of inputs) {
    const column = columnOrNone(table, name);
    if (column?.kind !== "number" || parseUnit(column.unit).text === parseUnit(unit).text) continue;
    const found = { column: column.name, from: column.unit, to: unit };
    if (isConvertible(column.unit, unit)) conversions.push({ ...found, by: "scale" });
    else if (AMOUNTS.has(dimensionOf(column.unit)) && AMOUNTS.has(dimensionOf(unit))) {
      conversions.push({ ...found, by: "composition" });
      turned.set(column.name, unit);
    }
  }
  if (turned.size === 0) return { table, conversions };
  const whole = wholeCompositions(table, conversions, options);
  const columns = table.columns.map((column) => {
    const unit = turned.get(column.name);
    return unit === undefined || column.kind !== "number" ? column : turnedColumn(column, unit, whole);
  });
  return { table: new Table(columns, table.source, table.rowNumbers), conversions };
}

const dimensionOf = (unit: string): string => parseUnit(unit).dimension;
const MASS = dimensionOf("wt%");
const AMOUNTS: ReadonlySet<string> = new Set([MASS, dimensionOf("at%")]);

/** The amounts of one element in the unit of the model; rows of unknown composition and gaps stay gaps. */
function turnedColumn(column: NumberColumn, unit: string, whole: readonly (Composition | undefined)[]): Column {
  const element = column.name.trim().split(/[\s_(]/)[0] ?? "";
  const isMass = dimensionOf(unit) === MASS;
  const values = Float64Array.from(whole, (composition, i) => {
    if (composition === undefined || column.valid[i] === 0) return Number.NaN;
    const fraction = (isMass ? massFractions(composition) : composition).get(element) ?? 0;
    return convertUnit(100 * fraction, isMass ? "wt%" : "at%", unit);
  });
  return createNumberColumn(column.name, values, { role: column.role, unit });
}

function wholeCompositions(
  table: Table,
  conversions: readonly UnitConversion[],
  { balance }: MatchInputUnitsOptions,
): readonly (Composition | undefined)[] {
  try {
    return compositionsFromColumns(table, balance === undefined ? {} : { balance });
  } catch (error) {
    if (!isMateriomeError(error)) throw error;
    const names = conversions.filter(({ by }) => by === "composition");
    const [first] = names as [UnitConversion]; // at least one
    const shown = names.map(({ column }) => `"${column}"`).join(", ");
    throw new DataError(
      `${shown}: the table is in ${first.from}, the model takes ${first.to}; to convert, the whole composition must be known: name the element that makes up the rest (balance), give the columns of all elements, or convert beforehand. ${error.message}`,
      { location: { file: table.source, ...error.location }, cause: error },
    );
  }
}

function columnOrNone(table: Table, name: string): Column | undefined {
  try {
    return resolveColumn(table, name);
  } catch (error) {
    if (isMateriomeError(error)) return undefined; // predict names the columns that lack
    throw error;
  }
}
