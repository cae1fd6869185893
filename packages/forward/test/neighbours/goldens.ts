import { readFileSync } from "node:fs";
import type { Targets } from "@materiome/core";
import type { CovarianceName, NeighbourWeights } from "@materiome/forward";
import { features, targets } from "../data.ts";

interface Goldens {
  readonly columns: number;
  readonly x: number[];
  readonly y: number[];
  readonly groups: number[];
  readonly new: number[];
  readonly neighbours: {
    readonly k: number;
    readonly weights: NeighbourWeights;
    readonly predicted: number[];
    readonly leaveOneOut: number[];
    readonly leaveGroupOut: number[];
  }[];
  readonly chosen: { readonly k: number; readonly weights: NeighbourWeights };
  readonly kernelRidge: {
    readonly covariance: CovarianceName;
    readonly lengthScale: number;
    readonly penalty: number;
    readonly predicted: number[];
    readonly relativeVariance: number[];
    readonly leaveGroupOut: number[];
  }[];
}

/** Data and scikit-learn's answers. */
export const goldens = JSON.parse(
  readFileSync(new URL("../fixtures/neighbours/sklearn_neighbours.json", import.meta.url), "utf8"),
) as Goldens;

const matrix = (data: number[]): ReturnType<typeof features> =>
  features(data.length / goldens.columns, goldens.columns, data);
export const x: ReturnType<typeof features> = matrix(goldens.x);
export const fresh: ReturnType<typeof features> = matrix(goldens.new);
export const single: Targets = targets(goldens.y);
export const grouped: Targets = targets(goldens.y, { groups: Int32Array.from(goldens.groups) });
