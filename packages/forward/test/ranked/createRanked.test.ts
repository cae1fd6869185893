import { createMatrix, createRandom } from "@materiome/core";
import { createGaussianProcess, createRanked } from "@materiome/forward";
import { describe, expect, it } from "vitest";
import { fitRanks, rankFeatures } from "../../src/ranked/rankedPredictor.ts";
import { smooth } from "../data.ts";

describe("ranks", () => {
  const ranks = fitRanks(createMatrix(5, 2, Float64Array.of(0, 7, 0, 7, 0, 7, 10, 7, 1000, 7)));
  const at = (value: number): number => rankFeatures(ranks, createMatrix(1, 2, Float64Array.of(value, 7))).data[0];

  it("ties share their mean rank, and outliers are the last rank", () => {
    expect([at(0), at(10), at(1000)]).toEqual([0.25, 0.75, 1]);
  });

  it("are linear between training values and end with them", () => {
    expect(at(5)).toBeCloseTo(0.5, 12);
    expect(at(505)).toBeCloseTo(0.875, 12);
    expect([at(-3), at(1e9)]).toEqual([0.25, 1]);
  });

  it("of a constant feature are ½, whatever comes", () => {
    const of = (value: number): number => rankFeatures(ranks, createMatrix(1, 2, Float64Array.of(0, value))).data[1];
    expect([of(7), of(-1), of(99)]).toEqual([0.5, 0.5, 0.5]);
  });
});

describe("createRanked", () => {
  it("predicts training rows alike for any rising function of a feature", async () => {
    const { x, y } = smooth(40, 3, 2);
    const bent = { ...x, data: x.data.map((value, at) => (at % 3 === 0 ? Math.exp(5 * value) : value)) };
    const learner = createRanked(createGaussianProcess({ covariance: { kind: "matern12" }, maxIterations: 5 }));
    const fit = async (rows: typeof x): Promise<Float64Array> => {
      const model = await learner.fit(rows, y, { random: createRandom(1), threads: 1 });
      return model.predictSync(rows).mean.data;
    };
    expect(await fit(bent)).toEqual(await fit(x));
    const plain = createGaussianProcess({ covariance: { kind: "matern12" }, maxIterations: 5 });
    const own = await plain.fit(bent, y, { random: createRandom(1), threads: 1 });
    expect(own.predictSync(bent).mean.data).not.toEqual(await fit(bent));
  });
});
