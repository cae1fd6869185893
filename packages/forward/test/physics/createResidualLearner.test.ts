import { createRandom, type FeatureMatrix, type Targets } from "@materiome/core";
import {
  createNearestNeighbours,
  createRandomForest,
  createResidualLearner,
  createRidge,
  type ForwardModel,
} from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { targets } from "../data.ts";
import { run } from "../linear/sklearnLinear.ts";

/** Yield strength by Hall and Petch from grain size in µm, plus what a second feature does. */
function hallPetch(n: number, noise: number, from = 1, to = 50): { x: FeatureMatrix; y: Targets } {
  const random = createRandom(5);
  const data = Float64Array.from({ length: 2 * n }, (_, at) =>
    at % 2 === 0 ? from + (to - from) * random.next() : random.next(),
  );
  const y = Float64Array.from({ length: n }, (_, i) => {
    const [size, other] = [data[2 * i], data[2 * i + 1]];
    return 70 + 600 / Math.sqrt(size) + 30 * Math.sin(4 * other) + noise * random.normal();
  });
  const names = [
    { name: "grain size", unit: "um", source: ["grain size"] },
    { name: "other", unit: "", source: ["other"] },
  ];
  return { x: { rows: n, columns: 2, data, features: names }, y: targets(y) };
}

const LAW = "sigma0 + k / sqrt(`grain size` / d0)";
const parameters = { sigma0: { start: 1, unit: "MPa" }, k: { start: 1, unit: "MPa" } };
const law = LAW.replace("d0", 'quantity(1, "um")');

interface Report {
  readonly parameters: { readonly name: string; readonly value: number }[];
  readonly lawRmse: number;
  readonly rmse: number;
}
const reportOf = (model: ForwardModel): Report => model.report as unknown as Report;

describe("createResidualLearner", () => {
  it("finds the constants of a law without noise, in their units, and those of one that is not linear in them", async () => {
    const { x } = hallPetch(30, 0);
    const exact = (f: (size: number) => number): Targets =>
      targets(Float64Array.from({ length: 30 }, (_, i) => f(x.data[2 * i])));
    const learner = createResidualLearner({ law, parameters, learner: createRidge() });
    const model = await learner.fit(
      x,
      exact((d) => 70 + 600 / Math.sqrt(d)),
      run,
    );
    expect(reportOf(model).parameters[0].value).toBeCloseTo(70, 6);
    expect(reportOf(model).parameters[1].value).toBeCloseTo(600, 6);
    const inGPa = createResidualLearner({
      law: 'a * exp(-number(`grain size`, "um") / b)',
      parameters: { a: { start: 0.1, unit: "GPa" }, b: { start: 5 } },
      learner: createRidge(),
    });
    const curved = await inGPa.fit(
      x,
      exact((d) => 800 * Math.exp(-d / 12)),
      run,
    );
    expect(reportOf(curved).parameters[0].value).toBeCloseTo(0.8, 8);
    expect(reportOf(curved).parameters[1].value).toBeCloseTo(12, 6);
  });

  it("follows the law where the learner alone falls back to a constant", async () => {
    const { x, y } = hallPetch(120, 2, 5, 50);
    const fine = hallPetch(40, 0, 1, 3);
    const error = (model: ForwardModel): number =>
      model.predictSync(fine.x).mean.data.reduce((sum, v, i) => sum + Math.abs(v - fine.y.values.data[i]), 0) / 40;
    const forest = createRandomForest({ nTrees: 50 });
    const alone = error(await forest.fit(x, y, run));
    const withLaw = error(await createResidualLearner({ law, parameters, learner: forest }).fit(x, y, run));
    expect(withLaw).toBeLessThan(alone / 5);
  });

  it("is held out from the constants of the law too, by whole groups", async () => {
    const { x, y } = hallPetch(40, 0);
    const groups = Int32Array.from({ length: 40 }, (_, i) => (i === 0 ? 0 : 1 + (i % 9)));
    // Row 0 is a group of its own, and wrong: its prediction must not know that.
    const spoiled = (by: number): Targets =>
      targets(
        y.values.data.map((v, i) => (i === 0 ? v + by : v)),
        { groups },
      );
    const learner = createResidualLearner({ law, parameters, learner: createRidge({ alpha: 1 }), folds: 10 });
    const [a, b] = [await learner.fit(x, spoiled(0), run), await learner.fit(x, spoiled(500), run)];
    expect(b.heldOut?.mean[0]).toBe(a.heldOut?.mean[0]);
    expect(reportOf(b).parameters[0].value).not.toBeCloseTo(reportOf(a).parameters[0].value, 1);
  });

  it("keeps the learner's own held-out rows where the law is fixed", async () => {
    const { x, y } = hallPetch(40, 3);
    const fixed = 'quantity(70, "MPa") + quantity(600, "MPa") / sqrt(`grain size` / quantity(1, "um"))';
    const model = await createResidualLearner({ law: fixed, learner: createRidge() }).fit(x, y, run);
    const base = Float64Array.from({ length: 40 }, (_, i) => 70 + 600 / Math.sqrt(x.data[2 * i]));
    const rest = targets(y.values.data.map((v, i) => v - base[i]));
    const ridge = await createRidge().fit(x, rest, run);
    for (let i = 0; i < 40; i++) expect(model.heldOut!.mean[i]).toBeCloseTo(base[i] + ridge.heldOut!.mean[i], 9);
  });

  it("covers new rows about as often as it says", async () => {
    const { x, y } = hallPetch(150, 10);
    const model = await createResidualLearner({ law, parameters, learner: createNearestNeighbours() }).fit(x, y, run);
    const random = createRandom(99);
    const truth = hallPetch(150, 0).y.values.data.map((v) => v + 10 * random.normal());
    const { lower, upper } = model.predictSync(x);
    const share = truth.reduce((n, v, i) => n + (v >= lower!.data[i] && v <= upper!.data[i] ? 1 : 0), 0) / 150;
    expect(share).toBeGreaterThan(0.84);
  });

  it("refuses laws with other units, unknown names, idle parameters, and rows where they have no value", async () => {
    const { x, y } = hallPetch(20, 1);
    const fit = (text: string, more: object = {}): Promise<ForwardModel> =>
      createResidualLearner({ law: text, learner: createRandomForest({ nTrees: 5 }), ...more }).fit(x, y, run);
    await expect(fit("`grain size`")).rejects.toMatchObject({ code: "UNIT" });
    await expect(fit("nothing * 2")).rejects.toThrow(/nothing/);
    await expect(fit("sigma0", { parameters })).rejects.toThrow(/has no parameter "k"/);
    await expect(fit("other", { parameters: { other: { start: 1 } } })).rejects.toThrow(
      /feature as well as a parameter/,
    );
    const guarded = 'quantity(1, "MPa") / (other - other)';
    await expect(fit(guarded)).rejects.toThrow(/no finite value in row 0/);
    const holed = { ...x, data: x.data.map((v, at) => (at === 6 ? Number.NaN : v)) };
    const learner = createResidualLearner({ law, parameters, learner: createRandomForest({ nTrees: 5 }) });
    await expect(learner.fit(holed, y, run)).rejects.toThrow(/no finite value in row 3/);
    expect(() => createResidualLearner({ law: " ", learner: createRidge() })).toThrow(/law must be an expression/);
  });
});
