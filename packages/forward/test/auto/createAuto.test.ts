import { createRandom, takeRows } from "@materiome/core";
import { type AutoOptions, createAuto, type ForwardModel, reader, treeShap } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { whyChosen } from "../../src/auto/whyChosen.ts";
import { features, smooth, targets } from "../data.ts";

interface Report {
  readonly chosen: string;
  readonly tried: readonly { readonly name: string; readonly rmse: number }[];
  readonly criterion: string;
  readonly reason: string;
  readonly equalShare: number | null;
  readonly gaps: string | null;
  readonly filled?: readonly { readonly name: string; readonly features: readonly object[] }[];
  readonly notTried: readonly { readonly name: string; readonly reason: string }[];
}

const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

async function reportOf(
  x: ReturnType<typeof features>,
  y: ReturnType<typeof targets>,
  options: AutoOptions = {},
): Promise<Report> {
  const model = await createAuto({ nTrees: 30, ...options }).fit(x, y, { random: createRandom(1), threads: 1 });
  return model.report as unknown as Report;
}

describe("createAuto", () => {
  it("takes smooth learners for a smooth quadratic law, trees for steps", async () => {
    const { x, y } = smooth(90, 3, 1, 0.01);
    const names = ["gaussian-process", "ridge-degree-2", "forest", "extra-trees"] as const;
    const quadratic = await reportOf(x, y, { candidates: names, draws: 0 });
    expect(quadratic.chosen).not.toMatch(/forest|trees/);
    const steps = targets(
      Array.from({ length: 90 }, (_, i) => (x.data[i * 3] > 0.4 ? 5 : 0) + (x.data[i * 3 + 1] > 0.7 ? 3 : 0)),
    );
    const [first] = (await reportOf(x, steps, { candidates: names, draws: 0 })).tried;
    expect(first?.name).toMatch(/forest|trees/);
  });

  it("lists what it tried with its inner error, best single first, and gives the weights of an average", async () => {
    const { x, y } = smooth(80, 3, 1);
    const { tried, chosen } = await reportOf(x, y, { candidates: ["forest", "extra-trees", "ridge"], draws: 4 });
    const errors = tried.map((trial) => trial.rmse);
    expect(errors).toEqual(errors.toSorted((a, b) => a - b));
    expect(tried.map((trial) => trial.name)).toEqual(expect.arrayContaining(["forest", "extra-trees", "ridge"]));
    const parts = chosen.split(" + ");
    if (parts.length === 1) expect(chosen).toBe(tried[0]?.name);
    else expect(parts.reduce((sum, part) => sum + Number.parseFloat(part), 0)).toBeCloseTo(1, 1);
  });

  it("learns intervals from errors that the choice has not seen", async () => {
    const { x } = smooth(60, 4, 2);
    const random = createRandom(7);
    const y = targets(Array.from({ length: 60 }, () => random.normal()));
    const model = await createAuto({ nTrees: 30, draws: 4 }).fit(x, y, { random: createRandom(1), threads: 1 });
    const { tried, heldOutError } = model.report as unknown as Report & { readonly heldOutError: number };
    const squares = y.values.data.map((value, i) => (value - model.heldOut!.mean[i]!) ** 2);
    expect(heldOutError).toBeCloseTo(Math.sqrt(squares.reduce((sum, s) => sum + s, 0) / 60), 12);
    // The inputs say nothing of this target: the least of many errors is below what a new choice meets.
    expect(heldOutError).toBeGreaterThan(1.01 * tried[0]!.rmse);
  });

  it("says how it came to what it chose", async () => {
    const { x, y } = smooth(80, 3, 1);
    const single = await reportOf(x, y, { candidates: ["ridge"], draws: 0 });
    const where = "on 5 inner folds of the training rows";
    expect([single.reason, single.equalShare]).toEqual([`least squared error ${where}`, null]);
    const { reason, equalShare } = await reportOf(x, y, { candidates: ["forest", "extra-trees", "ridge"], draws: 0 });
    expect(reason).toBe(whyChosen(equalShare !== null, equalShare ?? 0, "squared", where));
  });

  it("says which quotients it uses, and takes a row without any of their amounts, a control sample, in folds and to predict", async () => {
    const random = createRandom(2);
    const control = 7;
    const amounts = indices(60).map((i) => indices(3).map(() => (i === control ? 0 : 0.1 + random.next())));
    const plain = features(60, 3, amounts.flat());
    const x = { ...plain, features: plain.features.map((feature) => ({ ...feature, unit: "g" })) };
    const y = amounts.map(([a = 0, b = 0], i) => (i === control ? 0 : a / b));
    const takeFrom = (rows: readonly number[]): typeof x => ({ ...takeRows(x, rows), features: x.features });
    const fit = (rows: readonly number[]): Promise<ForwardModel> =>
      createAuto({ candidates: ["quotient-ranked-gaussian-process", "ridge"], folds: 3, criterion: "absolute" }).fit(
        takeFrom(rows),
        targets(rows.map((i) => y[i] ?? 0)),
        { random: createRandom(1), threads: 1 },
      );
    const model = await fit(indices(60).filter((i) => i !== control));
    const [a, b] = x.features.map(({ name }) => name);
    expect(model.report).toMatchObject({
      quotients: [{ name: "quotient-ranked-gaussian-process", quotients: expect.arrayContaining([`${a} / ${b}`]) }],
    });
    const empty = takeFrom([control]);
    expect(Number.isFinite(model.predictSync(empty).mean.data[0])).toBe(true);
    const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as ForwardModel;
    expect(again.predictSync(empty).mean).toEqual(model.predictSync(empty).mean);
    // The control sample may be learned from, too: where quotients have no value it says nothing of them.
    const all = (await fit(indices(60))).report as unknown as Report;
    expect(all.chosen).toBe("quotient-ranked-gaussian-process");
    expect(all.notTried).toEqual([]);
  });

  it("asks each learner about the features that it would see: quotients of element amounts without what is computed from them", async () => {
    const random = createRandom(4);
    const rows = indices(40).map(() => {
      const amounts = indices(3).map(() => 1 + random.next());
      return [...amounts, amounts.reduce((a, b) => a + b)];
    });
    const plain = features(40, 4, rows.flat());
    const names = ["Cr", "Ni", "Mo"];
    const x = {
      ...plain,
      features: plain.features.map((feature, f) => ({
        ...feature,
        unit: f < 3 ? "wt%" : "",
        source: names.slice(f % 3, f < 3 ? f + 1 : 3),
      })),
    };
    const y = targets(rows.map(([a = 0, b = 0]) => a / b));
    const { tried, notTried } = await reportOf(x, y, { candidates: ["quotient-extra-trees"], nTrees: 4 });
    expect(tried.map(({ name }) => name)).toEqual(["quotient-extra-trees (amounts)"]);
    expect(notTried).toEqual([
      { name: "quotient-extra-trees", reason: expect.stringContaining("amounts of one unit") },
    ]);
  });

  it("looks at drawn settings on two folds, and goes on with the better half", async () => {
    const { x, y } = smooth(60, 3, 1);
    const { tried, notTried } = await reportOf(x, y, { candidates: ["extra-trees"], draws: 6 });
    const dropped = notTried.filter(({ reason }) => reason === "in the worse half on two inner folds").length;
    const kept = tried.length - 1; // the defaults
    expect(kept).toBe(Math.ceil((kept + dropped) / 2));
    expect(kept + dropped).toBeGreaterThan(1);
  });

  it("stops what is far behind after two folds where the rows hold much, not where they hold little", async () => {
    const options: AutoOptions = { candidates: ["ridge", "median"], draws: 0, criterion: "absolute" };
    const far = { name: "median", reason: "more than 1.5 times the least absolute error on two inner folds" };
    const large = smooth(1050, 96, 1); // above 100 000 values
    const searched = await reportOf(large.x, large.y, options);
    expect(searched.notTried).toEqual([far]);
    expect(searched.tried.map(({ name }) => name)).toEqual(["ridge"]);
    const small = smooth(200, 4, 1);
    expect((await reportOf(small.x, small.y, options)).tried.map(({ name }) => name)).toEqual(["ridge", "median"]);
  });

  it("goes on without drawn settings that few rows do not allow, and says why", async () => {
    const { x, y } = smooth(45, 3, 1);
    const { tried, notTried } = await reportOf(x, y, { candidates: ["boosting", "ridge"], draws: 8 });
    const refused = notTried.filter(({ reason }) => reason.includes("a split needs 2 · minSamplesLeaf"));
    expect(refused.map(({ name }) => name).join("; ")).toContain("minSamplesLeaf 10");
    expect(tried.map(({ name }) => name)).toEqual(expect.arrayContaining(["boosting", "ridge"]));
    expect(tried.every(({ rmse }) => Number.isFinite(rmse))).toBe(true);
  });

  it("leaves out candidates that cannot take the rows, and says why", async () => {
    const { x, y } = smooth(60, 3, 1);
    const weights = new Float64Array(60).fill(1);
    const { notTried } = await reportOf(x, { ...y, weights }, { draws: 0 });
    const weighted = notTried.filter(({ reason }) => reason === "rows are weighted").map(({ name }) => name);
    expect(weighted).toEqual(["ridge", "gaussian-process", "ranked-gaussian-process", "elastic-net", "ridge-degree-2"]);
    await expect(reportOf(x, { ...y, weights }, { candidates: ["ridge"] })).rejects.toThrow(
      /no candidate takes these rows/,
    );
  });

  it("tries learners that take no gaps on medians and marks, and says so", async () => {
    const { x, y } = smooth(60, 3, 1);
    const data = x.data.slice();
    data[4] = Number.NaN;
    const { tried, gaps, filled } = await reportOf({ ...x, data }, y, { candidates: ["ridge"] });
    expect(tried.map(({ name }) => name)).toEqual(["ridge"]);
    const present = Array.from({ length: 60 }, (_, i) => data[3 * i + 1]).filter((v) => !Number.isNaN(v));
    const middle = present.sort((a, b) => a - b)[29]; // of 59
    expect(filled).toEqual([{ name: "ridge", features: [{ feature: x.features[1].name, value: middle, missing: 1 }] }]);
    expect(gaps).toMatch(/medians/);
    const whole = await reportOf(x, y, { candidates: ["ridge"] });
    expect([whole.gaps, whole.filled]).toEqual([null, undefined]);
    const logs = { candidates: ["log-ranked-gaussian-process"] } as const;
    const positive = { ...y, values: { ...y.values, data: y.values.data.map((v) => Math.exp(v)) } };
    expect((await reportOf({ ...x, data }, positive, logs)).filled?.[0]?.features).toHaveLength(1);
  });

  it("finds the two of many features that a linear law is of, where rows are few", async () => {
    const random = createRandom(3);
    const wide = features(
      50,
      60,
      Float64Array.from({ length: 50 * 60 }, () => random.normal()),
    );
    const y = targets(
      Array.from({ length: 50 }, (_, i) => 5 * wide.data[60 * i] - 3 * wide.data[60 * i + 1] + 0.3 * random.normal()),
    );
    const linear = { candidates: ["extra-trees", "ridge", "elastic-net"] } as const;
    const { chosen, tried } = await reportOf(wide, y, { ...linear, draws: 0, nTrees: 20 });
    expect(chosen).toBe("elastic-net");
    const errors = new Map(tried.map(({ name, rmse }) => [name, rmse]));
    expect(errors.get("elastic-net")).toBeLessThan(0.3 * (errors.get("ridge") ?? 0));
    const { x: narrow, y: plain } = smooth(60, 3, 1);
    const { notTried } = await reportOf(narrow, plain, { ...linear, draws: 0, nTrees: 20 });
    expect(notTried).toEqual([{ name: "elastic-net", reason: expect.stringMatching(/3 features for 60 rows/) }]);
  });

  it("passes over the elastic net where it takes no more features, counting the marks of gaps", async () => {
    const random = createRandom(4);
    const data = Float64Array.from({ length: 12 * 1600 }, () => random.next());
    const y = targets(Array.from({ length: 12 }, (_, i) => data[i] as number));
    const reasonOf = async (columns: number, values: Float64Array): Promise<string | undefined> => {
      const options: AutoOptions = { candidates: ["median", "elastic-net"], draws: 0 };
      return (await reportOf(features(12, columns, values), y, options)).notTried[0]?.reason;
    };
    expect(await reasonOf(1600, data)).toMatch(/1600 features would take too long/);
    const half = data.slice(0, 12 * 800).fill(Number.NaN, 0, 800);
    expect(await reasonOf(800, half)).toMatch(/1600 features would take too long/);
  });

  it("does not go on by powers of ten where a row is unlike all others: the process of a logarithm has no trend", async () => {
    const random = createRandom(5);
    const x = features(
      60,
      2,
      Float64Array.from({ length: 120 }, () => random.next()),
    );
    const y = targets(Array.from({ length: 60 }, (_, i) => Math.exp(3 * x.data[2 * i] + 0.1 * random.normal())));
    const model = await createAuto({ candidates: ["log-gaussian-process"] }).fit(x, y, { random: createRandom(1) });
    const near = model.predictSync(features(1, 2, [0.9, 0.5])).mean.data[0];
    expect(near / Math.exp(2.7)).toBeCloseTo(1, 0);
    const { mean, upper } = model.predictSync(features(2, 2, [30, 0.5, 30, -20]));
    for (const value of [...mean.data, ...upper!.data]) expect(value).toBeLessThan(1000); // the trend's are 10³⁸
  });

  it("takes one learner of each kind first where trials are few", async () => {
    const { x, y } = smooth(60, 3, 1);
    const { tried } = await reportOf(x, y, { trials: 3, nTrees: 20 });
    expect(tried.map(({ name }) => name).sort()).toEqual(["extra-trees", "gaussian-process", "ridge"]);
  });

  it("takes the median where wild rows would decide by their squares", async () => {
    const { x } = smooth(60, 3, 1);
    const y = targets(Array.from({ length: 60 }, (_, i) => (i % 10 === 0 ? 90 - i : 1 + 0.001 * i)));
    const { chosen, criterion } = await reportOf(x, y, { candidates: ["ridge", "median"], criterion: "absolute" });
    expect(chosen).toBe("median");
    expect(criterion).toBe("absolute");
  });

  it("tries element amounts without the descriptors made from them, and predicts, saves and explains as one model", async () => {
    const random = createRandom(8);
    const n = 60;
    const rows = Array.from({ length: n }, () => [random.next(), random.next()]);
    const noise = Array.from({ length: n * 30 }, () => random.next());
    const plain = features(
      n,
      32,
      [...rows.entries()].flatMap(([i, row]) => [...row, ...noise.slice(i * 30, i * 30 + 30)]),
    );
    const x = {
      ...plain,
      features: plain.features.map((feature, f) => ({
        name: feature.name,
        unit: f < 2 ? "atomic fraction" : "",
        source: ["formula"],
      })),
    };
    const y = targets(rows.map(([a = 0, b = 0]) => 10 * a + (b > 0.5 ? 5 : 0)));
    const auto = createAuto({ candidates: ["extra-trees"], nTrees: 30, draws: 0 });
    const model = await auto.fit(x, y, { random: createRandom(1), threads: 1 });
    expect((model.report as unknown as Report).chosen).toMatch(/amounts/);
    const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as typeof model;
    const bounds = (from: ForwardModel): unknown[] => {
      const { mean, lower, upper } = from.predictSync(x);
      return [mean.data, lower?.data, upper?.data];
    };
    expect(bounds(again)).toEqual(bounds(model));
    const { base, values } = await treeShap(model, takeRows(x, [0]) as typeof x, x);
    const total = values.data.reduce((sum, value) => sum + value, base);
    expect(total).toBeCloseTo(model.predictSync(takeRows(x, [0])).mean.data[0], 9);
    const size = (part: Float64Array): number => part.reduce((sum, value) => sum + Math.abs(value), 0);
    expect(size(values.data.subarray(2))).toBeLessThan(0.1 * size(values.data.subarray(0, 2)));
  });

  it("gives the same model for any number of threads", async () => {
    const { x, y } = smooth(40, 3, 1);
    const fit = (threads: number): Promise<ForwardModel> =>
      createAuto({ nTrees: 12, draws: 2, folds: 3 }).fit(x, y, { random: createRandom(3), threads });
    expect(JSON.stringify(await fit(2))).toBe(JSON.stringify(await fit(1)));
  });

  it("leaves out the quadratic ridge of very many features", async () => {
    const { x, y } = smooth(40, 120, 1);
    const { notTried } = await reportOf(x, y, { candidates: ["ridge", "ridge-degree-2"] });
    expect(notTried).toEqual([{ name: "ridge-degree-2", reason: "7380 terms for 40 rows would take too long" }]);
  });

  it("chooses by whole groups: a group's own level is not knowledge about others", async () => {
    const random = createRandom(4);
    const groups = Int32Array.from({ length: 300 }, (_, i) => Math.floor(i / 10));
    const level = Array.from({ length: 30 }, () => 4 * random.normal());
    const x = features(
      300,
      2,
      Array.from(groups).flatMap((g) => [g, random.next()]),
    );
    const values = Array.from(groups, (g, i) => level[g] + 3 * x.data[2 * i + 1] + 0.2 * random.normal());
    const rmse = async (y: ReturnType<typeof targets>): Promise<number> =>
      Math.min(...(await reportOf(x, y, { candidates: ["forest", "ridge"] })).tried.map((trial) => trial.rmse));
    expect(await rmse(targets(values, { groups }))).toBeGreaterThan(1.4 * (await rmse(targets(values))));
  });

  it("tries nets where they are asked for, and says why where they cannot be", async () => {
    const { x, y } = smooth(62, 3, 1);
    const names = ["ridge", "mlp", "element-attention"] as const;
    const { tried, notTried } = await reportOf(x, y, { candidates: names, folds: 2 });
    expect(tried.map(({ name }) => name).sort()).toEqual(["mlp", "ridge"]);
    expect(notTried).toEqual([
      { name: "element-attention", reason: expect.stringMatching(/no feature is the amount/) },
    ]);
    const few = await reportOf(
      takeRows(x, indices(40)),
      { ...y, values: takeRows(y.values, indices(40)) },
      { candidates: names },
    );
    expect(few.notTried).toContainEqual({ name: "mlp", reason: "40 rows or groups, 60 are needed for nets" });
    const { candidates } = createAuto().toJSON().params as { candidates: string[] };
    expect(candidates).not.toContain("mlp");
  });

  it("refuses unknown candidates", () => {
    expect(() => createAuto({ candidates: ["net" as "forest"] })).toThrow(/candidates must be some of/);
  });
});
