import {
  applySchema,
  formatSchema,
  isMateriomeError,
  readSchema,
  readTable,
  schemaOf,
  TableFormatError,
  validateTable,
} from "@materiome/core";
import { describe, expect, it } from "vitest";

const text = "heat,route,C (wt%),YS (MPa)\nA,cast,0.2,800\nB,rolld,2.5,\nC,,-0.1,90\n";
const schema = readSchema({
  version: 1,
  columns: [
    { name: "route", labels: ["cast", "rolled"], required: true },
    { name: "C", unit: "wt%", min: 0, max: 2 },
    { name: "YS", required: true, min: 100 },
  ],
});

describe("a schema", () => {
  it("reports everything that does not fit, at once, as data", () => {
    const expected = [
      ["route", 4, "the value is missing, but required"],
      ["route", 3, '"rolld" is not allowed; allowed are "cast", "rolled"'],
      ["C (wt%)", 3, "2.5 wt% is above the most allowed, 2 wt%"],
      ["C (wt%)", 4, "-0.1 wt% is below the least allowed, 0 wt%"],
      ["YS (MPa)", 3, "the value is missing, but required"],
      ["YS (MPa)", 4, "90 MPa is below the least allowed, 100 MPa"],
    ];
    const found = validateTable(readTable(text), schema);
    expect(found.map(({ column, row, message }) => [column, row, message])).toEqual(expected);
    let error: unknown;
    try {
      readTable(text, { schema, file: "x.csv" });
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(TableFormatError);
    expect(isMateriomeError(error) && error.code).toBe("FORMAT");
    expect((error as TableFormatError).problems).toEqual(found);
    expect((error as TableFormatError).message).toMatch(/^x\.csv: 6 problems\n {2}row 4, column "route"/);
  });

  it("shows six digits of a value, and all where it takes them to tell", () => {
    const own = readSchema({ version: 1, columns: [{ name: "x", max: 80 }] });
    const found = validateTable(readTable("x\n87.02264263812553\n80.00000000001\n"), own);
    expect(found.map(({ message }) => message.split(" ")[0])).toEqual(["87.0226", "80.00000000001"]);
  });

  it("keeps every problem though it shows twenty", () => {
    const rows = Array.from({ length: 50 }, (_, i) => `${i},1`).join("\n");
    try {
      readTable(`x,y\n${rows}\n`, { schema: readSchema({ version: 1, columns: [{ name: "x", max: 9 }] }) });
      expect.unreachable();
    } catch (error) {
      expect((error as TableFormatError).problems).toHaveLength(40);
      expect((error as TableFormatError).nProblems).toBe(40);
      expect((error as Error).message.split("\n")).toHaveLength(22);
    }
  });

  it("converts its range to the table's unit, and says what cannot be", () => {
    const table = readTable("T (°C)\n20\n900\n");
    const inKelvin = readSchema({ version: 1, columns: [{ name: "T", unit: "K", max: 1000 }] });
    expect(validateTable(table, inKelvin)).toEqual([
      { message: expect.stringMatching(/^1173\.15 K is above/), row: 3, column: "T (°C)" },
    ]);
    const wrong = readSchema({
      version: 1,
      columns: [
        { name: "T", unit: "MPa" },
        { name: "Q", role: "process" },
      ],
    });
    expect(validateTable(table, wrong).map(({ message }) => message)).toEqual([
      "is in degC, the schema says MPa",
      "there is no such column; the table has T",
    ]);
  });

  it("survives being stored, and reads the file the same way again", () => {
    const first = readTable("id,x (MPa),q\n1,<5,none\n2,7,oil\n3,9,oil\n");
    const stored = readSchema(JSON.parse(JSON.stringify(schemaOf(first))));
    const again = readTable("id,x (MPa),q\n1,<5,none\n2,7,oil\n3,9,oil\n", { schema: stored });
    const facts = (table: typeof first) => table.columns.map(({ roleFrom: _, ...column }) => column);
    expect(facts(again)).toEqual(facts(first));
    expect(facts(applySchema(first, stored))).toEqual(facts(first));
  });

  it.each([
    [{ version: 2, columns: [] }, /version must be 1, got 2; the schema was written by a newer release/],
    [{ version: 1, columns: [{ name: "x", maxx: 1 }] }, /unknown field "maxx"; did you mean "max"\?/],
    [{ version: 1, columns: [{ name: "x", min: 3, max: 1 }] }, /min 3 is above max 1/],
    [{ version: 1, columns: [{ name: "x", min: "3" }] }, /min must be a number, got "3"/],
    [{ version: 1, columns: [{ name: "x", labels: "a" }] }, /labels must be a list of texts/],
    [{ version: 1, columns: [], coverageFactor: 0 }, /coverageFactor must be a positive number, got 0/],
    [{ version: 1, columns: [], missing: [1] }, /missing must be a list of texts/],
  ])("%j is refused", (data, expected) => {
    expect(() => readSchema(data)).toThrow(expected);
  });

  it("is printed for people", () => {
    expect(formatSchema(readTable("heat,C (wt%),q\nA,0.2,none\nB,,oil\n"))).toBe(
      [
        "name  role                             unit  kind      values",
        "heat  group (name)                     –     category  A, B",
        "C     composition (name)               wt%   number    0.2, 1 missing",
        "q     process (nothing speaks for it)  –     category  none, oil",
      ].join("\n"),
    );
  });
});

describe("missing values", () => {
  it("none is missing among numbers, and an answer among categories", () => {
    const table = readTable("quench,x,y\nnone,1,none\noil,none,none\nnone,3,none\n");
    expect(table.column("quench")).toMatchObject({ kind: "category", labels: ["none", "oil"] });
    expect([...table.number("x").valid]).toEqual([1, 0, 1]);
    expect(table.column("y")).toMatchObject({ kind: "category", labels: ["none"] });
  });

  it("can be stated for the table or a column", () => {
    expect(readTable("a,b\nx,1\nn/k,2\n", { missing: ["n/k"] }).column("a")).toMatchObject({ labels: ["x"] });
    const own = readSchema({ version: 1, columns: [{ name: "b", missing: ["-999"] }] });
    expect([...readTable("a,b\nx,1\nNA,-999\n", { schema: own }).number("b").valid]).toEqual([1, 0]);
  });
});
