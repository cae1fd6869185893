import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { columnTexts, createRandom, isMateriomeError, type Table } from "@materiome/core";
import fc from "fast-check";
import Papa from "papaparse";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseNumberFields } from "../../src/kernels/parseNumberFields.ts";
import { DelimitedScan } from "../../src/reading/delimitedScan.ts";
import { readDelimited } from "../../src/reading/readDelimited.ts";
import { readDelimitedFile } from "../../src/reading/readDelimitedFile.ts";
import { readTable } from "../../src/reading/readTable.ts";
import type { ReadTableOptions } from "../../src/reading/readTableOptions.ts";

/** Reads bytes in pieces, with a sample as small as is asked for. */
function readInPieces(text: string, piece: number, sampleBytes: number, options: ReadTableOptions = {}): Table {
  const bytes = new TextEncoder().encode(text);
  const reader = readDelimited({ ...options, sampleBytes });
  let sent = 0;
  let step = reader.next();
  while (step.done !== true) {
    if (step.value === "again") {
      sent = 0;
      step = reader.next();
    } else {
      const next = sent < bytes.length ? bytes.slice(sent, sent + piece) : undefined;
      sent += piece;
      step = reader.next(next);
    }
  }
  return step.value;
}

const outcome = (run: () => Table): unknown => {
  try {
    const table = run();
    return { columns: table.columns, rows: table.rowNumbers };
  } catch (error) {
    if (!isMateriomeError(error)) throw error;
    return `${error.code}: ${error.message}`;
  }
};

/** Every record of a text as papaparse and our scanner split it: cells trimmed, records without any value left out. */
const scanned = (text: string, piece: number): (readonly string[])[] => {
  const scan = new DelimitedScan({
    delimiter: ",",
    decimal: ".",
    hasHeader: false,
    headerRow: 1,
    expectedRows: 0,
    file: undefined,
  });
  const bytes = new TextEncoder().encode(text);
  for (let i = 0; i < bytes.length; i += piece) scan.push(bytes.slice(i, i + piece));
  const { columns, rowNumbers, ragged } = scan.finish(true);
  const cells = columns.map((column) => {
    if (column?.plan !== "labels") throw new Error("labels are expected");
    return Array.from(column.codes, (code) => column.labels[code] ?? "");
  });
  const rows: [number, string[]][] = Array.from(rowNumbers, (row, i) => [row, cells.map((column) => column[i])]);
  for (const { row, nFields } of ragged) rows.push([row, [`${nFields} fields`]]);
  return rows.sort((a, b) => a[0] - b[0]).map(([row, texts]) => [String(row), ...texts]);
};
const parsed = (text: string): (readonly string[])[] => {
  const { data, errors } = Papa.parse<string[]>(text, { delimiter: ",", newline: "\n" });
  expect(errors.filter((error) => error.type === "Quotes")).toEqual([]);
  const rows = data.flatMap((cells, i) => {
    const trimmed = cells.map((cell) => cell.trim());
    return trimmed.some((cell) => cell !== "") ? [{ row: String(i + 1), cells: trimmed }] : [];
  });
  const width = rows[0]?.cells.length;
  return rows.map(({ row, cells }) => {
    const isPadded = cells.length >= (width ?? 0) && cells.slice(width).every((cell) => cell === "");
    return isPadded ? [row, ...cells.slice(0, width)] : [row, `${cells.length} fields`];
  });
};

