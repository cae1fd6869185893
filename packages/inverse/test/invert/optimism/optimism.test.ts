import { createMatrix, createNumberColumn, createRandom, Table } from "@materiome/core";
import { normalCdf } from "@materiome/core/numerics";
import { describe, expect, it } from "vitest";
import { type Criterion, invert, parseSpec, spaceFromTable } from "../../../src/index.ts";
import { calibrationSlope } from "../../../src/invert/optimism/calibrationSlope.ts";
import { correctionOf } from "../../../src/invert/optimism/correctionOf.ts";
import { expectedShift } from "../../../src/invert/optimism/optimismOf.ts";
import { residualCorrelation } from "../../../src/invert/optimism/residualCorrelation.ts";
import { windowOptimism } from "../../../src/invert/optimism/windowOptimism.ts";
import { analyticModel } from "../../analyticModel.ts";

describe("calibrationSlope", () => {
  it("is 1 for a posterior mean and shows predictions that are too wide or too tame", () => {
    const random = createRandom(1);
    const truth = Float64Array.from({ length: 2000 }, () => random.normal());
    const noisy = truth.map((f) => f + random.normal()); // classical error: cov / var = 1/2
    const tame = truth.map((f) => 0.4 * f);
    const alone = Int32Array.from(truth.keys());
    expect(calibrationSlope(truth, noisy, alone)?.slope).toBeCloseTo(0.5, 1);
    expect(calibrationSlope(truth, tame, alone)?.slope).toBeCloseTo(2.5, 9);
    expect(calibrationSlope(noisy, truth, alone)?.slope).toBeCloseTo(1, 1);
  });

  it("takes rows of one group as one: copies bring no certainty", () => {
    const random = createRandom(2);
    const x = Float64Array.from({ length: 60 }, () => random.normal());
    const y = x.map((value) => 0.8 * value + random.normal());
    const groups = Int32Array.from(x.keys());
    const once = calibrationSlope(y, x, groups);
    const copies = calibrationSlope([...y, ...y, ...y], [...x, ...x, ...x], [...groups, ...groups, ...groups]);
    expect(copies?.error).toBeCloseTo(once?.error ?? 0, 9);
    // The usual standard error of a slope, σ / √Σ(x − x̄)², within what 60 rows tell.
    expect((once?.error ?? 0) / (1 / Math.sqrt(60))).toBeGreaterThan(0.6);
    expect((once?.error ?? 0) / (1 / Math.sqrt(60))).toBeLessThan(1.6);
    expect(once?.nGroups).toBe(60);
  });

  it("is drawn to 1 where chance explains the difference, and unknown for few rows", () => {
    const random = createRandom(3);
    const x = Float64Array.from({ length: 40 }, () => random.normal());
    const y = x.map((value) => value + 3 * random.normal());
    const slope = calibrationSlope(y, x, Int32Array.from(x.keys()));
    expect(Math.abs((slope?.shrunk ?? 0) - 1)).toBeLessThan(Math.abs((slope?.slope ?? 0) - 1));
    expect(calibrationSlope(y.slice(0, 15), x.slice(0, 15), Int32Array.from(x.keys()))).toBeUndefined();
    expect(calibrationSlope(y, new Float64Array(40), Int32Array.from(x.keys()))).toBeUndefined();
  });

  it("takes the disappointment out of the best of many", () => {
    // Truths N(0, 1), predictions with an error of N(0, 0.7²): of 200 the best prediction is far above its truth.
    const random = createRandom(4);
    const rows = Array.from({ length: 400 }, () => {
      const f = random.normal();
      return { f, m: f + 0.7 * random.normal() };
    });
    const slope = calibrationSlope(
      rows.map((r) => r.f),
      rows.map((r) => r.m),
      Int32Array.from(rows.keys()),
    );
    if (slope === undefined) throw new Error("no slope");
    let raw = 0;
    let corrected = 0;
    for (let trial = 0; trial < 300; trial++) {
      let best = { f: 0, m: Number.NEGATIVE_INFINITY };
      for (let k = 0; k < 200; k++) {
        const f = random.normal();
        const m = f + 0.7 * random.normal();
        if (m > best.m) best = { f, m };
      }
      raw += (best.m - best.f) / 300;
      corrected += (best.m + expectedShift(slope, best.m) - best.f) / 300;
    }
    expect(raw).toBeGreaterThan(0.9);
    expect(Math.abs(corrected)).toBeLessThan(0.2);
  });
});

