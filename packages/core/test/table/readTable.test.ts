import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  columnTexts,
  DataError,
  FormatError,
  isMateriomeError,
  readSchema,
  readTable,
  readTableFile,
  resolveColumn,
} from "@materiome/core";
import { compositionsOf } from "@materiome/core/composition";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const message = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (isMateriomeError(error)) return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
};

describe("readTable", () => {
  it("reads numbers, categories, formulas and missing values", () => {
    const table = readTable(
      "\ufeffheat,formula,route,Temper (°C),YS [MPa]\r\nA,Fe2O3,cast,600,810\r\nB,FeO,rolled,NA,-\r\nC,,n/a,-5e1,0.5\r\n",
    );
    expect(table.columns.map(({ name, kind, role, unit }) => [name, kind, role, unit])).toEqual([
      ["heat", "category", "group", ""],
      ["formula", "formula", "composition", ""],
      ["route", "category", "process", ""],
      ["Temper", "number", "process", "degC"],
      ["YS", "number", "property", "MPa"],
    ]);
    expect([...table.number("Temper").values]).toEqual([600, Number.NaN, -50]);
    expect([...table.number("YS").valid]).toEqual([1, 0, 1]);
    expect(columnTexts(table.column("route"))).toEqual(["cast", "rolled", undefined]);
    expect(columnTexts(table.column("formula"))).toEqual(["Fe2O3", "FeO", undefined]);
  });

  it.each(["", "NA", "n/a", "NaN", "nan", "-", "--", "?", "null", "None", " "])("takes %j for missing", (token) => {
    expect([...readTable(`a,b\n1,2\n"${token}",3\n4,5\n`).number("a").valid]).toEqual([1, 0, 1]);
  });

  it.each([",", ";", "\t"])("detects the delimiter %j", (d) => {
    const table = readTable(["time (s)", "route"].join(d) + ["\n1", "x"].join(d) + ["\n2.5", '"y, or; z\t"'].join(d));
    expect([...table.number("time").values]).toEqual([1, 2.5]);
    expect(columnTexts(table.column("route"))).toEqual(["x", "y, or; z"]);
  });

  it("prefers semicolons where headers and numbers hold commas", () => {
    const table = readTable("Temp, °C;YS, MPa\n1,5;2,5\n10,25;3\n");
    expect(table.columns.map(({ name, unit }) => [name, unit])).toEqual([["Temp", "degC"], ["YS", "MPa"]]); // biome-ignore format: short
    expect([...table.number("Temp").values]).toEqual([1.5, 10.25]);
  });

  it("does not count delimiters inside quotes, nor trip over inches", () => {
    expect(readTable('"a;b",c\n"x;y",1\n"z;",2\n').names).toEqual(["a;b", "c"]);
    expect(readTable('a,"b;c"\n1,"2;3"\n').names).toEqual(["a", "b;c"]);
    expect(columnTexts(readTable('bar,x\n5",1\n6" x 3,2\n1",3\n').column("bar"))).toEqual(['5"', '6" x 3', '1"']);
  });

  it("keeps quoted delimiters, quotes and line breaks", () => {
    const table = readTable('id,note\n1,"a, ""b""\nc"\n2,d\n');
    expect(columnTexts(table.column("note"))).toEqual(['a, "b"\nc', "d"]);
  });

  it("leaves out what spreadsheets leave at the edges, and counts rows as they do", () => {
    const table = readTable("a,b,,\n1,2,,\n\n,,,\n3,4,,\n,,,\n");
    expect(table.names).toEqual(["a", "b"]);
    expect([table.nRows, table.rowNumber(1)]).toEqual([2, 5]);
  });

  it("keeps the full header where two names would be one", () => {
    const table = readTable("YS (MPa),YS (ksi)\n1,2\n3,4\n");
    expect(table.columns.map(({ name, unit }) => [name, unit])).toEqual([["YS (MPa)", "MPa"], ["YS (ksi)", "ksi"]]); // biome-ignore format: short
  });

  it("keeps text free where every value differs", () => {
    const text = Array.from({ length: 30 }, (_, i) => `${i},remark number ${i}`).join("\n");
    expect(readTable(`x,seen\n${text}`).column("seen")).toMatchObject({ kind: "text", role: "note" });
  });
});