describe("numbers from bytes", () => {
  const read = (texts: readonly string[]): { values: Float64Array; left: Set<number> } => {
    const bytes = new TextEncoder().encode(texts.join(""));
    const n = texts.length;
    const ends = new Int32Array(n);
    const starts = new Int32Array(n);
    let at = 0;
    for (const [i, text] of texts.entries()) {
      starts[i] = at;
      at += text.length;
      ends[i] = at;
    }
    const values = new Float64Array(n);
    const attention = new Int32Array(n);
    const firsts = Int32Array.from({ length: n }, (_, i) => i);
    const valid = new Uint8Array(n);
    const nLeft = parseNumberFields(
      n,
      bytes,
      starts,
      ends,
      firsts,
      0,
      46,
      values,
      valid,
      0,
      attention,
      new Int32Array(3),
    );
    return { values, left: new Set(attention.subarray(0, nLeft)) };
  };

  it("are the doubles that Number reads, bit for bit, or left for it", () => {
    const random = createRandom(3);
    const bits = new DataView(new ArrayBuffer(8));
    const texts: string[] = [];
    for (let i = 0; i < 20_000; i++) {
      bits.setUint32(0, random.int(2 ** 31) * (random.int(2) + 1));
      bits.setUint32(4, random.int(2 ** 31));
      const any = bits.getFloat64(0);
      texts.push(Number.isFinite(any) ? String(any) : "1");
      texts.push(String(random.normal() * 10 ** (random.int(30) - 15)));
      texts.push((random.next() * 1000).toFixed(random.int(15)));
      texts.push(`${random.int(1e9)}${random.int(1e9)}.${random.int(10)}e${random.int(60) - 30}`);
      // Halfway between two doubles, and one digit beside it.
      const middle = 2n ** BigInt(53 + random.int(8)) + BigInt(random.int(1e9)) * 2n + 1n;
      texts.push(`-${middle + BigInt(random.int(3) - 1)}`);
    }
    const { values, left } = read(texts);
    for (const [i, text] of texts.entries()) {
      if (!left.has(i) && !Object.is(values[i], Number(text))) expect(`${text} → ${values[i]}`).toBe(text);
    }
    const nLeftOfPlain = [...left].filter((i) => i % 5 === 1 || i % 5 === 2).length;
    expect(nLeftOfPlain).toBeLessThan(10); // numbers of everyday size are read by the kernel itself
  });

  it("leaves what is no number", () => {
    const texts = ["-", "+", ".", "e5", "1e", "1e+", "1.2.3", "0x10", "1_000", "1,5", "--1", "1 2", "Infinity", "1-"];
    expect(read(texts).left.size).toBe(texts.length);
    const plain = ["-0", "+5", ".5", "5.", "1E3", "1e-3", " 7 ", "000.10", "0e999", "\t1"];
    expect([...read(plain).values]).toEqual([-0, 5, 0.5, 5, 1000, 0.001, 7, 0.1, 0, 1]);
  });
});

