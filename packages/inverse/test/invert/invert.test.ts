import { createNumberColumn, createRandom, Table } from "@materiome/core";
import { normalCdf } from "@materiome/core/numerics";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Candidate, type InvertOptions, invert, parseSpec, spaceFromTable } from "../../src/index.ts";
import { analyticModel, type Row } from "../analyticModel.ts";
import { GIVEN, steelModel, strength } from "../steels.ts";

const model = steelModel();
const space = spaceFromTable(model.training, { inputs: model.inputs, fix: GIVEN });
const specs = (...texts: string[]) => texts.map((text) => parseSpec(text, model.targets));
const ask = (texts: string[], options: Partial<InvertOptions> = {}) =>
  invert(model, { specs: specs(...texts), space, random: createRandom(1), explore: false, ...options });
const rowOf = (candidate: Candidate): Row => ({
  ...Object.fromEntries(candidate.settings.map((setting) => [setting.name, setting.value])),
  ...GIVEN,
});

describe("invert", () => {
  it("finds the known optimum and its known probability", async () => {
    const { candidates, diagnostics } = await ask(["Strength (A)>=655 MPa"]);
    // Best: 600 degC in argon at 0.4 % C gives 660 MPa; P(Y >= 655) with a standard deviation of 10 MPa.
    expect(diagnostics.bestProbability).toBeCloseTo(normalCdf(0.5), 9);
    expect(candidates[0].probability).toBe(diagnostics.bestProbability);
    expect(rowOf(candidates[0])).toMatchObject({ temperature: 600, atmosphere: "argon" });
    expect(candidates[0].predicted).toMatchObject({
      target: "Strength (A)",
      unit: "MPa",
      mean: 660,
      lower: expect.closeTo(660 - 16.4485, 3),
      upper: expect.closeTo(660 + 16.4485, 3),
    });
  });

  it("returns distinct settings, ranked, each with what the model says of it", async () => {
    const { candidates } = await ask(["Strength (A)>=620 MPa"]);
    expect(candidates).toHaveLength(5);
    expect(new Set(candidates.map((c) => JSON.stringify(c.settings))).size).toBe(5);
    candidates.forEach((candidate, i) => {
      const mean = strength(rowOf(candidate));
      expect(candidate.predicted.mean).toBeCloseTo(mean, 9);
      expect(candidate.probability).toBeCloseTo(normalCdf((mean - 620) / 10), 9);
      expect(candidate.probability).toBeLessThanOrEqual(candidates[Math.max(0, i - 1)].probability);
      expect(candidate.inDomain).toBe(true);
      expect(candidate.domainReason).toBeUndefined();
      expect(candidate.cost).toBeNull();
    });
  });

  it("names the training row most like a suggestion, with its measured values", async () => {
    const { candidates } = await ask(["Strength (A)>=620 MPa"]);
    for (const { nearestSample } of candidates) {
      const row = Object.fromEntries(nearestSample.settings.map((setting) => [setting.name, setting.value]));
      expect(row["temperature"]).toBe(model.training.number("temperature").values[nearestSample.row]);
      expect(nearestSample.measured[0]).toEqual({ target: "Strength (A)", unit: "MPa", value: strength(row) });
      expect(nearestSample.distance).toBeGreaterThan(0);
      expect(nearestSample.distance).toBeLessThan(0.3);
    }
  });

  it("says which knobs do nothing", async () => {
    const { diagnostics } = await ask(["Strength (A)>=620 MPa"]);
    const byName = Object.fromEntries(diagnostics.sensitivities.map((s) => [s.name, s]));
    expect(byName["time"]).toMatchObject({ isFlat: true, unit: "min" });
    expect(byName["time"].highestMean).toBe(byName["time"].lowestMean);
    expect(byName["temperature"]).toMatchObject({ isFlat: false, lowestMean: 560, highestMean: 660 });
    expect(diagnostics.notes.join("\n")).toContain("Turning time changes the prediction by less than 1 %");
    expect(diagnostics.notes.join("\n")).toContain("optimistic");
  });

  it("meets an interval, and several targets at once with the product of their probabilities", async () => {
    const within = await ask(["Strength (A)=600±15 MPa"]);
    for (const c of within.candidates) expect(Math.abs(c.predicted.mean - 600)).toBeLessThan(8);
    const both = await ask(["Strength (A)>=590 MPa", "Elongation>=25 %"], { n: 2 });
    // Elongation has the same spread of 10, in percent, so its best probability decides.
    for (const c of both.candidates) {
      expect(c.predictions.map((p) => p.target)).toEqual(["Strength (A)", "Elongation"]);
      expect(c.probability).toBeCloseTo(c.predictions[0].probability * c.predictions[1].probability, 12);
    }
    expect(both.diagnostics.notes.join("\n")).toContain("independent");
  });

  it("takes two specs of one target as one interval", async () => {
    const two = await ask(["Strength (A)>=585 MPa", "Strength (A)<=615 MPa"]);
    const one = await ask(["Strength (A)=585..615 MPa"]);
    expect(two.candidates.map((c) => c.probability)).toEqual(one.candidates.map((c) => c.probability));
    await expect(ask(["Strength (A)>=600 MPa", "Strength (A)<=500 MPa"])).rejects.toMatchObject({ code: "INFEASIBLE" });
  });

  it("returns only settings inside the domain", async () => {
    const cold = steelModel({ domainScore: (row) => (Number(row["temperature"]) > 560 ? 2 : 0.5) });
    const { candidates } = await invert(cold, { specs: specs("Strength (A)>=600"), space, random: createRandom(1) });
    expect(candidates.length).toBeGreaterThan(1);
    for (const candidate of candidates) expect(rowOf(candidate)["temperature"]).toBeLessThanOrEqual(560);
  });

  it("is the same for the same seed, and for any number of threads", async () => {
    const wide = spaceFromTable(model.training, {
      inputs: model.inputs,
      vary: ["inclusions", "test temperature"],
    });
    const run = (seed: number, threads: number) =>
      ask(["Strength (A)>=600 MPa"], {
        space: wide,
        random: createRandom(seed),
        threads,
        maxEvaluations: 700,
        explore: true,
        maxWindowEvaluations: 300,
      });
    const [first, second, other] = await Promise.all([run(7, 1), run(7, 4), run(8, 1)]);
    expect(second).toEqual(first);
    expect(first.diagnostics.isExhaustive).toBe(false);
    expect(other.candidates.map((c) => c.settings)).not.toEqual(first.candidates.map((c) => c.settings));
  });

  it("stays within its budget, in batches, and reports progress", async () => {
    const fresh = steelModel();
    const wide = spaceFromTable(fresh.training, { inputs: fresh.inputs, vary: ["inclusions", "test temperature"] });
    const steps: number[] = [];
    const result = await invert(fresh, {
      specs: specs("Strength (A)>=600 MPa"),
      space: wide,
      random: createRandom(1),
      maxEvaluations: 1300,
      maxWindowEvaluations: 200,
      onProgress: ({ stage, done }) => {
        if (stage === "search") steps.push(done);
      },
    });
    expect(result.diagnostics.nEvaluated).toBeLessThanOrEqual(1300);
    expect(Math.max(...fresh.calls)).toBeLessThanOrEqual(256);
    expect(steps.at(-1)).toBe(result.diagnostics.nEvaluated);
  });

  it("stops when asked, with the reason given", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    const stop = { signal: controller.signal, onProgress: () => controller.abort(reason) };
    await expect(ask(["Strength (A)>=600 MPa"], stop)).rejects.toBe(reason);
  });

  it("keeps every suggestion in bounds, on the grid and likely enough, whatever is asked", async () => {
    const wanted = fc.record({
      low: fc.integer({ min: 400, max: 700 }),
      min: fc.integer({ min: 500, max: 590 }),
      range: fc.integer({ min: 20, max: 110 }),
      step: fc.constantFrom(2, 5, 7),
      n: fc.integer({ min: 1, max: 8 }),
      seed: fc.nat(1000),
    });
    await fc.assert(
      fc.asyncProperty(wanted, async ({ low, min, range, step, n, seed }) => {
        const bounds = { temperature: { min, max: min + range, step } };
        const narrow = spaceFromTable(model.training, { inputs: model.inputs, fix: GIVEN, bounds });
        const result = await invert(model, {
          specs: specs(`Strength (A)>=${low}`),
          space: narrow,
          random: createRandom(seed),
          n,
          explore: false,
        });
        expect(result.refused === undefined).toBe(result.candidates.length > 0);
        expect(result.candidates.length).toBeLessThanOrEqual(n);
        for (const candidate of result.candidates) {
          const { temperature, time, atmosphere } = rowOf(candidate) as Record<string, number>;
          expect(temperature).toBeGreaterThanOrEqual(min);
          expect(temperature).toBeLessThanOrEqual(min + range);
          expect(((temperature - min) / step) % 1).toBeCloseTo(0, 9);
          expect((time - 10) % 2).toBe(0);
          expect(["argon", "air"]).toContain(atmosphere);
          expect(candidate.probability).toBeGreaterThanOrEqual(0.5);
        }
      }),
      { numRuns: 25, seed: 5 },
    );
  });

  it("says when there are fewer distinct settings than asked for", async () => {
    const result = await ask(["Strength (A)>=659 MPa"], { minDistance: 1.2 });
    expect(result.candidates.length).toBeLessThan(5);
    expect(result.diagnostics.notes.join("\n")).toMatch(/Only \d of 5 suggestions/);
  });

  it("proposes mixtures whose shares add up", async () => {
    const share = (name: string, values: number[]) => createNumberColumn(name, values, { role: "composition" });
    const training = new Table([
      share("a", [0.1, 0.2, 0.3, 0.5, 0.6, 1]),
      share("b", [0.4, 0.4, 0.1, 0.2, 0.4, 0]),
      share("c", [0.5, 0.4, 0.6, 0.3, 0, 0]),
      createNumberColumn("y", [1, 2, 3, 4, 5, 6], { role: "property" }),
    ]);
    const blend = analyticModel({
      training,
      inputs: ["a", "b", "c"],
      targets: [{ name: "y", unit: "" }],
      mean: (row) => [100 - 500 * (Number(row["a"]) - 0.45) ** 2 - 500 * (Number(row["b"]) - 0.15) ** 2],
      std: 1,
    });
    const shares = spaceFromTable(training, { inputs: blend.inputs, bounds: { a: { step: 0.01 } } });
    const options = {
      specs: [parseSpec("y>=98.5", blend.targets)],
      space: shares,
      random: createRandom(1),
      explore: false,
    };
    const { candidates } = await invert(blend, options);
    expect(candidates.length).toBeGreaterThan(1);
    for (const { settings } of candidates) {
      expect(settings.reduce((sum, setting) => sum + Number(setting.value), 0)).toBeCloseTo(1, 9);
    }
  });

  it("says where a model predicts no number", async () => {
    const broken = steelModel({ mean: (row) => [row["temperature"] === 600 ? Number.NaN : 600, 30] });
    const failure = invert(broken, { specs: specs("Strength (A)>=600"), space, random: createRandom(1) });
    await expect(failure).rejects.toThrow(/predicts NaN .* at temperature = 600 degC, time = /);
  });

  it("does not trust a model that changes its mind", async () => {
    let calls = 0;
    const fickle = steelModel({ mean: () => [600 + 1e-3 * calls++, 30] });
    const failure = invert(fickle, { specs: specs("Strength (A)>=600"), space, random: createRandom(1) });
    await expect(failure).rejects.toThrow("something else for the same settings");
  });

  it.each([
    [{ specs: [] }, "at least one spec is needed"],
    [{ specs: [{ target: "Strenth (A)", unit: "MPa", relation: ">=", low: 1 }] }, 'did you mean "Strength (A)"'],
    [{ specs: [{ target: "Elongation", unit: "MPa", relation: ">=", low: 1 }] }, 'the model\'s unit is "%"'],
    [{ n: 0 }, "n must be a whole number from 1"],
    [{ level: 1 }, "level must lie between 0 and 1"],
    [{ minProbability: 1.5 }, "minProbability must lie in 0 … 1"],
    [{ minDistance: -1 }, "minDistance must be at least 0"],
    [{ maxEvaluations: 0.5 }, "maxEvaluations must be a whole number from 1"],
    [{ space: { ...space, fixed: [] } }, 'says nothing of these inputs of the model: "C", "inclusions"'],
  ] as [Partial<InvertOptions>, string][])("refuses options %#", async (options, message) => {
    await expect(ask(["Strength (A)>=600 MPa"], options)).rejects.toThrow(message);
  });

  it("needs a model that gives a distribution and a domain", async () => {
    for (const omit of ["distribution", "domain"] as const) {
      const bare = steelModel({ omit });
      const failure = invert(bare, { specs: specs("Strength (A)>=600"), space, random: createRandom(1) });
      await expect(failure).rejects.toMatchObject({ code: "INCOMPATIBLE" });
    }
  });
});
