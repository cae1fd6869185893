import { type ColumnRole, readTable } from "@materiome/core";
import { expect, it } from "vitest";

const HEADERS: Readonly<Partial<Record<ColumnRole, readonly string[]>>> = {
  composition: ["Mn wt%", "Cr (at%)", "Al content (%)", "Fe_wt", "O content (wppm)"],
  process: [
    ...[
      "Austenitizing temperature (°C)",
      "Aging time (h)",
      "Cooling rate (K/s)",
      "Laser power (W)",
      "Hatch spacing (um)",
    ],
    ...[
      "Laser energy density (J/mm3)",
      "VED energy density (J/mm3)",
      "Current density (mA/cm2)",
      "Cold rolling reduction (%)",
    ],
    ...["Sintering pressure (MPa)", "Powder size D50 (um)", "Heat input (kJ/mm)", "cement (kg/m3)", "Number of passes"],
  ],
  condition: [
    "Strain rate (1/s)",
    "Test temperature (°C)",
    "Stress ratio",
    "Applied stress (MPa)",
    "Stress (MPa)",
    "notch factor Kt",
  ],
  structure: [
    ...["Grain size (um)", "Mean intercept (um)", "Martensite fraction (%)", "Retained austenite (vol%)"],
    ...["Dislocation density (1/m2)", "Inclusion area fraction", "Lattice parameter (angstrom)"],
  ],
  property: [
    ...[
      "YS",
      "UTS (ksi)",
      "Rp0.2 (MPa)",
      "Rm",
      "A5 (%)",
      "Elongation at break (%)",
      "HV10",
      "Hardness (HRC)",
      "sigma_y",
    ],
    ...[
      "Charpy impact energy (J)",
      "KIC (MPa·m^0.5)",
      "Fatigue life (cycles)",
      "Relative density (%)",
      "Band gap (eV)",
    ],
    ...[
      "Formation energy (eV/atom)",
      "Glass transition temperature (K)",
      "Ms temperature (K)",
      "Creep rupture time (h)",
    ],
    ...[
      "Thermal conductivity (W/(m·K))",
      "Poisson ratio",
      "Corrosion rate (mm/y)",
      "Specific heat (J/kg/K)",
      "Eg (eV)",
    ],
  ],
  uncertainty: ["YS std (MPa)", "Hardness error"],
  note: ["Year", "Date of test", "YS replicates", "Number of tests"],
};

const cases = Object.entries(HEADERS).flatMap(([role, headers]) => headers.map((header) => [header, role] as const));

it.each(cases)("takes numbers named %s for %s", (header, role) => {
  expect(readTable(`"${header}"\tzz\n1\t1\n2\t2\n3\t3\n`).columns[0].role).toBe(role);
});

it.each([
  ["Heat", "group"],
  ["Heat no.", "group"],
  ["Heat treatment", "process"],
  ["DOI", "group"],
  ["Sample ID", "group"], // its values repeat
  ["Route", "process"],
  ["Build orientation", "process"],
  ["Specimen type", "condition"],
  ["Test method", "condition"],
  ["Phase", "structure"],
  ["Run-out", "censor"],
  ["Comment", "note"],
])("takes texts named %s for %s", (header, role) => {
  expect(readTable(`"${header}"\tzz\nx\t1\ny\t2\nx\t3\n`).columns[0].role).toBe(role);
});

it("says where a role came from, and what an uncertainty describes", () => {
  const table = readTable("id,Eg (eV),strange,YS,YS std\n1,1,1,1,1\n2,2,2,2,2\n");
  expect(table.columns.map(({ role, roleFrom }) => [role, roleFrom])).toEqual([
    ["id", "name"],
    ["property", "unit"],
    ["process", "default"],
    ["property", "name"],
    ["uncertainty", "name"],
  ]);
  expect(table.column("YS std").describes).toBe("YS");
});

it("takes σ for an uncertainty only beside the column it speaks of", () => {
  const role = (csv: string): unknown[] => readTable(csv).columns.map((column) => [column.role, column.describes]);
  expect(role("σ YS,YS\n5,500\n6,510\n")[0]).toEqual(["uncertainty", "YS"]);
  expect(role("u(YS),YS\n5,500\n6,510\n")[0]).toEqual(["uncertainty", "YS"]);
  expect(role("σ YS,UTS\n500,600\n510,700\n")[0]).toEqual(["property", undefined]);
  expect(role("σ YS,YS\n-5,500\n6,510\n")[0]).toEqual(["property", undefined]); // no standard deviation is negative
});

it("takes a column of balances for a note", () => {
  expect(readTable("Fe (wt%),C (wt%)\nbal.,0.2\nBalance,0.3\n").columns.map(({ role }) => role)).toEqual([
    "note",
    "composition",
  ]);
});

it.each([
  ["2024-03-01", "2024-03-02T10:15:00Z"],
  ["01.03.2024", "2.3.2024"],
  ["3/1/24", "12/31/2023 8:30"],
])("takes dates such as %s for notes", (a, b) => {
  expect(readTable(`Tested,YS\n${a},1\n${b},2\n`).column("Tested")).toMatchObject({ role: "note", roleFrom: "values" });
  expect(readTable(`Tested,YS\n${a},1\n1.2.3,2\n`).column("Tested").role).toBe("condition");
});
