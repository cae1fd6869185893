// Question: what does a spreadsheet from the lab hold, in which units, and which rows belong together?
// Run: node examples/read-a-wild-table.mjs

import { convertUnit, deriveGroups, inputColumnsFor, readTable } from "@materiome/core";
import { parseFormula } from "@materiome/core/composition";

// Semicolons, decimal commas, units in the headers, a missing value: as exported by a spreadsheet in half of Europe.
const csv = `Alloy;Temper (°C);Time [min];Grain size (µm);Yield strength (MPa)
Fe0.97C0.02Mn0.01;550;60;8,4;812
Fe0.97C0.02Mn0.01;600;60;8,9;745
Fe0.96C0.03Mn0.01;550;90;7,1;868
Fe0.96C0.03Mn0.01;650;90;9,6;NA
`;

const table = readTable(csv, { file: "tempering.csv" });
console.log(`${table.nRows} rows`);
for (const { name, role, unit, kind } of table.columns) {
  console.log(`  ${name.padEnd(15)} ${role.padEnd(12)} ${kind.padEnd(8)} ${unit}`);
}

const strength = table.number("Yield strength");
const missing = strength.valid.indexOf(0);
console.log(`row ${missing + 1} has no strength; the others in ksi:`);
console.log(
  Array.from(strength.values)
    .filter((value) => Number.isFinite(value))
    .map((value) => convertUnit(value, "MPa", "ksi").toFixed(1))
    .join(", "),
);

const heats = deriveGroups(table);
console.log(`heats found by equal ${heats.columns.join(", ")}: ${heats.nGroups}`);
console.log(
  "may be inputs:",
  inputColumnsFor(table, ["Yield strength"])
    .map((column) => column.name)
    .join(", "),
);
console.log("amounts:", JSON.stringify(Object.fromEntries(parseFormula("Fe0.97C0.02Mn0.01"))));
