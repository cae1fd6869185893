import { createRandom } from "@materiome/core";
import { matrixSubject, permutationImportance } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, smooth } from "../data.ts";
import { formulaModel } from "./formulaModel.ts";

const all = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

describe("permutationImportance", () => {
  it("grows by the mean distance of values where the model is the input itself, and by 0 for an unused one", async () => {
    const { x } = smooth(300, 3, 1);
    const subject = matrixSubject(
      formulaModel(([a]) => a),
      x,
    );
    const y = Float64Array.from({ length: 300 }, (_, i) => x.data[3 * i]);
    const { mae, rmse, groups } = await permutationImportance(subject, all(300), y, { random: createRandom(1) });
    expect([mae, rmse]).toEqual([0, 0]);
    expect(groups[0].inputs).toEqual(["x0"]);
    let distance = 0;
    let square = 0;
    for (const a of y) for (const b of y) distance += Math.abs(a - b) / 90000;
    for (const a of y) for (const b of y) square += (a - b) ** 2 / 90000;
    expect(Math.abs(groups[0].maeIncrease - distance)).toBeLessThan(3 * groups[0].maeStandardError);
    expect(Math.abs(groups[0].rmseIncrease - Math.sqrt(square))).toBeLessThan(3 * groups[0].rmseStandardError);
    for (const unused of groups.slice(1)) {
      expect(unused).toMatchObject({ maeIncrease: 0, maeStandardError: 0, rmseIncrease: 0, rmseStandardError: 0 });
    }
  });

  it("is exactly 0 for an input that is not used, whatever the errors are", async () => {
    const { x } = smooth(50, 3, 1);
    const subject = matrixSubject(
      formulaModel(([a]) => a),
      x,
    );
    const random = createRandom(2);
    const y = Float64Array.from({ length: 50 }, (_, i) => x.data[3 * i] + random.normal());
    const { groups } = await permutationImportance(subject, all(50), y, { random: createRandom(1) });
    const unused = groups.filter(({ inputs }) => inputs[0] !== "x0");
    expect(unused).toHaveLength(2);
    for (const group of unused) {
      expect(group).toMatchObject({ maeIncrease: 0, maeStandardError: 0, rmseIncrease: 0, rmseStandardError: 0 });
    }
  });

  it("shuffles inputs that say the same together, chained ones too", async () => {
    const random = createRandom(4);
    const x = features(
      200,
      4,
      Array.from({ length: 200 }, () => {
        const a = random.normal();
        return [a, -Math.exp(a), random.normal(), Number.NaN];
      }).flat(),
    );
    const subject = matrixSubject(
      formulaModel(([a, b]) => a + Math.log(-b)),
      x,
    );
    const y = Float64Array.from({ length: 200 }, (_, i) => 2 * x.data[4 * i]);
    const together = await permutationImportance(subject, all(200), y, { random });
    expect(together.groups.map((group) => group.inputs)).toEqual([["x0", "x1"], ["x2"], ["x3"]]);
    const apart = await permutationImportance(subject, all(200), y, { random, correlation: 2 });
    expect(apart.groups.length).toBe(4);
    expect(apart.groups[0].maeIncrease).toBeLessThan(0.6 * together.groups[0].maeIncrease);
  });

  it("counts groups, not rows: rows repeated in a group do not make it surer", async () => {
    const { x } = smooth(60, 2 + 1, 5);
    const tenfold = features(600, 3, Array.from({ length: 10 }, () => Array.from(x.data)).flat());
    const model = formulaModel(([a, b]) => a + b);
    const y = (of: typeof x): Float64Array => Float64Array.from({ length: of.rows }, (_, i) => of.data[3 * i] + 0.3);
    const run = { random: createRandom(1), repeats: 20 };
    const [once] = (await permutationImportance(matrixSubject(model, x), all(60), y(x), run)).groups;
    const codes = all(600).map((i) => i % 60);
    const subject = matrixSubject(model, tenfold);
    const [grouped] = (await permutationImportance(subject, all(600), y(tenfold), { ...run, groups: codes })).groups;
    const [loose] = (await permutationImportance(subject, all(600), y(tenfold), run)).groups;
    expect(grouped.maeStandardError / once.maeStandardError).toBeGreaterThan(0.7);
    expect(loose.maeStandardError / once.maeStandardError).toBeLessThan(0.45);
  });

  it("refuses rows without measurements and too few rows", async () => {
    const { x } = smooth(5, 3, 1);
    const subject = matrixSubject(
      formulaModel(([a]) => a),
      x,
    );
    const random = createRandom(1);
    await expect(permutationImportance(subject, all(3), new Float64Array(2), { random })).rejects.toThrow(
      "3 rows but 2",
    );
    await expect(permutationImportance(subject, all(1), new Float64Array(1), { random })).rejects.toThrow(
      "at least 2 rows",
    );
    await expect(permutationImportance(subject, all(2), Float64Array.of(1, Number.NaN), { random })).rejects.toThrow(
      "is NaN",
    );
    await expect(permutationImportance(subject, all(2), new Float64Array(2), { random, repeats: 0 })).rejects.toThrow(
      "repeats",
    );
  });
});
