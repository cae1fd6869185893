import { readTable } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { comparedColumns } from "../../src/report/comparedColumns.ts";
import { differencesOf } from "../../src/report/worstRows.ts";

const table = readTable(
  "alloy,T (°C)\nFe0.8Cr0.12Mo0.08,500\nFe0.82Cr0.18,500\nMo0.08Cr0.12Fe0.8,520\nFe0.7004Cr0.12Mo0.08Ni0.0996,500\n,500\n",
);
const say = differencesOf(
  comparedColumns(
    table,
    ["alloy", "T"].map((name) => table.column(name)),
  ),
);

describe("differences of rows with formulas", () => {
  it("are those of elements, the largest in spreads of the column first", () => {
    expect(say(0, 1)).toBe("Mo 8 → 0 at%, Cr 12 → 18 at%, Fe 80 → 82 at%");
    expect(say(0, 3)).toMatch(/^Ni 0 → 9\.96 at%, Fe 80 → 70 at%$/);
  });

  it("take formulas that mean the same as the same, and missing ones as missing", () => {
    expect(say(0, 2)).toBe("T 500 → 520 °C");
    expect(say(0, 4)).toMatch(/Fe 80 → missing at%/);
  });

  it("name the column where there are two of formulas", () => {
    const columns = ["film", "base"].map((name) => ({ name, kind: "formula" as const }));
    const two = readTable("film,base\nFe0.9Ni0.1,SiO2\nFe0.8Ni0.2,Si\n", { schema: { version: 1, columns } });
    const both = differencesOf(comparedColumns(two, two.columns));
    expect(both(0, 1)).toContain("film: Ni 10 → 20 at%");
    expect(both(0, 1)).toContain("base: O 66.7 → 0 at%");
  });
});
