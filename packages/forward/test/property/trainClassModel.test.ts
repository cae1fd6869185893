import { closeWorkers, createRandom, type Progress, readTable, type Table, takeTableRows } from "@materiome/core";
import {
  explainClasses,
  type PropertyClassModel,
  reader,
  type TrainedClassModel,
  trainClassModel,
} from "@materiome/forward";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

afterAll(closeWorkers);

/** 40 heats of 2 rows; bainite below 400 °C, pearlite above 550 °C, ferrite where there is little carbon; some slips. */
function steels(edit: (line: string, row: number) => string = (line) => line): Table {
  const random = createRandom(2);
  const lines = ["heat,C (wt%),Holding temperature (°C),Route,Structure"];
  for (let heat = 0; heat < 40; heat++) {
    const c = 0.05 + 0.7 * random.next();
    for (const shift of [0, 20]) {
      const t = 300 + 8 * heat + shift;
      const phase = c < 0.2 ? "ferrite" : t < 450 ? "bainite" : "pearlite";
      lines.push(edit(`H${heat},${c.toFixed(3)},${t},${heat % 2 === 0 ? "oil" : "salt"},${phase}`, lines.length));
    }
  }
  const columns = [
    { name: "heat", role: "group" as const },
    { name: "Route", role: "process" as const, kind: "category" as const },
    { name: "Structure", role: "property" as const, kind: "category" as const },
  ];
  return readTable(lines.join("\n"), { file: "steels.csv", schema: { version: 1, columns } });
}

const run = { random: createRandom(1), threads: 1 };
let trained: TrainedClassModel;
beforeAll(async () => {
  trained = await trainClassModel(steels(), { target: "Structure", model: "forest", folds: 4, seed: 1 }, run);
});

