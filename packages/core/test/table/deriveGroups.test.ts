import { deriveGroups, inputColumnsFor, readTable } from "@materiome/core";
import { describe, expect, it } from "vitest";

describe("deriveGroups", () => {
  it("takes declared groups first", () => {
    const table = readTable("heat,formula,y\nA,FeO,1\nB,FeO,2\nA,Fe2O3,3\n,Fe3O4,4\n");
    expect(deriveGroups(table)).toMatchObject({
      codes: Int32Array.of(0, 1, 0, 2),
      nGroups: 3,
      kind: "declared",
      columns: ["heat"],
    });
  });

  it("keeps together what any of several group columns links", () => {
    const table = readTable("heat,lot,y\nA,1,1\nB,1,2\nB,2,3\nC,3,4\n");
    expect(deriveGroups(table)).toMatchObject({ codes: Int32Array.of(0, 0, 0, 1), nGroups: 2 });
    expect(deriveGroups(table, { columns: ["HEAT"] })).toMatchObject({ nGroups: 3, columns: ["heat"] });
    expect(() => deriveGroups(table, { columns: ["hea"] })).toThrow(/did you mean "heat"/);
  });

  it("derives heats from rows that share one composition", () => {
    const wt = readTable("C,Mn,T,Hardness\n0.1,1,500,1\n0.1,1,600,2\n0.2,1,500,3\n");
    expect(deriveGroups(wt)).toMatchObject({ kind: "derived", nGroups: 2, columns: ["C", "Mn"] });
    const formulas = readTable("formula,y\nFe2O3,1\nFe4O6,2\nFeO,3\n");
    expect(deriveGroups(formulas)).toMatchObject({ kind: "derived", codes: Int32Array.of(0, 0, 1) });
  });

  it("takes 0 and −0 for one amount", () => {
    expect(deriveGroups(readTable("C,Mn,y\n0.1,0,1\n0.1,-0,2\n0.2,0,3\n")).codes).toEqual(Int32Array.of(0, 0, 1));
  });

  it("derives nothing where that would say nothing", () => {
    expect(deriveGroups(readTable("formula,y\nFe2O3,1\nFeO,3\n"))).toMatchObject({ kind: "none", nGroups: 2 });
    expect(deriveGroups(readTable("formula,y\nFeO,1\nFeO,3\n"))).toMatchObject({ kind: "none", nGroups: 2 });
    expect(deriveGroups(readTable("T,y\n1,1\n1,3\n"))).toMatchObject({ kind: "none", nGroups: 2, columns: [] });
  });
});

describe("inputColumnsFor", () => {
  const table = readTable(
    "id,heat,C,Mn,T,test temperature,grain size,YS,Hardness,YS std,note,empty\n1,A,1,1,1,1,1,1,1,1,x,\n2,A,2,1,1,1,1,1,1,1,y,\n",
  );

  it("follows from roles", () => {
    expect(inputColumnsFor(table, ["Hardness"]).map((c) => c.name)).toEqual(["C", "Mn", "T", "test temperature", "grain size"]); // biome-ignore format: one list
    expect(inputColumnsFor(table, ["hardness"], { useProperties: true }).map((c) => c.name)).toContain("YS");
    expect(inputColumnsFor(table, ["T"]).map((c) => c.name)).not.toContain("T");
    expect(() => inputColumnsFor(table, ["Hardnes"])).toThrow(/did you mean "Hardness"/);
  });
});
