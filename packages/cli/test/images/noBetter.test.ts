import { expect, it } from "vitest";
import type { ImageScores } from "../../src/images/heldOutImages.ts";
import { noBetter } from "../../src/images/noBetter.ts";

const forest = "forest on brightness and contrast";
const scores = (network: number, simple: number) =>
  ({
    heldOut: { balancedAccuracy: network },
    baselines: [
      { name: forest, balancedAccuracy: simple },
      { name: "shares of the classes", balancedAccuracy: 1 },
    ],
  }) as unknown as ImageScores;

it("says where grey alone tells the classes as well, unless nothing is left to gain", () => {
  expect(noBetter(scores(2 / 3, 1))).toEqual([
    expect.stringContaining("100.0 % right in the mean over classes, the network 66.7 %"),
  ]);
  expect(noBetter(scores(0.7, 0.7))).toHaveLength(1);
  expect(noBetter(scores(1, 1))).toEqual([]);
  expect(noBetter(scores(0.8, 0.7))).toEqual([]);
});

it("says it of each value", () => {
  const value = (name: string, mae: number, simple: number) => ({
    name,
    mae,
    baselines: [{ name: forest, mae: simple }],
  });
  const document = {
    heldOutValues: [value("Hardness", 2, 1.5), value("Grain size", 1, 1.5)],
  } as unknown as ImageScores;
  expect(noBetter(document)).toEqual([
    expect.stringMatching(/^Hardness: the mean error of a forest .* is 1.5, of the network 2/),
  ]);
});