describe("decimal signs", () => {
  it("reads decimal commas where the delimiter allows it", () => {
    expect([...readTable("x;y\n1,5;2\n-,25;3e1\n").number("x").values]).toEqual([1.5, -0.25]);
    expect([...readTable("x\ty\n1,5e-3\t2\n7\t3\n").number("x").values]).toEqual([0.0015, 7]);
    expect([...readTable("x;y\n1.5;2\n").number("x").values]).toEqual([1.5]);
  });

  it("refuses both signs in one file", () => {
    expect(message(() => readTable("x;y\n1,5;2\n3;2.5\n", { file: "f.csv" }))).toBe(
      'f.csv, row 2, column "x": decimal commas and decimal points in one file: "1,5" and "2.5" (row 3, column "y"); use one throughout, or declare decimal in the schema',
    );
  });

  it("refuses commas that may be thousands, unless told", () => {
    expect(message(() => readTable("x;y\n7,850;1\n8,900;2\n"))).toMatch(
      /row 2, column "x": "7,850" may be a decimal comma/,
    );
    expect([...readTable("x;y\n7,850;1\n8,900;2\n", { decimal: "," }).number("x").values]).toEqual([7.85, 8.9]);
    const mixed = "x;y\n7,850;1\n8,9;2\n";
    expect([...readTable(mixed).number("x").values]).toEqual([7.85, 8.9]);
  });

  it("refuses quoted decimal commas between comma delimiters, unless told", () => {
    const text = 'x,y\n"1,5",2\n"2,5",3\n';
    expect(message(() => readTable(text))).toMatch(/row 2, column "x": "1,5" holds a comma, which also delimits/);
    expect([...readTable(text, { decimal: "," }).number("x").values]).toEqual([1.5, 2.5]);
  });

  it("does not mind commas in text", () => {
    expect(columnTexts(readTable("x;place\n1.5;Paris, 7\n2;Rome, 1\n").column("place"))).toEqual([
      "Paris, 7",
      "Rome, 1",
    ]);
  });
});

describe("errors", () => {
  it("reports all problems together, with rows and columns", () => {
    const text = "T (K),YS (MPa),a\n300,1\n301,2,3,4\n302,5,6\n";
    expect(message(() => readTable(text, { file: "steel.csv" }))).toBe(
      "steel.csv: 2 problems\n  row 2: has 2 fields, the header has 3 (a delimiter is missing?)\n  row 3: has 4 fields, the header has 3 (an unquoted delimiter in a text, or a decimal comma?)",
    );
  });

  it("names row, column and text of a cell that should be a number", () => {
    const text = "T (K),YS (MPa)\n300,1\n301,abc\n302,2\n303,<5\n304,3\n305,4 MPa\n306,5\n307,1 ± 2\n308,8\n";
    const found = message(() => readTable(text, { certificates: false }));
    expect(found).toMatch(/^4 problems/);
    expect(found).toContain('row 3, column "YS (MPa)": "abc" is not a number; leave the cell empty');
    expect(found).toContain('row 5, column "YS (MPa)": "<5" is not a number; put the limit here and mark');
    expect(found).toContain('"4 MPa" is not a number; put the unit into the header');
    expect(found).toContain('"1 ± 2" is not a number; put the uncertainty into a column of its own');
  });

  it("recognises a row of units", () => {
    const found = message(() => readTable("T,YS\n°C,(MPa)\n20,400\n30,390\n"));
    expect(found).toContain('row 2, column "T": "°C" is not a number; this is a unit; write it into the header');
    expect(found).toContain('row 2, column "YS": "(MPa)" is not a number; this is a unit');
  });

  it("lists the first twenty and counts the rest", () => {
    const rows = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? "1" : "x")).join(",1\n");
    const found = message(() => readTable(`a,b\n${rows},1\n`));
    expect(found).toMatch(/^30 problems/);
    expect(found.split("\n")).toHaveLength(22);
    expect(found).toContain("… and 10 more");
  });

  it.each([
    ["a,b,a\n1,2,3\n", /row 1, column "a": columns 1 and 3 have the same header/],
    ["a,,b\n1,2,3\n", /column 2 has values \(first in row 2\) but no header/],
    ["a,b\n", /no rows of data/],
    ["", /no rows of data/],
    ['a,b\n"1,2\n', /quoted field is not closed/],
    ["3.0,4.2,130\n5.1,6.2,130\n", /first row holds numbers \("3.0"\)/],
    ["a\u0000b", /no text in UTF-8/],
    ["formula,y\nFe2O3,1\nXx2,2\nFeO,3\n", /row 3, column "formula": formula "Xx2": no element "Xx"/],
    ["x,y\n1e999,2\n", /"1e999" is not a number/],
    ["x,y\n1,2\ninf,3\n", /"inf" is not a number/],
    ['x;y\n"1,234.5";2\n3.5;1\n', /write the number without thousands separators/],
    ["x;y\n1.234.567,5;1,5\n2.345.678,0;2,5\n", /2 problems[\s\S]*"1\.234\.567,5" is not a number; write the number w/],
    ["x;y\n1 234;2\n12 345;1\n", /2 problems\n {2}row 2, column "x": "1 234" is not a number; write the number w/],
    ["x;y\n1’234;2\n12’345;1\n", /2 problems[\s\S]*without thousands separators/],
    ['x,y\n"1,234",2\n"2,345",3\n', /"1,234" may be a decimal comma or a thousands separator; write decimal points/],
    ["x (MPa)\n73 ksi\n500 kg\nabc\nsoft\n", /3 problems\n {2}row 3, column "x \(MPa\)": "500 kg" is in kg, but/],
    ["Mo,x\n2.1,1\nLOD,2\n<LOD,3\nbdl,4\n", /3 problems[\s\S]*"<LOD" is not a number; write the limit, as in <0\.005/],
    ["Sample  T   YS\nA  850  500\n", /row 1: is divided by spaces only; divide the columns by tabs/],
    ["a,b\n1,5,3\n2,5,3\n", /2 problems\n {2}row 2: has 3 fields, the header has 2/],
    ["x\n51O\n2\n", /"51O" is not a number; letters stand where digits should; write 510 if that is meant/],
    ["Report of 2024\n\na,b\n1,2\n3,4\n", /row 1: the first row has 1 of the 2 fields.*state headerRow: 3/],
    ["Report,,\n,,\na,b,c\n1,2,3\n", /row 1: names 1 of 3 columns.*from row 3 on.*state headerRow: 3/],
  ])("refuses %j", (text, expected) => {
    expect(message(() => readTable(text))).toMatch(expected);
  });

  it("has the right class", () => {
    expect(() => readTable("a,a\n1,2\n")).toThrow(FormatError);
    expect(() => readTable("a,b\n")).toThrow(DataError);
  });
});

