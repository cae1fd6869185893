import { closeWorkers, createRandom, type FeatureMatrix, takeRows } from "@materiome/core";
import {
  createMlp,
  createMlpEnsemble,
  createMlpMultiTask,
  type ForwardModel,
  reader,
  readLearner,
} from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { type NetSettings, trainNet } from "../../src/mlp/trainNet.ts";
import { features, rSquared, smooth, targets } from "../data.ts";

const run = (seed = 1, threads = 1): { random: ReturnType<typeof createRandom>; threads: number } => ({
  random: createRandom(seed),
  threads,
});
afterAll(closeWorkers);

const small = { hidden: [16], epochs: 40, folds: 3, nMembers: 3 } as const;

describe("createMlpEnsemble", () => {
  it("learns a smooth function better than a line can, with intervals that cover", async () => {
    const { x, y } = smooth(200, 5, 4, 0.2);
    const test = smooth(300, 5, 9, 0.2);
    const model = await createMlpEnsemble({ hidden: [24, 24], epochs: 60, nMembers: 5 }).fit(x, y, run());
    const { mean, lower, upper } = model.predictSync(test.x);
    const actual = test.y.values.data;
    expect(rSquared(actual, mean.data)).toBeGreaterThan(0.93); // a straight line: 0.89
    const covered = actual.filter((v, i) => v >= lower!.data[i] && v <= upper!.data[i]).length / 300;
    expect(covered).toBeGreaterThan(0.84);
    const held = model.heldOut!.mean;
    expect(rSquared(y.values.data, held)).toBeGreaterThan(0.88);
  });

  it("tells where the noise is large, and does not trust it where it is told nothing", async () => {
    const random = createRandom(3);
    const data = Float64Array.from({ length: 400 }, () => random.next());
    const y = targets(data.map((v) => v + (v > 0.5 ? 0.5 : 0.05) * random.normal()));
    const options = { hidden: [16], epochs: 60, folds: 3, nMembers: 3, noise: "heteroscedastic" } as const;
    const model = await createMlpEnsemble(options).fit(features(400, 1, data), y, run());
    const { std } = model.predictSync(features(2, 1, [0.2, 0.8]));
    expect(std!.data[1] / std!.data[0]).toBeGreaterThan(4); // 10 in truth
    expect(std!.data[1]).toBeGreaterThan(0.35);
    expect(std!.data[1]).toBeLessThan(0.7);
  });

  it("learns medians from absolute errors: the value that most rows share, where means lie between", async () => {
    const random = createRandom(8);
    const y = targets(Float64Array.from({ length: 300 }, () => (random.next() < 0.7 ? 0 : 10)));
    const x = features(
      300,
      1,
      new Float64Array(300).map(() => random.next()),
    );
    const at = async (loss: "squared" | "absolute"): Promise<number> =>
      (await createMlpEnsemble({ ...small, loss }).fit(x, y, run())).predictSync(features(1, 1, [0.5])).mean.data[0];
    expect(Math.abs(await at("absolute"))).toBeLessThan(0.4);
    expect(await at("squared")).toBeGreaterThan(2);
  });

  it("holds whole groups out: what is known of a group alone does not count", async () => {
    const random = createRandom(6);
    const groups = Int32Array.from({ length: 120 }, (_, i) => Math.floor(i / 12));
    const levels = Array.from({ length: 10 }, () => random.normal());
    const x = features(
      120,
      10,
      Array.from(groups).flatMap((g) => Array.from({ length: 10 }, (_, k) => (k === g ? 1 : 0))),
    );
    const y = targets(Array.from(groups, (g) => levels[g]));
    const grouped = await createMlp(small).fit(x, { ...y, groups }, run());
    const alone = await createMlp(small).fit(x, y, run());
    const score = (model: ForwardModel): number => rSquared(y.values.data, model.heldOut!.mean);
    expect(score(grouped)).toBeLessThan(0.1);
    expect(score(alone)).toBeGreaterThan(0.8);
  });

  it("is the same in threads as in one, and fails in them with the same error", async () => {
    const { x, y } = smooth(200, 5, 2);
    const options = { hidden: [128, 128], epochs: 10, folds: 3, nMembers: 3 }; // enough work for threads
    const fit = (threads: number, more: object = {}): Promise<ForwardModel> =>
      createMlpEnsemble({ ...options, ...more }).fit(x, y, run(1, threads));
    expect(JSON.stringify(await fit(2))).toBe(JSON.stringify(await fit(1)));
    await expect(fit(2, { learningRate: 1e200 })).rejects.toMatchObject({ code: "CONVERGENCE" });
  });

  it("heeds weights: rows of weight 0 teach nothing", async () => {
    const { x, y } = smooth(80, 3, 2, 0);
    const weights = Float64Array.from({ length: 80 }, (_, i) => (i % 4 === 0 ? 0 : 1));
    const spoiled = { ...y.values, data: y.values.data.map((v, i) => (i % 4 === 0 ? 1000 : v)) };
    const { predictor } = await createMlp(small).fit(x, { ...y, values: spoiled, weights }, run());
    const { mean } = predictor.estimate(x);
    expect(mean.every((v) => v < 15)).toBe(true);
  });

  it("reports learning curves and the epoch that was kept; progress counts nets; a signal stops it", async () => {
    const { x, y } = smooth(120, 3, 2);
    const seen: number[] = [];
    const onProgress = ({ done }: { done: number }): number => seen.push(done);
    const model = await createMlpEnsemble({ ...small, patience: 3, stopShare: 0.4 }).fit(x, y, {
      ...run(),
      onProgress,
    });
    expect(seen).toEqual([1, 2, 3]);
    const { nets } = model.report as unknown as {
      nets: { epochs: number; best: number; trainLoss: number[]; stopLoss: number[]; rows: number; stopRows: number }[];
    };
    for (const { epochs, best, trainLoss, stopLoss, rows, stopRows } of nets) {
      expect([trainLoss.length, stopLoss.length, rows + stopRows]).toEqual([epochs, epochs, 80]);
      expect(stopRows).toBe(32);
      expect(epochs).toBe(Math.min(40, best + 3));
      expect(stopLoss[best - 1]).toBe(Math.min(...stopLoss));
      expect(trainLoss.at(-1)).toBeLessThan(trainLoss[0]);
    }
    const controller = new AbortController();
    const stopped = createMlpEnsemble(small).fit(x, y, {
      ...run(),
      signal: controller.signal,
      onProgress: () => controller.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
  });
});

describe("createMlp: odd tables", () => {
  const fits = async (x: FeatureMatrix, y: ReturnType<typeof targets>): Promise<Float64Array> => {
    const { mean, lower, upper } = (await createMlp(small).fit(x, y, run())).predictSync(x);
    for (const { data } of [mean, lower!, upper!]) expect(data.every(Number.isFinite)).toBe(true);
    return mean.data;
  };

  it("more features than rows, constant and equal features, few rows, an outlier, all features constant, a constant target", async () => {
    const wide = smooth(12, 40, 3);
    await fits(wide.x, wide.y);
    const { x, y } = smooth(30, 3, 4);
    const doubled = Array.from({ length: 30 }, (_, i) => [
      ...x.data.subarray(3 * i, 3 * i + 3),
      7,
      x.data[3 * i],
    ]).flat();
    await fits(features(30, 5, doubled), y);
    const few = Int32Array.of(0, 1, 2, 3, 4, 5);
    await fits(takeRows(x, few), { ...y, values: takeRows(y.values, few) });
    const far = x.data.map((v, at) => (at === 10 ? 1e12 : v));
    const mean = await fits({ ...x, data: far }, y);
    expect(rSquared(y.values.data, mean)).toBeGreaterThan(0.3);
    const flat = await fits(features(30, 1, new Float64Array(30).fill(2)), y);
    expect(Math.max(...flat) - Math.min(...flat)).toBeLessThan(1e-9);
    for (const v of await fits(x, targets(new Float64Array(30).fill(5)))) expect(v).toBeCloseTo(5, 1);
  });

  it("stops with the step where the loss is no number", async () => {
    const { x, y } = smooth(60, 3, 4);
    await expect(createMlp({ ...small, learningRate: 1e200 }).fit(x, y, run())).rejects.toMatchObject({
      code: "CONVERGENCE",
      message: expect.stringMatching(/loss is .* at step \d+ of \d+ \(epoch 1\); use a smaller learningRate/),
    });
  });

  it("refuses options outside their range", () => {
    expect(() => createMlp({ hidden: [0] })).toThrow(/hidden must be/);
    expect(() => createMlp({ dropout: 1 })).toThrow(/dropout must be/);
    expect(() => createMlp({ loss: "huber" as never })).toThrow(/loss must be "squared" or "absolute"/);
    expect(() => createMlpEnsemble({ nMembers: 3 })).toThrow(/at least the 5 folds, got 3/);
  });

  it("refuses stored nets whose weights do not fit their layers", async () => {
    const { x, y } = smooth(30, 3, 4);
    const stored = JSON.parse(JSON.stringify(await createMlp(small).fit(x, y, run()))) as {
      state: { predictor: { members: { net: { hidden: number[] } }[] } };
    };
    stored.state.predictor.members[0].net.hidden = [17];
    await expect(reader.read(stored, reader)).rejects.toThrow(/its layers 3-17-1 need 89/);
  });
});

describe("createMlpMultiTask", () => {
  it("learns targets with gaps through one trunk, and each model works alone and after reading", async () => {
    const { x, y } = smooth(120, 4, 5, 0.1);
    const one = y.values.data;
    const data = Float64Array.from({ length: 240 }, (_, at) => {
      const i = Math.floor(at / 2);
      if (at % 2 === 0) return one[i];
      return i % 3 === 0 ? 50 - 10 * one[i] : Number.NaN;
    });
    const many = { ...y, values: { rows: 120, columns: 2, data }, units: ["MPa", "HV"] };
    const learner = createMlpMultiTask({ hidden: [32], epochs: 100, folds: 3, nMembers: 3 });
    const model = await learner.fit(x, many, run());
    const test = smooth(100, 4, 6, 0);
    const { mean } = await model.predict(test.x);
    const column = (t: number): number[] => Array.from({ length: 100 }, (_, i) => mean.data[2 * i + t]);
    expect(rSquared(test.y.values.data, column(0))).toBeGreaterThan(0.85);
    expect(
      rSquared(
        test.y.values.data.map((v) => 50 - 10 * v),
        column(1),
      ),
    ).toBeGreaterThan(0.7);
    expect(model.targets[1].heldOut!.mean.every((v, i) => Number.isFinite(v) === (i % 3 === 0))).toBe(true);
    expect(Array.from(model.targets[1].predictSync(test.x).mean.data)).toEqual(column(1));
    const again = readLearner(JSON.parse(JSON.stringify(learner.toJSON())));
    expect(again.toJSON()).toEqual(learner.toJSON());
    const { reader: read } = await import("../../src/tasks/createStackedTargets.ts");
    const stored = (await read.read(JSON.parse(JSON.stringify(model)), read)) as unknown as typeof model;
    expect((await stored.predict(test.x)).mean.data).toEqual(mean.data);
  });

  it("does not stop by rows without a target, whose loss is nothing", () => {
    const { x, y } = smooth(20, 2, 5);
    const values = y.values.data.map((v, i) => (i < 12 ? v : Number.NaN));
    const rows = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, k) => from + k);
    const settings: NetSettings = {
      hidden: [4],
      activation: "silu",
      epochs: 6,
      patience: 2,
      learningRate: 0.01,
      weightDecay: 0,
      batchSize: "auto",
      dropout: 0,
      noise: "constant",
      loss: "squared",
      beta: 0.5,
    };
    const targets = { kind: "values", values, nTargets: 1 } as const;
    const input = { x: x.data, nFeatures: 2, targets, weights: undefined, settings, key: createRandom(1).key };
    const of = (stop: Int32Array): number[] => {
      const { epochs, best, stopLoss } = trainNet({ ...input, train: rows(0, 10), stop });
      return [epochs, best, stopLoss.length];
    };
    expect(of(rows(12, 20))).toEqual([6, 6, 0]);
    expect(of(rows(10, 20))[2]).toBeGreaterThan(1);
  });

  it("refuses an infinite target, and one without a measured row", async () => {
    const { x, y } = smooth(30, 2, 5);
    const of = (value: number): Float64Array =>
      Float64Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? y.values.data[at / 2] : value));
    const fit = (data: Float64Array): Promise<unknown> =>
      createMlpMultiTask(small).fit(x, { ...y, values: { rows: 30, columns: 2, data }, units: ["a", "b"] }, run());
    await expect(fit(of(Number.POSITIVE_INFINITY))).rejects.toThrow(/target 1 of row 0 is Infinity/);
    await expect(fit(of(Number.NaN))).rejects.toThrow(/target 1 is measured in too few rows/);
  });
});
