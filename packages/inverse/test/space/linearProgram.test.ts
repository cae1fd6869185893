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
  it.each([
    ["the steepest column first", undefined],
    ["Bland's smallest index alone", 0],
  ])("finds the optima of SciPy's linprog, or that there are none, by %s", (_, patience) => {
    for (const stored of golden.programs) {
      const { cost, atMost, equal, limits, totals, lower, upper } = stored;
      const program = {
        cost: Float64Array.from(cost),
        atMost: rows(atMost),
        limits,
        equal: rows(equal),
        totals,
        lower: Float64Array.from(lower),
        upper: Float64Array.from(upper),
      };
      const solution = solveLinearProgram(program, { patience });
      expect(solution.status).toBe(stored.status);
      if (solution.status !== "optimal") continue;
      expect(solution.value).toBeCloseTo(stored.value as number, 8);
      const at = (row: readonly number[]): number => row.reduce((sum, c, j) => sum + c * solution.x[j], 0);
      for (const [i, row] of atMost.entries()) expect(at(row)).toBeLessThanOrEqual((limits[i] as number) + 1e-9);
      for (const [i, row] of equal.entries()) expect(at(row)).toBeCloseTo(totals[i] as number, 8);
      for (const [j, x] of solution.x.entries()) expect(x >= lower[j] - 1e-12 && x <= upper[j] + 1e-12).toBe(true);
    }
  });

  it.each([undefined, 0, 1])(
    "ends on degenerate programs on which simple rules cycle, with patience %s",
    (patience) => {
      // In the tableau as it stands the steepest column cycles; here rows are scaled first, which happens to break the cycle, so that
      // Bland's rule is also asked for from the start. Optima by hand: see each.
      const nonNegative = (cost: number[], atMost: number[][], limits: number[]) =>
        solveLinearProgram(
          {
            ...{ cost: Float64Array.from(cost), atMost: rows(atMost), limits, equal: [], totals: [] },
            ...{
              lower: new Float64Array(cost.length),
              upper: new Float64Array(cost.length).fill(Number.POSITIVE_INFINITY),
            },
          },
          { patience },
        );
      // x = (1/25, 0, 1, 0): −0.75/25 − 0.02.
      const beale = [
        [0.25, -60, -0.04, 9],
        [0.5, -90, -0.02, 3],
        [0, 0, 1, 0],
      ];
      expect(nonNegative([-0.75, 150, -0.02, 6], beale, [0, 0, 1])).toMatchObject({ value: expect.closeTo(-0.05, 12) });
      // The third row is minus the cost: at most 2 can be gained, and x = (2, 0, 2, 0) gains it.
      const kuhn = [
        [-2, -9, 1, 9],
        [1 / 3, 1, -1 / 3, -2],
        [2, 3, -1, -12],
      ];
      expect(nonNegative([-2, -3, 1, 12], kuhn, [0, 0, 2])).toMatchObject({ value: expect.closeTo(-2, 12) });
      // x = (1, 0, 1, 0): −10 + 9.
      const chvatal = [
        [0.5, -5.5, -2.5, 9],
        [0.5, -1.5, -0.5, 1],
        [1, 0, 0, 0],
      ];
      expect(nonNegative([-10, 57, 9, 24], chvatal, [0, 0, 1])).toMatchObject({ value: expect.closeTo(-1, 12) });
    },
  );

  it("sees when there is no end", () => {
    const open = {
      ...{ cost: Float64Array.of(-0.75, 150), atMost: [], limits: [], equal: [], totals: [] },
      ...{ lower: new Float64Array(2), upper: new Float64Array(2).fill(Number.POSITIVE_INFINITY) },
    };
    expect(solveLinearProgram(open)).toEqual({ status: "unbounded" });
    expect(() => solveLinearProgram({ ...open, cost: Float64Array.of(1) })).toThrow("2 lower bounds");
  });
});
