import { closeWorkers, type FeatureMatrix } from "@materiome/core";
import {
  type ClassificationModel,
  type Classifier,
  createAutoClassifier,
  createGradientBoostingClassifier,
  createImputedClassifier,
  createLogistic,
  createMlpClassifier,
  createRandomForestClassifier,
  exportOnnx,
} from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { blobs, run } from "../classData.ts";
import { features } from "../data.ts";
import { readMetadata } from "./readMetadata.ts";
import { runOnnx } from "./runOnnx.ts";

afterAll(closeWorkers);

const CLASSIFIERS: Readonly<Record<string, Classifier>> = {
  forest: createRandomForestClassifier({ nTrees: 10 }),
  "extra trees": createRandomForestClassifier({ nTrees: 10, splitter: "random" }),
  boosting: createGradientBoostingClassifier({ nRounds: 10 }),
  logistic: createLogistic({ penalty: 0.01 }),
  auto: createAutoClassifier({ folds: 2, trials: 1 }),
  nets: createMlpClassifier({ hidden: [8], epochs: 20, folds: 2, nMembers: 2 }),
};

async function compare(model: ClassificationModel, x: FeatureMatrix): Promise<void> {
  const { probabilities, labels } = model.predictSync(x);
  const nClasses = labels.length;
  const best = Array.from({ length: x.rows }, (_, i) => {
    const own = probabilities.data.subarray(i * nClasses, (i + 1) * nClasses);
    return labels[own.indexOf(Math.max(...own))];
  });
  for (const precision of ["float64", "float32"] as const) {
    const result = await runOnnx(exportOnnx(model, { precision }), x, precision);
    expect(result["probabilities"].dims).toEqual([x.rows, nClasses]);
    for (const [k, p] of probabilities.data.entries()) {
      expect(Math.abs((result["probabilities"].data[k] as number) - p)).toBeLessThanOrEqual(1e-5 * p);
    }
    expect(result["label"].data).toEqual(best);
  }
}

describe("exportOnnx: classifiers", () => {
  it.each(Object.keys(CLASSIFIERS))("%s of two and of three classes", async (name) => {
    for (const nClasses of [2, 3]) {
      const { x, y } = blobs(90, 2, nClasses);
      const model = await CLASSIFIERS[name].fit(x, y, run());
      await compare(model, blobs(60, 8, nClasses).x);
    }
  });

  it.each(Object.keys(CLASSIFIERS))("%s: a class without training rows", async (name) => {
    const { x, y } = blobs(60, 2, 2);
    for (const codes of [y.codes, y.codes.map((code) => 2 * code)]) {
      const model = await CLASSIFIERS[name].fit(x, { ...y, codes, labels: ["a", "b", "c"] }, run());
      await compare(model, x);
    }
  });

  it("fills the gaps of classifiers on medians", async () => {
    const { x, y } = blobs(60, 2);
    const withGaps = (of: FeatureMatrix, every: number): FeatureMatrix => ({
      ...of,
      data: of.data.map((value, k) => (k % every === 0 ? Number.NaN : value)),
    });
    const model = await createImputedClassifier(createLogistic()).fit(withGaps(x, 7), y, run());
    await compare(model, withGaps(blobs(40, 8).x, 5));
  });

  it("gives no label where a feature is missing, and names labels and features", async () => {
    const { x, y } = blobs(60, 2);
    const bytes = exportOnnx(await createLogistic().fit(x, y, run()), { target: "phase" });
    const result = await runOnnx(bytes, features(2, 4, [9, -9, 0, 0, 0, 0, Number.NaN, 0]));
    expect(result["label"].data[1]).toBe("");
    expect(y.labels).toContain(result["label"].data[0]);
    expect(result["probabilities"].data.map(Number.isNaN)).toEqual([false, false, false, true, true, true]);
    const metadata = readMetadata(bytes);
    expect(JSON.parse(metadata["labels"])).toEqual(y.labels);
    expect(JSON.parse(metadata["features"]).map((feature: { name: string }) => feature.name)).toEqual(
      x.features.map(({ name }) => name),
    );
    expect(metadata["learner"]).toBe("linear");
  });
});
