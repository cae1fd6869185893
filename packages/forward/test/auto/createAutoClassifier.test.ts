import { closeWorkers, createRandom, encodeArray, type FeatureMatrix } from "@materiome/core";
import { type ClassificationModel, createAutoClassifier, reader } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import type { ClassBlend } from "../../src/learner/classBlend.ts";
import { blobs, classes, planesOf, run } from "../classData.ts";
import { features } from "../data.ts";

afterAll(closeWorkers);

interface Report {
  readonly chosen: string;
  readonly tried: readonly { readonly name: string; readonly logLoss: number; readonly accuracy: number }[];
  readonly notTried: readonly { readonly name: string; readonly reason: string }[];
}

function reportOf(model: ClassificationModel): Report {
  return (model as unknown as { readonly report: Report }).report;
}

/** The class says whether two inputs lie on the same side of one half: no line divides them. */
function corners(n: number, seed: number): { x: FeatureMatrix; codes: number[] } {
  const random = createRandom(seed);
  const rows = Array.from({ length: n }, () => [random.next(), random.next()]);
  return { x: features(n, 2, rows.flat()), codes: rows.map(([a = 0, b = 0]) => (a < 0.5 === b < 0.5 ? 1 : 0)) };
}

describe("createAutoClassifier", () => {
  it("takes logistic regression, smaller penalties too, where a line divides the classes", async () => {
    const random = createRandom(1);
    const rows = Array.from({ length: 120 }, () => Array.from({ length: 6 }, () => random.normal()));
    const y = classes(rows.map(([a = 0, b = 0, c = 0, d = 0]) => (a + b - c - d + random.normal() / 2 > 0 ? 1 : 0)));
    const x = features(120, 6, rows.flat());
    const { chosen, tried, notTried } = reportOf(await createAutoClassifier().fit(x, y, run()));
    expect(chosen).toMatch(/^logistic/);
    expect(tried.map(({ name }) => name)).toContain("logistic (penalty 0.1)");
    expect(tried.map(({ logLoss }) => logLoss)).toEqual(tried.map(({ logLoss }) => logLoss).toSorted((a, b) => a - b));
    expect(notTried).toEqual([]);
  });

  it("takes trees where no line does, and says what was not tried", async () => {
    const { x, codes } = corners(160, 2);
    const model = await createAutoClassifier().fit(x, classes(codes), run());
    const { chosen, tried, notTried } = reportOf(model);
    expect(chosen).not.toMatch(/^logistic/);
    expect(tried[0]?.accuracy).toBeGreaterThan(0.85);
    expect(notTried.map(({ name }) => name)).toEqual(["logistic (penalty 1)", "logistic (penalty 0.1)"]);
    const fresh = corners(200, 3);
    const { data } = model.predictSync(fresh.x).probabilities;
    const right = fresh.codes.filter((code, i) => (data[2 * i + code] as number) > 0.5).length;
    expect(right / 200).toBeGreaterThan(0.85);
  });

  it("says that boosting is not tried on few rows, or few groups", async () => {
    const { x, codes } = corners(30, 2);
    const ofRows = reportOf(await createAutoClassifier({ folds: 2 }).fit(x, classes(codes), run(1, 1)));
    expect(ofRows.notTried).toContainEqual({ name: "boosting", reason: "takes 40 rows, there are 30" });
    const groups = Int32Array.from(codes, (_, i) => Math.floor(i / 2));
    const ofGroups = reportOf(
      await createAutoClassifier({ folds: 2 }).fit(x, { ...classes(codes), groups }, run(1, 1)),
    );
    expect(ofGroups.notTried).toContainEqual({ name: "boosting", reason: "takes 40 groups, there are 15" });
    expect(ofGroups.tried.map(({ name }) => name)).not.toContain("boosting");
  });

  it("tries as many candidates as it is told to, and lists the others", async () => {
    const { x, y } = blobs(60, 4);
    const report = async (trials: number): Promise<Report> =>
      reportOf(await createAutoClassifier({ folds: 2, trials }).fit(x, y, run(1, 1)));
    const one = await report(1);
    expect(one.tried.map(({ name }) => name)).toEqual(["extra-trees"]);
    expect(one.notTried).toHaveLength(5);
    expect(one.notTried).toContainEqual({ name: "boosting", reason: "beyond the budget of 1 trial" });
    const five = await report(5); // the two smaller penalties come together
    expect(five.tried).toHaveLength(4);
    expect(five.notTried).toHaveLength(2);
    expect(createAutoClassifier({ trials: 3 }).toJSON().params).toEqual({ folds: 4, trials: 3 });
    expect(() => createAutoClassifier({ trials: 0 })).toThrow(/trials must be a whole number of at least 1/);
  });

  it("gives no class the probability 0, as trees that agree do: it mixes in the shares of the classes", async () => {
    const codes = Array.from({ length: 45 }, (_, i) => (i % 9 === 8 ? 2 : i % 2));
    const x = features(
      45,
      2,
      codes.flatMap((code, i) => [10 * code + (i % 7) / 7, (i * 5) % 11]),
    );
    const y = classes(codes);
    const options = { folds: 3, trials: 1 };
    const bare = await createAutoClassifier({ ...options, blend: false }).fit(x, y, run());
    const mixed = await createAutoClassifier(options).fit(x, y, run());
    const [raw, given] = [bare, mixed].map((model) => model.predictSync(x).probabilities.data);
    expect(Math.min(...raw)).toBe(0);
    const { share, prior } = (mixed as unknown as { report: { blend: ClassBlend } }).report.blend;
    expect(share).toBe(0.001); // all inner folds are right
    for (const [c, n] of [20, 20, 5].entries()) expect(prior[c]).toBeCloseTo((n + 0.5) / 46.5, 12);
    for (const [at, p] of given.entries()) {
      expect(p).toBeGreaterThan(0);
      expect(p).toBeCloseTo((1 - share) * raw[at] + share * prior[at % 3], 12);
    }
    const planes = new Float32Array(135);
    mixed.predictPlanes(planesOf(x), 45, planes);
    for (const [at, p] of planes.entries()) expect(p).toBeCloseTo(given[at], 5);
    expect("blend" in (bare as unknown as { report: object }).report).toBe(false);
    expect(createAutoClassifier({ blend: false }).toJSON().params).toEqual({ folds: 4, blend: false });
    expect(() => createAutoClassifier({ blend: "yes" as never })).toThrow(/blend must be true or false/);
  });

  it("refuses a stored mixture that is damaged", async () => {
    const { x, y } = blobs(60, 4);
    const model = await createAutoClassifier({ folds: 2, trials: 1 }).fit(x, y, run());
    const stored = JSON.parse(JSON.stringify(model));
    const read = (state: object) => reader.read({ ...stored, state: { ...stored.state, ...state } }, reader);
    await expect(read({ share: 2 })).rejects.toThrow(/damaged/);
    for (const prior of [
      [0.5, 0.4],
      [1.5, -0.5],
      [Number.NaN, 1],
    ]) {
      await expect(read({ prior: encodeArray(Float64Array.from(prior)) })).rejects.toThrow(/damaged/);
    }
  });

  it("is the same for any number of threads and after saving and loading", async () => {
    const { x, y } = blobs(60, 4);
    const [one, two] = [
      await createAutoClassifier({ folds: 3 }).fit(x, y, run(1, 1)),
      await createAutoClassifier({ folds: 3 }).fit(x, y, run(1, 2)),
    ];
    expect(reportOf(two)).toEqual(reportOf(one));
    expect(JSON.stringify(two)).toBe(JSON.stringify(one));
    const again = (await reader.read(JSON.parse(JSON.stringify(one)), reader)) as unknown as ClassificationModel;
    expect(again.predictSync(x).probabilities.data).toEqual(one.predictSync(x).probabilities.data);
  });
});
