import { closeWorkers, createRandom } from "@materiome/core";
import { createGradientBoosting, createRandomForest, exportOnnx, type ForwardModel } from "@materiome/forward";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { floorToFloat } from "../../src/onnx/treeGraph.ts";
import { features, targets } from "../data.ts";
import { runOnnx } from "./runOnnx.ts";

afterAll(closeWorkers);

const MOST = 3.4028234663852886e38;
const LEAST = 1.401298464324817e-45;

describe("floorToFloat", () => {
  it("keeps single-precision numbers, and takes the next lower one of others", () => {
    const step = 2 ** -23;
    const cases: readonly (readonly [number, number])[] = [
      [1, 1],
      [1 + 0.9 * step, 1],
      [1 + step, 1 + step],
      [-1 - 0.1 * step, -1 - step],
      [0, 0],
      [1e-60, 0],
      [-1e-60, -LEAST],
      [1e300, MOST],
      [-1e300, Number.NEGATIVE_INFINITY],
      [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    ];
    for (const [value, expected] of cases) expect(floorToFloat(value)).toBe(expected);
  });

  it("leaves every single-precision number on its side of every threshold", () => {
    const near = fc.tuple(fc.float({ noNaN: true }), fc.double({ min: -2e-7, max: 2e-7, noNaN: true }));
    fc.assert(
      fc.property(near, fc.float({ noNaN: true }), ([base, share], other) => {
        const threshold = base * (1 + share);
        for (const x of [base, other, floorToFloat(threshold)]) {
          expect(x <= floorToFloat(threshold)).toBe(x <= threshold);
        }
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe("thresholds between neighbouring single-precision numbers", () => {
  // Half of the midpoints round up to the upper neighbour, which would then go left.
  const step = 2 ** -23;
  const values = Float64Array.from({ length: 12 }, (_, i) => 1 + i * step);
  const x = features(12, 1, values);
  const y = targets(Array.from(values, (_, i) => 10 + (i % 2)));
  const cases: readonly (readonly [string, () => Promise<ForwardModel>])[] = [
    [
      "forest",
      () =>
        createRandomForest({ nTrees: 1, sampling: "all", minSamplesLeaf: 1 }).fit(x, y, { random: createRandom(1) }),
    ],
    [
      "boosting",
      () =>
        createGradientBoosting({ nRounds: 1, folds: 0, minSamplesLeaf: 1, maxLeaves: 12, learningRate: 1 }).fit(x, y, {
          random: createRandom(1),
        }),
    ],
  ];
  it.each(cases)("%s: no row changes its side", async (_, fit) => {
    const model = await fit();
    const expected = Array.from(model.predictSync(x).mean.data);
    expect(new Set(expected).size).toBe(2);
    for (const precision of ["float64", "float32"] as const) {
      const { prediction } = await runOnnx(exportOnnx(model, { precision }), x, precision);
      expect(prediction.data).toEqual(expected);
    }
  });
});
