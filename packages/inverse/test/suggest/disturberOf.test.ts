import { createMatrix, createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { createSpace } from "../../src/space/createSpace.ts";
import { encodePoints } from "../../src/space/encodePoints.ts";
import type { Variable } from "../../src/space/variable.ts";
import { disturberOf } from "../../src/suggest/disturberOf.ts";

const number = (name: string, min: number, max: number, more = {}): Variable =>
  ({ kind: "continuous", name, role: "process", unit: "", min, max, scale: "linear", ...more }) as Variable;
const random = () => createRandom(5);

describe("amounts of a mixture", () => {
  const space = createSpace({
    variables: [number("T", 500, 700), number("A", 10, 80), number("B", 0, 50), number("C", 0, 50, { step: 1 })],
    fixed: [{ name: "D", role: "composition", unit: "", columnKind: "number", value: 2, why: "fixed" }],
    sums: [{ columns: ["A", "B", "C", "D"], total: 100, tolerance: 1e-6 }],
  });
  const disturber = disturberOf(space, { deviations: { A: 1, C: 0.5, T: 5 }, samples: 64 }, random());
  /** Settings of features. */
  const decode = (row: Float64Array): number[] => [500 + 200 * row[0]!, 10 + 70 * row[1]!, 50 * row[2]!, 50 * row[3]!];

  it("add up however they are missed, by their own errors and those of the others", () => {
    const x = encodePoints(space, [Float64Array.of(600, 60, 30, 8), Float64Array.of(600, 68, 30, 0)]);
    const { data, columns } = disturber.at(x);
    const rows = Array.from({ length: 128 }, (_, i) => decode(data.subarray(i * columns, (i + 1) * columns)));
    for (const [i, [, a = 0, b = 0, c = 0]] of rows.entries()) {
      // B and what is given are weighed without an error, so that they keep their ratio.
      expect(a + b + c + (b * 2) / 30).toBeCloseTo(100, 9);
      if (i >= 64) expect(c).toBeCloseTo(0, 12);
    }
    const spread = (k: number, from = 0): number => {
      const values = rows.slice(from, from + 64).map((row) => row[k]!);
      const mean = values.reduce((s, v) => s + v, 0) / 64;
      return Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / 64);
    };
    expect(spread(0)).toBeCloseTo(5, 0);
    // To first order a' = a + δ_A − a/100 (δ_A + δ_C).
    expect(spread(1)).toBeCloseTo(Math.hypot(0.4 * 1, 0.6 * 0.5), 1);
    expect(spread(2)).toBeCloseTo(0.3 * Math.hypot(1, 0.5), 1);
    expect(spread(3)).toBeCloseTo(Math.hypot(0.08 * 1, 0.92 * 0.5), 1);
  });

  it("belong to one mixture still where one of them is held by an equation of its own", () => {
    const held = createSpace({
      ...space,
      constraints: [{ kind: "linear", terms: [{ name: "A", coefficient: 1 }], min: 60, max: 60 }],
    });
    const x = encodePoints(held, [Float64Array.of(600, 60, 30, 8)]);
    const { data } = disturberOf(held, { deviations: { A: 1, C: 0.5, T: 5 }, samples: 64 }, random()).at(x);
    expect(data).toEqual(disturber.at(x).data);
  });

  it("have the derivatives of finite differences", () => {
    const point = encodePoints(space, [Float64Array.of(600, 60, 30, 8)]);
    const [n, d] = [64, 4];
    const gradient = createMatrix(
      n,
      d,
      Float64Array.from({ length: n * d }, (_, i) => Math.sin(i)),
    );
    const pulled = disturber.pull(point, gradient);
    for (let f = 0; f < d; f++) {
      const at = (by: number): Float64Array => {
        const data = point.data.slice();
        data[f] = data[f]! + by;
        return disturber.at(createMatrix(1, d, data)).data;
      };
      const [above, below] = [at(1e-6), at(-1e-6)];
      for (let c = 0; c < n; c++) {
        let want = 0;
        for (let g = 0; g < d; g++)
          want += (gradient.data[c * d + g]! * (above[c * d + g]! - below[c * d + g]!)) / 2e-6;
        expect(pulled.data[c * d + f]).toBeCloseTo(want, 6);
      }
    }
  });

  it("of two sums at once are refused", () => {
    const twice = {
      ...space,
      constraints: [
        { kind: "linear" as const, terms: ["B", "C"].map((name) => ({ name, coefficient: 1 })), min: 38, max: 38 },
      ],
    };
    expect(() => disturberOf(twice, { deviations: { A: 1 } }, random())).toThrow('"B" belongs to two sums');
    expect(() => disturberOf(twice, { deviations: { T: 1 } }, random())).not.toThrow();
  });
});

it("numbers between steps scatter, and what is inactive is not missed", () => {
  const space = createSpace({
    variables: [
      {
        kind: "category",
        name: "route",
        role: "process",
        unit: "",
        columnKind: "category",
        levels: ["air", "oil", "salt"],
      },
      { kind: "integer", name: "n", role: "process", unit: "min", min: 10, max: 60 },
      {
        kind: "ordinal",
        name: "T",
        role: "process",
        unit: "degC",
        values: [200, 300, 500],
        when: { name: "route", in: ["oil", "salt"] },
      },
    ],
    fixed: [],
    sums: [],
  });
  const disturber = disturberOf(space, { deviations: { n: 5, T: 30 }, samples: 32 }, random());
  const points = [Float64Array.of(1, 30, 300), Float64Array.of(0, 30, Number.NaN)];
  const { data } = disturber.at(encodePoints(space, points));
  const spread = (i: number, f: number): number => {
    const values = Array.from({ length: 32 }, (_, c) => data[(i * 32 + c) * 5 + f]!);
    const mean = values.reduce((a, b) => a + b, 0) / 32;
    return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 32);
  };
  expect([spread(0, 3), spread(1, 3)]).toEqual([expect.closeTo(0.1, 1), expect.closeTo(0.1, 1)]);
  expect([spread(0, 4), spread(1, 4)]).toEqual([expect.closeTo(0.1, 1), 0]);
});
