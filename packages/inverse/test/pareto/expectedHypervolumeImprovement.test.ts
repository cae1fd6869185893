import { createMatrix, createRandom, type Matrix } from "@materiome/core";
import { checkGradient } from "@materiome/core/numerics";
import {
  type BoxDecomposition,
  decomposeNonDominated,
  expectedHypervolumeImprovement,
  hypervolume,
  logExpectedHypervolumeImprovement,
} from "@materiome/inverse";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { logPositivePart } from "../../src/pareto/logPositivePart.ts";
import golden from "./fixtures/logPositivePart.json" with { type: "json" };

const matrix = (rows: readonly (readonly number[])[], m: number): Matrix =>
  createMatrix(rows.length, m, Float64Array.from(rows.flat()));

const front = (n: number, m: number, seed: number): number[][] => {
  const random = createRandom(seed);
  return Array.from({ length: n }, () => {
    const x = Array.from({ length: m }, () => Math.abs(random.normal()));
    const norm = Math.hypot(...x);
    return x.map((v) => 1 - v / norm);
  });
};

/** Volume of the boxes above a floor that dominates everything. */
function volumeAbove(boxes: BoxDecomposition, floor: number): number {
  let total = 0;
  for (let k = 0; k < boxes.nBoxes; k++) {
    let volume = 1;
    for (let j = 0; j < boxes.nObjectives; j++) {
      const at = k * boxes.nObjectives + j;
      const low = Math.max(floor, boxes.edges[boxes.lowerEdge[at] as number] as number);
      volume *= (boxes.edges[boxes.upperEdge[at] as number] as number) - low;
    }
    total += volume;
  }
  return total;
}

describe("decomposeNonDominated", () => {
  it("and the dominated volume fill the box of the reference, ties and copies included", () => {
    for (const m of [1, 2, 3, 4]) {
      const coordinate = fc.integer({ min: 0, max: 6 }).map((k) => k / 4);
      const rows = fc.array(fc.array(coordinate, { minLength: m, maxLength: m }), { minLength: 0, maxLength: 9 });
      fc.assert(
        fc.property(rows, (values) => {
          const reference = new Array<number>(m).fill(1.3);
          const boxes = decomposeNonDominated(matrix(values, m), reference);
          const dominated = values.length === 0 ? 0 : hypervolume(matrix(values, m), reference);
          expect(volumeAbove(boxes, -1) + dominated).toBeCloseTo(2.3 ** m, 9);
        }),
        { seed: m, numRuns: 60 },
      );
    }
  });

  it("gives boxes that do not overlap and miss nothing", () => {
    const rows = front(12, 3, 5);
    const boxes = decomposeNonDominated(matrix(rows, 3), [1, 1, 1]);
    const random = createRandom(9);
    for (let i = 0; i < 2000; i++) {
      const at = Array.from({ length: 3 }, () => random.next() * 1.2 - 0.2);
      const isFree = !rows.some((row) => row.every((v, j) => v <= (at[j] as number)));
      let inside = 0;
      for (let k = 0; k < boxes.nBoxes; k++) {
        inside += Number(
          at.every(
            (v, j) =>
              v > (boxes.edges[boxes.lowerEdge[k * 3 + j] as number] as number) &&
              v < (boxes.edges[boxes.upperEdge[k * 3 + j] as number] as number),
          ),
        );
      }
      expect(inside).toBe(at.every((v) => v < 1) && isFree ? 1 : 0);
    }
  });

  it("takes few boxes: n + 1 for two objectives, and linearly many for three", () => {
    const two = front(20, 2, 1);
    expect(decomposeNonDominated(matrix(two, 2), [1, 1]).nBoxes).toBe(21);
    const three = decomposeNonDominated(matrix(front(50, 3, 1), 3), [1, 1, 1]).nBoxes;
    expect(three).toBeLessThanOrEqual(2 * 50 + 1);
    expect(() => decomposeNonDominated(matrix([[1, 1, 1, 1, 1]], 5), [2, 2, 2, 2, 2])).toThrow(/up to 4 objectives/);
  });
});

