import {
  columnTexts,
  createCategoryColumn,
  createMatrix,
  createRandom,
  deriveColumn,
  readTable,
  type Table,
  takeTableRows,
} from "@materiome/core";
import { polynomialFeatures } from "@materiome/core/features";
import {
  type Classifier,
  type ClassSubject,
  classImportance,
  classShapleyValues,
  classSubject,
  createGradientBoostingClassifier,
  createLogistic,
  explainClasses,
  type PropertyClassModel,
  reader,
  type TrainClassModelOptions,
  trainClassModel,
} from "@materiome/forward";
import { beforeAll, describe, expect, it } from "vitest";
import { exactClassShap } from "../../src/explain/exactClassShap.ts";
import { createClassForest } from "../../src/tree/classForest.ts";
import { SHARE_SUM } from "../../src/tree/classTrees.ts";
import { bruteShapley } from "./brute.ts";

/** Ferrite where there is little carbon, else bainite below 450 °C and pearlite above; a route that says nothing. */
function steels(n: number, seed: number, nClasses = 3): Table {
  const random = createRandom(seed);
  const lines = ["C (wt%),Temperature (°C),Route,Time (h),Structure"];
  for (let i = 0; i < n; i++) {
    const c = 0.05 + 0.7 * random.next();
    const t = 300 + random.int(300);
    const slip = random.next() < 0.1;
    const phase = c < 0.25 && nClasses === 3 ? "ferrite" : t < 450 !== slip ? "bainite" : "pearlite";
    lines.push(`${c.toFixed(3)},${t},${random.next() < 0.5 ? "oil" : "salt"},${1 + random.int(5)},${phase}`);
  }
  const columns = [
    { name: "Route", role: "process" as const, kind: "category" as const },
    { name: "Structure", role: "property" as const, kind: "category" as const },
  ];
  return readTable(lines.join("\n"), { file: "steels.csv", schema: { version: 1, columns } });
}

async function train(options: Partial<TrainClassModelOptions> = {}, nClasses = 3): Promise<PropertyClassModel> {
  const settings = { target: "Structure", model: "forest", folds: 2, seed: 1, ...options } as const;
  const run = { random: createRandom(1), threads: 1 };
  return (await trainClassModel(steels(60, 1, nClasses), settings, run)).model;
}

/** A trained model with another learner inside. */
async function withLearner(model: PropertyClassModel, learner: Classifier): Promise<PropertyClassModel> {
  const labels = [...model.classes];
  const codes = Int32Array.from(columnTexts(model.training.column("Structure")), (text) => labels.indexOf(text!));
  const x = model.encoder.encode(model.training);
  const fitted = await learner.fit(x, { kind: "classification", codes, labels }, { random: createRandom(1) });
  const stored = model.toJSON() as unknown as { readonly state: Record<string, unknown> };
  const changed = { ...stored, state: { ...stored.state, model: fitted.toJSON() } };
  return (await reader.read(changed, reader)) as unknown as PropertyClassModel;
}

/** Shapley values over all subsets of columns of row 0, asking the model itself for tables put together. */
async function byDefinition(subject: ClassSubject, row: number, background: Int32Array): Promise<number[][]> {
  const d = subject.inputs.length;
  const games = await Promise.all(
    Array.from({ length: 2 ** d }, async (_, s) => {
      const own = new Int32Array(background.length).fill(row);
      const sources = subject.inputs.map((__, p) => ((s >> p) & 1 ? own : background));
      const predicted = await subject.mix(sources);
      return subject.classes.map((__, c) => {
        let sum = 0;
        for (let j = 0; j < background.length; j++) sum += predicted[j * subject.nOutputs + c];
        return sum / background.length;
      });
    }),
  );
  return subject.classes.map((_, c) => bruteShapley(d, (s) => games[s][c]));
}

