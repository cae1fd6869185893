import {
  createNumberColumn,
  readTable,
  rowAt,
  Table,
  tableFromJSON,
  tableToJSON,
  takeTableRows,
} from "@materiome/core";
import { describe, expect, it } from "vitest";

describe("rows of the source file", () => {
  it.each([
    ["read from a file", readTable("a (mm)\n1\n\n3\n4\n"), [2, 4, 5]],
    [
      "made without row numbers",
      new Table([createNumberColumn("a", [1, 3, 4], { role: "process", unit: "mm" })]),
      [2, 3, 4],
    ],
  ])("are found again in a table %s, also after rows were dropped and the table was stored", (_, table, numbers) => {
    const left = takeTableRows(table, [2, 0]);
    for (const kept of [left, tableFromJSON(JSON.parse(JSON.stringify(tableToJSON(left))))]) {
      expect([kept.rowNumber(0), kept.rowNumber(1)]).toEqual([numbers[2], numbers[0]]);
      expect(rowAt(kept, numbers[2])).toBe(0);
      expect(rowAt(kept, numbers[1])).toBeUndefined();
    }
    expect(numbers.map((row) => rowAt(table, row))).toEqual([0, 1, 2]);
  });
});
