import type { TrainedPropertyModel } from "@materiome/forward";
import { expect, it } from "vitest";
import { foundLaws } from "../../src/report/lawLines.ts";

const trained = (unit: string) =>
  ({
    metrics: { targets: [{ name: "Hardness", unit }] },
    reports: [
      {
        law: {
          text: "225",
          terms: ["C"],
          constants: [],
          rmse: 225.04,
          constantRmse: 318.2,
          stability: { folds: { same: 1, of: 2 }, resamples: { same: 3, of: 4 }, others: [] },
        },
      },
    ],
    rivals: [],
  }) as unknown as TrainedPropertyModel;

it("gives errors with the unit of the target, and without a gap where it has none", () => {
  expect(foundLaws(trained("MPa"))[0]?.notes).toContain("RMSE on inner folds 225 MPa, of the mean 318 MPa.");
  expect(foundLaws(trained(""))[0]?.notes).toContain("RMSE on inner folds 225, of the mean 318.");
});
