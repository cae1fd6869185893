import { columnTexts, isMateriomeError, readTable, type Table, writeTable } from "@materiome/core";
import fc from "fast-check";
import { expect, it } from "vitest";

const PIECES = [
  ...[
    "a",
    "b (MPa)",
    "T (C)",
    "Fe2O3",
    "formula",
    "id",
    "1",
    "2.5",
    "1,5",
    "1e5",
    "NA",
    "-",
    "x",
    "(",
    "]",
    " ",
    "°",
    "$\\mu$m",
  ],
  ...[";", ",", "\t", "\n", "\r\n", '"', ",", "\n"],
];

it("whatever text comes: a table that survives writing, or an error of this library", () => {
  let nTables = 0;
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      let table: Table;
      try {
        table = readTable(text);
      } catch (error) {
        if (!isMateriomeError(error)) throw error;
        return;
      }
      nTables++;
      const again = readTable(writeTable(table), { header: true });
      expect(again.columns.map(columnTexts)).toEqual(table.columns.map(columnTexts));
      expect(again.columns.map(({ unit, kind }) => [unit, kind])).toEqual(
        table.columns.map(({ unit, kind }) => [unit, kind]),
      );
    }),
    { seed: 1, numRuns: 10_000 },
  );
  expect(nTables).toBeGreaterThan(200);
});
