import {
  closeWorkers,
  createRandom,
  type Progress,
  readTable,
  type Table,
  type TableModel,
  takeTableRows,
} from "@materiome/core";
import {
  createRidge,
  type ModelName,
  reader,
  type SearchLimits,
  type TrainedPropertyModel,
  type TrainPropertyModelOptions,
  trainPropertyModel,
} from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";

afterAll(closeWorkers);

/** 40 heats × 3 tempers with a route, a hole in the target and one in an input. */
function steels(): Table {
  const random = createRandom(1);
  const lines = ["id,heat,C (wt%),Cr (wt%),route,Tempering temperature (°C),Yield strength (MPa),Hardness (HV)"];
  for (let heat = 0; heat < 40; heat++) {
    const [c, cr] = [0.2 + 0.4 * random.next(), 2 * random.next()];
    const route = heat % 2 === 0 ? "forged" : "cast";
    for (const temper of [500, 575, 650]) {
      const ys = 900 + 600 * c + 60 * cr - 0.9 * (temper - 500) + (route === "cast" ? -40 : 0) + 12 * random.normal();
      const shown = heat === 3 && temper === 575 ? "" : ys.toFixed(1);
      const chromium = heat === 5 ? "" : cr.toFixed(3);
      lines.push(
        `S${heat}-${temper},H${heat},${c.toFixed(3)},${chromium},${route},${temper},${shown},${(ys / 3).toFixed(1)}`,
      );
    }
  }
  return readTable(`${lines.join("\n")}\n`, {
    file: "steels.csv",
    schema: {
      version: 1,
      columns: [
        { name: "heat", role: "group" },
        { name: "id", role: "id" },
        { name: "route", role: "process", kind: "category" },
      ],
    },
  });
}

async function train(
  options: Partial<TrainPropertyModelOptions> = {},
  table = steels(),
): Promise<TrainedPropertyModel> {
  const defaults: TrainPropertyModelOptions = { targets: ["Yield strength"], model: "forest", folds: 5 };
  return trainPropertyModel(table, { ...defaults, ...options }, { random: createRandom(1), threads: 2 });
}

