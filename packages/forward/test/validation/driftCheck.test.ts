import { readFileSync } from "node:fs";
import { closeWorkers, createRandom, type Random, readTable, type Table } from "@materiome/core";
import { driftCheck, findSplitLeakage, groupKFold, kFold } from "@materiome/forward";
import { afterAll, describe, expect, it } from "vitest";
import { adjustForMany, compareLabels, kolmogorovSmirnov } from "../../src/validation/twoSample.ts";
import { features } from "../data.ts";

afterAll(closeWorkers);

interface Fixture {
  readonly smirnov: { a: number[]; b: number[]; statistic: number; p: number }[];
  readonly labels: { counts: number[][]; statistic: number; p: number }[];
  readonly limit: { x: number; p: number }[];
}
const path = new URL("../fixtures/validation/twoSample.json", import.meta.url);
const fixture = JSON.parse(readFileSync(path, "utf8")) as Fixture;

describe("two-sample tests", () => {
  it("kolmogorovSmirnov agrees with SciPy's exact p to 1e-9", () => {
    for (const { a, b, statistic, p } of fixture.smirnov) {
      const found = kolmogorovSmirnov(a, b);
      expect(found.statistic).toBeCloseTo(statistic, 12);
      expect(Math.abs(found.p - p)).toBeLessThan(1e-9);
      expect(kolmogorovSmirnov(b, a).p).toBeCloseTo(found.p, 9);
    }
  });

  it("kolmogorovSmirnov of large samples takes the limit: D √(nm / (n + m)) at SciPy's values", () => {
    const n = 2500;
    const even = Float64Array.from({ length: n }, (_, i) => i);
    for (const { x, p } of fixture.limit) {
      const shift = Math.round((x / Math.sqrt(n / 2)) * n);
      const { statistic, p: found } = kolmogorovSmirnov(
        even,
        even.map((v) => v + shift - 0.5),
      );
      expect(statistic).toBeCloseTo(shift / n, 12);
      expect(Math.abs(found - p)).toBeLessThan(0.02); // the statistic is a multiple of 1/n
    }
  });

  it("compareLabels agrees with SciPy, and counts exchanges where cells are small", () => {
    const texts = (counts: readonly number[]): string[] =>
      counts.flatMap((count, k) => new Array<string>(count).fill(`l${k}`));
    for (const { counts, statistic, p } of fixture.labels) {
      const found = compareLabels(texts(counts[0]), texts(counts[1]), createRandom(1));
      expect(found.statistic).toBeCloseTo(statistic, 9);
      expect(found.p).toBeCloseTo(p, 9);
    }
    // 3 of 3 against 0 of 3: 2 of the 20 exchanges are as extreme.
    expect(compareLabels(["a", "a", "a"], ["b", "b", "b"], createRandom(1)).p).toBeCloseTo(0.1, 12);
    // 5 of 5 against 0 of 45: one of the C(50, 5) ways.
    expect(compareLabels(texts([5, 0]), texts([0, 45]), createRandom(1)).p).toBeCloseTo(1 / 2118760, 14);
    expect(compareLabels(["a"], ["a"], createRandom(1))).toEqual({ statistic: 0, p: 1 });
  });

  it("adjustForMany by hand", () => {
    const adjusted = adjustForMany([0.01, 0.04, 0.03, 0.5]);
    for (const [k, value] of [0.04, 0.16 / 3, 0.16 / 3, 0.5].entries()) expect(adjusted[k]).toBeCloseTo(value, 12);
    expect(adjustForMany([])).toEqual([]);
  });
});

/** Heats with three rows each. */
function steels(random: Random, nHeats: number, change: { t?: number; route?: string; turned?: boolean } = {}): Table {
  const lines = ["heat,C (wt%),T (°C),hold (h),route"];
  for (let h = 0; h < nHeats; h++) {
    const c = 0.3 + 0.05 * random.normal();
    for (let k = 0; k < 3; k++) {
      const z = random.normal();
      const t = 600 + 20 * z + (change.t ?? 0);
      const hours = 5 + (change.turned === true ? -z : z) + 0.2 * random.normal();
      const route = change.route !== undefined && h % 2 === 0 ? change.route : random.next() < 0.5 ? "oil" : "water";
      lines.push(`H${h},${c.toFixed(4)},${t.toFixed(1)},${hours.toFixed(3)},${route}`);
    }
  }
  return readTable(`${lines.join("\n")}\n`);
}

