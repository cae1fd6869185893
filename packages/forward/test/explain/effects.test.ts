import { createRandom } from "@materiome/core";
import { accumulatedLocalEffects, interactionStrengths, matrixSubject, partialDependence } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, smooth } from "../data.ts";
import { formulaModel } from "./formulaModel.ts";

const meanOf = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, v) => sum + v, 0) / values.length;

/** Every pair of −1, 0, 1. */
const factorial = features(
  9,
  2,
  [-1, 0, 1].flatMap((a) => [-1, 0, 1].flatMap((b) => [a, b])),
);

describe("partialDependence", () => {
  it("of a sum is the term itself and the mean of the others", async () => {
    const { x } = smooth(50, 3, 1);
    const subject = matrixSubject(
      formulaModel(([a, b]) => Math.exp(a) + b * b),
      x,
    );
    const { grid, mean, curves } = await partialDependence(subject, "x0", { nPoints: 7 });
    const other = meanOf(Array.from({ length: 50 }, (_, i) => x.data[3 * i + 1] ** 2));
    expect(grid.length).toBe(7);
    for (const [k, value] of grid.entries()) {
      expect(mean[k]).toBeCloseTo(Math.exp(value) + other, 10);
      expect(curves.data[4 * 7 + k]).toBeCloseTo(Math.exp(value) + x.data[13] ** 2, 10);
    }
    const centred = await partialDependence(subject, "x0", { nPoints: 7, centred: true });
    for (const [k, value] of grid.entries()) {
      const own = Math.exp(value) - Math.exp(grid[0]);
      expect(centred.mean[k]).toBeCloseTo(own, 10);
      expect(centred.curves.data[4 * 7 + k]).toBeCloseTo(own, 10);
    }
  });

  it("of a product is flat where the other averages to 0, and its curves cross", async () => {
    const subject = matrixSubject(
      formulaModel(([a, b]) => a * b),
      factorial,
    );
    const { grid, mean, curves } = await partialDependence(subject, "x0");
    expect(Array.from(grid)).toEqual([-1, 0, 1]);
    for (const value of mean) expect(value).toBeCloseTo(0, 12);
    expect(curves.data[0]).toBe(1); // row (−1, −1) at −1
  });

  it("takes rows without a value along and a constant input as one point", async () => {
    const x = features(3, 2, [Number.NaN, 1, 2, 1, 4, 1]);
    const subject = matrixSubject(
      formulaModel(([a, b]) => a + b),
      x,
    );
    expect(Array.from((await partialDependence(subject, "x0", { nPoints: 2 })).mean)).toEqual([3, 5]);
    expect((await partialDependence(subject, "x1")).grid).toEqual(Float64Array.of(1));
  });

  it("refuses unknown inputs, several numbers in one, and empty ones", async () => {
    const x = features(2, 3, [1, 2, Number.NaN, 3, 4, Number.NaN]);
    const players = [
      { name: "both", features: [0, 1] },
      { name: "gone", features: [2] },
    ];
    const subject = matrixSubject(
      formulaModel(([a]) => a),
      x,
      { players },
    );
    await expect(partialDependence(subject, "x0")).rejects.toThrow('no input "x0"; the inputs are "both", "gone"');
    await expect(partialDependence(subject, "both")).rejects.toThrow("is no single number");
    await expect(partialDependence(subject, "gone")).rejects.toThrow("no row has a value");
    await expect(accumulatedLocalEffects(subject, "gone")).rejects.toThrow("0 different values in 0 rows");
  });
});

