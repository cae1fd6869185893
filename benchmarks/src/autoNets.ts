/**
 * Whether nets among the candidates of `auto` make it better or worse: the same folds, seed and other candidates, without and with
 * ensembles of nets. From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/autoNets.ts --set xiong-hardness
 *
 * Options: --set NAME (tableSets.ts, default xiong-hardness), --outer N (folds, whole groups, default 3), --inner N (folds of auto, default 3), --threads N (default
 * 1), --seed N (default 1), --only K (one of the outer folds, counted from 1; default all), --json. The other candidates are extra trees, boosting and a Gaussian process on ranks with their own settings.
 */
import {
  closeWorkers,
  createRandom,
  type FeatureMatrix,
  readTableFile,
  type Targets,
  takeTableRows,
} from "@materiome/core";
import { tableFeaturizer } from "@materiome/core/features";
import { findDatasetFile } from "@materiome/datasets";
import { type AutoCandidate, createAuto, groupKFold, kFold } from "@materiome/forward";
import { mean } from "./averages.ts";
import { numberOptions, report, textOption } from "./commandLine.ts";
import { provenance } from "./provenance.ts";
import { groupsOf, measuredRows, TABLE_SETS } from "./tableSets.ts";

const setName = textOption("set") ?? "xiong-hardness";
const set = TABLE_SETS[setName];
if (set === undefined) throw new Error(`--set ${setName}: expected ${Object.keys(TABLE_SETS).join(", ")}`);
const { outer, inner, threads, seed, only } = {
  ...{ outer: 3, inner: 3, threads: 1, seed: 1, only: 0 },
  ...numberOptions(["outer", "inner", "threads", "seed", "only"]),
};
const OTHERS: readonly AutoCandidate[] = ["extra-trees", "boosting", "ranked-gaussian-process"];
const VARIANTS: Readonly<Record<string, readonly AutoCandidate[]>> = {
  without: OTHERS,
  with: [...OTHERS, "mlp", "element-attention"],
};

const table = measuredRows(await readTableFile(await findDatasetFile(set.dataset, set.file)), set);
const target = table.number(set.target).values;
const groups = groupsOf(table, set.groups);
const isGrouped = set.groups.length > 0;
const fold = (isGrouped ? groupKFold(outer) : kFold(outer)).assign(table.nRows, groups, createRandom(`${seed} folds`));

interface Chosen {
  readonly chosen: string;
  readonly tried: readonly { readonly name: string; readonly mae: number }[];
  readonly notTried: readonly unknown[];
}
interface FoldResult {
  readonly mae: number;
  readonly seconds: number;
  readonly report: Chosen;
}
const results: Record<string, FoldResult[]> = { without: [], with: [] };
for (let k = 0; k < outer; k++) {
  if (only > 0 && k + 1 !== only) continue;
  const [train, test] = [indices((i) => fold[i] !== k), indices((i) => fold[i] === k)];
  const known = takeTableRows(table, train);
  const encoder = await tableFeaturizer({
    inputs: set.inputs,
    targets: [set.target],
    unknownCategory: "other",
    ...(set.features === undefined ? {} : { features: set.features }),
  }).fit(known, { random: createRandom(`${seed} features ${k}`), threads });
  const [x, unseen] = [encoder.encode(known), encoder.encode(takeTableRows(table, test))];
  for (const [name, candidates] of Object.entries(VARIANTS)) {
    process.stderr.write(`\r${setName}: fold ${k + 1} of ${outer}, ${name} nets   `);
    results[name]?.push(await score(candidates, x, train, unseen, test, k));
  }
}
process.stderr.write("\n");
await closeWorkers();

async function score(
  candidates: readonly AutoCandidate[],
  x: FeatureMatrix,
  train: Int32Array,
  unseen: FeatureMatrix,
  test: Int32Array,
  k: number,
): Promise<FoldResult> {
  const y: Targets = {
    kind: "regression",
    values: { data: Float64Array.from(train, (i) => target[i] as number), rows: train.length, columns: 1 }, // rows of the table
    units: [set?.unit ?? ""],
    groups: isGrouped ? Int32Array.from(train, (i) => groups[i] as number) : undefined,
  };
  const begun = process.cpuUsage().user;
  const learner = createAuto({ candidates, folds: inner, draws: 0 });
  const model = await learner.fit(x, y, { random: createRandom(`${seed} learner ${k}`), threads });
  const seconds = (process.cpuUsage().user - begun) / 1e6;
  const { mean: predicted } = await model.predict(unseen, { threads });
  const errors = Array.from(test, (i, r) => Math.abs((predicted.data[r] as number) - (target[i] as number)));
  return { mae: mean(errors), seconds, report: model.report as unknown as Chosen };
}

function indices(isWanted: (i: number) => boolean): Int32Array {
  return Int32Array.from({ length: table.nRows }, (_, i) => i).filter(isWanted);
}

const variants = Object.entries(results).map(([name, folds]) => ({
  name,
  mae: mean(folds.map(({ mae }) => mae)),
  cpuSeconds: folds.reduce((sum, { seconds }) => sum + seconds, 0),
  perFold: folds.map(({ mae }) => mae),
  reports: folds.map(({ report: { chosen, tried, notTried } }) => ({ chosen, tried, notTried })),
}));
const result = {
  ...{ suite: "autoNets", case: setName, metric: `MAE (${set.unit}), mean over ${outer} folds`, outer, inner, seed },
  variants,
  ...provenance({}),
};
report(result, () => {
  for (const { name, mae, cpuSeconds, reports } of variants) {
    console.log(`${setName}, ${name} nets: ${mae.toPrecision(4)} ${set.unit}, ${cpuSeconds.toFixed(0)} s of CPU`);
    for (const { chosen, tried } of reports) {
      console.log(`  ${chosen}; ${tried.map((trial) => `${trial.name} ${trial.mae.toPrecision(4)}`).join(", ")}`);
    }
  }
});
