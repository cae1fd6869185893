import { createMatrix, createRandom, type FeatureMatrix } from "@materiome/core";
import {
  type Covariance,
  createGaussianProcess,
  createMultiFidelity,
  type ForwardModel,
  reader,
  readLearner,
} from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, targets } from "../data.ts";

const run = { random: createRandom(1), threads: 1 };
const covariance: Covariance = { kind: "matern52" };
const learner = createMultiFidelity({ fidelity: "x1" });

// The pair of functions of Forrester, Sóbester & Keane, Proc. R. Soc. A 463, 3251 (2007), doi:10.1098/rspa.2007.1900.
const dear = (x: number): number => (6 * x - 2) ** 2 * Math.sin(12 * x - 4);
const cheap = (x: number): number => 0.5 * dear(x) + 10 * (x - 0.5) - 5;
const unrelated = (x: number): number => 20 * Math.cos(31 * x * x);

/** Many cheap rows and a few dear ones: [place, 0 or 1]. */
function table(places: readonly number[], of: (x: number) => number) {
  const low = Array.from({ length: 21 }, (_, i) => i / 20);
  const rows = [...low.map((p) => [p, 0]), ...places.map((p) => [p, 1])];
  return {
    x: features(rows.length, 2, rows.flat()),
    y: targets(rows.map(([p, level]) => (level === 1 ? dear(p!) : of(p!)))),
  };
}

const grid = Array.from({ length: 101 }, (_, i) => i / 100);
const rmse = (model: ForwardModel, row: (p: number) => number[], truth: (x: number) => number): number => {
  const x = createMatrix(101, row(0).length, Float64Array.from(grid.flatMap(row)));
  const { data } = model.predictSync(x).mean;
  return Math.sqrt(grid.reduce((sum, p, i) => sum + (data[i] - truth(p)) ** 2 / 101, 0));
};

async function errors(places: readonly number[], of: (x: number) => number) {
  const { x, y } = table(places, of);
  const alone = await createGaussianProcess({ covariance, starts: 3 }).fit(
    features(places.length, 1, places),
    targets(places.map(dear)),
    run,
  );
  const model = await learner.fit(x, y, run);
  return { model, alone: rmse(alone, (p) => [p], dear), together: rmse(model, (p) => [p, 1], dear) };
}

describe("createMultiFidelity", () => {
  it("learns Forrester's function from six dear and many cheap rows, and gains from four too", async () => {
    const few = await errors([0, 0.4, 0.6, 1], cheap);
    expect(few.together).toBeLessThan(0.6 * few.alone);
    const { model, alone, together } = await errors([0, 0.2, 0.4, 0.6, 0.8, 1], cheap);
    expect(together).toBeLessThan(0.2 * alone);
    const { factors } = model.report as { factors: { from: number; to: number; factor: number }[] };
    expect(factors).toHaveLength(1);
    expect(factors[0]!.factor).toBeGreaterThan(1.6); // 2, as cheap is half of dear
    expect(factors[0]!.factor).toBeLessThan(2.4);
    expect(rmse(model, (p) => [p, 0], cheap)).toBeLessThan(1);
  });

  it("does no harm where the cheap rows have nothing to do with the dear ones", async () => {
    const places = Array.from({ length: 12 }, (_, i) => i / 11);
    const { alone, together } = await errors(places, unrelated);
    expect(together).toBeLessThan(1.3 * alone);
  });

  it("is stored and read back, model and learner", async () => {
    const { x, y } = table([0, 0.3, 0.6, 1], cheap);
    const model = await learner.fit(x, y, run);
    const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as ForwardModel;
    const asked = features(2, 2, [0.2, 1, 0.7, 0]);
    expect(again.predictSync(asked).upper).toEqual(model.predictSync(asked).upper);
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
    const same = readLearner(JSON.parse(JSON.stringify(learner.toJSON())));
    expect(same.toJSON()).toEqual(learner.toJSON());
    expect(JSON.stringify(await same.fit(x, y, run))).toBe(JSON.stringify(model));
  });

  it("takes three fidelities of a table column, in order", async () => {
    const at = (n: number): number[] => Array.from({ length: n }, (_, i) => i / (n - 1));
    const rows = [
      ...at(15).map((p) => [p, 1, 0, 0, cheap(p)]),
      ...at(9).map((p) => [p, 0, 1, 0, 0.8 * dear(p) + 2]),
      ...at(5).map((p) => [p, 0, 0, 1, dear(p)]),
    ];
    const data = Float64Array.from(rows.flatMap((row) => row.slice(0, 4)));
    const names = ["place", "how=model", "how=simulation", "how=test"];
    const x: FeatureMatrix = {
      ...createMatrix(rows.length, 4, data),
      features: names.map((name) => ({ name, unit: "", source: [name.split("=")[0]!] })),
    };
    const three = createMultiFidelity({ fidelity: "how", covariance, starts: 1 });
    const model = await three.fit(x, targets(rows.map((row) => row[4]!)), run);
    expect((model.report as { factors: object[]; rowsOfBest: number }).factors).toHaveLength(3);
    expect((model.report as { rowsOfBest: number }).rowsOfBest).toBe(5);
    expect(rmse(model, (p) => [p, 0, 0, 1], dear)).toBeLessThan(1.5);
  });

  it("refuses what it cannot do", async () => {
    expect(() => createMultiFidelity({ fidelity: "" })).toThrow(/fidelity must be the name/);
    expect(() => createMultiFidelity({ fidelity: "x1", level: 2 })).toThrow(/level must be/);
    const { x, y } = table([0.1, 0.9], cheap);
    await expect(learner.fit(x, y, run)).rejects.toThrow(/2 rows are of the best fidelity, "x1"; give at least 3/);
    await expect(createMultiFidelity({ fidelity: "lab" }).fit(x, y, run)).rejects.toThrow(/no feature tells "lab"/);
    const only = features(4, 1, [0, 0, 1, 1]);
    await expect(createMultiFidelity({ fidelity: "x0" }).fit(only, targets([1, 2, 3, 4]), run)).rejects.toThrow(
      /no features beside "x0"/,
    );
  });
});
