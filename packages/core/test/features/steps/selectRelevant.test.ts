import { readFileSync } from "node:fs";
import { createRandom, DataError, ShapeError, type Targets } from "@materiome/core";
import { selectRelevant } from "@materiome/core/features";
import { describe, expect, it } from "vitest";
import {
  informationVariable,
  mutualInformation,
  normalizedInformation,
} from "../../../src/features/steps/mutualInformation.ts";
import { readFeatureStep } from "../../../src/features/steps/readFeatureStep.ts";
import { bits, matrixOf } from "./features.ts";

const random = createRandom(3);
const run = { random };
const { information } = JSON.parse(
  readFileSync(new URL("../../fixtures/feature-steps.json", import.meta.url), "utf8"),
) as {
  readonly information: readonly {
    readonly name: string;
    readonly a: number[];
    readonly b: number[];
    readonly expected: number;
    readonly expected5: number;
    readonly tolerance: number;
  }[];
};

const variable = (values: readonly number[], k: number, label: string) =>
  informationVariable(Float64Array.from(values), k, random.fork(label));

function normals(n: number, label: string): Float64Array {
  const stream = createRandom(label);
  return Float64Array.from({ length: n }, () => stream.normal());
}

const targetsOf = (...columns: Float64Array[]): Targets => ({
  kind: "regression",
  units: columns.map(() => ""),
  values: {
    rows: columns[0].length,
    columns: columns.length,
    data: Float64Array.from({ length: columns.length * columns[0].length }, (_, at) => {
      return columns[at % columns.length][Math.floor(at / columns.length)];
    }),
  },
});

describe("mutual information", () => {
  it.each(information)(
    "$name: as scikit-learn's mutual_info_regression",
    ({ a, b, expected, expected5, tolerance }) => {
      expect(Math.abs(mutualInformation(variable(a, 3, "a"), variable(b, 3, "b"), 3) - expected)).toBeLessThan(
        tolerance,
      );
      expect(Math.abs(mutualInformation(variable(a, 5, "a"), variable(b, 5, "b"), 5) - expected5)).toBeLessThan(
        tolerance,
      );
    },
  );

  it("of correlated normals is −½ ln(1 − ρ²)", () => {
    const [u, v] = [normals(3000, "u"), normals(3000, "v")];
    const rho = 0.8;
    const w = u.map((value, i) => rho * value + Math.sqrt(1 - rho * rho) * v[i]);
    const [a, b] = [variable([...u], 3, "a"), variable([...w], 3, "b")];
    expect(mutualInformation(a, b, 3)).toBeCloseTo(-0.5 * Math.log(1 - rho * rho), 1);
    expect(mutualInformation(a, b, 3)).toBeCloseTo(mutualInformation(b, a, 3), 12);
  });

  it("of a 0/1 variable with itself is its entropy; normalised by the mean of both", () => {
    const coin = Array.from({ length: 2000 }, (_, i) => (i % 4 === 0 ? 1 : 0));
    const entropy = -0.25 * Math.log(0.25) - 0.75 * Math.log(0.75);
    const a = variable(coin, 3, "a");
    expect(a.self).toBeCloseTo(entropy, 1);
    expect(normalizedInformation(a, variable(coin, 3, "b"), 3)).toBeCloseTo(1, 1);
    const b = variable([...normals(2000, "b").map((value, i) => value + 3 * coin[i])], 3, "b");
    expect(b.self).toBeGreaterThan(2 * a.self);
    expect(mutualInformation(a, b, 3)).toBeGreaterThan(0.2);
    expect(normalizedInformation(a, b, 3)).toBe(mutualInformation(a, b, 3) / ((a.self + b.self) / 2));
    expect(normalizedInformation(a, variable(new Array(2000).fill(4), 3, "c"), 3)).toBeLessThan(0.05);
  });
});

