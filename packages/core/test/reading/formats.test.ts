import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnTexts, type ReadReport, readTableFile, type Table } from "@materiome/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const fixture = (name: string): string => join(import.meta.dirname, "fixtures", name);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "materiome-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, data: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, data);
  return path;
};
/** Columns with codes replaced by texts: dictionaries need not be in the same order of bytes, values must be equal. */
const content = (table: Table): unknown =>
  table.columns.map((column) => ({ ...column, values: columnTexts(column), codes: 0, labels: 0, texts: 0, valid: 0 }));
const csv = readFileSync(fixture("steels.csv"), "utf8");
const records = (): Record<string, unknown>[] => [
  { heat: "A", route: "cast", Tested: "2024-03-01", "C (wt%)": 0.21, "Temper (°C)": 600, "YS [MPa]": 812.5, passes: 3 },
  { heat: "A", route: "rolled, hot", Tested: "2024-03-02", "C (wt%)": "<0.005", "Temper (°C)": 650, passes: 0 },
  { heat: "B", route: "none", Tested: "2024-11-30", "C (wt%)": "0.2–0.3", "Temper (°C)": null, "YS [MPa]": "640±12", passes: 12 }, // biome-ignore format: a record a line
  { heat: "C", route: "cast", Tested: null, "C (wt%)": 0.34, "Temper (°C)": 100, "YS [MPa]": 725, passes: -1 },
];

describe("every format gives the table that the CSV gives", () => {
  it("as it is known", async () => {
    const table = await readTableFile(fixture("steels.csv"));
    expect(table.columns.map(({ name, kind, role, unit }) => `${name} ${kind} ${role} ${unit}`)).toEqual([
      "heat category group ",
      "route category process ",
      "Tested category note ",
      "C number composition wt%",
      "C uncertainty number uncertainty wt%",
      "C censoring category censor ",
      "Temper number process degC",
      "YS number property MPa",
      "YS uncertainty number uncertainty MPa",
      "passes number process ",
    ]);
    expect(columnTexts(table.column("C"))).toEqual(["0.21", "0.005", "0.25", "0.34"]);
    expect(columnTexts(table.column("Temper"))).toEqual(["600", "650", undefined, "100"]);
  });

  it.each([
    ["a workbook by name of the sheet", () => readTableFile(fixture("steels.xlsx"), { sheet: "Steels" })],
    ["a workbook by number of the sheet", () => readTableFile(fixture("steels.xlsx"), { sheet: 2 })],
    ["Parquet", () => readTableFile(fixture("steels.parquet"))],
    ["JSON records", () => readTableFile(file("a.json", JSON.stringify(records())))],
    [
      "JSON lines",
      () =>
        readTableFile(
          file(
            "a.ndjson",
            records()
              .map((r) => `${JSON.stringify(r)}\n`)
              .join("\n"),
          ),
        ),
    ],
    ["UTF-8 with a mark", () => readTableFile(file("b.csv", `\ufeff${csv}`))],
    ["UTF-16LE with a mark", () => readTableFile(file("c.csv", Buffer.from(`\ufeff${csv}`, "utf16le")))],
    ["UTF-16LE without one", () => readTableFile(file("d.csv", Buffer.from(csv, "utf16le")))],
    ["UTF-16BE with a mark", () => readTableFile(file("e.csv", Buffer.from(`\ufeff${csv}`, "utf16le").swap16()))],
    ["Windows-1252", () => readTableFile(file("f.csv", Buffer.from(csv.replace("–", "\u0096"), "latin1")))],
    ["bars", () => readTableFile(file("g.txt", csv.replace("rolled, hot", "rolled; hot").replaceAll(",", "|").replace("rolled; hot", "rolled, hot")))], // biome-ignore format: a case a line
  ])("%s", async (_, read) => {
    expect(content(await read())).toEqual(content(await readTableFile(fixture("steels.csv"))));
  });
});

describe("workbooks", () => {
  it("say which sheets there are", async () => {
    await expect(readTableFile(fixture("steels.xlsx"), { sheet: "steel" })).rejects.toThrow(
      /steels\.xlsx: there is no sheet "steel"; did you mean "Steels"\? the workbook has 1 "Read me", 2 "Steels"/,
    );
    await expect(readTableFile(fixture("steels.xlsx"), { sheet: 3 })).rejects.toThrow(/no sheet 3; the workbook has 1/);
  });

  it("with a title, merged cells, times and formulas are read as they look", async () => {
    const table = await readTableFile(fixture("awkward.xlsx"), { headerRow: 4 });
    expect(table.columns.map((column) => [column.name, ...columnTexts(column)])).toEqual([
      ["Sample", "S0", "S1", "S2", "S3"],
      ["Route", "cast", "cast", "cast", undefined],
      ["Tested", "2024-01-01T13:00:00Z", "2024-01-02", "2024-01-03", "2024-01-04"],
      ["YS", "500", "501", "502", "503"],
      ["2 YS", "1000", "1002", "1004", "1006"],
    ]);
    expect(table.rowNumber(0)).toBe(5);
    await expect(readTableFile(fixture("awkward.xlsx"))).rejects.toThrow(
      /row 2: names 1 of 5 columns, the others have values from row 4 on; .* state headerRow: 4/,
    );
  });

  it("whose formulas were never computed are refused, not read as missing", async () => {
    await expect(readTableFile(fixture("uncomputed.xlsx"), { headerRow: 4 })).rejects.toThrow(
      /4 problems\n {2}row 5, column "2 YS": the formula has no stored value[\s\S]*row 8, column "2 YS"/,
    );
  });

  it("that are none are refused", async () => {
    await expect(readTableFile(file("x.xlsx", "PK\u0003\u0004nonsense"))).rejects.toThrow(/cannot be read as an Excel/);
    const old = Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1);
    await expect(readTableFile(file("x.xls", old))).rejects.toThrow(/old format \(\.xls\)/);
  });
});