describe("exactClassShap", () => {
  it("shares a hand tree as over all orders", async () => {
    // x0 ≤ 0.5: class 0; else x1 ≤ 0.5: ⅓ class 1, ⅔ class 2; else class 2.
    const nodes = Int32Array.of((0 << 8) | 0, 1, 255, 1, (1 << 8) | 0, 3, 255, 3, 255, 4);
    const third = SHARE_SUM / 3;
    const shares = Uint16Array.of(SHARE_SUM, 0, 0, 0, third, 2 * third, 0, 0, SHARE_SUM);
    const edges = new Float64Array(512).fill(Number.POSITIVE_INFINITY);
    edges[0] = 0.5;
    edges[256] = 0.5;
    const leafOf = Int32Array.of(0, 0, 0, 1, 2);
    const trees = { treeStart: Int32Array.of(0, 5), nodes, leafOf, shares, nClasses: 3 };
    const forest = createClassForest(trees, edges, 2);
    const [x, z] = [createMatrix(1, 2, Float64Array.of(1, 0)), createMatrix(1, 2, Float64Array.of(0, 1))];
    const out = new Float64Array(3);
    forest.predictRows(x, out);
    expect(Array.from(out)).toEqual([0, 1 / 3, 2 / 3]);
    const values = await exactClassShap(forest.classScores!(), 3, x, z, Int32Array.of(0, 1), 2, 1, { threads: 1 });
    // Of z class 0; x0 alone known: class 2; x1 alone: class 0; both: ⅓, ⅔. Mean of both orders.
    const expected = [
      [-1, 0],
      [1 / 6, 1 / 6],
      [5 / 6, -1 / 6],
    ];
    for (const [c, own] of expected.entries()) {
      for (const [p, value] of own.entries()) expect(values[c].data[p]).toBeCloseTo(value, 14);
    }
  });
});

