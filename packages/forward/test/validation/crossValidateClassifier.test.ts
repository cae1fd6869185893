import { type Classes, closeWorkers, createRandom } from "@materiome/core";
import {
  createRandomForestClassifier,
  crossValidateClassifier,
  groupKFold,
  repeated,
  stratifiedKFold,
  timeOrdered,
} from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { features } from "../data.ts";

afterAll(closeWorkers);

describe("crossValidateClassifier", () => {
  const random = createRandom(4);
  const n = 60;
  const values = Float64Array.from({ length: 2 * n }, () => random.normal());
  const x = features(n, 2, values);
  const codes = Int32Array.from({ length: n }, (_, i) => (values[2 * i] + 0.2 * random.normal() > 0.5 ? 1 : 0));
  const y: Classes = { kind: "classification", codes, labels: ["fcc", "bcc"] };
  const learner = createRandomForestClassifier({ nTrees: 15 });
  const run = { random: createRandom(1), threads: 1 };

  it("predicts every row once a repeat, better than the shares of the classes, and says so with an interval", async () => {
    const splitter = repeated(stratifiedKFold(4, { by: "classes" }), 2);
    const found = await crossValidateClassifier(learner, x, y, splitter, run);
    expect(found.metrics.n).toBe(2 * n);
    expect(Array.from(found.row.slice(0, n)).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    expect(found.folds.map(({ repeat }) => repeat).join("")).toBe("00001111");
    expect(found.metrics.accuracy).toBeGreaterThan(0.8);
    expect(found.accuracyCi[0]).toBeLessThan(found.metrics.accuracy);
    expect(found.accuracyCi[1]).toBeGreaterThan(found.metrics.accuracy);
    const most = Math.max(...[0, 1].map((c) => codes.filter((code) => code === c).length)) / n;
    expect(found.baselines.frequencies.accuracy).toBeCloseTo(most, 12);
    expect(found.metrics.logLoss).toBeLessThan(found.baselines.frequencies.logLoss);
    expect(found.baselines.neighbour.accuracy).toBeLessThan(1);
    expect((await crossValidateClassifier(learner, x, y, splitter, { ...run, threads: 2 })).metrics).toEqual(
      found.metrics,
    );
  });

  it("learns nothing from classes drawn at random: ROC AUC near ½", async () => {
    const noise = { ...y, codes: Int32Array.from({ length: n }, () => random.int(2)) };
    const { metrics } = await crossValidateClassifier(learner, x, noise, stratifiedKFold(5, { by: "classes" }), run);
    expect(Math.abs(metrics.rocAuc! - 0.5)).toBeLessThan(0.2);
  });

  it("keeps groups whole, says what is never tested, and refuses one class", async () => {
    const groups = Int32Array.from({ length: n }, (_, i) => i >> 2);
    const { folds } = await crossValidateClassifier(learner, x, { ...y, groups }, groupKFold(3), run);
    expect(folds.map(({ nTest }) => nTest)).toEqual([20, 20, 20]);
    const { remarks, metrics } = await crossValidateClassifier(learner, x, y, timeOrdered(2), run);
    expect([remarks, metrics.n]).toEqual([["the first 20 rows by time are never tested"], 40]);
    const one = { ...y, codes: new Int32Array(n) };
    await expect(crossValidateClassifier(learner, x, one, groupKFold(3), run)).rejects.toThrow(
      /all rows are of one class/,
    );
    await expect(crossValidateClassifier(learner, x, y, groupKFold(3), run, { repeats: 0 })).rejects.toThrow(
      /repeats must be/,
    );
  });
});
