/**
 * How often the 90 % intervals of learners hold with few rows or few groups. From the repository root:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/coverage.ts
 *
 * Options: --json, --draws N (training tables a case, default 40), --seed N (default 1), --learner PARTS (those whose
 * name holds one of them, separated by commas).
 *
 * y = 4a + 6(b − ½)² + 2ac with noise of standard deviation 0.3, inputs uniform; with groups of six rows, each adds a level of its own of
 * standard deviation 0.5. Each table is tested on 200 fresh rows, of new groups where there are groups.
 */
import {
  createMatrix,
  createRandom,
  type FeatureMatrix,
  type Random,
  type Regressor,
  type Targets,
} from "@materiome/core";
import {
  createAuto,
  createGaussianProcess,
  createGradientBoosting,
  createKernelRidge,
  createRandomForest,
  createRidge,
} from "@materiome/forward";
import { mean } from "./averages.ts";
import { numberOptions, report, textOption } from "./commandLine.ts";
import { provenance } from "./provenance.ts";

const LEVEL = 0.9;
const TEST_ROWS = 200;
const GROUP_ROWS = 6;
const covariance = { kind: "matern52" } as const;
const LEARNERS: Readonly<Record<string, Regressor>> = {
  "Gaussian process, closed form": createGaussianProcess({ covariance, starts: 1 }),
  "Gaussian process, 5 folds": createGaussianProcess({ covariance, starts: 1, folds: 5 }),
  "kernel ridge": createKernelRidge(),
  "ridge of degree 2": createRidge({ degree: 2 }),
  forest: createRandomForest({ nTrees: 100 }),
  jackknife: createRandomForest({ nTrees: 500, variance: "infinitesimalJackknife" }),
  boosting: createGradientBoosting({ nRounds: 200 }),
  auto: createAuto({ nTrees: 50, draws: 0 }),
};
interface Case {
  readonly name: string;
  readonly rows: number;
  readonly isGrouped: boolean;
}
const CASES: readonly Case[] = [
  { name: "20 rows", rows: 20, isGrouped: false },
  { name: "60 rows", rows: 60, isGrouped: false },
  { name: "10 groups of 6", rows: 60, isGrouped: true },
  { name: "30 groups of 6", rows: 180, isGrouped: true },
];

function draw(rows: number, isGrouped: boolean, random: Random): { readonly x: FeatureMatrix; readonly y: Targets } {
  const data = Float64Array.from({ length: 3 * rows }, () => random.next());
  const levels = Array.from({ length: Math.ceil(rows / GROUP_ROWS) }, () => 0.5 * random.normal());
  const groups = Int32Array.from({ length: rows }, (_, i) => Math.floor(i / GROUP_ROWS));
  const values = Float64Array.from({ length: rows }, (_, i) => {
    const [a, b, c] = data.subarray(3 * i) as unknown as [number, number, number]; // three a row
    const level = isGrouped ? (levels[groups[i] as number] as number) : 0; // one per group
    return 4 * a + 6 * (b - 0.5) ** 2 + 2 * a * c + level + 0.3 * random.normal();
  });
  return {
    x: {
      ...createMatrix(rows, 3, data),
      features: ["a", "b", "c"].map((name) => ({ name, unit: "", source: [name] })),
    },
    y: {
      kind: "regression",
      values: createMatrix(rows, 1, values),
      units: [""],
      ...(isGrouped ? { groups } : {}),
    },
  };
}

async function coverageOf(learner: Regressor, { rows, isGrouped }: Case, random: Random): Promise<number> {
  const { x, y } = draw(rows, isGrouped, random.fork("train"));
  const fresh = draw(TEST_ROWS, isGrouped, random.fork("test"));
  const model = await learner.fit(x, y, { random: random.fork("fit"), threads: 1 });
  const { lower, upper } = await model.predict(fresh.x, { threads: 1 });
  const isInside = (value: number, i: number): boolean =>
    value >= (lower?.data[i] ?? Number.NaN) && value <= (upper?.data[i] ?? Number.NaN);
  return mean(Array.from(fresh.y.values.data, (value, i) => (isInside(value, i) ? 1 : 0)));
}

const { draws = 40, seed = 1 } = numberOptions(["draws", "seed"]);
const started = performance.now();
const parts = (textOption("learner") ?? "").split(",");
const learners = Object.entries(LEARNERS).filter(([name]) => parts.some((part) => name.includes(part)));
if (learners.length === 0) throw new Error(`--learner ${parts}: expected parts of ${Object.keys(LEARNERS).join("; ")}`);
const results: { case: string; learner: string; coverage: number; standardError: number }[] = [];
for (const one of CASES) {
  for (const [learner, fitted] of learners) {
    process.stderr.write(`\r${one.name}: ${learner}                    `);
    const held: number[] = [];
    for (let k = 0; k < draws; k++) held.push(await coverageOf(fitted, one, createRandom(`${seed} ${one.name} ${k}`)));
    const coverage = mean(held);
    const spread = Math.sqrt(mean(held.map((value) => (value - coverage) ** 2)) / (draws - 1));
    results.push({ case: one.name, learner, coverage, standardError: spread });
  }
}
process.stderr.write("\n");
const result = {
  suite: "coverage",
  metric: "share of fresh rows inside their 90 % interval, mean over training tables",
  level: LEVEL,
  draws,
  results,
  seconds: (performance.now() - started) / 1000,
  seed,
  ...provenance({}),
};
report(result, () => {
  for (const { case: name, learner, coverage, standardError } of results) {
    console.log(
      `${name.padEnd(16)} ${learner.padEnd(32)} ${(100 * coverage).toFixed(1)} % ± ${(100 * standardError).toFixed(1)}`,
    );
  }
});