describe("classShapleyValues", () => {
  const models = new Map<string, PropertyClassModel>();
  beforeAll(async () => {
    const boosting = createGradientBoostingClassifier({ nRounds: 20, maxLeaves: 4, minSamplesLeaf: 3 });
    const logistic = createLogistic({ penalty: 1 });
    const forest = await train();
    const two = await train({}, 2);
    models.set("forest", forest);
    models.set("boosting", await withLearner(forest, boosting));
    models.set("logistic", await withLearner(forest, logistic));
    models.set("two classes", await withLearner(two, boosting));
    models.set("two classes, logistic", await withLearner(two, logistic));
    const mixed = await train({ steps: [polynomialFeatures({ degree: 2 })] });
    models.set("columns mixed", await withLearner(mixed, logistic));
  });

  it.each([
    ["forest", undefined, "probability"],
    ["boosting", undefined, "log-odds"],
    ["logistic", undefined, "log-odds"],
    ["two classes", undefined, "log-odds"],
    ["two classes, logistic", undefined, "log-odds"],
    ["boosting", "probability", "probability"],
    ["columns mixed", undefined, "log-odds"],
    ["columns mixed", "probability", "probability"],
  ] as const)(
    "%s, %s: adds up for each class, sums to 0 over them, is as over all subsets",
    async (name, asked, scale) => {
      const model = models.get(name)!;
      const table = steels(4, 7);
      const subject = classSubject(model, table, { scale: asked });
      expect(subject.scale).toBe(scale);
      const background = subject.training.slice(0, 7);
      const { base, values, standardError } = await classShapleyValues(subject, subject.rows, background);
      expect(standardError).toBeUndefined();
      const { probabilities } = await model.predict(table);
      const k = model.classes.length;
      const d = subject.inputs.length;
      const raw = model.classifier.predictSync(model.encoder.encode(table)).probabilities;
      for (let i = 0; i < 4; i++) {
        for (let c = 0; c < k; c++) {
          const sum = values[c].data.subarray(i * d, (i + 1) * d).reduce((total, v) => total + v, base[c]);
          if (scale === "probability") expect(sum).toBeCloseTo(probabilities.data[i * k + c], 12);
          else {
            const logs = Array.from({ length: k }, (_, o) => Math.log(raw.data[i * k + o]));
            const others = (logs.reduce((total, v) => total + v, 0) - logs[c]) / (k - 1);
            expect(sum).toBeCloseTo(logs[c] - others, 9);
          }
        }
        for (let p = 0; p < d; p++) {
          const over = values.reduce((total, { data }) => total + data[i * d + p], 0);
          expect(Math.abs(over)).toBeLessThan(1e-12);
        }
      }
      const expected = await byDefinition(subject, 2, background);
      for (const [c, own] of expected.entries()) {
        for (const [p, value] of own.entries()) expect(values[c].data[2 * d + p]).toBeCloseTo(value, 11);
      }
      expect(values[0].data.some((v) => Math.abs(v) > 0.05)).toBe(true);
    },
  );

  it("with two classes gives log-odds: those of the second are those of the first with the sign changed", async () => {
    const model = models.get("two classes")!;
    const subject = classSubject(model, steels(3, 5));
    const { values } = await classShapleyValues(subject, subject.rows, subject.training.slice(0, 5));
    for (const [at, value] of values[0].data.entries()) expect(values[1].data[at]).toBeCloseTo(-value, 12);
  });

  it("refuses log-odds of a forest, and a class that there is not", async () => {
    const model = models.get("forest")!;
    expect(() => classSubject(model, steels(2, 1), { scale: "log-odds" })).toThrow("probabilities can be 0");
    const options = { random: createRandom(1), class: "martensite" };
    await expect(explainClasses(model, steels(2, 1), options)).rejects.toThrow('no class "martensite"; its classes');
    const other = { random: createRandom(1), target: "Hardness" };
    await expect(explainClasses(model, steels(2, 1), other)).rejects.toThrow(
      'does not predict "Hardness"; it predicts "Structure"',
    );
  });

  it("counts rows of classes that the model does not have, and leaves them out of the importance", async () => {
    const table = steels(14, 9);
    const labels = columnTexts(table.column("Structure")).map((text, i) => (i < 3 ? "martensite" : text));
    const strange = deriveColumn(table, createCategoryColumn("Structure", labels, { role: "property" }));
    const run = { random: createRandom(1), threads: 1, nBackground: 5 };
    const { importance, nOtherClasses } = await explainClasses(models.get("forest")!, strange, run);
    expect([importance?.nRows, nOtherClasses]).toEqual([11, 3]);
    const few = await explainClasses(models.get("forest")!, takeTableRows(table, [0, 1]), run);
    expect(few.noImportance).toMatch(/^the table has 2 measured rows; permutation importance takes at least 10/);
  });

  it("explains probabilities, which no column moves, where the model gives each row the shares of the classes", async () => {
    const stored = models.get("logistic")!.toJSON() as unknown as { state: { blend: { prior: number[] } } };
    const blend = { ...stored.state.blend, share: 1 };
    const useless = (await reader.read(
      { ...stored, state: { ...stored.state, blend } },
      reader,
    )) as unknown as PropertyClassModel;
    const run = { random: createRandom(1), threads: 1, nBackground: 5 };
    const { scale, priorShare, meanAbsolute, base } = await explainClasses(useless, steels(12, 3), run);
    expect([scale, priorShare]).toEqual(["probability", 1]);
    for (const value of meanAbsolute) expect(value).toBeLessThan(1e-15);
    for (const [c, p] of blend.prior.entries()) expect(base[c]).toBeCloseTo(p, 14);
    expect(
      (await explainClasses(useless, steels(12, 3), { ...run, scale: "log-odds" })).meanAbsolute[0],
    ).toBeGreaterThan(0.1);
  });

  it("explains the class called, or the one asked for, with curves of probabilities that sum to 1", async () => {
    const model = models.get("forest")!;
    const table = steels(14, 9);
    const run = { random: createRandom(1), threads: 1, nBackground: 10 };
    const called = await explainClasses(model, table, run);
    const asked = await explainClasses(model, table, { ...run, class: "pearlite" });
    expect(Array.from(called.explained)).toEqual(Array.from(called.predicted));
    expect(new Set(asked.explained)).toEqual(new Set([2]));
    expect(asked.values).toEqual(called.values);
    const mean = asked.values[2].data.reduce((sum, v, at) => sum + (at % 4 === 1 ? Math.abs(v) : 0), 0) / 14;
    expect(asked.meanAbsolute[1]).toBeCloseTo(mean, 12);
    const temperature = called.effects.find(({ input }) => input === "Temperature")!;
    for (const k of temperature.partial.grid.keys()) {
      expect(temperature.partial.means.reduce((sum, own) => sum + own[k], 0)).toBeCloseTo(1, 12);
    }
    for (const k of temperature.local.grid.keys()) {
      expect(temperature.local.classes.reduce((sum, { effect }) => sum + effect[k], 0)).toBeCloseTo(0, 12);
    }
    const [bainite, , pearlite] = temperature.local.classes;
    expect(bainite.effect.at(-1)).toBeLessThan(bainite.effect[0] - 0.2);
    expect(pearlite.effect.at(-1)).toBeGreaterThan(pearlite.effect[0] + 0.2);
    expect(called.importance?.nRows).toBe(14);
    const own = takeTableRows(model.training, [0, 1, 2]);
    expect((await explainClasses(model, own, run)).noImportance).toContain("3 measured rows 3 are rows the model");
  });
});

