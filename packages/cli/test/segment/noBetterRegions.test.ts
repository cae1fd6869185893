import { expect, it } from "vitest";
import type { RegionSummary } from "../../src/segment/heldOutScores.ts";
import { noBetterRegions } from "../../src/segment/noBetterRegions.ts";

const summary = (model: number, classical: number) =>
  ({
    model: { quality: model },
    classical: { quality: classical, methods: ["particles"] },
  }) as unknown as RegionSummary;

it("says where the pipeline without training does as well, and how to run it", () => {
  expect(noBetterRegions(summary(0.9, 0.98))).toEqual([
    expect.stringMatching(
      /particles: panoptic quality 0.980, the model 0.900.*digitize --method particles needs no model/,
    ),
  ]);
  expect(noBetterRegions(summary(0.9, 0.8))).toEqual([]);
  expect(noBetterRegions(summary(1, 1))).toEqual([]);
  expect(noBetterRegions({ ...summary(0.9, 1), classical: null })).toEqual([]);
  expect(noBetterRegions(undefined)).toEqual([]);
});