describe("windowOptimism", () => {
  it("is what the best-placed interval over few residuals disappoints by, and vanishes for many", () => {
    const few = windowOptimism(36, 0.35, createRandom(1)).gained;
    const many = windowOptimism(900, 0.35, createRandom(1)).gained;
    // About the spread of a share of 0.27 among n, √(0.27 · 0.73 / n) = 0.074 and 0.015, times how often one can choose.
    expect(few).toBeGreaterThan(0.07);
    expect(few).toBeLessThan(0.25);
    expect(many).toBeGreaterThan(0.01);
    expect(many).toBeLessThan(0.05);
  });

  it("makes the promise of the best interval true on the average", () => {
    const random = createRandom(7);
    const n = 30;
    let promised = 0;
    let kept = 0;
    const trials = 200;
    const width = 1;
    const { gained } = windowOptimism(n, width / 2, random.fork("gained"));
    for (let t = 0; t < trials; t++) {
      const z = Float64Array.from({ length: n }, () => random.normal()).sort();
      const share = (x: number) => z.filter((value) => value >= x && value <= x + width).length / (n + 1);
      const place = Array.from(z).reduce((a, b) => (share(b) > share(a) ? b : a));
      promised += (share(place) - gained) / trials;
      kept += (normalCdf(place + width) - normalCdf(place)) / trials;
    }
    expect(Math.abs(promised - kept)).toBeLessThan(0.03);
  });
});

describe("correctionOf", () => {
  it("keeps more of a wide interval, all of one without an end, and does not jump between widths", () => {
    const slope = { target: "y", slope: 1, error: 0.1, shrunk: 1, centre: 0, nRows: 36, nGroups: 36 };
    const correction = correctionOf({ slopes: [slope] }, createRandom(1));
    const kept = (halfWidth: number): number => correction?.kept("y", halfWidth) ?? Number.NaN;
    const { promised, gained } = windowOptimism(36, 0.5, createRandom(1).fork("y"));
    expect(kept(0.5)).toBe(1 - gained / promised);
    expect(kept(0.25)).toBeLessThan(kept(0.5));
    expect(kept(2)).toBeGreaterThan(0.9);
    expect(kept(0.55)).toBeGreaterThan(kept(0.5));
    expect(kept(0.55)).toBeLessThan(kept(2 ** -0.75));
    expect(correction?.kept("other", 1)).toBeGreaterThanOrEqual(0);
    expect(correction?.shift("y", 7)).toBeCloseTo(0, 12);
    expect(correctionOf({ missing: "nothing" }, createRandom(1))).toBeUndefined();
  });
});

describe("residualCorrelation", () => {
  it("finds the correlation of a Gaussian copula, whatever the margins", () => {
    const random = createRandom(5);
    const n = 3000;
    const data = new Float64Array(2 * n);
    for (let i = 0; i < n; i++) {
      const a = random.normal();
      const b = 0.7 * a + Math.sqrt(1 - 0.49) * random.normal();
      data[2 * i] = Math.exp(2 * a);
      data[2 * i + 1] = b ** 3;
    }
    const matrix = residualCorrelation(createMatrix(n, 2, data));
    expect(Math.abs((matrix?.data[1] ?? 0) - 0.7)).toBeLessThan(0.03);
    expect(matrix?.data[2]).toBe(matrix?.data[1]);
    expect(residualCorrelation(createMatrix(20, 2, data.slice(0, 40)))).toBeUndefined();
  });
});