describe("trainPropertyModel", () => {
  it("sees the use of an input that is the same in all rows of a fold, and counts inputs that go together once", async () => {
    const random = createRandom(4);
    const lines = ["heat,C (wt%),Cr (wt%),Temperature (°C),Yield strength (MPa)"];
    for (let heat = 0; heat < 12; heat++) {
      const c = random.next();
      for (const temper of [500, 575, 650]) {
        lines.push(
          `H${heat},${c.toFixed(3)},${(c ** 3).toFixed(4)},${temper},${(600 * c - 0.1 * temper + random.normal()).toFixed(1)}`,
        );
      }
    }
    const table = readTable(lines.join("\n"), {
      schema: { version: 1, columns: [{ name: "heat", role: "group" }] },
    });
    const { importances } = await train({ folds: 12, learner: createRidge() }, table);
    expect(importances.map((entry) => entry.columns)).toEqual([["C", "Cr"], ["Temperature"]]);
    const [carbon] = importances;
    expect(carbon.maeIncrease).toBeGreaterThan(100);
    expect(carbon.maeStandardError).toBeGreaterThan(0);
    expect(carbon.rmseIncrease).toBeGreaterThan(carbon.maeIncrease);
  });

  it("scores held-out heats and reports split, leakage, dropped rows and baselines", async () => {
    const { metrics, outOfFold, importances } = await train({
      seed: 1,
      dataSha256: "abc",
      versions: { forward: "0.1.0" },
    });
    const [score] = metrics.targets;
    expect(score).toMatchObject({ name: "Yield strength", unit: "MPa", n: 119 });
    expect(score.r2).toBeGreaterThan(0.7);
    expect(score.mae).toBeLessThan(score.meanBaselineMae / 2);
    expect(score.coverage90).toBeGreaterThan(0.8);
    expect(metrics).toMatchObject({
      nFeatures: 5,
      splitter: { kind: "groupKFold", groupColumns: ["heat"], derived: false, nGroups: 40, folds: 5, repeats: 1 },
      leakage: { duplicateRows: 0, groupsAcrossFolds: 0 },
      dropped: [{ reason: 'no value of the target "Yield strength"', rows: [12] }],
      seed: 1,
      dataSha256: "abc",
      versions: { forward: "0.1.0" },
    });
    expect(metrics.optimistic?.targets[0].n).toBe(119);
    expect(metrics.perFold).toHaveLength(5);
    expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
    const [{ rows, actual, predicted, fold }] = outOfFold;
    expect(rows).toHaveLength(119);
    expect(Array.from(rows)).not.toContain(10);
    const mae = actual.reduce((sum, y, i) => sum + Math.abs(y - predicted[i]), 0) / 119;
    expect(mae).toBeCloseTo(score.mae, 9);
    expect(new Set(fold).size).toBe(5);
    expect(importances.flatMap((entry) => entry.columns).slice(0, 2)).toEqual(
      expect.arrayContaining(["Tempering temperature", "C"]),
    );
    expect(importances.flatMap((entry) => entry.columns)).not.toContain("Hardness");
  });

  it("is the same for any number of threads", async () => {
    const run = async (threads: number): Promise<string> => {
      const options: TrainPropertyModelOptions = { targets: ["Yield strength"], model: "extra-trees", folds: 3 };
      const trained = await trainPropertyModel(steels(), options, { random: createRandom(1), threads });
      return JSON.stringify([trained.metrics, trained.model]);
    };
    expect(await run(2)).toBe(await run(1));
  });

  it("saves and loads with bit-identical predictions, intervals and domain", async () => {
    const { model } = await train({ targets: ["Yield strength", "Hardness"], level: 0.8 });
    const again = (await reader.read(JSON.parse(JSON.stringify(model)), reader)) as unknown as TableModel;
    const probe = takeTableRows(steels(), [0, 30, 15]);
    const [a, b] = [await model.predict(probe), await again.predict(probe)];
    expect(a.level).toBe(0.8);
    expect(a.mean.columns).toBe(2);
    for (const key of ["mean", "std", "lower", "upper"] as const) expect(b[key]).toEqual(a[key]);
    expect(b.domain?.score).toEqual(a.domain?.score);
    expect(b.distribution?.quantile(1, 1, 0.3)).toBe(a.distribution?.quantile(1, 1, 0.3));
    expect(a.distribution?.quantile(1, 1, 0.1)).toBeCloseTo(a.lower?.data[3] ?? Number.NaN, 9);
    expect(again.inputs).toEqual(model.inputs);
    expect(again.targets).toEqual([
      { name: "Yield strength", unit: "MPa" },
      { name: "Hardness", unit: "HV" },
    ]);
    expect(again.training.names).toEqual([...model.training.names]);
    expect(JSON.stringify(again)).toBe(JSON.stringify(model));
  });

  it("converts units of the table it predicts from, and takes the columns in any order", async () => {
    const { model } = await train();
    const here = readTable("C (wt%),Cr (wt%),route,Tempering temperature (°C)\n0.4,1,cast,550\n");
    const there = readTable("Tempering temperature (K),route,Cr (wt%),C (wt%)\n823.15,cast,1,0.4\n");
    expect((await model.predict(there)).mean.data[0]).toBe((await model.predict(here)).mean.data[0]);
  });

  it("knows where it does not know, and says why", async () => {
    const { model } = await train();
    const { domain } = await model.predict(
      readTable(
        [
          "C (wt%),Cr (wt%),route,Tempering temperature (°C)",
          "0.4,1,cast,550",
          "0.4,24,cast,550",
          "0.4,1,rolled,550",
          "0.4,1,cast,90",
          "",
        ].join("\n"),
      ),
    );
    expect(Array.from(domain?.inDomain ?? [])).toEqual([1, 0, 0, 0]);
    expect(domain?.score[0]).toBeLessThanOrEqual(1);
    expect(domain?.score[1]).toBeGreaterThan(5);
    expect(domain?.reason(0)).toBeUndefined();
    expect(domain?.reason(1)).toMatch(
      /^Cr 24 wt% is outside 0\.\d+–1\.\d+ wt%; no training row is near: .*usual distance/,
    );
    expect(domain?.reason(2)).toMatch(/route "rolled" was in no training row \(known: cast, forged\)/);
    expect(domain?.reason(3)).toMatch(/Tempering temperature 90 °C is outside 500–650 °C/);
  });

  it("finds most held-out rows of the same kind in its domain", async () => {
    const table = steels();
    const even = Array.from({ length: 120 }, (_, i) => i).filter((i) => Math.floor(i / 3) % 4 < 3);
    const odd = Array.from({ length: 120 }, (_, i) => i).filter((i) => Math.floor(i / 3) % 4 === 3);
    const { model } = await train({}, takeTableRows(table, even));
    const { domain } = await model.predict(takeTableRows(table, odd));
    const share = (domain?.inDomain ?? new Uint8Array(1)).reduce((sum, flag) => sum + flag, 0) / odd.length;
    expect(share).toBeGreaterThan(0.8);
  });

  it("says before it trains what the time holds, and that it is too little for one trial", async () => {
    const lines = Array.from({ length: 24 }, (_, i) => `${i},${(i * 7) % 5},${3 * i + (i % 3)}`);
    const table = readTable(`a (mm),b (mm),Yield strength (MPa)\n${lines.join("\n")}\n`);
    const events: string[] = [];
    let reads = 0;
    const options = {
      ...{ targets: ["Yield strength"], inputs: ["a", "b"], folds: 2 },
      budget: {
        minutes: 1,
        now: () => 20_000 * reads++, // twenty seconds a fit: three folds of one trial are more than a minute
        onCounted: ({ trials, expectedMinutes }: SearchLimits) =>
          events.push(`${trials} trial, ${(expectedMinutes ?? 0) > 1 ? "too long" : "in time"}`),
      },
    };
    const onProgress = ({ stage }: Progress) => events.at(-1) !== stage && events.push(stage);
    const { metrics } = await trainPropertyModel(table, options, { random: createRandom(1), threads: 1, onProgress });
    expect(events.slice(0, 2)).toEqual(["measuring trials", "1 trial, too long"]);
    expect(events.length).toBeGreaterThan(2);
    expect(metrics.search).toMatchObject({ trials: 1, budgetMinutes: 1 });
  });

  it("counts what the time holds after other learners were scored, so that they cut nothing", async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `${i},${(i * 7) % 5},${3 * i + (i % 3)}`);
    const table = readTable(`a (mm),b (mm),Yield strength (MPa)\n${lines.join("\n")}\n`);
    const searched = async (rivals: readonly ModelName[]) => {
      let [clock, extra] = [0, 0];
      const events: string[] = [];
      const options = { targets: ["Yield strength"], inputs: ["a", "b"], folds: 3, rivals };
      const budget = { minutes: 0.3 / 60, now: () => ++clock + extra, onCounted: () => events.push("counted") };
      const onProgress = ({ stage }: Progress): void => {
        if (events.length === 0 && stage === "train") extra = 150; // half of the time goes by
        if (events.at(-1) !== stage) events.push(stage);
      };
      const run = { random: createRandom(1), threads: 1, onProgress };
      const { search } = (await trainPropertyModel(table, { ...options, budget }, run)).metrics;
      return { search, events };
    };
    const [alone, beside] = [await searched([]), await searched(["ridge"])];
    expect(beside.events.indexOf("train")).toBeLessThan(beside.events.indexOf("counted"));
    expect(beside.search?.trials).toBeLessThan(alone.search?.trials ?? 0);
    expect(beside.search?.cuts).toEqual([]);
    expect(beside.search?.expectedMinutes).toBeGreaterThan(150 / 60_000);
  });

  it("keeps the time: where folds take longer than measured their searches are cut, never the model", async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `${i},${(i * 7) % 5},${3 * i + (i % 3)}`);
    const table = readTable(`a (mm),b (mm),Yield strength (MPa)\n${lines.join("\n")}\n`);
    let [clock, extra] = [0, 0];
    const now = (): number => ++clock + extra; // a millisecond a fit
    const options = { targets: ["Yield strength"], inputs: ["a", "b"], folds: 3 };
    const budget = { minutes: 0.148 / 60, now };
    const onProgress = ({ stage, done, total }: Progress): void => {
      if (stage === "train" && done > 1.3) extra += 2000 * (done / total); // after the model, and one fold
    };
    const context = { random: createRandom(1), threads: 1 };
    const kept = await trainPropertyModel(
      table,
      { ...options, budget, learningCurve: true },
      { ...context, onProgress },
    );
    const { search, perFold } = kept.metrics;
    expect(search?.trials).toBeGreaterThan(1);
    expect(search?.cuts.at(-1)).toMatchObject({ stage: "folds", trials: 1 });
    expect(search?.leftOut).toEqual(["learning curve"]);
    expect(search?.tookMinutes).toBeGreaterThan(budget.minutes);
    expect(perFold).toHaveLength(3);
    expect(kept.metrics.diagnostics[0]?.learningCurve).toBeNull();
    const again = await trainPropertyModel(table, { ...options, trials: search?.trials }, context);
    expect(JSON.stringify(again.model)).toBe(JSON.stringify(kept.model));
    expect(again.metrics.search).toMatchObject({ trials: search?.trials, cuts: [], tookMinutes: null });
  });

  it("warns of repeated rows that no group keeps together", async () => {
    const table = takeTableRows(
      readTable(
        `a (mm),b (mm),Yield strength (MPa)\n${Array.from({ length: 30 }, (_, i) => `${i},${(i * 7) % 5},${i * 3}`).join("\n")}\n`,
      ),
      Array.from({ length: 40 }, (_, i) => i % 30),
    );
    const { metrics } = await train({ inputs: ["a", "b"] }, table);
    expect(metrics.splitter).toMatchObject({ kind: "kFold", groupColumns: [], derived: false });
    expect(metrics.optimistic).toBeNull();
    expect(metrics.leakage.duplicateRows).toBe(10);
    expect(metrics.leakage.warnings[0]).toMatch(/10 rows repeat the inputs/);
  });

  it("warns of repeated rows in different groups, not of those that a group holds together", async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `H${i % 15},${i % 15},${(i % 15) * 3 + (i % 2)}`);
    const within = readTable(`heat,a (mm),Yield strength (MPa)\n${lines.join("\n")}\n`);
    const kept = await train({ inputs: ["a"] }, within);
    expect(kept.metrics.leakage.duplicateRows).toBe(15);
    expect(kept.metrics.leakage.warnings.filter((text) => text.includes("repeat"))).toEqual([]);
    const across = readTable(
      `heat,a (mm),Yield strength (MPa)\n${lines.map((line, i) => line.replace(/^H\d+/, `H${Math.floor(i / 2)}`)).join("\n")}\n`,
    );
    const split = await train({ inputs: ["a"] }, across);
    expect(split.metrics.splitter.kind).toBe("groupKFold");
    expect(split.metrics.leakage.warnings[0]).toMatch(/15 rows repeat the inputs/);
  });

  it("counts the edge of its range as inside, also where a unit conversion misses it by rounding", async () => {
    const lines = Array.from({ length: 31 }, (_, i) => `${(0.239 - i / 1000).toFixed(3)},${i}`);
    const { model } = await train({ inputs: ["a"] }, readTable(`a (mm),Yield strength (MPa)\n${lines.join("\n")}\n`));
    expect(239 * 0.001).toBeGreaterThan(0.239);
    const { domain } = await model.predict(readTable("a (µm)\n239\n240\n"));
    expect([domain?.inDomain[0], domain?.reason(0)]).toEqual([1, undefined]);
    expect([domain?.inDomain[1], domain?.reason(1)]).toEqual([0, expect.stringMatching(/^a 0\.24 mm is outside/)]);
  });

  it("takes properties as inputs only when asked", async () => {
    const { model } = await train({ useProperties: true, folds: 2 });
    expect(model.inputs.map((column) => column.name)).toContain("Hardness");
  });

  it.each([
    [{ targets: ["Yeild strength"] }, /no column "Yeild strength"; did you mean "Yield strength"/],
    [{ targets: [] }, /no target/],
    [{ targets: ["route"] }, /expected numbers/],
    [{ folds: 50 }, /40 groups cannot be divided into 50 folds/],
    [{ inputs: ["Yield strength"] }, /both an input and a target/],
    [{ groups: ["heet"] }, /no column "heet"/],
    [
      { model: "ridge" as const },
      /^steels\.csv: 3 values .*: "Cr" is missing in rows 17–19; this model takes no missing values/,
    ],
  ])("refuses %o", async (options, message) => {
    await expect(train(options)).rejects.toThrow(message);
  });

  it("refuses a constant target, naming column and file", async () => {
    const table = readTable("a (mm),Yield strength (MPa)\n1,5\n2,5\n3,5\n", { file: "same.csv" });
    await expect(train({ inputs: ["a"] }, table)).rejects.toThrow(
      /same.csv, column "Yield strength": the target is constant \(5 in all 3 rows\)/,
    );
  });

  it("refuses model files of another version, and damaged ones", async () => {
    const { model } = await train({ folds: 2 });
    const stored = JSON.parse(JSON.stringify(model)) as { state: Record<string, unknown> };
    await expect(reader.read({ ...stored, version: 2 }, reader)).rejects.toMatchObject({
      code: "INCOMPATIBLE",
      message: expect.stringMatching(/version 2, this program reads version 1; train the model again/) as string,
    });
    for (const key of Object.keys(stored.state)) {
      const damaged = { ...stored, state: { ...stored.state, [key]: null } };
      await expect(reader.read(damaged, reader), key).rejects.toMatchObject({ code: "FORMAT" });
    }
  });
});
