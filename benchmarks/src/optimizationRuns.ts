import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createMatrix, createRandom, type Random } from "@materiome/core";
import { sobol } from "@materiome/core/numerics";
import { type Point, sampleSpace, suggest } from "@materiome/inverse";
import type { Problem } from "./optimizationProblems.ts";
import { learner } from "./optimizationSurrogate.ts";
import { pythonPeer } from "./pythonPeer.ts";

/** The values found, in the order of evaluation. */
export type Run = (problem: Problem, random: Random) => Promise<readonly number[]> | readonly number[];

/** Ours, and what it is compared with. */
export const RUNS: Readonly<Record<string, Run>> = { materiome, even, process };

/** Even sampling: scrambled Sobol points in a box, uniform ones where sums tie the variables. */
function even({ space, f, evaluations }: Problem, random: Random): number[] {
  if (space.sums.length > 0) return sampleSpace(space, evaluations, random.fork("even")).map(f);
  const d = space.variables.length;
  const { data } = sobol(evaluations, d, random.fork("even"));
  return Array.from({ length: evaluations }, (_, i) => f(inBox(space, data.subarray(i * d, (i + 1) * d))));
}

async function materiome({ space, f, evaluations, batch, nInitial }: Problem, random: Random): Promise<number[]> {
  const points: Point[] = [];
  const values: number[] = [];
  while (points.length < evaluations) {
    const key = `${random.fork("ask").key}/${points.length}`;
    for (const { point } of await askNext(space, points, values, { batch, nInitial, key })) {
      points.push(point);
      values.push(f(point));
    }
  }
  return values.slice(0, evaluations);
}

/** One ask on one thread, for a function that is to be small. */
export async function askNext(
  space: Problem["space"],
  points: readonly Point[],
  values: readonly number[],
  { batch, nInitial, key }: { readonly batch: number; readonly nInitial: number; readonly key: string },
): Promise<readonly { readonly point: Point }[]> {
  const { suggestions } = await suggest({
    space,
    observations: {
      points,
      values: createMatrix(points.length, 1, Float64Array.from(values)),
      outcomes: ["f"],
      pending: [],
    },
    objectives: [{ name: "f", unit: "", direction: "minimize" }],
    learner: learner(1e-6), // told that these functions are exact
    batch,
    nInitial,
    threads: 1,
    random: createRandom(key),
  });
  return suggestions;
}

/** scikit-learn's Gaussian process and expected improvement, one point at a time, from Sobol points of its own. */
function process({ name, space, f, evaluations, nInitial }: Problem, random: Random): number[] {
  const folder = mkdtempSync(join(tmpdir(), "materiome-benchmark-"));
  const file = join(folder, "task.json");
  const d = space.variables.length;
  writeFileSync(file, JSON.stringify({ name, d, evaluations, nInitial, seed: random.fork("peer").int(2 ** 31) }));
  const result = pythonPeer<{ readonly x: readonly (readonly number[])[] }>("./optimizationSynthetic_peer.py", [file]);
  rmSync(folder, { recursive: true });
  if (result === undefined)
    throw new Error("no Python with scikit-learn was found; leave the process out (--strategy)");
  return result.x.map((x) => f(inBox(space, x)));
}

function inBox({ variables }: Problem["space"], at: ArrayLike<number>): Point {
  return Float64Array.from(variables, (variable, j) => {
    if (variable.kind !== "continuous") throw new Error("the box holds continuous variables only");
    return variable.min + (at[j] as number) * (variable.max - variable.min);
  });
}