describe("records", () => {
  it.each([
    'a,b\n"x,1","say ""hi"""\n',
    'a,b\n"two\nlines",2\n\n,\n3,4',
    'a,b\n"",""\n"""",x\n"a" ,b\n',
    "a,b\n1\n1,2,3\n , \n4,5\n",
    'a,b\n5",6" x\n\u00a0x\u00a0,é\n',
    "a,b\n1,2",
    "a\n\n1\n2\n",
    ",,\nx,,\n,,y\n",
  ])("of %j are those of papaparse, however the bytes are cut", (text) => {
    const expected = parsed(text);
    expect(expected.length).toBeGreaterThan(0);
    for (const piece of [1, 2, 3, 7, 1000]) expect(scanned(text, piece)).toEqual(expected);
    expect(scanned(text.replaceAll("\n", "\r\n").replaceAll("two\r\n", "two\n"), 1)).toEqual(expected);
    if (!text.includes("two")) expect(scanned(text.replaceAll("\n", "\r"), 2)).toEqual(expected);
  });

  it("of any quoted cells are those of papaparse", () => {
    const cell = fc.array(fc.constantFrom("a", "1", '"', ",", "\n", " ", "é", "\r\n"), { maxLength: 6 });
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 6 }), (rows) => {
        const text = rows.map((r) => r.map((c) => `"${c.join("").replaceAll('"', '""')}"`).join(",")).join("\n");
        expect(scanned(text, 3)).toEqual(parsed(text));
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it("longer than the tables of the splitter are read whole", () => {
    const width = 70_000;
    const header = Array.from({ length: width }, (_, i) => `x${i}`).join(",");
    expect(scanned(`${header}\n${header}\n`, 100_000).map((row) => row.length)).toEqual([width + 1, width + 1]);
  });
});

describe("a table read in pieces", () => {
  const rows = (n: number, row: (i: number) => string): string =>
    Array.from({ length: n }, (_, i) => row(i)).join("\n");
  const cases: readonly (readonly [string, string])[] = [
    ["numbers that end in texts", `a,b\n${rows(40, (i) => `${i},${i / 8}`)}\n${rows(60, (i) => `0${i}x,2`)}\n`],
    [
      "leading zeros that turn out to be labels",
      `a,b\n${rows(30, (i) => `00${i},1`)}\n${rows(40, () => "none at all,1")}`,
    ],
    ["texts that end in numbers", `a,b\n${rows(20, () => "x,1")}\n${rows(90, (i) => `${i},2`)}\n`],
    ["a few numbers missing late", `a,b\n${rows(50, (i) => `${i},1`)}\nNA,2\nnone,3\n-,4\n`],
    ["a limit late", `C (wt%),b\n${rows(50, (i) => `${i / 100},1`)}\n<0.005,2\n0.2-0.3,1\n`],
    ["decimal commas late", `a;b\n${rows(50, (i) => `${i};1`)}\n2,5;3\n7,25;3\n`],
    ["codes", `specimen,x\n${rows(50, (i) => `${i === 37 ? "0037" : i + 100},1`)}\n`],
    ["long codes", `specimen,x\n${rows(50, (i) => `${i === 37 ? "9007199254740993" : i + 100},1`)}\n`],
    ["steels", `steel,x\n${rows(50, (i) => `${4100 + i},1`)}\n`],
    ["decimal commas and thousands", `a;b\n${rows(50, (i) => `1,${100 + i};1`)}\n`],
    ["decimal commas, then a point", `a;b\n${rows(50, (i) => `1,${i};1`)}\n2.5;3\n`],
    ["a formula column that begins with zeros", `formula,b\n${rows(30, () => "0,1")}\n${rows(40, () => "Fe2O3,1")}\n`],
    ["ragged rows late", `a,b\n${rows(50, (i) => `${i},1`)}\n1,2,3\n7\n`],
    ["values without a header late", `a,,b\n${rows(50, (i) => `${i},,1`)}\n1,2,3\n`],
    ["a quote that is never closed", `a,b\n${rows(50, (i) => `${i},1`)}\n"x,2\n3,4\n`],
    ["text after a quote", `a,b\n${rows(50, (i) => `${i},1`)}\n"x"y,2\n`],
    ["many digits and other minus signs", `a,b\n${rows(30, (i) => `${i}.12345678901234567890123,\u2212${i}.5`)}\n`],
    [
      "mark, Windows lines, quotes",
      `\ufeff"a ""1""",b\r\n${rows(30, (i) => `"x\ny ${i}",${i}`).replaceAll("\n", "\r\n")}`,
    ],
    ["nothing below the header", "a,b\n"],
    ["nothing at all", ""],
  ];
  it.each(cases)("does not depend on pieces or sample: %s", (_, text) => {
    const whole = outcome(() => readTable(text));
    for (const [piece, sample] of [
      [1, 1],
      [3, 40],
      [7, 100],
      [64, 200],
      [1000, 30],
    ] as const) {
      // biome-ignore format: pairs
      expect(outcome(() => readInPieces(text, piece, sample))).toEqual(whole);
    }
  });

  it("turns wrong expectations of the sample into what the column is", () => {
    const [, late] = cases[1] as readonly [string, string];
    const column = readInPieces(late, 16, 60).column("a");
    expect(column.kind).toBe("category");
    expect(columnTexts(column).slice(0, 2)).toEqual(["000", "001"]); // not "0" and "1"
  });

  it("knows missing numbers by their text", () => {
    const table = readInPieces("a,b\n-999,1\n2,-999.0\n3,4\n", 4, 6, { missing: ["-999"] });
    expect([...table.number("a").valid]).toEqual([0, 1, 1]);
    expect([...table.number("b").values]).toEqual([1, -999, 4]);
  });
});

describe("files", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "materiome-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("are streamed to the same table", async () => {
    const random = createRandom(9);
    const lines = Array.from(
      { length: 3000 },
      (_, i) => `H${i % 7},${random.normal()},"é ${random.int(5)}",${random.int(9)}`,
    );
    const text = `heat,YS (MPa),µ,n\n${lines.join("\n")}\n`;
    const path = join(folder, "big.csv");
    writeFileSync(path, text);
    const whole = readTable(text, { file: path });
    for (const [pieceBytes, sampleBytes] of [
      [5, 100],
      [4097, 1000],
      [1 << 20, 1 << 20],
    ] as const) {
      // biome-ignore format: pairs
      const handle = await open(path);
      expect((await readDelimitedFile(handle, { file: path, pieceBytes, sampleBytes })).columns).toEqual(whole.columns);
      await handle.close();
    }
  });
});
