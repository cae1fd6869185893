import { createMatrix, readTable, Table, writeTable } from "@materiome/core";
import { expect, it } from "vitest";
import { classColumns } from "../../src/output/classColumns.ts";
import { countEmptySets, emptySetLines, setText } from "../../src/output/predictionSets.ts";

const sets = [["oil"], ["oil", "water"], [], undefined];

it("an empty prediction set is no missing cell, in the CSV file and when read back", () => {
  expect(sets.map(setText)).toEqual(["oil", "oil | water", "{}", undefined]);
  const probabilities = createMatrix(3, 2, Float64Array.of(0.9, 0.1, 0.6, 0.4, 0.5, 0.5));
  const prediction = { kind: "classification", probabilities, labels: ["oil", "water"] } as const;
  const table = readTable("T\n1\n2\n3\n4\n");
  const columns = classColumns(prediction, sets, { table, place: Int32Array.of(0, 1, 2, -1), missing: [] });
  const named = columns.filter(({ name }) => name.startsWith("prediction_set"));
  const text = writeTable(new Table([...table.columns, ...named]));
  expect(text.split("\n").slice(0, 5)).toEqual([
    "T,prediction_set,prediction_set_size",
    "1,oil,1",
    "2,oil | water,2",
    "3,{},0",
    "4,,",
  ]);
  const size = readTable(text).number("prediction_set_size");
  expect(Array.from(size.valid)).toEqual([1, 1, 1, 0]);
});

it("says how many rows have an empty set, and what that means", () => {
  expect(countEmptySets(sets)).toBe(1);
  const [line] = emptySetLines(sets, 0.9);
  expect(line).toMatch(/^1 of 3 rows has an empty prediction set \(\{\}\): at 90 % each class is ruled out/);
  // Sets at 50 % of a model that tells classes apart miss, and are empty for, half of the rows: nothing is odd about these.
  expect(line).toContain(
    "Of rows like the training rows up to 10 % may have none; others are unlike the training rows",
  );
  expect(emptySetLines(sets, 0.5)[0]).toContain("up to 50 % may have none");
  expect(emptySetLines([["oil"], undefined], 0.9)).toEqual([]);
});
