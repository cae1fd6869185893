import { createRandom } from "@materiome/core";
import { createResidualLearner, createRidge, createSymbolicLaw, symbolicLawOf } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { features, targets } from "../data.ts";
import { expectNear, lawData, lawOf } from "./lawData.ts";

const run = { random: createRandom(7), threads: 1 };

/** Hall and Petch with solid solution hardening; temperature plays no part. */
const steel = (noise: number, seed = 1) =>
  lawData(
    70,
    { "grain size": ["um", 1, 50], Mn: ["wt%", 0.2, 2], T: ["degC", 500, 700] },
    ([d = 1, mn = 0]) => 72 + 620 / Math.sqrt(d) + 40 * mn,
    { noise, unit: "MPa", seed },
  );

describe("createSymbolicLaw", () => {
  it("finds the law of Hall and Petch with solid solution, its constants, their errors and units", async () => {
    const { law, model } = await lawOf(steel(8), { resamples: 5 });
    expect([...law.terms]).toEqual(["1 / √(grain size)", "Mn"]);
    expect(law.text).toMatch(/^\d+(\.\d)? MPa \+ [\d.]+ MPa\/wt%·Mn \+ [\d.]+ MPa·µm\^½ \/ √\(grain size\)$/);
    expect(law.constants.map(({ unit }) => unit)).toEqual(["MPa", "MPa/wt%", "MPa*um^0.5"]);
    for (const [k, truth] of [72, 40, 620].entries()) expectNear(law, k, truth);
    expect(law.rmse).toBeLessThan(10);
    expect(law.constantRmse).toBeGreaterThan(50);
    expect(law.stability.folds.of).toBe(4);
    expect(law.stability.resamples.of).toBe(5);
    expect(law.stability.terms[0]).toEqual({ term: "1 / √(grain size)", share: 1 });
    expect(law.path.filter(({ isChosen }) => isChosen)).toHaveLength(1);
    const fine = { ...features(1, 3, [0.25, 1, 600]), features: model.features };
    expect(model.predictSync(fine).mean.data[0]).toBeGreaterThan(1200); // 1352: beyond the training rows the law goes on
  });

  it("is exact where there is no noise, and its expression is a law for the residual learner", async () => {
    const data = steel(0);
    const { law, model } = await lawOf(data);
    for (const [k, truth] of [72, 40, 620].entries()) expect(law.constants[k]?.value).toBeCloseTo(truth, 6);
    const parameters = Object.fromEntries(law.constants.map(({ name, unit }) => [name, { start: 1, unit }]));
    const grey = createResidualLearner({ law: law.expression, parameters, learner: createRidge({ alpha: 1 }) });
    const again = await grey.fit(data.x, data.y, run);
    const [a, b] = [again, model].map((one) => one.predictSync(data.x).mean.data);
    for (const [i, value] of a!.entries()) expect(value).toBeCloseTo(b![i]!, 4);
  });

  it("finds an activation energy between those it tries, in kelvin whatever the column is in", async () => {
    const rate = lawData(
      60,
      { T: ["degC", 600, 900], p: ["MPa", 10, 15] },
      ([t = 0]) => 2e7 * Math.exp(-180_000 / (8.314462618 * (t + 273.15))),
      { noise: 0.004, unit: "1/s" },
    );
    const { law } = await lawOf(rate, { mostTerms: 2 });
    expect([...law.terms]).toEqual(["exp(−Q / (R·(T in K)))"]);
    expect(law.constants.at(-1)).toMatchObject({ name: "Q", unit: "kJ/mol" });
    expectNear(law, 2, 180);
    expect(law.text).toMatch(/1\/s·exp\(−1[678]\d(\.\d)? kJ\/mol \/ \(R·\(T in K\)\)\)$/);
  });

  it("finds a product of four quantities, whose coefficient has no unit left", async () => {
    const melting = lawData(
      90,
      { P: ["W", 100, 400], v: ["mm/s", 500, 2000], h: ["um", 60, 140], t: ["um", 20, 80], other: ["", 0, 1] },
      ([p = 0, v = 1, h = 1, t = 1]) => (0.9e6 * p) / (v * h * t),
      { noise: 3, unit: "J/mm3" },
    );
    const { law } = await lawOf(melting, { mostTerms: 1, mostLevel: 2 });
    expect([...law.terms]).toEqual(["P / (v·h·t)"]);
    expect(law.constants[1]?.unit).toBe("");
    expectNear(law, 1, 0.9);
    expectNear(law, 0, 0);
  });

  it("says the constant where there is nothing but noise", async () => {
    let nConstant = 0;
    for (let seed = 1; seed <= 5; seed++) {
      const noise = lawData(40, { a: ["um", 1, 2], b: ["MPa", 1, 2], c: ["K", 300, 350] }, () => 100, {
        noise: 10,
        unit: "MPa",
        seed,
      });
      const { law } = await lawOf(noise, { mostTerms: 1, mostLevel: 2 });
      if (law.terms.length === 0) nConstant++;
    }
    expect(nConstant).toBeGreaterThanOrEqual(4);
  });

  it("is the same law in any units, and in any units of its target", async () => {
    const { x, y } = steel(8);
    const metres = {
      ...x,
      data: x.data.map((v, at) => (at % 3 === 0 ? v / 1000 : at % 3 === 2 ? v + 273.15 : v)),
      features: x.features.map((f) => ({ ...f, unit: { um: "mm", degC: "K" }[f.unit] ?? f.unit })),
    };
    const psi = { ...y, units: ["GPa"], values: { ...y.values, data: y.values.data.map((v) => v / 1000) } };
    const [a, b] = [await lawOf({ x, y }), await lawOf({ x: metres, y: psi })];
    expect(b.law.stability.folds).toEqual(a.law.stability.folds);
    const [p, q] = [a.model.predictSync(x).mean.data, b.model.predictSync(metres).mean.data];
    for (const [i, value] of p.entries()) expect(1000 * q[i]!).toBeCloseTo(value, 6);
  });

  it("adds no quantities of different kinds and takes no function of one with a unit", async () => {
    // The truth is a sum over a sum, and a logarithm of a product: nonsense in these units.
    const nonsense = lawData(
      50,
      { d: ["um", 1, 20], T: ["K", 300, 900], c: ["wt%", 1, 5], free: ["", 1, 5] },
      ([d = 1, t = 1, c = 1, free = 1]) => 100 * Math.log((d * t) / 50) + (30 * (d + c)) / (d + free),
      { noise: 1, unit: "MPa" },
    );
    const { law } = await lawOf(nonsense, { rule: "least", mostLevel: 2 });
    for (const { terms } of law.path) {
      for (const term of terms) {
        expect(term).not.toMatch(/[+−] (d|\(T|c|free)|(d|T|c|free)\)? [+−]/);
        const inside = /ln\(([^)]*)\)/.exec(term)?.[1];
        // A logarithm stands alone, and says of what number.
        if (inside !== undefined) expect(term).toBe(inside === "free" ? "ln(free)" : `ln(${inside})`);
        expect(term).not.toMatch(/exp\((−)?(d|c|free)/);
      }
    }
  });

  it("takes features without a unit as plain numbers if asked to", async () => {
    const ratio = lawData(40, { a: ["", 1, 3], b: ["", 1, 3] }, ([a = 1, b = 1]) => 5 + 9 / (a + b), {
      noise: 0.01,
      unit: "HV",
    });
    const options = { mostTerms: 1, mostLevel: 2 };
    const { law } = await lawOf(ratio, { ...options, unitless: "number" });
    expect(law.text).toMatch(/^[\d.]+ HV \+ [\d.]+ HV \/ \(a \+ b\)$/);
    const { law: own } = await lawOf(ratio, options);
    expect(own.path.flatMap(({ terms }) => terms).join()).not.toMatch(/[ab] [+−] [ab]|[ab] \/ [ab]\)|exp/);
  });

  it("refuses rows where its law does not hold, naming what it needs, and says so for held-out rows", async () => {
    const { model } = await lawOf(steel(8));
    const at = (d: number) => ({ ...features(2, 3, [4, 1, 600, d, 1, 600]), features: model.features });
    expect(() => model.predictSync(at(0))).toThrow(/row 1 is outside the domain.*`grain size` must be above 0/);
    expect(() => model.predictSync(at(-3))).toThrow(/row 1 is outside the domain/);
    expect(model.predictSync(at(0.5)).mean.data[1]).toBeGreaterThan(800);
    // One row of 0: the folds without it may not rely on what it forbids.
    const { x, y } = steel(8);
    const zero = { ...x, data: x.data.map((v, k) => (k === 0 ? 0 : v)) };
    const { law } = await lawOf({ x: zero, y });
    expect(law.terms.join()).not.toMatch(/\/ √?\(grain size\)/);
  });

  it("takes constant, repeated and more features than rows", async () => {
    const n = 24;
    const random = createRandom(3);
    const data = Float64Array.from({ length: n * 40 }, (_, at) => (at % 40 === 5 ? 1 : 0.5 + random.next()));
    for (let i = 0; i < n; i++) data[i * 40 + 7] = data[i * 40 + 3]!;
    const x = features(n, 40, data);
    const y = targets(Float64Array.from({ length: n }, (_, i) => 100 + 50 * data[i * 40 + 3]! + 3 * random.normal()));
    const { law } = await lawOf({ x, y }, { mostTerms: 2 });
    expect([...law.terms]).toEqual(["x3"]);
    const constant = await lawOf({
      x: features(8, 1, new Float64Array(8).fill(2)),
      y: targets([1, 2, 3, 4, 5, 6, 7, 8]),
    });
    expect(constant.law.text).toBe("4.5 MPa");
    expect(constant.law.constants[0]?.standardError).toBeCloseTo(Math.sqrt(6 / 8), 12);
    const few = await lawOf({ x: features(3, 1, [1, 2, 3]), y: targets([1, 2, 3]) });
    expect(few.law.terms).toEqual([]);
  });

  it("holds out whole groups: their law does not know them", async () => {
    const { x, y } = steel(8);
    const groups = Int32Array.from({ length: 70 }, (_, i) => Math.floor(i / 10));
    const spoilt = (by: number) => ({
      ...y,
      groups,
      values: { ...y.values, data: y.values.data.map((v, i) => (i < 10 ? v + by : v)) },
    });
    const [a, b] = [await lawOf({ x, y: spoilt(0) }, { folds: 7 }), await lawOf({ x, y: spoilt(400) }, { folds: 7 })];
    for (let i = 0; i < 10; i++) expect(b.model.heldOut?.mean[i]).toBe(a.model.heldOut?.mean[i]);
  });

  it("gives the variance of the mean by the standard errors of its constants", async () => {
    const line = lawData(30, { a: ["um", 1, 3] }, ([a = 0]) => 10 + 5 * a, { noise: 1, unit: "MPa" });
    const { model, law } = await lawOf(line, { mostLevel: 0, mostTerms: 1 });
    expect(law.terms).toEqual(["a"]);
    // Textbook: s² (1/n + (x − x̄)² / Sxx).
    const a = Array.from(line.x.data);
    const mean = a.reduce((sum, v) => sum + v, 0) / 30;
    const sxx = a.reduce((sum, v) => sum + (v - mean) ** 2, 0);
    const [c0, c1] = law.constants.map(({ value }) => value);
    const s2 = a.reduce((sum, v, i) => sum + (line.y.values.data[i]! - c0! - c1! * v) ** 2, 0) / 28;
    const { variance } = model.predictor.estimate(features(1, 1, [2.7]));
    expect(variance[0]).toBeCloseTo(s2 * (1 / 30 + (2.7 - mean) ** 2 / sxx), 10);
    expect(law.constants[1]?.standardError).toBeCloseTo(Math.sqrt(s2 / sxx), 10);
  });

  it("refuses options outside their range, weights and gaps", async () => {
    expect(() => createSymbolicLaw({ mostTerms: 4 })).toThrow(/mostTerms must be 1, 2 or 3, got 4/);
    expect(() => createSymbolicLaw({ mostLevel: -1 })).toThrow(/mostLevel/);
    expect(() => createSymbolicLaw({ unitless: "none" as "own" })).toThrow(/unitless/);
    expect(() => createSymbolicLaw({ resamples: 1.5 })).toThrow(/resamples/);
    const { x, y } = steel(8);
    await expect(createSymbolicLaw().fit(x, { ...y, weights: new Float64Array(70).fill(1) }, run)).rejects.toThrow(
      /weights/,
    );
    expect(symbolicLawOf((await createRidge().fit(x, y, run)).report)).toBeUndefined();
  });
});
