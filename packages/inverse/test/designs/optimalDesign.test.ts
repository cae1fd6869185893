import { createMatrix, createRandom, type Matrix } from "@materiome/core";
import { solveLinear } from "@materiome/core/numerics";
import { designQuality, fullFactorial, modelMatrix, modelTerms, optimalDesign } from "@materiome/inverse";
import { describe, expect, it } from "vitest";
import { informationUpdate } from "../../src/kernels/index.ts";

const numbers = (k: number) => Array.from({ length: k }, () => ({ kind: "number" }) as const);
const rowsOf = ({ data, rows, columns }: Matrix): number[][] =>
  Array.from({ length: rows }, (_, i) => Array.from(data.subarray(i * columns, (i + 1) * columns)));

/** ln det by elimination, and M⁻¹ W's trace, the slow way. */
function byHand(m: Matrix, w: Matrix): { readonly det: number; readonly trace: number } {
  const n = m.rows;
  const a = rowsOf(m);
  let det = 1;
  for (let i = 0; i < n; i++) {
    det *= (a[i] as number[])[i] as number;
    for (let k = i + 1; k < n; k++) {
      const factor = ((a[k] as number[])[i] as number) / ((a[i] as number[])[i] as number);
      for (let j = i; j < n; j++)
        (a[k] as number[])[j] = ((a[k] as number[])[j] as number) - factor * ((a[i] as number[])[j] as number);
    }
  }
  const x = solveLinear(m, w);
  return { det, trace: Array.from({ length: n }, (_, i) => x.data[i * n + i] as number).reduce((p, q) => p + q, 0) };
}

describe("informationUpdate", () => {
  it("has the determinant and the trace of the changed matrix", () => {
    const random = createRandom(1);
    const [p, r] = [4, 3];
    const draw = (n: number): Float64Array => Float64Array.from({ length: n }, () => random.normal());
    const root = createMatrix(p, p, draw(p * p));
    const square = (b: Matrix): Matrix =>
      createMatrix(
        p,
        p,
        Float64Array.from({ length: p * p }, (_, i) => {
          let sum = Math.floor(i / p) === i % p ? 1 : 0;
          for (let k = 0; k < p; k++)
            sum += (b.data[Math.floor(i / p) * p + k] as number) * (b.data[(i % p) * p + k] as number);
          return sum;
        }),
      );
    const m = square(root);
    const w = square(createMatrix(p, p, draw(p * p)));
    const f = draw(r * p);
    const c = Float64Array.of(1, -0.05, 0.3);
    const identity = createMatrix(
      p,
      p,
      Float64Array.from({ length: p * p }, (_, i) => Number(i % (p + 1) === 0)),
    );
    const inverse = solveLinear(m, identity);
    const weighted = solveLinear(
      m,
      createMatrix(
        p,
        p,
        solveLinear(m, w).data.map((_, i, d) => d[(i % p) * p + Math.floor(i / p)] as number),
      ),
    );
    const changed = createMatrix(
      p,
      p,
      m.data.map((value, i) => {
        let sum = value;
        for (let k = 0; k < r; k++)
          sum += (c[k] as number) * (f[k * p + Math.floor(i / p)] as number) * (f[k * p + (i % p)] as number);
        return sum;
      }),
    );
    const out = new Float64Array(2);
    informationUpdate(r, p, f, c, inverse.data, weighted.data, new Float64Array(100), out);
    expect(out[0]).toBeCloseTo(byHand(changed, w).det / byHand(m, w).det, 9);
    expect(out[1]).toBeCloseTo(byHand(changed, w).trace - byHand(m, w).trace, 9);
  });
});