describe("driftCheck", () => {
  const training = steels(createRandom(1), 40);
  const run = { random: createRandom(5), threads: 1 };
  const check = (fresh: Table, more: object = {}): ReturnType<typeof driftCheck> =>
    driftCheck(training, fresh, { run, columns: ["C", "T", "hold", "route"], groups: ["heat"], nTrees: 40, ...more });

  it("finds a shifted column, a new label, and says what is different", async () => {
    const hot = await check(steels(createRandom(2), 20, { t: 40 }));
    expect(hot.hasDrifted).toBe(true);
    expect(hot.columns[0]).toMatchObject({ column: "T", what: "values", hasDrifted: true });
    expect(hot.columns[0].text).toMatch(/^median 6[34]\d(\.\d)? °?d?e?g?C of the new, (59|60)\d/);
    expect(hot.columns.filter(({ hasDrifted }) => hasDrifted).map(({ column }) => column)).toEqual(["T"]);
    expect(hot.classifier!.rocAuc).toBeGreaterThan(0.85);
    expect(hot.nUnits).toEqual({ training: 40, fresh: 20 });
    const salt = await check(steels(createRandom(3), 20, { route: "salt bath" }));
    expect(salt.columns[0]).toMatchObject({
      column: "route",
      text: "labels of no training row: salt bath",
      hasDrifted: true,
    });
  });

  it("sees by the classifier what no column shows: the same values in new combinations", async () => {
    const turned = await check(steels(createRandom(4), 30, { turned: true }), { groups: undefined });
    expect(turned.columns.some(({ hasDrifted }) => hasDrifted)).toBe(false);
    expect(turned.classifier!.rocAuc).toBeGreaterThan(0.8);
    expect(turned.hasDrifted).toBe(true);
    const alone = await check(steels(createRandom(4), 30, { turned: true }), { groups: undefined, nTrees: 0 });
    expect([alone.classifier, alone.hasDrifted]).toEqual([null, false]);
  });

  it("raises few false alarms where there is no drift, and many from single heats taken as rows", async () => {
    let [alarms, byRows] = [0, 0];
    for (let k = 0; k < 12; k++) {
      const fresh = steels(createRandom(100 + k), 6);
      const random = createRandom(k);
      const more = { run: { ...run, random }, nTrees: 20 };
      if ((await check(fresh, more)).hasDrifted) alarms++;
      if ((await check(fresh, { ...more, groups: undefined, columns: ["C"] })).hasDrifted) byRows++;
    }
    expect(alarms).toBeLessThanOrEqual(3);
    expect(byRows).toBeGreaterThan(alarms);
  });

  it("tells a wholly blank column of any kind, among many others and where rows are grouped by it", async () => {
    const head = "formula,alloy,route,T (°C),heat";
    const tableOf = (n: number, blank: number): Table => {
      const lines = Array.from({ length: n }, (_, i) =>
        [`Fe${80 - (i % 5)}Cr${20 + (i % 5)}`, `Fe-${10 + (i % 6)}Cr`, i % 2 === 0 ? "oil" : "air", 400 + i, `H${i}`]
          .map((cell, c) => (c === blank ? "" : cell))
          .join(","),
      );
      return readTable(`${head}\n${lines.join("\n")}\n`);
    };
    const known = tableOf(40, -1);
    const columns = ["formula", "alloy", "route", "T"];
    for (const [blank, name] of columns.entries()) {
      for (const groups of [undefined, [name]]) {
        const found = await driftCheck(known, tableOf(12, blank), { run, columns, groups, nTrees: 0 });
        expect(found.nUnits.fresh).toBe(12);
        expect(found.columns[0]).toMatchObject({ column: name, what: "missing", hasDrifted: true });
        expect(found.notCompared).toContainEqual({ column: name, reason: "no values in the new rows" });
      }
    }
    // Adjusted for 200 columns, a share of random exchanges would not do.
    const many = Array.from({ length: 200 }, (_, c) => `x${c}`);
    const wide = (n: number, isBlank: boolean): Table =>
      readTable(
        `${many.join(",")}\n${Array.from({ length: n }, (_, i) => many.map((_x, c) => (c === 7 && isBlank ? "" : (i * 7 + c) % 11)).join(",")).join("\n")}\n`,
      );
    const found = await driftCheck(wide(40, false), wide(11, true), { run, columns: many, nTrees: 0 });
    expect(found.columns.filter(({ hasDrifted }) => hasDrifted).map(({ column }) => column)).toEqual(["x7"]);
  });

  it("converts units, tells missing cells, and names what it cannot compare", async () => {
    const kelvin = readTable(
      "C (wt%),T (K),hold (h),route\n0.3,873.15,5,oil\n0.31,880,,water\n0.29,860,,oil\n0.3,870,,oil\n",
    );
    const found = await driftCheck(training, kelvin, { run, columns: ["C", "T", "hold", "route"], nTrees: 20 });
    expect(found.columns.find(({ column, what }) => column === "T" && what === "values")!.adjustedP).toBeGreaterThan(
      0.05,
    );
    expect(found.columns.find(({ what }) => what === "missing")).toMatchObject({
      column: "hold",
      hasDrifted: true,
      text: "missing in 3 of 4 new rows, in 0 of 120 training rows",
      nMissing: { training: 0, fresh: 3 },
    });
    const one = await driftCheck(training, steels(createRandom(9), 1), {
      run,
      columns: ["C"],
      groups: ["heat"],
      nTrees: 5,
    });
    expect(one.classifier).toBeNull();
    await expect(driftCheck(training, kelvin, { run, columns: ["heat"] })).rejects.toThrow(/no column "heat"/);
    await expect(driftCheck(training, kelvin, { run, columns: ["C"], falseAlarms: 0 })).rejects.toThrow(/falseAlarms/);
    const molten = readTable("C (wt%),T (MPa),hold (h),route\n0.3,873,5,oil\n");
    await expect(driftCheck(training, molten, { run, columns: ["T"] })).rejects.toMatchObject({ code: "UNIT" });
  });
});