describe("Parquet", () => {
  it("is read from every compression", async () => {
    const table = await readTableFile(fixture("compressed.parquet"));
    expect(table.names).toEqual(["none", "snappy", "gzip", "zstd", "brotli", "lz4", "text"]);
    expect(table.nRows).toBe(500);
    for (const [c, name] of table.names.slice(0, 6).entries()) {
      expect(table.number(name).values).toEqual(Float64Array.from({ length: 500 }, (_, i) => (i % 7) + c / 8));
    }
    expect(columnTexts(table.column("text"))).toEqual(Array.from({ length: 500 }, (_, i) => `s${i % 5}`));
  });
  it("with lists is refused by name", async () => {
    await expect(readTableFile(fixture("nested.parquet"))).rejects.toThrow(
      /the columns "history" hold lists or struct/,
    );
  });
  it("that is damaged is refused", async () => {
    const bytes = readFileSync(fixture("steels.parquet"));
    await expect(readTableFile(file("x.parquet", bytes.subarray(0, 300)))).rejects.toThrow(/cannot be read as Parquet/);
  });
});

it.each([
  ["%PDF-1.4\n1 0 obj\n", /this is PDF, not a table/],
  ["\n<html><table><tr><td>1</td></tr></table></html>", /this is HTML or XML, not a table; export it as CSV or \.xlsx/],
])("what is another kind of file is refused: %j", async (text, expected) => {
  await expect(readTableFile(file("other.csv", text))).rejects.toThrow(expected);
});

describe("JSON", () => {
  it.each([
    [
      '[{"a":1},{"a":[1,2]},{"a":{"b":1}},7]',
      /3 problems\n {2}row 2, column "a": holds a list or an object[\s\S]*row 4: expec/,
    ],
    ['[{"a":1},', /this is no JSON/],
    ['{"a":1}\nb\n', /row 2: expected an array of objects, or one JSON object a line/],
    ['{"a":1}\nb\n{"a":[1]}\nc\n', /3 problems\n {2}row 2: expected[\s\S]*row 4: expected[\s\S]*row 3, column "a": ho/],
    ["[]", /the table is empty/],
  ])("%j is refused", async (text, expected) => {
    await expect(readTableFile(file("bad.json", text))).rejects.toThrow(expected);
  });
  it("names records by their place", async () => {
    const path = file("rows.json", '[{"x":1},{"x":2},{"x":"a"}]');
    await expect(readTableFile(path)).rejects.toThrow(/row 3, column "x": "a" is not a number/);
  });
});

describe("encodings", () => {
  const report = async (path: string): Promise<ReadReport | undefined> => {
    let found: ReadReport | undefined;
    await readTableFile(path, { onReport: (r) => (found = r) });
    return found;
  };

  it("are reported", async () => {
    const latin = file("l.csv", Buffer.from("Temp (\xb0C),x\n1,2\n", "latin1"));
    expect((await readTableFile(latin)).columns[0]).toMatchObject({ name: "Temp", unit: "degC" });
    expect(await report(latin)).toEqual({
      ...{ format: "delimited", encoding: "windows-1252", isEncodingGuessed: true },
      ...{ delimiter: ",", decimal: "." },
    });
    expect(await report(file("s.csv", "x;y\n1,5;2\n"))).toMatchObject({ delimiter: ";", decimal: "," });
    expect(await report(fixture("steels.parquet"))).toEqual({ format: "parquet" });
  });

  it("that contradict themselves are refused", async () => {
    const mixed = Buffer.concat([Buffer.from("Temp (°C),x\n"), Buffer.from("\xb0,2\n", "latin1")]);
    await expect(readTableFile(file("m.csv", mixed))).rejects.toThrow(/some bytes are not; export the table again/);
    const cyrillic = Buffer.from([...Buffer.from("x,"), 0xd1, 0xf2, 0xe0, 0xeb, 0xfc, ...Buffer.from("\n1,2\n")]);
    await expect(readTableFile(file("ru.csv", cyrillic))).rejects.toThrow(
      /as Windows-1252 a header would be "Ñòàëü"; exp/,
    );
    expect((await readTableFile(file("ru.csv", cyrillic), { encoding: "windows-1252" })).nRows).toBe(1);
    const binary = Buffer.from("a,b\n\x81\x8d,2\n", "latin1");
    await expect(readTableFile(file("n.csv", binary))).rejects.toThrow(/nor in Windows-1252/);
    await expect(readTableFile(file("o.csv", Buffer.from([1, 0, 0, 0, 3, 0, 0, 2])))).rejects.toThrow(
      /no text in UTF-8/,
    );
  });
});

it("stops when told to, with the reason given", async () => {
  const path = file("long.csv", `x,y\n${"1,2\n".repeat(1_000_000)}`);
  const reason = new Error("enough");
  const controller = new AbortController();
  const reading = readTableFile(path, { signal: controller.signal });
  setImmediate(() => controller.abort(reason));
  await expect(reading).rejects.toBe(reason);
  for (const name of ["steels.csv", "steels.xlsx", "steels.parquet"]) {
    await expect(readTableFile(fixture(name), { signal: AbortSignal.abort(reason), sheet: 2 })).rejects.toBe(reason);
  }
  const json = file("abort.json", JSON.stringify(records()));
  await expect(readTableFile(json, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
