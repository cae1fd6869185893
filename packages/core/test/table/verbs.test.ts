import {
  applySchema,
  columnTexts,
  createCategoryColumn,
  createNumberColumn,
  createTextColumn,
  deriveColumn,
  filterRows,
  groupRows,
  readSchema,
  readTable,
  schemaOf,
  selectColumns,
  Table,
  tableFromJSON,
  tableToJSON,
  takeTableRows,
  UnitError,
  writeTable,
} from "@materiome/core";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const table = readTable("heat,route,T (°C),YS (MPa)\nA,cast,600,810\nA,,650,\nB,rolled,700,905.5\n", { file: "t.csv" });

describe("verbs", () => {
  it("take rows in order, with repeats, keeping file rows for messages", () => {
    const taken = takeTableRows(table, [2, 0, 2]);
    expect([...taken.number("T").values]).toEqual([700, 600, 700]);
    expect(columnTexts(taken.column("route"))).toEqual(["rolled", "cast", "rolled"]);
    expect([0, 1].map((i) => taken.rowNumber(i))).toEqual([4, 2]);
    expect(() => takeTableRows(table, [3])).toThrow(/row 3 of a table with 3 rows/);
    expect(filterRows(table, (i) => table.number("YS").valid[i] === 1).nRows).toBe(2);
    expect(takeTableRows(table, []).nRows).toBe(0);
  });

  it("select and derive columns, sharing the data", () => {
    const some = selectColumns(table, ["YS", "T"]);
    expect(some.names).toEqual(["YS", "T"]);
    expect(some.number("T").values).toBe(table.number("T").values);
    expect(() => selectColumns(table, ["Ts"])).toThrow(/t\.csv: no column "Ts"/);
    const more = deriveColumn(table, createNumberColumn("x", [1, 2, 3], { role: "process" }));
    expect(more.names).toEqual(["heat", "route", "T", "YS", "x"]);
    const replaced = deriveColumn(more, createNumberColumn("T", [1, 2, Number.NaN], { role: "process", unit: "K" }));
    expect(replaced.names).toEqual(more.names);
    expect(replaced.number("T")).toMatchObject({ unit: "K", valid: Uint8Array.of(1, 1, 0) });
    expect(() => deriveColumn(table, createNumberColumn("x", [1], { role: "note" }))).toThrow(/1 values.*3 rows/);
  });

  it("group equal rows; missing equals missing, formulas by meaning", () => {
    expect(groupRows(table, ["heat"])).toEqual({ codes: Int32Array.of(0, 0, 1), nGroups: 2 });
    expect(groupRows(table, ["heat", "T"]).nGroups).toBe(3);
    const formulas = readTable("formula,y\nFe2O3,1\nO6Fe4,2\nFeO,3\n");
    expect([...groupRows(formulas, ["formula"]).codes]).toEqual([0, 0, 1]);
  });
});

describe("schema", () => {
  it("round-trips and re-reads a table the same way", () => {
    const schema = readSchema(JSON.parse(JSON.stringify(schemaOf(table))));
    expect(schemaOf(readTable(writeTable(table), { schema }))).toEqual(schemaOf(table));
  });

  it("overrules inference", () => {
    const schema = readSchema({
      version: 1,
      columns: [
        { name: "code", kind: "category", role: "condition" },
        { name: "x", role: "structure", unit: "µm" },
        { name: "y sd", describes: "y" },
        { name: "not measured yet", role: "property" },
      ],
    });
    const read = readTable("code,x,y,y sd\n01,1,2,0.1\n02,3,4,0.2\n", { schema });
    expect(columnTexts(read.column("code"))).toEqual(["01", "02"]);
    expect(read.column("code")).toMatchObject({ role: "condition", kind: "category" });
    expect(read.column("code").roleFrom).toBeUndefined();
    expect(read.column("x")).toMatchObject({ role: "structure", unit: "um" });
    expect(read.column("y sd")).toMatchObject({ role: "uncertainty", describes: "y" });
    expect(() => readTable("a,b\n1,2\n", { schema })).toThrow(/no column "code"/);
  });

  it("may sharpen the unit of a header, not contradict it", () => {
    const of = (unit: string) => readSchema({ version: 1, columns: [{ name: "x", unit }] });
    expect(readTable("x (%)\n1\n2\n", { schema: of("wt%") }).column("x").unit).toBe("wt%");
    expect(readTable("x (µm)\n1\n2\n", { schema: of("micron") }).column("x").unit).toBe("um");
    expect(() => readTable("x (MPa)\n1\n2\n", { schema: of("GPa") })).toThrow(
      /column "x \(MPa\)": the header says MPa, the schema GPa/,
    );
  });

  it("names the columns of a file without header", () => {
    const columns = [{ name: "ligand" }, { name: "voltage", role: "property", unit: "V" }];
    const schema = readSchema({ version: 1, header: false, columns });
    const read = readTable("Pyridine,-0.12\nWater,0.5\n", { schema });
    expect(read.names).toEqual(["ligand", "voltage"]);
    expect([read.nRows, read.rowNumber(0)]).toEqual([2, 1]);
    expect(() => readTable("1,2,3\n", { schema })).toThrow(/3 columns and no header, but the schema lists 2/);
  });

  it("lists everything that is wrong with it", () => {
    const bad = {
      version: 2,
      colums: [],
      columns: [{ name: "a", rol: "x" }, { name: "b", role: "proces" }, { unit: "m" }, { name: "b", kind: "int" }],
    };
    const run = (): unknown => readSchema(bad, "s.json");
    expect(run).toThrow(/s\.json: invalid schema:/);
    expect(run).toThrow(/version must be 1, got 2/);
    expect(run).toThrow(/unknown field "colums"; did you mean "columns"\?/);
    expect(run).toThrow(/columns\[0\] \("a"\): unknown field "rol"; did you mean "role"\?/);
    expect(run).toThrow(/columns\[1\] \("b"\): role must be one of .*"process".*got "proces"/);
    expect(run).toThrow(/columns\[2\]: name must be a text/);
    expect(run).toThrow(/columns\[3\]: "b" is listed twice/);
    expect(() => readSchema([])).toThrow(/must be an object/);
  });

  it("is applied to a table: roles, units converted, kinds recast", () => {
    const change = (column: object): Table =>
      applySchema(table, readSchema({ version: 1, columns: [{ name: "YS", ...column }] }));
    expect(change({ role: "structure" }).column("YS")).toMatchObject({ role: "structure", roleFrom: undefined });
    expect(change({ unit: "GPa" }).number("YS").values[0]).toBeCloseTo(0.81, 12);
    expect(() => change({ unit: "HV" })).toThrow(UnitError);
    expect(columnTexts(change({ kind: "category" }).column("YS"))).toEqual(["810", undefined, "905.5"]);
    const wrong = readSchema({ version: 1, columns: [{ name: "route", kind: "number" }] });
    expect(() => applySchema(table, wrong)).toThrow(/t\.csv, row 2, column "route": "cast" is not a number/);
  });
});