describe("accumulatedLocalEffects", () => {
  it("of a sum is the term itself, centred over the rows", async () => {
    const { x } = smooth(400, 3, 1);
    const subject = matrixSubject(
      formulaModel(([a, b]) => Math.exp(a) + b * b),
      x,
    );
    const { grid, effect, standardError, counts } = await accumulatedLocalEffects(subject, "x0", { nBins: 25 });
    const centre = meanOf(Array.from({ length: 400 }, (_, i) => Math.exp(x.data[3 * i])));
    for (const [k, value] of grid.entries()) {
      expect(effect[k] - effect[0]).toBeCloseTo(Math.exp(value) - Math.exp(grid[0]), 10);
      expect(Math.abs(effect[k] - (Math.exp(value) - centre))).toBeLessThan(0.001); // bins of finite width
      expect(standardError[k]).toBeLessThan(1e-7);
    }
    expect(counts.reduce((sum, v) => sum + v, 0)).toBe(400);
  });

  it("keeps to the rows there are: with correlated inputs the partial dependence strays, this does not", async () => {
    const random = createRandom(2);
    const x = features(
      500,
      2,
      Array.from({ length: 500 }, () => {
        const a = random.next();
        return [a, a + 0.02 * random.normal()];
      }).flat(),
    );
    // Off the diagonal, where no row is, the model says 100.
    const subject = matrixSubject(
      formulaModel(([a, b]) => (Math.abs(a - b) > 0.2 ? 100 : a)),
      x,
    );
    const { grid, effect } = await accumulatedLocalEffects(subject, "x0", { nBins: 20 });
    for (const [k, value] of grid.entries()) expect(effect[k] - effect[0]).toBeCloseTo(value - grid[0], 8);
    expect(meanOf((await partialDependence(subject, "x0")).mean)).toBeGreaterThan(30);
  });

  it("of a product changes with the mean of the other where the value is", async () => {
    const { x } = smooth(4000, 2 + 1, 6);
    const subject = matrixSubject(
      formulaModel(([a, b]) => a * b),
      x,
    );
    const { grid, effect, standardError } = await accumulatedLocalEffects(subject, "x0", { nBins: 10 });
    const last = grid.length - 1;
    const slope = (effect[last] - effect[0]) / (grid[last] - grid[0]);
    const error = standardError[last] / (grid[last] - grid[0]);
    expect(error).toBeCloseTo(Math.sqrt(1 / 12 / 4000), 3);
    expect(Math.abs(slope - 0.5)).toBeLessThan(3 * error);
  });

  it("takes repeated values in one bin and leaves gaps out", async () => {
    const x = features(6, 1, [0, 0, 0, 0, 1, Number.NaN]);
    const subject = matrixSubject(
      formulaModel(([a]) => 3 * a),
      x,
    );
    const { grid, effect, counts } = await accumulatedLocalEffects(subject, "x0", { nBins: 4 });
    expect(Array.from(grid)).toEqual([0, 1]);
    expect(Array.from(counts)).toEqual([5]);
    expect(Array.from(effect)).toEqual([-1.5, 1.5]);
  });
});

describe("interactionStrengths", () => {
  it("is 0 for a sum, 1 for a product of centred inputs, and finds the pair", async () => {
    const sum = matrixSubject(
      formulaModel(([a, b]) => a + b ** 3),
      factorial,
    );
    const [none] = await interactionStrengths(sum);
    expect(none.h).toBeCloseTo(0, 10);
    const product = matrixSubject(
      formulaModel(([a, b]) => a * b),
      factorial,
    );
    const [all] = await interactionStrengths(product);
    expect(all.inputs).toEqual(["x0", "x1"]);
    expect(all.h).toBeCloseTo(1, 10);
    expect(all.size).toBeCloseTo(2 / 3, 10); // root mean square of a b
  });

  it("orders pairs by size, and says nothing of inputs without any effect", async () => {
    const { x } = smooth(30, 4, 9);
    const subject = matrixSubject(
      formulaModel(([a, b, c]) => 5 * a * b + b * c),
      x,
    );
    const found = await interactionStrengths(subject);
    expect(found.length).toBe(6);
    expect(found.slice(0, 2).map((pair) => pair.inputs)).toEqual([
      ["x0", "x1"],
      ["x1", "x2"],
    ]);
    const flat = await interactionStrengths(subject, { inputs: ["x3", "x2"], rows: Int32Array.of(4) });
    expect(flat).toEqual([{ inputs: ["x3", "x2"], size: 0, h: Number.NaN }]);
    await expect(interactionStrengths(subject, { inputs: ["x3"] })).rejects.toThrow("at least 2 inputs");
  });
});
