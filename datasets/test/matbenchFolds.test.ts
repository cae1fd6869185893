import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { matbenchFolds } from "@materiome/datasets";
import { describe, expect, it } from "vitest";

const TASKS = ["steels", "expt-gap", "jdft2d-composition", "phonons-composition", "dielectric-composition"];
const data = process.env["MATERIOME_DATA"];

describe("matbenchFolds", () => {
  it("are scikit-learn's shuffled folds", () => {
    // python3 -c "from sklearn.model_selection import KFold; import numpy as np
    // print([t.tolist() for _, t in KFold(5, shuffle=True, random_state=18012019).split(np.zeros(13))])"; scikit-learn 1.2.1
    expect(matbenchFolds(13).map((fold) => [...fold])).toEqual(SKLEARN_13);
  });

  it("hold each row once, in folds whose sizes differ by one at most", () => {
    for (const nRows of [5, 6, 99, 1024, 1025]) {
      const folds = matbenchFolds(nRows);
      expect(folds.flatMap((fold) => [...fold]).sort((a, b) => a - b)).toEqual(
        Array.from({ length: nRows }, (_, i) => i),
      );
      const sizes = folds.map((fold) => fold.length);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });

  it("need as many rows as folds", () => {
    expect(() => matbenchFolds(4)).toThrow(/4 rows for 5 folds/);
  });

  for (const task of TASKS) {
    const file = join(data ?? "", `matbench-${task}`, "splits.json");
    const there = data !== undefined && existsSync(file);
    it.skipIf(!there)(
      `are the published folds of ${task}${there ? "" : " (its splits.json is not on this machine)"}`,
      () => {
        const { nRows, folds } = JSON.parse(readFileSync(file, "utf8"));
        expect(matbenchFolds(nRows).map((fold) => [...fold])).toEqual(
          folds.map((fold: { test: number[] }) => fold.test),
        );
      },
    );
  }
});

const SKLEARN_13 = [
  [1, 4, 11],
  [2, 3, 10],
  [7, 8, 12],
  [0, 5],
  [6, 9],
];
