import type { ColumnInfo, Table } from "@materiome/core";
import { type MatchedTable, matchInputUnits } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import type { Session } from "../terminal/session.ts";

/** A table in the units of a model, and a note for each column that was in others. */
export function matchTable(
  inputs: readonly ColumnInfo[],
  table: Table,
  balance: string | undefined,
  session: Session,
): MatchedTable {
  const matched = matchInputUnits(inputs, table, { balance });
  for (const { column, from, to, by } of matched.conversions) {
    const how = by === "composition" ? ", by the composition of each row" : "";
    session.note(`${column}: converted from ${displayUnit(from)} to the model's ${displayUnit(to)}${how}`);
  }
  return matched;
}