describe("selectRelevant", () => {
  const n = 400;
  const [u, v, noise, e] = ["u", "v", "noise", "e"].map((label) => normals(n, label));
  const y = u.map((value, i) => Math.sin(2 * value) + 0.7 * v[i]);
  const copy = u.map((value, i) => value + 0.02 * e[i]);
  const columns = [noise, copy, u, v];
  const x = matrixOf(
    Array.from({ length: n }, (_, i) => columns.map((column) => column[i])),
    ["noise", "copy of u", "u", "v"],
  );

  it("takes what tells of the target, and no copy of what it has", async () => {
    const fitted = await selectRelevant({ nFeatures: 2 }).fit(x, { ...run, targets: targetsOf(y) });
    const names = fitted.outputs.map(({ name }) => name);
    expect(names).toContain("v");
    expect(names.some((name) => name.endsWith("u"))).toBe(true);
    expect(fitted.report).toHaveLength(2);
    expect(fitted.report[0]).toMatch(/^1\. ".*": NMI 0\.\d{4} with the target, at most 0\.0000 with those before$/);
    const again = readFeatureStep(JSON.parse(JSON.stringify(fitted)));
    expect(bits(again.transform(x).data)).toEqual(bits(fitted.transform(x).data));
  });

  it("ranks all where fewer are there than asked for, the same every time", async () => {
    const context = { ...run, targets: targetsOf(y, y) };
    const fitted = await selectRelevant({ nFeatures: 9 }).fit(x, context);
    expect(fitted.outputs).toHaveLength(4);
    expect(JSON.stringify(await selectRelevant({ nFeatures: 9 }).fit(x, context))).toBe(JSON.stringify(fitted));
    const sampled = await selectRelevant({ nFeatures: 2, maxRows: 200 }).fit(x, context);
    expect(sampled.report[0]).toBe("information estimated on 200 of 400 training rows");
  });

  it("chooses as an exhaustive search by the published rule does", async () => {
    const [d, rows] = [36, 120];
    const base = Array.from({ length: d }, (_, k) => normals(rows, `base ${k}`));
    // From independent to nearly equal, so that the weight of redundancy decides at every count.
    const mixed = base.map((column, k) => column.map((value, i) => value + base[(k * 5) % 9][i] * (k % 7) * 0.6));
    const target = mixed[0].map((value, i) => value + mixed[3][i] + 0.5 * mixed[7][i] + 0.3 * base[9][i]);
    const input = matrixOf(Array.from({ length: rows }, (_, i) => mixed.map((column) => column[i])));
    const fitted = await selectRelevant({ nFeatures: d }).fit(input, { ...run, targets: targetsOf(target) });

    const noise = random.fork("noise");
    const features = mixed.map((column, k) => informationVariable(column, 3, noise.fork(`feature ${k}`)));
    const aim = informationVariable(target, 3, noise.fork("target 0"));
    const relevance = features.map((feature) => normalizedInformation(feature, aim, 3));
    const shared = features.map((a) => features.map((b) => normalizedInformation(a, b, 3)));
    const search = (p: (n: number) => number, c: (n: number) => number): string[] => {
      const chosen: number[] = [];
      while (chosen.length < d) {
        const n = chosen.length;
        const merit = features.map((_, k) => {
          if (chosen.includes(k)) return Number.NEGATIVE_INFINITY;
          if (n === 0 || relevance[k] === 0) return relevance[k];
          return relevance[k] / (Math.max(...chosen.map((s) => shared[k][s])) ** p(n) + c(n));
        });
        chosen.push(merit.indexOf(Math.max(...merit)));
      }
      return chosen.map((k) => `x${k}`);
    };
    const [p, c] = [(n: number) => Math.max(0.1, 4.5 - n ** 0.4), (n: number) => 1e-6 * n ** 3];
    const names = fitted.outputs.map(({ name }) => name);
    expect(names).toEqual(search(p, c));
    // The data tell rules apart that differ a little.
    expect(names).not.toEqual(search((n) => Math.max(0.1, 4.5 - n ** 0.5), c));
    expect(names).not.toEqual(search(p, (n) => 1e-5 * n ** 3));
  });

  it("leaves out rows where a target is not measured", async () => {
    const half = y.map((value, i) => (i % 2 === 0 ? value : Number.NaN));
    const fitted = await selectRelevant({ nFeatures: 2 }).fit(x, { ...run, targets: targetsOf(half) });
    expect(fitted.outputs.map(({ name }) => name)).toContain("v");
  });

  it("says what it lacks", async () => {
    await expect(selectRelevant({ nFeatures: 2 }).fit(x, run)).rejects.toThrow(/selects by the targets/);
    const short = { ...run, targets: targetsOf(y.slice(1)) };
    await expect(selectRelevant({ nFeatures: 2 }).fit(x, short)).rejects.toThrow(ShapeError);
    const gap = matrixOf([[1], [null], [3]]);
    const three = { ...run, targets: targetsOf(Float64Array.of(1, 2, 3)) };
    await expect(selectRelevant({ nFeatures: 1 }).fit(gap, three)).rejects.toThrow(/"x0" is missing in row 2/);
    await expect(selectRelevant({ nFeatures: 1 }).fit(matrixOf([[1], [2], [3]]), three)).rejects.toThrow(DataError);
    expect(() => selectRelevant({ nFeatures: 0 })).toThrow(/nFeatures must be a whole number of at least 1/);
  });
});