describe("logPositivePart", () => {
  it("agrees with 50-digit arithmetic in both tails", () => {
    for (const { z, log } of golden.values) {
      expect(Math.abs(logPositivePart(z) - log)).toBeLessThan(golden.tolerance * Math.max(1, Math.abs(log)));
    }
  });
});

describe("expectedHypervolumeImprovement", () => {
  it("is that of one objective: (t − μ) Φ + σ φ", () => {
    const boxes = decomposeNonDominated(matrix([[1]], 1), [5]);
    const { value } = expectedHypervolumeImprovement(boxes, Float64Array.of(1.5), Float64Array.of(0.25));
    expect(value).toBeCloseTo(0.5 * 0.08331547058768, 10); // σ (φ(−1) − Φ(−1))
  });

  it("without a front is the product of two expected distances to the reference", () => {
    const boxes = decomposeNonDominated(createMatrix(0, 2), [0, 0]);
    const { value } = expectedHypervolumeImprovement(boxes, Float64Array.of(0, 0), Float64Array.of(1, 4));
    expect(value).toBeCloseTo(2 / (2 * Math.PI), 12);
  });

  it("agrees with the mean hypervolume gain of draws, for two, three and four objectives", () => {
    for (const m of [2, 3, 4]) {
      const rows = front(6, m, m);
      const reference = new Array<number>(m).fill(1);
      const boxes = decomposeNonDominated(matrix(rows, m), reference);
      const mean = Float64Array.from({ length: m }, (_, j) => 0.4 + 0.05 * j);
      const variance = Float64Array.from({ length: m }, (_, j) => 0.02 + 0.01 * j);
      const before = hypervolume(matrix(rows, m), reference);
      const random = createRandom(m);
      const n = 2500;
      let [sum, squares] = [0, 0];
      for (let i = 0; i < n; i++) {
        const y = Array.from(mean, (mu, j) => mu + Math.sqrt(variance[j] as number) * random.normal());
        const gain = hypervolume(matrix([...rows, y], m), reference) - before;
        sum += gain;
        squares += gain * gain;
      }
      const error = Math.sqrt((squares / n - (sum / n) ** 2) / n);
      const { value } = expectedHypervolumeImprovement(boxes, mean, variance);
      expect(Math.abs(value - sum / n)).toBeLessThan(4 * error);
    }
  });

  it("has the gradient of its differences, near the front and far from it", () => {
    for (const m of [2, 3, 4]) {
      const boxes = decomposeNonDominated(matrix(front(8, m, m), m), new Array<number>(m).fill(1));
      for (const [shift, scale] of [
        [0.3, 0.1],
        [0.8, 0.01],
        [6, 0.1],
      ] as const) {
        // By the logarithm of the variance, so that differences are small beside it.
        const start = [...new Array<number>(m).fill(shift), ...new Array<number>(m).fill(2 * Math.log(scale))];
        const check = checkGradient((x, gradient) => {
          const variance = x.slice(m).map(Math.exp);
          const { value, dMean, dVariance } = logExpectedHypervolumeImprovement(boxes, x.slice(0, m), variance);
          gradient.set(dMean);
          gradient.set(
            dVariance.map((d, j) => d * (variance[j] as number)),
            m,
          );
          return value;
        }, start);
        expect(check.largestError).toBeLessThan(1e-5);
      }
    }
  });

  it("keeps a slope where the value underflows, and joins the plain sum without a step", () => {
    const boxes = decomposeNonDominated(matrix(front(5, 2, 2), 2), [1, 1]);
    const at = (mean: number) =>
      logExpectedHypervolumeImprovement(boxes, Float64Array.of(mean, mean), Float64Array.of(0.01, 0.01));
    const far = at(40);
    expect(far.value).toBeLessThan(-1e5);
    expect(far.dMean[0] as number).toBeLessThan(0);
    let last = at(2).value;
    for (let mean = 2; mean < 5; mean += 0.01) {
      const { value } = at(mean);
      expect(value).toBeLessThanOrEqual(last);
      last = value;
    }
  });

  it("refuses variances that are not positive", () => {
    const boxes = decomposeNonDominated(createMatrix(0, 2), [0, 0]);
    expect(() => expectedHypervolumeImprovement(boxes, Float64Array.of(0, 0), Float64Array.of(0, 1))).toThrow(
      /positive variances/,
    );
  });
});