describe("invert with held-out predictions", () => {
  const random = createRandom(6);
  const T = Array.from({ length: 60 }, (_, i) => 500 + 2 * i);
  const errors = T.map(() => 10 * random.normal());
  const training = new Table([
    createNumberColumn("T", T, { role: "process", unit: "degC" }),
    createNumberColumn(
      "y",
      T.map((t, i) => t + errors[i]),
      { role: "property", unit: "MPa" },
    ),
    createNumberColumn(
      "z",
      T.map((t, i) => 2000 - t + errors[i]),
      { role: "property", unit: "MPa" },
    ),
  ]);
  const model = analyticModel({
    training,
    inputs: ["T"],
    targets: ["y", "z"].map((name) => ({ name, unit: "MPa" })),
    mean: (row) => [Number(row["T"]), 2000 - Number(row["T"])],
  });
  const space = spaceFromTable(training, { inputs: model.inputs });
  const heldOut = (of: (t: number) => number) =>
    createMatrix(60, 2, Float64Array.from(T.flatMap((t) => [of(t), 2000 - t])));
  const ask = (texts: string[], of: ((t: number) => number) | undefined, criterion?: Criterion) =>
    invert(model, {
      criterion,
      explore: false,
      specs: texts.map((text) => parseSpec(text, model.targets)),
      space,
      random: createRandom(1),
      heldOut: of === undefined ? undefined : heldOut(of),
    });

  it("corrects by the slope: predictions twice as wide as the truth are halved", async () => {
    const { candidates, diagnostics } = await ask(["y>=600 MPa"], (t) => 559 + 2 * (t - 559), "predicted");
    const slope = diagnostics.optimism?.slopes[0];
    expect(slope?.slope).toBeCloseTo(0.5, 1);
    const [best] = candidates;
    const shift = ((slope?.shrunk ?? 1) - 1) * (best.predicted.mean - 559);
    expect(best.correctedProbability).toBeCloseTo(normalCdf((best.predicted.mean + shift - 600) / 10), 9);
    expect(best.correctedProbability).toBeLessThan(best.probability);
  });

  it("refuses what is promised by optimism alone, says so, and names the corrected probability", async () => {
    const tooWide = (t: number): number => 559 + 2 * (t - 559);
    const { refused, criterion, diagnostics, minProbability } = await ask(["y>=600 MPa"], tooWide);
    expect(criterion).toBe("corrected");
    expect(refused?.best?.probability).toBeGreaterThan(minProbability);
    expect(refused?.best?.correctedProbability).toBe(diagnostics.bestProbability);
    expect(refused?.best?.correctedProbability).toBeLessThan(minProbability);
    expect(refused?.limiting.cause).toBe("optimism");
    expect(refused?.reason).toMatch(
      /with probability \d.* % \(9\d.* % as predicted, before its optimism was taken back\)/,
    );
  });

  it("searches for the corrected probability: an interval is aimed at where held-out rows came out", async () => {
    const tooWide = (t: number): number => 559 + 2 * (t - 559);
    const aimed = async (criterion: Criterion) => {
      const { candidates } = await ask(["y=575±12 MPa"], tooWide, criterion);
      return candidates[0];
    };
    const [plain, corrected] = [await aimed("predicted"), await aimed("corrected")];
    expect(Math.abs(plain.predicted.mean - 575)).toBeLessThanOrEqual(1);
    // 559 + (590 − 559) / 2 = 575, on the grid of 2 degC.
    expect(Math.abs(corrected.predicted.mean - 590)).toBeLessThanOrEqual(4);
    expect(corrected.correctedProbability).toBeGreaterThan(plain.correctedProbability ?? 1);
    // The middle of a normal distribution ± 1.2 deviations, less what 60 residuals heap up by chance.
    expect(corrected.correctedProbability).toBeLessThan(2 * normalCdf(1.2) - 1);
    expect(corrected.correctedProbability).toBeGreaterThan(0.6);
  });

  it("says so where nothing was held out", async () => {
    const { candidates, diagnostics, criterion } = await ask(["y>=600 MPa"], undefined);
    expect(criterion).toBe("predicted");
    expect([candidates[0].correctedProbability, diagnostics.optimism]).toEqual([null, null]);
    expect(diagnostics.notes.join(" ")).toContain("How optimistic cannot be told");
  });

  it("knows that errors of two targets go together", async () => {
    const both = await ask(["y>=560 MPa", "z>=1440 MPa"], (t) => t);
    const independent = await ask(["y>=560 MPa", "z>=1440 MPa"], undefined);
    expect(both.diagnostics.correlation?.[0][1]).toBeGreaterThan(0.99);
    expect(independent.diagnostics.correlation).toBeNull();
    // At T = 560 both have probability 1/2; errors that are the same meet both half of the time, not a quarter.
    expect(both.diagnostics.bestProbability).toBeGreaterThan(0.45);
    expect(independent.refused?.best?.probability).toBeCloseTo(0.25, 1);
  });
});
