import type { Matrix } from "@materiome/core";
import {
  aliasMatrix,
  boxBehnken,
  centralComposite,
  designQuality,
  foldOver,
  fractionalFactorial,
  fullFactorial,
  modelMatrix,
  modelTerms,
  plackettBurman,
} from "@materiome/inverse";
import { describe, expect, it } from "vitest";

const rowsOf = ({ data, rows, columns }: Matrix): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
const columnsOf = (runs: Matrix): number[][] =>
  Array.from({ length: runs.columns }, (_, j) => rowsOf(runs).map((row) => row[j] as number));

describe("fullFactorial", () => {
  it("lists all combinations, the first factor fastest", () => {
    expect(rowsOf(fullFactorial([2, 3]).runs)).toEqual([
      [-1, -1],
      [1, -1],
      [-1, 0],
      [1, 0],
      [-1, 1],
      [1, 1],
    ]);
    expect(() => fullFactorial([2, 1])).toThrow(/at least 2 levels/);
    expect(() => fullFactorial(new Array(30).fill(2))).toThrow(/take fewer levels or a fraction/);
  });
});

describe("fractionalFactorial", () => {
  it("has the defining relation, resolution and aliases of Montgomery's 2^(6−2), I = ABCE = BCDF = ADEF", () => {
    const design = fractionalFactorial(6, { generators: ["E=ABC", "F=BCD"] });
    expect(design.runs.rows).toBe(16);
    expect(design.resolution).toBe(4);
    expect([...design.definingRelation].sort()).toEqual(["ABCE", "ADEF", "BCDF"]);
    expect(design.aliases("AB")).toEqual(["CE"]);
    expect(design.aliases("A", 3)).toEqual(["BCE", "DEF"]);
    for (const [a = 0, b = 0, c = 0, d = 0, e, f] of rowsOf(design.runs))
      expect([e, f]).toEqual([a * b * c, b * c * d]);
  });

  it("finds the tabled designs of least aberration", () => {
    // Resolution of 2^(k−p) by factors and runs: the largest distance of a binary linear code [k, p], here by exhaustive search over all
    // sets of generators (done once, in Python).
    const tabled = [
      [3, 4, 3],
      [4, 8, 4],
      [5, 8, 3],
      [6, 8, 3],
      [7, 8, 3],
      [5, 16, 5],
      [6, 16, 4],
      [7, 16, 4],
      [8, 16, 4],
      [9, 16, 3],
      [6, 32, 6],
      [7, 32, 4],
      [8, 32, 4],
      [7, 64, 7],
      [8, 64, 5],
    ] as const;
    for (const [factors, runs, resolution] of tabled) {
      expect(fractionalFactorial(factors, { runs }).resolution).toBe(resolution);
    }
    // Fries & Hunter's 2^(7−2): one word of length 4, not three.
    const words = fractionalFactorial(7, { runs: 32 }).definingRelation;
    expect(words.map((word) => word.length)).toEqual([4, 5, 5]);
  });

  it("takes signs, and refuses generators that confound main effects or cannot be read", () => {
    expect(fractionalFactorial(3, { generators: ["C=-AB"] }).definingRelation).toEqual(["-ABC"]);
    expect(fractionalFactorial(3, { generators: ["C=-AB"] }).aliases("A")).toEqual(["-BC"]);
    expect(() => fractionalFactorial(4, { generators: ["C=AB", "D=AB"] })).toThrow(/CD is constant/);
    expect(() => fractionalFactorial(3, { generators: ["D=AB"] })).toThrow(/should say what C is/);
    expect(() => fractionalFactorial(3, { generators: ["C=AX"] })).toThrow(/names "X"/);
    expect(() => fractionalFactorial(5, { runs: 12 })).toThrow(/power of two/);
    expect(() => fractionalFactorial(9, { runs: 8 })).toThrow(/at most 7 factors/);
  });
});

describe("plackettBurman", () => {
  it("is orthogonal and balanced for every size from 8 to 48", () => {
    for (let runs = 8; runs <= 48; runs += 4) {
      const columns = columnsOf(plackettBurman(runs - 1, runs).runs);
      const products = columns.flatMap((a, i) => [
        dot(a, new Array<number>(runs).fill(1)),
        ...columns.map((b, j) => dot(a, b) - (i === j ? runs : 0)),
      ]);
      expect(products.every((x) => x === 0)).toBe(true);
    }
  });

  it("begins with the signs of squares modulo the number of factors, as Plackett & Burman print them", () => {
    for (const runs of [8, 12, 20, 24]) {
      const q = runs - 1;
      const squares = new Set(Array.from({ length: q }, (_, x) => (x * x) % q));
      const [first = []] = rowsOf(plackettBurman(q, runs).runs);
      expect(first).toEqual(Array.from({ length: q }, (_, x) => (squares.has(x) ? 1 : -1)));
    }
    const [twelve = []] = rowsOf(plackettBurman(11, 12).runs);
    expect(twelve.map((x) => (x > 0 ? "+" : "-")).join("")).toBe("++-+++---+-");
  });

  it("aliases main effects with a third of interactions, which folding over takes away", () => {
    const { runs } = plackettBurman(3, 12);
    const alias = aliasMatrix(runs, modelTerms(3, "linear"), [[1, 1, 0]]);
    expect(Math.abs(alias.data[3] as number)).toBeCloseTo(1 / 3, 12);
    const both = { ...runs, rows: 24, data: Float64Array.from([...runs.data, ...foldOver(runs).data]) };
    expect(aliasMatrix(both, modelTerms(3, "linear"), [[1, 1, 0]]).data.every((x) => Math.abs(x) < 1e-12)).toBe(true);
  });

  it("takes the smallest size that holds the factors", () => {
    expect(plackettBurman(7).runs.rows).toBe(8);
    expect(plackettBurman(8).runs.rows).toBe(12);
    expect(plackettBurman(39).runs.rows).toBe(40);
    expect(() => plackettBurman(12, 12)).toThrow(/more than the 12 factors/);
  });
});