describe("classImportance", () => {
  /** Two inputs; the probability of class 1 is that of the first. */
  const p = Float64Array.of(0.9, 0.8, 0.7, 0.4, 0.3, 0.1);
  const subject = {
    target: { name: "class", unit: "" },
    inputs: [
      { name: "tells", unit: "", values: p, texts: undefined },
      { name: "idle", unit: "", values: Float64Array.of(1, 5, 2, 6, 3, 4), texts: undefined },
    ],
    nRows: 6,
    nOutputs: 2,
    mix: async ([tells]: readonly Int32Array[]) => Float64Array.from([...tells].flatMap((i) => [1 - p[i], p[i]])),
    set: async () => new Float64Array(0),
  };
  const rows = Int32Array.of(0, 1, 2, 3, 4, 5);
  const codes = Int32Array.of(1, 1, 1, 0, 0, 0);

  it("is the log loss and accuracy of the rows, and what shuffling makes of them in the long run", async () => {
    const found = await classImportance(subject, rows, codes, { random: createRandom(1), repeats: 3000 });
    const loss = -Math.log(0.9 * 0.8 * 0.7 * 0.6 * 0.7 * 0.9) / 6;
    expect(found.logLoss).toBeCloseTo(loss, 14);
    expect(found.accuracy).toBe(1);
    expect(found.groups.map(({ inputs }) => inputs)).toEqual([["tells"], ["idle"]]);
    expect(found.groups[1]).toMatchObject({ logLossIncrease: 0, accuracyDecrease: 0 });
    // A row takes each value with the same probability: half of them have the other side.
    const shuffled = -[...p].reduce((sum, v) => sum + (Math.log(v) + Math.log(1 - v)) / 2, 0) / 6;
    expect(found.groups[0].logLossIncrease).toBeCloseTo(shuffled - loss, 1);
    expect(found.groups[0].accuracyDecrease).toBeCloseTo(0.5, 1);
    expect(found.groups[0].logLossStandardError).toBeGreaterThan(0);
  });

  it("refuses classes that are not there and rows of probability 0", async () => {
    const run = { random: createRandom(1) };
    await expect(classImportance(subject, rows, Int32Array.of(2, 1, 1, 0, 0, 0), run)).rejects.toThrow(
      "class 2 of row 0",
    );
    await expect(classImportance(subject, rows, codes.slice(1), run)).rejects.toThrow("6 rows but 5");
    const never = { ...subject, mix: async () => Float64Array.of(1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0) };
    await expect(classImportance(never, rows, codes, run)).rejects.toThrow("probability 0");
  });
});