describe("what programs leave in their files", () => {
  it("is no part of the table", () => {
    const table = readTable("sep=;\r\nx (V);y;z\r\n–0,5;#N/A;1;\r\n1,5;2;3;;\r\n");
    expect(table.columns.map((column) => [column.name, ...columnTexts(column)])).toEqual([
      ["x", "-0.5", "1.5"],
      ["y", undefined, "2"],
      ["z", "1", "3"],
    ]);
    expect(table.rowNumber(0)).toBe(3);
  });
});

it("reads powers of ten as papers write them", () => {
  const table = readTable("D (m2/s)\n1.2x10^-14\n3×10⁻¹⁵\n2*10^5\n4 · 10^(−2)\n1e-3\n");
  expect([...table.number("D").values]).toEqual([1.2e-14, 3e-15, 2e5, 0.04, 1e-3]);
  expect(() => readTable("x\n1\n2\n2x10\n")).toThrow(/"2x10" is not a number/);
});

describe("headerRow", () => {
  const text = 'Report; 2024\r\n"a\r\nb"\r\n\r\nx,y\r\n1,2\r\n';
  it("leaves out what stands above", () => {
    const table = readTable(text, { headerRow: 4 });
    expect(table.names).toEqual(["x", "y"]);
    expect(table.rowNumber(0)).toBe(5);
    expect(readTable("# log\n1,2\n3,4\n", { headerRow: 2, header: false }).nRows).toBe(2);
  });
  it("may stand in the schema", () => {
    const schema = readSchema({ version: 1, headerRow: 4, columns: [{ name: "y", role: "property" }] });
    expect(readTable(text, { schema }).column("y").role).toBe("property");
    expect(() => readSchema({ version: 1, headerRow: 0, columns: [] })).toThrow(
      /headerRow must be a row number from 1/,
    );
  });
});

