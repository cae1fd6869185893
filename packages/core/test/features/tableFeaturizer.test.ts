import {
  createRandom,
  DataError,
  FormatError,
  IncompatibleError,
  readTable,
  type Table,
  takeTableRows,
  UnitError,
} from "@materiome/core";
import {
  type EncoderReader,
  readTableEncoder,
  type TableFeaturizerOptions,
  tableFeaturizer,
} from "@materiome/core/features";
import { describe, expect, it } from "vitest";

const run = { random: createRandom(1) };
const steel = readTable("formula,route,T (°C),YS (MPa)\nFe9C,cast,600,810\nFe8Ni2,rolled,,905\nFe9C,,700,850\n", {
  file: "steel.csv",
});
const fit = (table: Table, options: TableFeaturizerOptions = {}) =>
  tableFeaturizer({ targets: ["YS"], ...options }).fit(table, run);

describe("tableFeaturizer", () => {
  it("turns columns into features by kind", async () => {
    const encoder = await fit(steel, { features: ["fractions"] });
    const x = encoder.encode(steel);
    expect(x.features.map(({ name, unit }) => [name, unit])).toEqual([
      ["C fraction", "atomic fraction"],
      ["Fe fraction", "atomic fraction"],
      ["Ni fraction", "atomic fraction"],
      ["other elements fraction", "atomic fraction"],
      ["route = cast", ""],
      ["route = rolled", ""],
      ["T", "degC"],
    ]);
    const _ = Number.NaN;
    expect([...x.data].map((v) => Number(v.toFixed(12)))).toEqual([
      ...[0.1, 0.9, 0, 0, 1, 0, 600],
      ...[0, 0.8, 0.2, 0, 0, 1, _],
      ...[0.1, 0.9, 0, 0, _, _, 700],
    ]);
    expect(encoder.inputs.map((input) => input.name)).toEqual(["formula", "route", "T"]);
    expect(x.features[4].source).toEqual(["route"]);
  });

  it("adds the Magpie statistics unless told otherwise", async () => {
    const encoder = await fit(steel);
    expect(encoder.outputs).toHaveLength(4 + 132 + 2 + 1);
    const x = encoder.encode(steel);
    const k = encoder.outputs.findIndex((feature) => feature.name === "mean Number");
    expect(x.data[k]).toBeCloseTo(0.9 * 26 + 0.1 * 6, 12);
    expect(tableFeaturizer().citations).toEqual([expect.stringContaining("doi:10.1038/npjcompumats.2016.28")]);
  });

  it("describes the alloy of element columns", async () => {
    const steels = readTable("C,Mn,YS\n0.8,0,1\n0.4,1,2\n");
    const elementColumns = { balance: "Fe", unit: "wt%" };
    const encoder = await fit(steels, { elementColumns });
    expect(encoder.outputs).toHaveLength(2 + 132);
    const x = readTableEncoder(JSON.parse(JSON.stringify(encoder))).encode(steels);
    const k = encoder.outputs.findIndex((feature) => feature.name === "mean Number");
    const carbon = 0.8 / 12.0107 / (0.8 / 12.0107 + 99.2 / 55.845);
    expect(x.data[k]).toBeCloseTo(6 * carbon + 26 * (1 - carbon), 12);
    expect(x.features[k].source).toEqual(["C", "Mn"]);
    await expect(
      fit(steels, { inputs: ["C"], targets: [], elementColumns: { balance: "Fe" } }).then((e) => e.encode(steels)),
    ).rejects.toThrow(UnitError);
    await expect(fit(steel, { elementColumns })).rejects.toThrow(/no input holds the amount of an element/);
  });

  it("learns from the fitted rows only", async () => {
    const encoder = await fit(takeTableRows(steel, [0, 2]), { features: ["fractions"] });
    expect(encoder.outputs.map((f) => f.name)).toEqual([
      ...["C fraction", "Fe fraction", "other elements fraction", "route = cast", "T"],
    ]);
    expect(() => encoder.encode(steel)).toThrow(
      /steel\.csv, row 3, column "route": the label "rolled" was not among the rows/,
    );
    const lenient = await fit(takeTableRows(steel, [0, 2]), { features: ["fractions"], unknownCategory: "other" });
    expect([...lenient.encode(takeTableRows(steel, [1])).data]).toEqual([0, 0.8, 0.2, 0, Number.NaN]);
    const missing = await fit(takeTableRows(steel, [0, 2]), { features: ["fractions"], unknownCategory: "missing" });
    expect([...missing.encode(takeTableRows(steel, [1])).data]).toEqual([0, 0.8, 0.2, Number.NaN, Number.NaN]);
  });

  it("takes columns in any order and convertible unit", async () => {
    const encoder = await fit(steel, { inputs: ["T"] });
    const kelvin = readTable("x,t (K)\n1,873.15\n2,300\n");
    expect(encoder.encode(kelvin).data[0]).toBeCloseTo(600, 9);
    expect(() => encoder.encode(readTable("T\n600\n"))).toThrow(UnitError);
    expect(() => encoder.encode(readTable("T (MPa)\n600\n"))).toThrow(/is in MPa, but was fitted in degC/);
    expect(() => encoder.encode(readTable("T (°C)\nhot\ncold\n"))).toThrow(
      /row 2, column "T": numbers are expected, found "hot"/,
    );
    expect([...encoder.encode(readTable("T (°C),y\n,1\nNA,2\n")).data]).toEqual([Number.NaN, Number.NaN]);
  });

  it("reads labels and formulas whatever kind a small table infers for them", async () => {
    const coded = readTable("grade,YS\nA1,1\n7,2\nB,3\n");
    const encoder = await tableFeaturizer({ inputs: ["grade"] }).fit(coded, run);
    expect([...encoder.encode(readTable("grade\n7\n")).data]).toEqual([1, 0, 0]);
    const compounds = readTable("compound,YS\nFe2O3,1\nFeO,2\n");
    const byElement = await tableFeaturizer({ targets: ["YS"], features: ["fractions"] }).fit(compounds, run);
    expect([...byElement.encode(readTable("compound\nNiO\n")).data]).toEqual([0, 0.5, 0.5]);
  });

  it("names all missing inputs", async () => {
    const encoder = await fit(steel);
    expect(() => encoder.encode(readTable("routes,T (°C)\na,1\n", { file: "new.csv" }))).toThrow(
      'new.csv: the table lacks 2 input columns "formula", "route" (there is "routes")',
    );
    expect(() => encoder.encode(readTable("x\n1\n"))).toThrow(IncompatibleError);
  });

  it("refuses inputs that cannot be", async () => {
    await expect(fit(steel, { inputs: ["YS"] })).rejects.toThrow(/both an input and a target/);
    await expect(fit(readTable("T,YS,x\n1,2,\n2,3,\n"), { inputs: ["T", "x"] })).rejects.toThrow(/"x" has no values/);
    await expect(fit(readTable("YS,Hardness\n1,2\n"))).rejects.toThrow(DataError);
    expect(tableFeaturizer({ inputs: ["x"] }).precheck(readTable("T,x\n1,\n"))).toEqual([
      '"x" has no values; leave it out',
    ]);
  });

  it("round-trips through JSON bit for bit, by the module it names", async () => {
    const encoder = await fit(steel);
    const stored: unknown = JSON.parse(JSON.stringify(encoder));
    const { reader } = (await import(encoder.module)) as { reader: EncoderReader<Table> };
    const again = await reader.read(stored);
    expect(again.outputs).toEqual(encoder.outputs);
    const [a, b] = [encoder.encode(steel).data, again.encode(steel).data];
    expect(new BigUint64Array(b.buffer)).toEqual(new BigUint64Array(a.buffer));
    expect(JSON.stringify(again)).toBe(JSON.stringify(encoder));
    expect(reader.types).toContain("core/table-encoder");
  });

  it("takes any composition featurizer, by name, preset or options, each name once", async () => {
    const magpie = await fit(steel, {
      features: ["magpie:matminer", "stoichiometry", "bonding", { name: "valence", options: {} }],
    });
    const names = magpie.outputs.map(({ name }) => name);
    expect(names.length).toBeGreaterThan(132 + 4);
    expect(names).not.toContain("Fe fraction");
    const again = readTableEncoder(JSON.parse(JSON.stringify(magpie)));
    expect(again.encode(steel)).toEqual(magpie.encode(steel));
    expect(() => tableFeaturizer({ features: ["magpy"] })).toThrow(
      'there are no composition features "magpy"; did you mean "magpie"?',
    );
    expect(() => tableFeaturizer({ features: ["magpie:matmimer"] })).toThrow(/did you mean matminer/);
    const contained = /all features of "magpie" are among those of "ward"; leave "magpie" out/;
    expect(() => tableFeaturizer({ features: ["magpie", "ward"] })).toThrow(contained);
    expect(() => tableFeaturizer({ features: ["ward", "magpie"] })).toThrow(contained);
  });

  it("says the set behind a name that two sets share, since they may mean other data by it", async () => {
    const both = await fit(steel, { inputs: ["formula"], features: ["alloy", "glass"] });
    const names = both.outputs.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const name = "mixing entropy ΔS_mix";
    const [first, second] = [names.indexOf(name), names.indexOf(`${name} (glass)`)];
    const x = both.encode(steel);
    expect(x.data[second]).toBe(x.data[first]);
    expect(x.data[first]).toBeCloseTo(8.314462618 * -(0.1 * Math.log(0.1) + 0.9 * Math.log(0.9)), 9);
    expect(readTableEncoder(JSON.parse(JSON.stringify(both))).outputs).toEqual(both.outputs);
  });

  it("refuses amounts of elements that cannot be, rather than to describe the alloy without them", async () => {
    const wrong = readTable("C wt%,Mn wt%,YS\n0.8,0,1\n-0.4,1,2\n0.1,2,3\n-0.1,101,3\n", { file: "steel.csv" });
    await expect(fit(wrong, { elementColumns: { balance: "Fe" } })).rejects.toThrow(
      'steel.csv: tableFeaturizer: "C" is -0.4, -0.1 wt% in rows 3, 5, but amounts of C lie in 0 … 100 wt%; ' +
        "correct the cells, or state the column's role in the schema; " +
        '"Mn" is 101 wt% in row 5, but amounts of Mn lie in 0 … 100 wt%',
    );
  });

  it("reads what version 1 wrote", async () => {
    const inputs = [
      { name: "C", role: "composition", unit: "wt%", kind: "number" },
      { name: "route", role: "process", unit: "", kind: "category", labels: ["cast", "rolled"] },
      { name: "phase", role: "composition", unit: "", kind: "formula", elements: ["C", "Fe"] },
    ];
    const params = { features: ["fractions"], magpieImpute: "mean", unknownCategory: "other" };
    const elementColumns = { balance: "Fe", unit: null };
    const stored = { type: "core/table-encoder", version: 1, params: { ...params, elementColumns }, state: { inputs } };
    const encoder = readTableEncoder(stored);
    // Version 1 gave alloys their Magpie statistics whatever the features of formulas were.
    expect(encoder.outputs).toHaveLength(1 + 2 + 3 + 132);
    const x = encoder.encode(readTable("C (wt%),route,phase\n0.8,rolled,Fe3C\n"));
    expect([...x.data.slice(0, 6)]).toEqual([0.8, 0, 1, 0.25, 0.75, 0]);
  });

  it.each([
    [{}, FormatError],
    [{ type: "core/table-encoder", version: 3 }, IncompatibleError],
    [{ type: "core/table-encoder", version: 1, params: {}, state: {} }, FormatError],
    [null, FormatError],
  ])("refuses the stored form %j", (data, expected) => {
    expect(() => readTableEncoder(data)).toThrow(expected);
  });
});