describe("writeTable", () => {
  it("writes units into headers and quotes what needs it", () => {
    const columns = [
      createTextColumn("note", ['say "x", y', undefined], { role: "note", kind: "text" }),
      createNumberColumn("T", [-0, 0.1 + 0.2], { role: "process", unit: "K" }),
      createNumberColumn("odd", [1e-300, Number.NaN], { role: "property", unit: "furlong" }),
    ];
    expect(writeTable(new Table(columns))).toBe(
      'note,T (K),odd (furlong)\n"say ""x"", y",-0,1e-300\n,0.30000000000000004,\n',
    );
    expect(writeTable(table)).toBe("heat,route,T (°C),YS (MPa)\nA,cast,600,810\nA,,650,\nB,rolled,700,905.5\n");
  });

  it("keeps rows without any value, and delimiters of other kinds", () => {
    const odd = readTable('a;b,c\n"x;y",1\nNA,\n"z\t;",2\n', { delimiter: "," });
    expect(readTable(writeTable(odd)).columns.map(columnTexts)).toEqual([
      ["x;y", undefined, "z\t;"],
      ["1", undefined, "2"],
    ]);
  });

  it("reads back every number bit for bit", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noDefaultInfinity: true, noNaN: true }), { minLength: 1 }), (values) => {
        const written = writeTable(new Table([createNumberColumn("x", values, { role: "process", unit: "K" })]));
        expect([...readTable(written).number("x").values]).toEqual(values);
      }),
      { seed: 1 },
    );
  });
});

describe("tables as JSON", () => {
  it("come back equal", () => {
    const all = new Table(
      [
        ...table.columns,
        createNumberColumn("nan", [Number.NaN, -0, 1e-310], { role: "process" }, Uint8Array.of(0, 1, 1)),
        createCategoryColumn("c", [undefined, "x", "y"], { role: "condition" }),
        createTextColumn("f", ["Fe2O3", undefined, "FeO"], { role: "composition", kind: "formula" }),
      ],
      "t.csv",
      Int32Array.of(5, 6, 9),
    );
    const again = tableFromJSON(JSON.parse(JSON.stringify(tableToJSON(all))));
    expect(again.columns).toEqual(all.columns);
    expect([again.source, again.rowNumber(2)]).toEqual(["t.csv", 9]);
    expect(Object.is(again.number("nan").values[1], -0)).toBe(true);
  });

  it.each([
    [null, /expected a table/],
    [{ type: "x" }, /expected "core\/table"/],
    [{ type: "core/table", version: 9 }, /version 9 is not 1/],
    [{ type: "core/table", version: 1, columns: [{ name: "a", role: "x", unit: "" }] }, /known role/],
    [
      { type: "core/table", version: 1, columns: [{ name: "a", role: "id", unit: "", kind: "text", texts: [1] }] },
      /number/,
    ],
  ])("refuse %j", (data, expected) => {
    expect(() => tableFromJSON(data)).toThrow(expected);
  });
});
