import { createMatrix, createRandom } from "@materiome/core";
import { createImputed, createRidge, type ForwardModel } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { fillGaps } from "../../src/imputed/imputedPredictor.ts";
import { features, rSquared, smooth, targets } from "../data.ts";

const run = { random: createRandom(1), threads: 1 };
const N = Number.NaN;

describe("fillGaps", () => {
  it("puts medians in the gaps and marks those that training had", () => {
    const filled = fillGaps(
      { median: Float64Array.of(5, 7), marked: Int32Array.of(1) },
      createMatrix(3, 2, Float64Array.of(1, 2, N, N, 3, N)),
    );
    expect([filled.rows, filled.columns]).toEqual([3, 3]);
    expect(Array.from(filled.data)).toEqual([1, 2, 0, 5, 7, 1, 3, 7, 1]);
  });
});

describe("createImputed", () => {
  it("is the learner itself where nothing is missing", async () => {
    const { x, y } = smooth(40, 3, 1);
    const [plain, imputed] = await Promise.all([
      createRidge().fit(x, y, run),
      createImputed(createRidge()).fit(x, y, run),
    ]);
    expect(imputed.predictSync(x).mean.data).toEqual(plain.predictSync(x).mean.data);
    expect(imputed.predictSync(x).lower?.data).toEqual(plain.predictSync(x).lower?.data);
  });

  it("learns what a gap itself tells, once for columns that are missing together, and reports the medians", async () => {
    const random = createRandom(3);
    const data = Array.from({ length: 80 }, (_, i) => {
      const isGap = i % 4 === 0;
      return [isGap ? N : random.next(), isGap ? N : random.next(), random.next()];
    });
    const x = features(80, 3, data.flat());
    const y = targets(data.map(([a = 0, , c = 0]) => (Number.isNaN(a) ? 30 : 10 * a) + c));
    const model = await createImputed(createRidge()).fit(x, y, run);
    expect(rSquared(y.values.data, model.predictSync(x).mean.data)).toBeGreaterThan(0.99);
    const { filled, learner } = model.report as unknown as {
      filled: { feature: string; value: number; missing: number }[];
      learner: unknown;
    };
    expect(filled.map(({ feature, missing }) => [feature, missing])).toEqual([
      ["x0", 20],
      ["x1", 20],
    ]);
    const known = data.flatMap(([a = 0]) => (Number.isNaN(a) ? [] : [a])).toSorted((a, b) => a - b);
    expect(filled[0]?.value).toBe(((known[29] as number) + (known[30] as number)) / 2);
    expect(learner).not.toBeNull();
    const { median, marked } = model.predictor.encode() as { median: unknown; marked: unknown };
    expect([median, marked].every((part) => part !== undefined)).toBe(true);
    expect(featuresSeen(model)).toBe(4);
  });

  it("predicts a gap where training had none by the median", async () => {
    const { x, y } = smooth(41, 3, 2);
    const model = await createImputed(createRidge()).fit(x, y, run);
    const column = Float64Array.from({ length: 41 }, (_, i) => x.data[3 * i] as number).sort();
    const at = (first: number): number => model.predictSync(features(1, 3, [first, 0.5, 0.5])).mean.data[0] as number;
    expect(at(N)).toBe(at(column[20] as number));
  });

  it("takes a column without any value as 0", async () => {
    const { x, y } = smooth(30, 3, 4);
    const data = x.data.map((value, at) => (at % 3 === 2 ? N : value));
    const model = await createImputed(createRidge()).fit({ ...x, data }, y, run);
    const at = (last: number): number => model.predictSync(features(1, 3, [0.3, 0.6, last])).mean.data[0] as number;
    expect(Number.isFinite(at(N))).toBe(true);
  });
});

/** Features of the learner inside: those given and the marks. */
function featuresSeen(model: ForwardModel): number {
  const { marked } = model.predictor.encode() as unknown as { marked: { length?: number; shape?: number[] } };
  return model.features.length + (marked.length ?? marked.shape?.[0] ?? Number.NaN);
}