describe("trainClassModel", () => {
  it("keeps to a time: counts candidates, fits the model first, and cuts the searches of later folds", async () => {
    const table = takeTableRows(
      steels(),
      Int32Array.from({ length: 40 }, (_, i) => 2 * i),
    );
    let [clock, extra] = [0, 0];
    const said: number[] = [];
    const budget = {
      minutes: 0.08 / 60,
      now: () => ++clock + extra, // a millisecond a fit
      onCounted: ({ trials }: { trials: number }) => said.push(trials),
    };
    const onProgress = ({ stage, done }: Progress): void => {
      if (stage === "train" && done > 1) extra += 100;
    };
    const options = { target: "Structure", folds: 3 };
    const kept = await trainClassModel(table, { ...options, budget }, { ...run, onProgress });
    const { search } = kept.metrics;
    expect(said).toEqual([search?.trials]);
    expect(search?.trials).toBe(2);
    expect(search?.cuts).toEqual([{ stage: "folds", trials: 1, searches: 2 }]);
    const { tried, notTried } = kept.report as unknown as {
      readonly tried: readonly { readonly name: string }[];
      readonly notTried: readonly { readonly name: string; readonly reason: string }[];
    };
    expect(tried.map(({ name }) => name).sort()).toEqual(["extra-trees", "logistic (penalty 10)"]);
    expect(notTried).toContainEqual({ name: "forest", reason: "beyond the budget of 2 trials" });
    const again = await trainClassModel(table, { ...options, trials: 2 }, run);
    expect(JSON.stringify(again.model)).toBe(JSON.stringify(kept.model));
    await expect(trainClassModel(table, { ...options, model: "forest", trials: 2 }, run)).rejects.toThrow(
      /searches nothing/,
    );
  });

  it("holds out whole groups with like shares of the classes, beside guesses", () => {
    const { metrics, outOfFold } = trained;
    const [scores] = metrics.targets;
    expect(metrics).toMatchObject({
      kind: "classification",
      splitter: { kind: "stratifiedGroupKFold", groupColumns: ["heat"], nGroups: 40, folds: 4 },
      leakage: { groupsAcrossFolds: 0 },
    });
    expect(scores?.labels).toEqual(["bainite", "ferrite", "pearlite"]);
    expect(scores?.n).toBe(80);
    expect(scores?.accuracy).toBeGreaterThan(0.85);
    expect(scores?.accuracy).toBeGreaterThan((scores?.baselines.frequencies.accuracy ?? 1) + 0.2);
    expect(scores?.againstMostFrequent.difference).toBeCloseTo(
      (scores?.accuracy ?? 0) - (scores?.baselines.frequencies.accuracy ?? 0),
      9,
    );
    expect(Number.isFinite(scores?.logLoss)).toBe(true);
    expect(scores?.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(80);
    expect(scores?.sets.coverage).toBeGreaterThan(0.8);
    expect(JSON.parse(JSON.stringify(metrics))).toEqual(metrics);
    for (let i = 0; i < 80; i++) {
      const own = outOfFold.probabilities.data.subarray(3 * i, 3 * i + 3);
      expect(own.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
      expect(Math.min(...own)).toBeGreaterThan(0); // mixed with the shares of the classes
    }
    expect(
      trained.importances
        .slice(0, 2)
        .flatMap(({ columns }) => columns)
        .sort(),
    ).toEqual(["C", "Holding temperature"]);
  });

  it("saves and loads with the same probabilities, sets and domain", async () => {
    const again = (await reader.read(
      JSON.parse(JSON.stringify(trained.model)),
      reader,
    )) as unknown as PropertyClassModel;
    const probe = readTable(
      "C (wt%),Holding temperature (K),Route\n0.5,620,oil\n0.1,700,salt\n0.5,900,water\n0.5,860,oil",
    );
    const [a, b] = [await trained.model.predict(probe), await again.predict(probe)];
    expect(b.probabilities).toEqual(a.probabilities);
    expect(again.setsOf(b, 0.9)).toEqual(trained.model.setsOf(a, 0.9));
    expect(a.labels[0]).toBe("bainite");
    expect(a.probabilities.data[0]).toBeGreaterThan(0.6);
    expect(Array.from(a.domain?.inDomain ?? [])).toEqual([1, 1, 0, 1]);
    expect(b.domain?.reason(2)).toMatch(/Route "water" was in no training row/);
  });

  it("takes rows that lack inputs where training rows did, through prediction, storage and explanation", async () => {
    const gaps = steels((line, row) => (row % 5 === 0 ? line.replace(/^(H\d+),[\d.]+,/, "$1,,") : line));
    for (const model of ["logistic", "forest"] as const) {
      const { model: fitted, metrics } = await trainClassModel(gaps, { target: "Structure", model, folds: 3 }, run);
      expect(metrics.targets[0]?.n).toBe(80);
      expect(metrics.targets[0]?.accuracy).toBeGreaterThan(0.7);
      expect(fitted.takesMissing).toBe(true);
      const asked = takeTableRows(
        gaps,
        Int32Array.from({ length: 20 }, (_, i) => i),
      );
      const { probabilities } = await fitted.predict(asked);
      expect(probabilities.data.every((p) => p > 0 && p < 1)).toBe(true);
      const again = (await reader.read(JSON.parse(JSON.stringify(fitted)), reader)) as unknown as PropertyClassModel;
      expect((await again.predict(asked)).probabilities.data).toEqual(probabilities.data);
      const { values, base, scores, parts } = await explainClasses(again, asked, {
        ...run,
        nBackground: 20,
        nCurves: 1,
        nInteracting: 0,
      });
      for (const i of [0, 4]) {
        const sum = values[0]?.data.subarray(3 * i, 3 * i + 3).reduce((all, v) => all + v, base[0] ?? 0);
        expect(sum).toBeCloseTo(scores.data[3 * i] ?? 0, 9); // three inputs, three classes
      }
      expect(parts).toEqual([]);
    }
  });

  it("refuses missing inputs with row and column", async () => {
    const gap = readTable("C (wt%),Holding temperature (°C),Route\n0.5,,oil\n", { file: "new.csv" });
    await expect(trained.model.predict(gap)).rejects.toThrow(/it takes no missing values/);
  });

  it("says which classes are too small and what is left, and leaves them out when asked", async () => {
    const lone = steels((line, row) => (row === 7 ? line.replace(/[a-z]+$/, "martensite") : line));
    const options = { target: "Structure", model: "forest" as const, folds: 3 };
    await expect(trainClassModel(lone, options, run)).rejects.toThrow(
      /"martensite" \(1\); merge them .* \(leastClass, --least-class 2\): 3 classes with 79 of 80 rows would be left/,
    );
    const { metrics } = await trainClassModel(lone, { ...options, leastClass: 2 }, run);
    expect(metrics.dropped).toEqual([{ reason: 'class "martensite" has 1 group, fewer than 2', rows: [8] }]);
    expect(metrics.targets[0]?.labels).not.toContain("martensite");
  });

  it("refuses names as classes, and a single class", async () => {
    const names = steels((line, row) => line.replace(/[a-z]+$/, `S${row}`));
    await expect(trainClassModel(names, { target: "Structure" }, run)).rejects.toThrow(
      /of 80 classes none has at least 2 groups/,
    );
    const same = steels((line) => line.replace(/[a-z]+$/, "bainite"));
    await expect(trainClassModel(same, { target: "Structure" }, run)).rejects.toThrow(
      /all rows are of one class, "bainite"/,
    );
  });

  it("is called no better than the most frequent class where it is not", async () => {
    const random = createRandom(9);
    const noise = steels((line) => line.replace(/[a-z]+$/, random.next() < 0.7 ? "good" : "bad"));
    const { metrics } = await trainClassModel(noise, { target: "Structure", model: "forest", folds: 3 }, run);
    expect(metrics.leakage.warnings.join("\n")).toMatch(
      /not (clearly )?better than always calling the most frequent class/,
    );
  });

  it("auto says what it tried", async () => {
    const { report } = await trainClassModel(
      takeTableRows(
        steels(),
        Array.from({ length: 40 }, (_, i) => 2 * i),
      ),
      { target: "Structure", folds: 2 },
      run,
    );
    const { chosen, tried } = report as unknown as { chosen: string; tried: { name: string; logLoss: number }[] };
    expect(tried.map(({ name }) => name)).toContain(chosen);
    expect(tried[0]?.name).toBe(chosen);
    expect(tried.map(({ logLoss }) => logLoss)).toEqual(tried.map(({ logLoss }) => logLoss).sort((a, b) => a - b));
  });
});
