import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMatrix, createRandom } from "@materiome/core";
import { type Covariance, createGaussianProcess, createRandomForest } from "@materiome/forward";
import {
  averageSurrogates,
  encodePoints,
  type SuggestOptions,
  type SurrogateLearner,
  suggest,
} from "@materiome/inverse";
import type { Pool } from "./optimizationPools.ts";
import { neededOf } from "./optimizationScores.ts";
import { pythonPeer } from "./pythonPeer.ts";

/** Goes through a pool from given starts until 80 % of the top and the best are found; returns the order of evaluation. */
export type Strategy = (pool: Pool, start: readonly number[], seed: number) => Promise<readonly number[]>;

const process = (covariance: Covariance, more: object = {}): SurrogateLearner =>
  createGaussianProcess({ covariance, starts: 1, maxIterations: 40, ...more });
const rough = process({ kind: "matern12" });
const smooth = process({ kind: "matern52" }, { estimate: "likelihood" });
const usual = process({ kind: "matern52" });
const trees: SurrogateLearner = createRandomForest({ nTrees: 100 });
const three = averageSurrogates([rough, smooth, usual]);
/** Several good candidates are wanted, not one: mean and one deviation, as the forest of Liang et al. */
const bound: Partial<SuggestOptions> = { method: "upperConfidenceBound", deviations: 1 };

/** Ours under the name "materiome"; the others are what was tried beside it (see README). */
export const STRATEGIES: Readonly<Record<string, Strategy>> = {
  materiome: ours(averageSurrogates([rough, trees]), bound),
  treesBound: ours(trees, bound),
  allBound: ours(averageSurrogates([rough, smooth, usual, trees]), bound),
  processesBound: ours(three, bound),
  processes: ours(three),
  pair: ours(averageSurrogates([rough, smooth])),
  rough: ours(rough),
  roughBound: ours(rough, bound),
  smooth: ours(smooth),
  process: peer("process"),
  forest: peer("forest"),
  random: async (pool, start, seed) => {
    const left = [...pool.points.keys()].filter((i) => !start.includes(i));
    const random = createRandom(seed).fork("order");
    for (let i = left.length - 1; i > 0; i--) {
      const k = random.int(i + 1);
      [left[i], left[k]] = [left[k] as number, left[i] as number];
    }
    return [...start, ...left];
  },
};

function ours(learner: SurrogateLearner, more: Partial<SuggestOptions> = {}): Strategy {
  return async (pool, start, seed) => {
    const { space, points, values, top, outcome: name, unit, direction } = pool;
    const order = [...start];
    const index = new Map(points.map((point, i) => [point.join("|"), i]));
    while (!isDone(pool, order)) {
      const told = order.map((i) => points[i] as Float64Array);
      const result = await suggest({
        space,
        observations: {
          points: told,
          values: createMatrix(
            told.length,
            1,
            Float64Array.from(order, (i) => values[i] as number),
          ),
          outcomes: [name],
          pending: [],
        },
        objectives: [{ name, unit, direction }],
        learner,
        pool: points,
        nInitial: start.length,
        threads: 1,
        random: createRandom(seed).fork(order.length),
        ...more,
      });
      const chosen = index.get(result.suggestions[0]?.point.join("|") ?? "");
      if (chosen === undefined) throw new Error(`${pool.name}: nothing was suggested, ${top.length} top candidates`);
      order.push(chosen);
    }
    return order;
  };
}

function isDone({ top }: Pool, order: readonly number[]): boolean {
  const known = new Set(order);
  return known.has(top[0] as number) && top.filter((i) => known.has(i)).length >= neededOf(top.length);
}

function peer(method: "process" | "forest"): Strategy {
  return async (pool, start, seed) => {
    const { data, rows, columns } = encodePoints(pool.space, pool.points);
    const sign = pool.direction === "maximize" ? 1 : -1;
    const folder = mkdtempSync(join(tmpdir(), "materiome-pool-"));
    try {
      const file = join(folder, "task.json");
      const x = Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)]);
      const y = Array.from(pool.values, (v) => sign * v);
      writeFileSync(
        file,
        JSON.stringify({ x, y, starts: [start], top: pool.top, need: neededOf(pool.top.length), method, seed }),
      );
      const found = pythonPeer<{ readonly orders: readonly (readonly number[])[] }>("./optimization_peer.py", [file]);
      const [order] = found?.orders ?? [];
      if (order === undefined)
        throw new Error("scikit-learn was not found; leave the strategies process and forest out");
      return order;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}
