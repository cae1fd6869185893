import { applySchema, type Table, takeTableRows } from "@materiome/core";
import type { FormulaFeatures } from "@materiome/core/features";

/** A property of one of the datasets, with the columns that predict it and those that say which rows belong together. */
export interface TableSet {
  readonly dataset: string;
  readonly file: string;
  readonly target: string;
  readonly unit: string;
  readonly inputs: readonly string[];
  /** Rows that agree in all of these are one group; none: each row is its own. */
  readonly groups: readonly string[];
  readonly features?: readonly FormulaFeatures[];
  /** Of columns whose header lacks it, as DATASET.json says. */
  readonly units?: Readonly<Record<string, string>>;
}

const CONCRETE_MIX = ["cement", "slag", "ash", "water", "superplastic", "coarseagg", "fineagg"];
const ALLOY_FEATURES = ["fractions", "magpie", "alloy"];
const ALLOY_STATE = ["FORMULA", "PROPERTY: Processing method", "PROPERTY: BCC/FCC/other", "PROPERTY: Microstructure"];
const BEAM = ["Laser Power", "Scan Speed", "Hatch space", "Layer thickness", "Spot size", "Geometric Factor", "D50"];
const DENSITY_INPUTS = [
  ...["Material", "Density Measurement Method", "Atmosphere", "Printed Geom.", "Printer Model"],
  ...BEAM,
];
const STEEL_HEAT = ["C", "Si", "Mn", "P", "S", "Ni", "Cr", "Cu", "Mo"];
const STEEL_ROUTE = [
  "Normalized Temperature",
  "Quenching Temperature",
  "Temperaing Temperature",
  "RR",
  "dA",
  "dB",
  "dC",
];
const density = { dataset: "lpbf-relative-density", file: "lpbf-relative-density.csv", target: "RD", unit: "%" };
const alloys = { dataset: "mpea-mechanical", file: "mpea.csv", groups: ["REFERENCE: doi"], features: ALLOY_FEATURES };

/** Whole articles, mixes or alloys held out, whatever the measurements of one are likely to share. */
export const TABLE_SETS: Readonly<Record<string, TableSet>> = {
  "mpea-hardness": {
    ...alloys,
    target: "PROPERTY: HV",
    unit: "HV",
    inputs: [...ALLOY_STATE, "PROPERTY: grain size"],
  },
  "mpea-yield": {
    ...alloys,
    target: "PROPERTY: YS",
    unit: "MPa",
    inputs: [...ALLOY_STATE, "PROPERTY: grain size", "PROPERTY: Test temperature", "PROPERTY: Type of test"],
  },
  "xiong-hardness": {
    dataset: "xiong-hea",
    file: "hardness.csv",
    target: "Hardness",
    unit: "HV",
    inputs: ["Alloys"],
    groups: [],
    features: ALLOY_FEATURES,
  },
  concrete: {
    dataset: "concrete-strength",
    file: "concrete-strength.csv",
    target: "strength",
    unit: "MPa",
    inputs: [...CONCRETE_MIX, "age"],
    groups: CONCRETE_MIX,
    units: { ...Object.fromEntries(CONCRETE_MIX.map((name) => [name, "kg/m3"])), age: "day" },
  },
  nims: {
    dataset: "nims-fatigue-steels",
    file: "nims-fatigue.csv",
    target: "Fatigue Strength (10E7 Cycles)",
    unit: "MPa",
    inputs: [...STEEL_ROUTE, ...STEEL_HEAT],
    groups: STEEL_HEAT,
  },
  steels: {
    dataset: "matbench-steels",
    file: "matbench-steels.csv",
    target: "target",
    unit: "MPa",
    inputs: ["formula"],
    groups: [],
  },
  "lpbf-by-article": { ...density, inputs: DENSITY_INPUTS, groups: ["DOI"] },
  // The label of a material that no training row has says nothing.
  "lpbf-by-material": { ...density, inputs: DENSITY_INPUTS.slice(1), groups: ["Material"] },
};

/** Rows with a value of the target, with the units of the set. */
export function measuredRows(table: Table, { target, units = {} }: TableSet): Table {
  const { values, valid } = table.number(target);
  return takeTableRows(
    applySchema(table, { version: 1, columns: Object.entries(units).map(([name, unit]) => ({ name, unit })) }),
    Int32Array.from(values.keys()).filter((i) => valid[i] !== 0),
  );
}

/** Codes of the groups of rows that agree in all columns; each row its own without columns. */
export function groupsOf(table: Table, columns: readonly string[]): Int32Array {
  const codes = new Map<string, number>();
  return Int32Array.from({ length: table.nRows }, (_, i) => {
    const label = columns.length === 0 ? String(i) : columns.map((name) => textOf(table, name, i)).join("|");
    return codes.get(label) ?? codes.set(label, codes.size).size - 1;
  });
}

function textOf(table: Table, name: string, row: number): string {
  const column = table.column(name);
  if (column.kind === "number") return String(column.values[row]);
  if (column.kind === "category") return String(column.codes[row]);
  throw new Error(`${name}: groups are told by numbers and categories, not by a column of kind ${column.kind}`);
}