describe("findSplitLeakage", () => {
  // Rows 0 and 1 are equal, 2 and 3 nearly so, all others far.
  const x = features(8, 2, [0, 0, 0, 0, 5, 5e3, 5.001, 5e3, 10, 1e3, 15, 9e3, 20, 2e3, 25, 8e3]);
  const groups = Int32Array.of(0, 0, 1, 1, 2, 3, 4, 5);
  const rows = { nRows: 8, x, groups };

  it("finds groups on both sides, repeats and near repeats where rows are left out one by one", () => {
    const { groupsAcross, repeatedRows, nearRows, warnings } = findSplitLeakage(
      rows,
      kFold(8).plan(rows, createRandom(1)),
    );
    expect([groupsAcross, repeatedRows, nearRows]).toEqual([2, [0, 1], [2, 3]]);
    expect(warnings).toHaveLength(3);
    expect(warnings[1]).toMatch(/2 of 8 rows tested repeat a training row/);
  });

  it("finds none where groups are whole", () => {
    const found = findSplitLeakage(rows, groupKFold(3).plan(rows, createRandom(1)));
    expect(found).toEqual({ groupsAcross: 0, repeatedRows: [], nearRows: [], warnings: [] });
    expect(() => findSplitLeakage({ nRows: 8 }, { holdOuts: [], remarks: [] })).toThrow(/needs the features/);
    expect(() => findSplitLeakage(rows, { holdOuts: [], remarks: [] }, { nearness: -1 })).toThrow(/nearness/);
  });
});
