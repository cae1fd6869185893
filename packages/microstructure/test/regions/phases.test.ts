import {
  type Classes,
  type ClassPrediction,
  createMatrix,
  createRandom,
  createRaster,
  DataError,
  type FeatureMatrix,
  FormatError,
  IncompatibleError,
  type LabelMap,
  UnitError,
} from "@materiome/core";
import {
  classifyRegions,
  measureRegions,
  phasesByRules,
  type RegionLearner,
  readPhaseRule,
  trainRegionClassifier,
} from "@materiome/microstructure/regions";
import { describe, expect, it } from "vitest";

// Squares of side 4 (labels 1 … 3) and bars of 1 × 4 (4 … 6), with greys.
function field(): { labels: LabelMap; grey: ReturnType<typeof createRaster> } {
  const [width, height] = [40, 12];
  const data = new Uint32Array(width * height);
  const grey = new Float32Array(width * height).fill(0.5);
  const greys = [0.9, 0.8, 0.2, 0.9, 0.3, 0.2];
  for (const [k, value] of greys.entries()) {
    for (let y = 2; y < 6; y++) {
      for (let x = 0; x < (k < 3 ? 4 : 1); x++) {
        const i = y * width + 2 + 6 * k + x;
        data[i] = k + 1;
        grey[i] = value;
      }
    }
  }
  return { labels: createRaster(data, width, height, { pixelSizeUm: 0.5 }), grey: createRaster(grey, width, height) };
}
const { labels, grey } = field();
const table = measureRegions(labels, grey);

describe("phasesByRules", () => {
  it("takes the first rule that holds, and names regions without a phase", () => {
    const { phases, rule, unlabelled } = phasesByRules(table, [
      "meanGrey > 0.7 and areaUm2 < 3 -> carbide", // bars of 1 µm²
      { phase: "martensite", when: "meanGrey > 0.7" },
      {
        phase: "crack",
        when: "`aspect ratio` > 3 and `max Feret diameter` < quantity(3000, 'nm') and meanGrey < 0.25",
      },
    ]);
    expect(phases).toEqual(["martensite", "martensite", undefined, "carbide", undefined, "crack"]);
    expect([...rule]).toEqual([1, 1, -1, 0, -1, 2]);
    expect(unlabelled).toEqual([3, 5]);
  });

  it("refuses what is no rule", () => {
    expect(() => phasesByRules(table, ["meanGrey > 0.7"])).toThrow(FormatError);
    expect(() => phasesByRules(table, ["areaUm2 -> x"])).toThrow(/is a number, not a condition/);
    expect(() => phasesByRules(table, ["meanGray > 0.7 -> x"])).toThrow(/meanGrey/);
    expect(() => phasesByRules(table, ["area < 3 -> x"])).toThrow(UnitError);
    expect(readPhaseRule(" a > 1 -> b -> c")).toEqual({ when: "a > 1 -> b", phase: "c" });
    expect(() => readPhaseRule("-> c")).toThrow(FormatError);
  });
});

/** Nearest class mean; probability falls with the distance. */
const nearestMean: RegionLearner = {
  module: "test",
  supports: new Set(),
  toJSON: () => ({ type: "test", version: 1, params: null, state: null }),
  fit: async (x: FeatureMatrix, y: Classes) => {
    const means = y.labels.map((_, c) =>
      Array.from({ length: x.columns }, (_, j) => {
        const own = [...y.codes.keys()].filter((i) => y.codes[i] === c);
        return own.reduce((sum, i) => sum + x.data[i * x.columns + j], 0) / own.length;
      }),
    );
    return {
      module: "test",
      toJSON: () => ({ type: "test", version: 1, params: null, state: null }),
      predict: async (rows: FeatureMatrix): Promise<ClassPrediction> => {
        const probabilities = createMatrix(rows.rows, means.length);
        for (let i = 0; i < rows.rows; i++) {
          const near = means.map((mean) =>
            Math.exp(-mean.reduce((sum, m, j) => sum + (m - rows.data[i * rows.columns + j]) ** 2, 0)),
          );
          const sum = near.reduce((a, b) => a + b, 0);
          for (const [c, p] of near.entries()) probabilities.data[i * means.length + c] = p / sum;
        }
        return { kind: "classification", probabilities, labels: y.labels };
      },
    };
  },
};

describe("a trained classifier of regions", () => {
  const random = createRandom(1);
  const named = ["bright", undefined, "dark", "bright", undefined, "dark"];

  it("names the others, with probabilities", async () => {
    const classifier = await trainRegionClassifier([{ table, phases: named }], nearestMean, {
      random,
      columns: ["mean grey"],
    });
    expect(classifier.phases).toEqual(["bright", "dark"]);
    const { phases, probabilities, unlabelled } = await classifyRegions(table, classifier);
    expect(phases).toEqual(["bright", "bright", "dark", "bright", "dark", "dark"]);
    expect(unlabelled).toEqual([]);
    expect([probabilities.rows, probabilities.columns]).toEqual([6, 2]);
    const sure = await classifyRegions(table, classifier, { minProbability: 0.6 });
    expect(sure.phases[4]).toBeUndefined(); // 0.3 between 0.2 and 0.9: exp(−0.01) against exp(−0.36)
    expect(sure.unlabelled).toContain(5);
  });

  it("refuses tables that do not fit", async () => {
    const classifier = await trainRegionClassifier([{ table, phases: named }], nearestMean, { random });
    expect(classifier.columns.map((c) => c.name)).toContain("solidity");
    expect(classifier.columns.map((c) => c.name)).not.toContain("centroid x");
    const small = measureRegions(labels, grey, { measures: ["size", "grey"] });
    await expect(classifyRegions(small, classifier)).rejects.toThrow(IncompatibleError);
    const pixels = measureRegions({ ...labels, pixelSizeUm: undefined }, grey);
    await expect(classifyRegions(pixels, classifier)).rejects.toThrow(/calibrate all images/);
    const one = ["a", undefined, "a", "a", "a", "a"];
    await expect(trainRegionClassifier([{ table, phases: one }], nearestMean, { random })).rejects.toThrow(DataError);
    await expect(trainRegionClassifier([], nearestMean, { random })).rejects.toThrow(DataError);
  });
});
