import { readTable } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { statedAlloyWarnings } from "../../src/property/statedAlloys.ts";

describe("statedAlloyWarnings", () => {
  it("says where amounts were read for want of a grade, and in which unit", () => {
    const table = readTable("Alloy,T (degC),y\nFe-19Cr-5Mo,20,1\nTi-6Al-4V,20,2\nCu-50Zr at%,20,3\nFe-5Cr,20,4\n");
    expect(statedAlloyWarnings(table, ["T", "Alloy"])).toEqual([
      expect.stringMatching(/^"Alloy": 2 of 4 names, such as Fe-19Cr-5Mo, are no grades.*percent by weight.*at%/),
    ]);
  });

  it("is silent about grades, alloys that say their unit, and other columns", () => {
    for (const text of [
      "Alloy,y\n316L,1\nIN718,2\n",
      "Alloy,y\nCu-50Zr at%,1\nFe-5Cr wt%,2\n",
      "formula,y\nFe2O3,1\nAl2O3,2\n",
    ]) {
      const table = readTable(text);
      expect(table.columns[0]!.kind).not.toBe("category");
      expect(statedAlloyWarnings(table, [table.columns[0]!.name])).toEqual([]);
    }
  });
});
