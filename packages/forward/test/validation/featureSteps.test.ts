import { closeWorkers, createRandom, readTable, type Table } from "@materiome/core";
import {
  type FeatureStep,
  fitSteps,
  imputeFeatures,
  polynomialFeatures,
  scaleFeatures,
  selectRelevant,
} from "@materiome/core/features";
import { createRidge, crossValidate, kFold, reader, trainPropertyModel } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { features, targets } from "../data.ts";

afterAll(closeWorkers);

/** Passes features on and remembers what it was fitted to. */
function spy(): FeatureStep & { readonly seen: { rows: number; first: number; target: number }[] } {
  const seen: { rows: number; first: number; target: number }[] = [];
  const scale = scaleFeatures();
  return {
    name: "spy",
    citations: [],
    seen,
    fit: (x, context) => {
      const target = context.targets?.values.data ?? new Float64Array(0);
      seen.push({ rows: x.rows, first: x.data[0], target: target.reduce((a, b) => a + b, 0) });
      return scale.fit(x, context);
    },
  };
}

describe("steps inside the folds", () => {
  it("selection on all rows finds a signal in shuffled targets, selection inside the folds finds none", async () => {
    const [n, d] = [40, 1000];
    const random = createRandom("noise");
    const x = features(
      n,
      d,
      Float64Array.from({ length: n * d }, () => random.normal()),
    );
    const y = targets(Float64Array.from({ length: n }, () => random.normal()));
    const run = { random: createRandom(1), threads: 1 };
    const select = selectRelevant({ nFeatures: 20, nNeighbours: 10 });
    const leaked = (await fitSteps([select], x, { ...run, targets: y })).x;
    const outside = await crossValidate(createRidge(), leaked, y, kFold(5), run);
    const inside = await crossValidate(createRidge(), x, y, kFold(5), run, { steps: [select] });
    expect(outside.scores.r2).toBeGreaterThan(0.2);
    expect(inside.scores.r2).toBeLessThan(0);
    expect(inside.scores.mae).toBeGreaterThan(0.95 * inside.scores.meanBaselineMae);
  });

  it("are fitted to the training rows of each fold and their targets, once a fold", async () => {
    const y = targets(Array.from({ length: 20 }, (_, i) => i));
    const x = features(
      20,
      1,
      Array.from({ length: 20 }, (_, i) => i),
    );
    const step = spy();
    const { repeats } = await crossValidate(
      createRidge(),
      x,
      y,
      kFold(4),
      { random: createRandom(1) },
      { steps: [step] },
    );
    const { fold } = repeats[0];
    expect(step.seen).toEqual(
      Array.from({ length: 4 }, (_, k) => {
        const kept = Array.from({ length: 20 }, (_, i) => i).filter((i) => fold[i] !== k);
        return { rows: 15, first: kept[0], target: kept.reduce((a, b) => a + b) };
      }),
    );
  });
});

function steels(): Table {
  const random = createRandom(4);
  const lines = ["C (wt%),T (°C),t (h),YS (MPa)"];
  for (let i = 0; i < 60; i++) {
    const [c, t, h] = [0.1 + 0.5 * random.next(), 450 + 200 * random.next(), 1 + 5 * random.next()];
    const ys = 900 + 600 * c - 0.6 * (t - 450) * Math.sqrt(h) + 5 * random.normal();
    lines.push(`${c.toFixed(3)},${i % 9 === 4 ? "" : t.toFixed(0)},${h.toFixed(2)},${ys.toFixed(1)}`);
  }
  return readTable(`${lines.join("\n")}\n`, { file: "steels.csv" });
}

describe("trainPropertyModel with steps", () => {
  it("lets a model without gaps learn from a table with gaps, and is stored whole", async () => {
    const table = steels();
    const run = { random: createRandom(1), threads: 1 };
    const base = { targets: ["YS"], folds: 5, model: "ridge" } as const;
    await expect(trainPropertyModel(table, base, run)).rejects.toThrow(
      /"T" is missing in rows 6, 15, .*this model takes no missing values/,
    );
    const steps = [
      imputeFeatures({ method: "median" }),
      polynomialFeatures({ features: ["T", "t"] }),
      scaleFeatures(),
      selectRelevant({ nFeatures: 6 }),
    ];
    const { model, metrics } = await trainPropertyModel(table, { ...base, steps }, run);
    expect(metrics.nFeatures).toBe(6);
    expect(metrics.targets[0].r2).toBeGreaterThan(0.6);
    expect(model.inputs.map(({ name }) => name)).toEqual(["C", "T", "t"]);
    const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as typeof model;
    expect((await again.predict(table)).mean.data).toEqual((await model.predict(table)).mean.data);
  });

  it("gives a step the targets of the rows it is fitted to, for every target measured", async () => {
    const table = steels();
    const step = spy();
    const ys = table.number("YS").values;
    await trainPropertyModel(
      table,
      { targets: ["YS"], folds: 3, model: "ridge", inputs: ["C"], steps: [step] },
      { random: createRandom(1), threads: 1 },
    );
    expect(step.seen.map(({ rows }) => rows)).toEqual([60, ...new Array(6).fill(40)]); // folds of groups, and random ones
    const [all, ...folds] = step.seen.map(({ target }) => target);
    expect(all).toBeCloseTo(
      ys.reduce((a, b) => a + b),
      6,
    );
    expect(folds.reduce((a, b) => a + b)).toBeCloseTo(4 * all, 6);
  });
});
