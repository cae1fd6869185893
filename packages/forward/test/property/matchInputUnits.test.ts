import { type ColumnInfo, readTable } from "@materiome/core";
import { matchInputUnits } from "@materiome/forward";
import { describe, expect, it } from "vitest";

const input = (name: string, unit: string, role: ColumnInfo["role"] = "composition"): ColumnInfo => ({
  name,
  unit,
  role,
});

describe("matchInputUnits", () => {
  it("leaves a table in the model's units as it is", () => {
    const table = readTable("C (wt%),T (K)\n0.4,800\n");
    const found = matchInputUnits([input("C", "wt%"), input("T", "K", "process")], table);
    expect(found.conversions).toEqual([]);
    expect(found.table).toBe(table);
  });

  it("lists what the model converts by value: K and °C in any brackets, MPa and GPa, wt% and wppm", () => {
    const table = readTable("T [°C],p (GPa),N (wppm)\n500,0.2,80\n");
    const inputs = [input("T", "K", "process"), input("p", "MPa", "process"), input("N", "wt%")];
    const { table: same, conversions } = matchInputUnits(inputs, table);
    expect(conversions).toEqual([
      { column: "T", from: "degC", to: "K", by: "scale" },
      { column: "p", from: "GPa", to: "MPa", by: "scale" },
      { column: "N", from: "wppm", to: "wt%", by: "scale" },
    ]);
    expect(same).toBe(table);
  });

  it("turns atoms into mass where the elements sum to 100 %", () => {
    // 50 at% Ti of NiTi: 50 · 47.867 / (50 · 47.867 + 50 · 58.6934) = 44.92 wt%
    const table = readTable("Ti (at%),Ni (at%)\n50,50\n30,70\n");
    const { table: turned, conversions } = matchInputUnits([input("Ti", "wt%")], table);
    expect(conversions).toEqual([{ column: "Ti", from: "at%", to: "wt%", by: "composition" }]);
    const share = (ti: number): number => (100 * ti * 47.867) / (ti * 47.867 + (100 - ti) * 58.6934);
    expect(turned.number("Ti").unit).toBe("wt%");
    expect(turned.number("Ti").values[0]).toBeCloseTo(share(50), 2);
    expect(turned.number("Ti").values[1]).toBeCloseTo(share(30), 2);
    expect(turned.number("Ni").unit).toBe("at%"); // the model does not ask for it
  });

  it("turns mass into atoms with the element that makes up the rest, and keeps gaps", () => {
    const table = readTable("C (wt%),Cr (wt%)\n0.8,\n0.4,1.2\n");
    const { table: turned } = matchInputUnits([input("C", "at%"), input("Cr", "at%")], table, { balance: "Fe" });
    const moles = [0.8 / 12.011, 99.2 / 55.845];
    expect(turned.number("C").values[0]).toBeCloseTo((100 * moles[0]) / (moles[0] + moles[1]), 3);
    expect(turned.number("Cr").valid[0]).toBe(0);
    expect(turned.number("Cr").valid[1]).toBe(1);
  });

  it("refuses mass and atoms where the rest of the alloy is not known, with what would help", () => {
    const table = readTable("C (at%),Cr (at%)\n0.8,1\n");
    expect(() => matchInputUnits([input("C", "wt%")], table)).toThrow(
      /"C": the table is in at%, the model takes wt%; .*name the element that makes up the rest/,
    );
  });

  it("leaves other quantities and lacking columns to predict, which refuses them", () => {
    const table = readTable("T (MPa),t\n1,2\n");
    const inputs = [input("T", "K", "process"), input("t", "h", "process"), input("absent", "K", "process")];
    expect(matchInputUnits(inputs, table).conversions).toEqual([]);
  });
});
