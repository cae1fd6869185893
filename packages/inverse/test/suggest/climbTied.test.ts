import { createMatrix, createRandom } from "@materiome/core";
import { expect, test } from "vitest";
import { createSpace } from "../../src/space/createSpace.ts";
import { sampleSpace } from "../../src/space/sampleSpace.ts";
import { isAllowedPoint } from "../../src/space/violations.ts";
import { climbTied } from "../../src/suggest/climbTied.ts";

const amount = (name: string, min: number, max: number) =>
  ({ kind: "continuous", name, role: "composition", unit: "%", min, max, scale: "linear" }) as const;
/** Most at (1, 0.4, 0) of the features. */
const bowl = {
  name: "bowl",
  isLog: true,
  value: (x: { rows: number; data: Float64Array }) =>
    Float64Array.from(
      { length: x.rows },
      (_, i) => 2 * (x.data[3 * i] as number) - ((x.data[3 * i + 1] as number) - 0.4) ** 2,
    ),
  gradient: (x: { rows: number; columns: number; data: Float64Array }) => ({
    value: bowl.value(x),
    gradient: createMatrix(
      x.rows,
      3,
      x.data.map((v, at) => [2, -2 * (v - 0.4), 0][at % 3] as number),
    ),
  }),
};

test("the tolerance of a sum is not used up by the climb", () => {
  const space = createSpace({
    variables: [amount("A", 0, 80), amount("B", 10, 60), amount("C", 0, 50)],
    fixed: [],
    sums: [{ columns: ["A", "B", "C"], total: 100, tolerance: 0.5 }],
  });
  for (const from of sampleSpace(space, 10, createRandom(1))) {
    const point = climbTied({ space, held: new Map() }, { acquisition: bowl }, from, [0, 1, 2]);
    expect(isAllowedPoint(space, point)).toBe(true);
    expect(point.reduce((a, b) => a + b, 0)).toBeCloseTo(100, 9);
    expect(point[0]).toBeCloseTo(80, 3);
  }
});
