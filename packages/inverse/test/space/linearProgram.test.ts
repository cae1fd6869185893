import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { solveLinearProgram } from "../../src/space/linearProgram.ts";

interface Stored {
  readonly cost: number[];
  readonly atMost: number[][];
  readonly limits: number[];
  readonly equal: number[][];
  readonly totals: number[];
  readonly lower: number[];
  readonly upper: number[];
  readonly status: "optimal" | "infeasible";
  readonly value: number | null;
}
const golden = JSON.parse(readFileSync(new URL("./fixtures/linearPrograms.json", import.meta.url), "utf8")) as {
  readonly programs: readonly Stored[];
};
const rows = (matrix: readonly number[][]): Float64Array[] => matrix.map((row) => Float64Array.from(row));

describe("solveLinearProgram", () => {
  it("finds the optima of SciPy's linprog, or that there are none", () => {
    for (const stored of golden.programs) {
      const { cost, atMost, equal, limits, totals, lower, upper } = stored;
      const solution = solveLinearProgram({
        cost: Float64Array.from(cost),
        atMost: rows(atMost),
        limits,
        equal: rows(equal),
        totals,
        lower: Float64Array.from(lower),
        upper: Float64Array.from(upper),
      });
      expect(solution.status).toBe(stored.status);
      if (solution.status !== "optimal") continue;
      expect(solution.value).toBeCloseTo(stored.value as number, 8);
      const at = (row: readonly number[]): number => row.reduce((sum, c, j) => sum + c * solution.x[j], 0);
      for (const [i, row] of atMost.entries()) expect(at(row)).toBeLessThanOrEqual((limits[i] as number) + 1e-9);
      for (const [i, row] of equal.entries()) expect(at(row)).toBeCloseTo(totals[i] as number, 8);
      for (const [j, x] of solution.x.entries()) expect(x >= lower[j] - 1e-12 && x <= upper[j] + 1e-12).toBe(true);
    }
  });

  it("ends on a degenerate program on which simple rules cycle, and sees when there is no end", () => {
    // E. M. L. Beale, Nav. Res. Logist. Q. 2, 269 (1955): optimum −1/20.
    const zeros = new Float64Array(4);
    const beale = {
      cost: Float64Array.of(-0.75, 150, -0.02, 6),
      atMost: rows([
        [0.25, -60, -0.04, 9],
        [0.5, -90, -0.02, 3],
        [0, 0, 1, 0],
      ]),
      limits: [0, 0, 1],
      equal: [],
      totals: [],
      lower: zeros,
      upper: new Float64Array(4).fill(Number.POSITIVE_INFINITY),
    };
    expect(solveLinearProgram(beale)).toMatchObject({ status: "optimal", value: expect.closeTo(-0.05, 12) });
    const open = { ...beale, atMost: [], limits: [] };
    expect(solveLinearProgram(open)).toEqual({ status: "unbounded" });
    expect(() => solveLinearProgram({ ...open, cost: Float64Array.of(1) })).toThrow("4 lower bounds");
  });
});