describe("centralComposite", () => {
  it("has the axial distances of the handbook: 1.414, 1.682, 2.000 and 2.378 for 2 to 5 factors", () => {
    expect(centralComposite(2).alpha).toBeCloseTo(Math.SQRT2, 12);
    expect(centralComposite(3).alpha).toBeCloseTo(1.681792830507429, 12);
    expect(centralComposite(4).alpha).toBeCloseTo(2, 12);
    expect(centralComposite(5).alpha).toBeCloseTo(2.378414230005442, 12);
    expect(centralComposite(5, { generators: ["E=ABCD"] }).alpha).toBeCloseTo(2, 12);
    expect(centralComposite(3).runs.rows).toBe(20);
    expect(centralComposite(3, { alpha: "faceCentred" }).runs.data.every((x) => Math.abs(x) <= 1)).toBe(true);
  });

  it("is rotatable: prediction variance depends on the distance alone", () => {
    const { runs } = centralComposite(3);
    const terms = modelTerms(3, "quadratic");
    const x = modelMatrix(runs, terms);
    const at = (point: readonly number[]): number => {
      const f = modelMatrix({ data: Float64Array.from(point), rows: 1, columns: 3 }, terms);
      const both = {
        data: Float64Array.from([...x.data, ...f.data.map((v) => v * 1e-6)]),
        rows: x.rows + 1,
        columns: 10,
      };
      return leverage(both, x.rows) * 1e12;
    };
    const r = 1.3;
    const [a, b] = [at([r, 0, 0]), at([r / Math.sqrt(3), r / Math.sqrt(3), r / Math.sqrt(3)])];
    expect(a).toBeCloseTo(b, 4);
  });

  it("is orthogonal on request: squares about their mean are uncorrelated", () => {
    const { runs, alpha } = centralComposite(3, { alpha: "orthogonal", centreRuns: 1 });
    // Uncorrelated squares: 15 · 8 = (8 + 2 α²)².
    expect(alpha).toBeCloseTo(Math.sqrt((Math.sqrt(15 * 8) - 8) / 2), 12);
    const squares = columnsOf(runs).map((column) => {
      const mean = dot(column, column) / column.length;
      return column.map((x) => x * x - mean);
    });
    expect(dot(squares[0] as number[], squares[1] as number[])).toBeCloseTo(0, 10);
  });
});

/** xᵢᵀ (XᵀX)⁻¹ xᵢ of a row that weighs nothing. */
function leverage(x: Matrix, row: number): number {
  const terms = Array.from({ length: x.columns }, (_, j) =>
    Array.from({ length: x.columns }, (_, k) => (j === k ? 1 : 0)),
  );
  return designQuality(x, terms).leverages[row] as number;
}

describe("boxBehnken", () => {
  it("has 15, 27, 46, 54 and 62 runs for 3 to 7 factors, with orthogonal main effects", () => {
    expect([3, 4, 5, 6, 7].map((k) => boxBehnken(k).runs.rows)).toEqual([15, 27, 46, 54, 62]);
    for (const k of [3, 4, 5, 6, 7]) {
      const columns = columnsOf(boxBehnken(k).runs);
      const sizes = columns.map((column) => dot(column, column));
      expect(new Set(sizes).size).toBe(1);
      columns.forEach((column, i) => {
        for (const other of columns.slice(i + 1)) expect(dot(column, other)).toBe(0);
      });
    }
  });

  it("is the handbook's design of three factors: twelve edge middles and three centres", () => {
    const rows = rowsOf(boxBehnken(3).runs).map((row) => row.join());
    expect(rows.slice(0, 12).every((row) => row.split(",").filter((x) => x === "0").length === 1)).toBe(true);
    expect(new Set(rows).size).toBe(13);
    expect(rows.slice(12)).toEqual(["0,0,0", "0,0,0", "0,0,0"]);
    expect(() => boxBehnken(8)).toThrow(/3 to 7 factors/);
  });
});