describe("kinds that could go either way", () => {
  it("keeps the zeros of codes that name something", () => {
    const table = readTable("specimen,x\n0012,0012\n0013,0013\n");
    expect(columnTexts(table.column("specimen"))).toEqual(["0012", "0013"]);
    expect(columnTexts(table.column("x"))).toEqual(["12", "13"]);
    expect(readTable("specimen,x\n12,1\n0,2\n").column("specimen").kind).toBe("number");
    const long = readTable("sample id,x\n9007199254740993,1\n12,2\n");
    expect(columnTexts(long.column("sample id"))).toEqual(["9007199254740993", "12"]);
  });

  it("takes numbers of steels for names", () => {
    expect(readTable("Steel,x\n4140,1\n4340,2\n").column("Steel").kind).toBe("grade");
    expect(readTable("Material,x\n4140,1\n90210,2\n").column("Material").kind).toBe("category");
    expect(readTable("Steel,x\n0.5,1\n0.7,2\n").column("Steel").kind).toBe("number");
  });

  it("takes what stands under a unit for numbers, unless none of it is", () => {
    expect(() => readTable("Temper (°C)\n600\nair\noil\nwater\n")).toThrow(/3 problems/);
    expect(readTable("Composition (wt%)\n30-70\n20-80\n").column("Composition").kind).toBe("category");
    expect(readTable("Composition (at%)\nNi3Al\nFe\nTi\n").column("Composition").kind).toBe("formula");
  });

  it("takes element-like labels for categories, unless the column is named a formula", () => {
    expect(readTable("metal,y\nGe,1\nSn,2\nPb,3\n").column("metal").kind).toBe("category");
    expect(readTable("structure,y\nFCC,1\nBCC,2\nHCP,3\n").column("structure").kind).toBe("category");
    expect(readTable("compound,y\nGe,1\nSn,2\n").column("compound").kind).toBe("formula");
    expect(readTable("x,y\nFe2O3,1\nAl2O3,2\nTiO2,3\n").column("x").kind).toBe("formula");
    expect(readTable("alloy,y\n316L,1\nIN718,2\n").column("alloy").kind).toBe("grade");
  });

  it("reads alloys that state their amounts, where the column is named as one of alloys or compositions", () => {
    const designations = "Fe-19Cr-5Mo,1\nFe-5Cr,2\nTi-6Al-4V,3\nCu-50Zr at%,4\n";
    for (const name of ["Alloy", "Composition", "steel grade", "Composition (wt%)"]) {
      const table = readTable(`${name},y\n${designations}`);
      const column = table.columns[0]!;
      expect(column.kind).toBe("grade");
      const [first, second, grade, atomic] = compositionsOf(table, column);
      expect(first!.get("Cr")! / first!.get("Mo")!).toBeCloseTo(19 / 51.996 / (5 / 95.95), 2);
      expect(second!.get("Fe")! + second!.get("Cr")!).toBeCloseTo(1, 12);
      expect(grade!.get("V")).toBeGreaterThan(0.03);
      expect(atomic!.get("Zr")).toBeCloseTo(0.5, 12);
    }
    const schema = { version: 1, columns: [{ name: "Alloy", kind: "grade" }] } as const;
    expect(() => readTable("Alloy,y\nFe-5Cr,1\nFe-5Xx,2\n", { schema })).toThrow(/"Fe-5Xx".*position 5/s);
    expect(() => readTable("Alloy,y\nFe-5Cr,1\nX-999,2\n", { schema })).toThrow(/no grade "X-999" is known/);
    expect(readTable(`Composition (at%),y\n${designations}`).columns[0]!.kind).toBe("category");
    expect(readTable(`sample,y\n${designations}`).column("sample").kind).toBe("category");
    expect(readTable("alloy,y\nFe-5Cr,1\nmix A,2\n").column("alloy").kind).toBe("category");
    expect(readTable("Composition,y\nFe2O3,1\nAl2O3,2\n").column("Composition").kind).toBe("formula");
  });

  it("takes mostly textual codes for categories", () => {
    expect(columnTexts(readTable("route,y\nA1,1\n2,2\nB,3\n").column("route"))).toEqual(["A1", "2", "B"]);
  });
});

describe("resolveColumn", () => {
  const table = readTable("Yield strength (MPa),Hardness,hardness\n1,2,3\n");

  it("finds names, headers and other case", () => {
    expect(resolveColumn(table, "Yield strength").name).toBe("Yield strength");
    expect(resolveColumn(table, "Yield strength (MPa)").name).toBe("Yield strength");
    expect(resolveColumn(table, "yield STRENGTH  (mpa)").name).toBe("Yield strength");
    expect(resolveColumn(table, "hardness").name).toBe("hardness");
  });

  it("offers the nearest names", () => {
    expect(() => resolveColumn(table, "Yeild strength")).toThrow(
      'no column "Yeild strength"; did you mean "Yield strength"?',
    );
    expect(() => resolveColumn(table, "HARDNESS")).toThrow(/could be any of "Hardness", "hardness"/);
    expect(() => resolveColumn(table, "zzz")).toThrow(/columns are "Yield strength", "Hardness"/);
  });
});

describe("readTableFile", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "materiome-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("names the file in every error", async () => {
    const path = join(folder, "a.csv");
    await expect(readTableFile(path)).rejects.toThrow(/a\.csv: cannot read the table: there is no such file/);
    await expect(readTableFile(folder)).rejects.toThrow(/this is a folder/);
    writeFileSync(path, Buffer.from("Gr\xf6\xdfe;x\n1;2\n", "latin1"));
    await expect(readTableFile(path, { encoding: "utf-8" })).rejects.toThrow(/a\.csv: this is no text in UTF-8/);
    writeFileSync(path, "x,y\n1,2\n");
    expect((await readTableFile(path)).source).toBe(path);
  });
});
