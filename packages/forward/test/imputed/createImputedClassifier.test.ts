import { createRandom, takeRows } from "@materiome/core";
import {
  type ClassificationModel,
  createAutoClassifier,
  createImputedClassifier,
  createLogistic,
  createRandomForestClassifier,
  reader,
} from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { readClassifier } from "../../src/learner/readLearner.ts";
import { blobs, classes, planesOf, run } from "../classData.ts";
import { features } from "../data.ts";

const N = Number.NaN;

/** The first input is missing where the class is 1, and says nothing else; values exact in single precision. */
function telling(n: number) {
  const random = createRandom(3);
  const codes = Array.from({ length: n }, (_, i) => i % 2);
  const data = codes.flatMap((code) => [code === 1 ? N : Math.fround(random.normal()), Math.fround(random.normal())]);
  return { x: features(n, 2, data), y: classes(codes), codes };
}

describe("createImputedClassifier", () => {
  it("is the classifier itself where nothing is missing", async () => {
    const { x, y } = blobs(60, 1);
    const [plain, imputed] = [
      await createLogistic().fit(x, y, run()),
      await createImputedClassifier(createLogistic()).fit(x, y, run()),
    ];
    expect(imputed.predictSync(x).probabilities.data).toEqual(plain.predictSync(x).probabilities.data);
    expect(imputed.counts).toEqual(plain.counts);
  });

  it("learns what a gap itself tells, the same from rows and planes and after saving", async () => {
    const { x, y, codes } = telling(60);
    for (const inner of [createLogistic(), createRandomForestClassifier({ nTrees: 20 })]) {
      const model = await createImputedClassifier(inner).fit(x, y, run());
      const { data } = model.predictSync(x).probabilities;
      expect(codes.every((code, i) => (data[2 * i + code] as number) > 0.8)).toBe(true);
      expect((model as unknown as { report: { filled: unknown } }).report.filled).toMatchObject([
        { feature: "x0", missing: 30 },
      ]);
      const planes = new Float32Array(120);
      model.predictPlanes(planesOf(x), 60, planes);
      for (const [at, p] of planes.entries()) expect(p).toBeCloseTo(data[at] as number, 5);
      const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as ClassificationModel;
      expect(again.predictSync(x).probabilities.data).toEqual(data);
      expect(again.allowsMissing).toBe(true);
    }
  });

  it("is stored as a learner, with auto inside, whose report it passes on", async () => {
    const { x, y } = telling(40);
    const learner = createImputedClassifier(createAutoClassifier({ folds: 2, trials: 1 }));
    const same = readClassifier(JSON.parse(JSON.stringify(learner)));
    expect(same.toJSON()).toEqual(learner.toJSON());
    expect(same.supports.has("missing")).toBe(true);
    const model = await same.fit(x, y, run());
    expect((model as unknown as { report: unknown }).report).toMatchObject({ chosen: "extra-trees", filled: [{}] });
  });

  it("refuses values that are not finite, other features, and a damaged file", async () => {
    const { x, y } = telling(20);
    const model = await createImputedClassifier(createLogistic()).fit(x, y, run());
    const one = takeRows(x, [0]);
    expect(() => model.predictSync({ ...one, data: Float64Array.of(Number.POSITIVE_INFINITY, 1) })).toThrow(/finite/);
    expect(() => model.predictSync(features(1, 3, [1, 2, 3]))).toThrow(/takes 2 features/);
    const stored = JSON.parse(JSON.stringify(model));
    stored.params.features.pop();
    await expect(reader.read(stored, reader)).rejects.toThrow(/damaged/);
  });
});
