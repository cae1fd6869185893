import { createRandom, readTable, type Table } from "@materiome/core";
import { expect, it } from "vitest";
import { type SearchSpace, spaceFromTable, undeclaredSumNotes } from "../../src/index.ts";

const rows = ["50,30,20,500,0.5", "40,35,25,520,0.6", "60,20,20,540,0.4", "45,30,25,560,0.6"];
const tableOf = (header: string): Table => readTable(`${header}\n${rows.join("\n")}\n`);
const spaceOf = (table: Table, fix: Readonly<Record<string, number>> = {}): SearchSpace =>
  spaceFromTable(table, { inputs: table.columns, fix });

it("names columns that add up to a whole in every row and are turned one by one, and how to say that they are shares", () => {
  const table = tableOf("A (%),B (%),C (%),T (degC),x");
  const notes = undeclaredSumNotes(table, spaceOf(table));
  expect(notes).toHaveLength(1);
  expect(notes[0]).toMatch(/^A \+ B \+ C add up to 100 % in every row of the table, yet each is turned by itself/);
  expect(notes[0]).toContain('{"name":"A","role":"composition"}');
});

it("finds the shares among other columns without a unit, and with a given one", () => {
  const table = tableOf("A,B,C,T,x");
  expect(undeclaredSumNotes(table, spaceOf(table, { C: 20 }))[0]).toMatch(/^A \+ B \+ C add up to 100 in/);
});

it("says nothing of a sum that the space keeps, of other units, or where all are given", () => {
  const declared = tableOf("Cr (wt%),Ni (wt%),Fe (wt%),T (degC),x");
  expect(spaceOf(declared).sums).toHaveLength(1);
  expect(undeclaredSumNotes(declared, spaceOf(declared))).toEqual([]);
  const other = tableOf("A (%),B (%),C (kg/m3),T (degC),x");
  expect(undeclaredSumNotes(other, spaceOf(other))).toEqual([]);
  const table = tableOf("A (%),B (%),C (%),T (degC),x");
  expect(undeclaredSumNotes(table, spaceOf(table, { A: 50, B: 30, C: 20 }))).toEqual([]);
});

it("tries all choices of fourteen columns without going through all rows for each", () => {
  const random = createRandom(1);
  const columns = Array.from({ length: 14 }, (_, k) => `c${k}`);
  const lines = Array.from({ length: 800 }, () => {
    const values = columns.map(() => 30 * random.next());
    values[13] = 100 - (values[2] ?? 0) - (values[7] ?? 0);
    return values.join(",");
  });
  const table = readTable(`${columns.join(",")}\n${lines.join("\n")}\n`);
  const space = spaceOf(table);
  expect(undeclaredSumNotes(table, space)).toEqual([expect.stringMatching(/^c2 \+ c7 \+ c13 add up to 100 in/)]);
}, 10_000); // more than that where each choice reads all rows