describe("optimalDesign", () => {
  it("finds the full factorial where that is best", () => {
    const { runs } = optimalDesign(numbers(3), 8, { random: createRandom(1), model: "interactions", starts: 5 });
    const sorted = (m: Matrix): string[] =>
      rowsOf(m)
        .map((row) => row.join())
        .sort();
    expect(sorted(runs)).toEqual(sorted(fullFactorial([2, 2, 2]).runs));
  });

  it("reaches the best known exact D-efficiencies of quadratic designs for two factors", () => {
    const nine = optimalDesign(numbers(2), 9, { random: createRandom(2), starts: 10, gridLevels: 21 });
    expect(designQuality(nine.runs, modelTerms(2, "quadratic")).dEfficiency).toBeGreaterThanOrEqual(
      designQuality(fullFactorial([3, 3]).runs, modelTerms(2, "quadratic")).dEfficiency - 1e-9,
    );
    // Box & Draper, Technometrics 13, 731 (1971): the best six points, α = (4 − √13)/3. |X| = 16.3626776 is also what 300 starts of SciPy's
    // L-BFGS-B over all six points find at most.
    const alpha = (4 - Math.sqrt(13)) / 3;
    const known = createMatrix(6, 2, Float64Array.of(-1, -1, 1, -1, -1, 1, -alpha, -alpha, 1, 3 * alpha, 3 * alpha, 1));
    const six = optimalDesign(numbers(2), 6, { random: createRandom(3), starts: 20, gridLevels: 21 });
    const [found, best] = [six.runs, known].map((runs) => designQuality(runs, modelTerms(2, "quadratic")).dEfficiency);
    expect(found as number).toBeGreaterThan(0.998 * (best as number));
    expect(found as number).toBeLessThanOrEqual((best as number) + 1e-9);
  });

  it("makes predictions more precise on average where that is asked", () => {
    const options = { starts: 5, gridLevels: 5 } as const;
    const d = optimalDesign(numbers(2), 12, { random: createRandom(4), ...options });
    const i = optimalDesign(numbers(2), 12, { random: createRandom(4), criterion: "I", ...options });
    expect(i.meanVariance).toBeLessThan(d.meanVariance - 0.01);
    expect(i.logDeterminant).toBeLessThan(d.logDeterminant);
    expect(i.meanVariance).toBeCloseTo(designQuality(i.runs, modelTerms(2, "quadratic")).meanVariance, 9);
  });

  it("keeps hard-to-change factors within whole plots, and beats resetting at random", () => {
    const factors = [{ kind: "number", isHardToChange: true }, { kind: "number" }, { kind: "number" }] as const;
    const design = optimalDesign(factors, 12, {
      random: createRandom(5),
      model: "linear",
      wholePlots: 4,
      varianceRatio: 1,
      starts: 5,
    });
    const rows = rowsOf(design.runs);
    for (let plot = 0; plot < 4; plot++) {
      const values = rows.flatMap((row, i) => (design.wholePlots[i] === plot ? [row[0]] : []));
      expect(values).toHaveLength(3);
      expect(new Set(values).size).toBe(1);
    }
    // XᵀV⁻¹X by hand: V⁻¹ = I − 11ᵀ η/(1 + 3 η) in each plot.
    const x = modelMatrix(design.runs, modelTerms(3, "linear"));
    const m = createMatrix(4, 4);
    for (let plot = 0; plot < 4; plot++) {
      const own = rowsOf(x).slice(3 * plot, 3 * plot + 3);
      for (let a = 0; a < 4; a++) {
        for (let b = 0; b < 4; b++) {
          const [sa, sb] = [a, b].map((j) => own.reduce((sum, row) => sum + (row[j] as number), 0)) as [number, number];
          const plain = own.reduce((sum, row) => sum + (row[a] as number) * (row[b] as number), 0);
          m.data[4 * a + b] = (m.data[4 * a + b] as number) + plain - 0.25 * sa * sb;
        }
      }
    }
    expect(design.logDeterminant).toBeCloseTo(Math.log(byHand(m, m).det), 8);
    // Constant and whole-plot factor at best have 12/4 each; 24 runs' worth of the two others cannot exceed 12 each.
    expect(design.logDeterminant).toBeLessThanOrEqual(Math.log(3 * 3 * 12 * 12) + 1e-9);
    expect(design.logDeterminant).toBeGreaterThan(Math.log(3 * 3 * 10 * 10));
    expect(() => optimalDesign(factors, 12, { random: createRandom(1) })).toThrow(/how many whole plots/);
  });

  it("blocks runs so that main effects stay clear of blocks", () => {
    const design = optimalDesign(numbers(3), 8, {
      random: createRandom(6),
      model: "linear",
      blocks: [4, 4],
      starts: 10,
    });
    for (const block of [0, 1]) {
      const own = rowsOf(design.runs).filter((_, i) => design.blocks[i] === block);
      for (let j = 0; j < 3; j++) expect(own.reduce((sum, row) => sum + (row[j] as number), 0)).toBeCloseTo(0, 9);
    }
    expect(() => optimalDesign(numbers(3), 8, { random: createRandom(6), blocks: [4, 3] })).toThrow(/do not add up/);
  });

  it("augments existing runs: four more make a full factorial of a half", () => {
    const existing = createMatrix(4, 3, Float64Array.of(-1, -1, 1, 1, -1, -1, -1, 1, -1, 1, 1, 1));
    const { runs } = optimalDesign(numbers(3), 4, {
      random: createRandom(7),
      model: "interactions",
      existing,
      starts: 10,
    });
    expect(new Set([...rowsOf(existing), ...rowsOf(runs)].map((row) => row.join())).size).toBe(8);
  });

  it("uses categories and forbidden corners", () => {
    const factors = [
      { kind: "category", levels: 3 },
      { kind: "number" },
      { kind: "number", levels: [-1, 0, 1] },
    ] as const;
    const isAllowed = (run: Float64Array): boolean => !((run[0] as number) > 0.5 && (run[1] as number) > 0);
    const { runs } = optimalDesign(factors, 15, { random: createRandom(8), isAllowed, starts: 3 });
    for (const row of rowsOf(runs)) {
      expect(isAllowed(Float64Array.from(row))).toBe(true);
      expect([-1, 0, 1]).toContain(row[0]);
      expect([-1, 0, 1]).toContain(row[2]);
    }
    expect(() => optimalDesign(factors, 15, { random: createRandom(8), isAllowed: () => false })).toThrow(/no start/);
  });

  it("refuses fewer runs than coefficients", () => {
    expect(() => optimalDesign(numbers(3), 9, { random: createRandom(1) })).toThrow(/10 coefficients/);
  });
});

it("a quadratic model by name has no squares of categories, beside the numbers'", () => {
  const factors = [{ kind: "number" }, { kind: "category", levels: 3 }] as const;
  const { runs } = optimalDesign(factors, 9, { random: createRandom(1), model: "quadratic", starts: 2 });
  // Square and interactions: three values of the number at each level.
  expect(new Set(rowsOf(runs).map((run) => run.join())).size).toBe(9);
});
