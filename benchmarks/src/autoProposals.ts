/**
 * Whether proposing the later half of the settings (expected improvement) makes a search of `auto` better than drawing all of them: the
 * same folds, seed, first half and number of trials, the later half from the grid of the first, evenly over the ranges of the proposals, or
 * proposed. From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/autoProposals.ts --set nims
 *
 * Options: --set NAME (tableSets.ts, default nims), --outer N (folds, whole groups, default 3), --inner N (folds of auto, default 3), --settings N (for each learner,
 * default 16), --threads N (default 1), --seed N (default 1), --json. Extra trees and boosting are searched.
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
import { type AutoOptions, createAuto, groupKFold, kFold } from "@materiome/forward";
import { mean } from "./averages.ts";
import { numberOptions, report, textOption } from "./commandLine.ts";
import { provenance } from "./provenance.ts";
import { groupsOf, measuredRows, TABLE_SETS } from "./tableSets.ts";

const setName = textOption("set") ?? "xiong-hardness";
const set = TABLE_SETS[setName];
if (set === undefined) throw new Error(`--set ${setName}: expected ${Object.keys(TABLE_SETS).join(", ")}`);
const { outer, inner, settings, threads, seed } = {
  ...{ outer: 3, inner: 3, settings: 16, threads: 1, seed: 1 },
  ...numberOptions(["outer", "inner", "settings", "threads", "seed"]),
};
const LEARNERS = ["extra-trees", "boosting"] as const;
const WAYS: readonly NonNullable<AutoOptions["laterSettings"]>[] = ["grid", "uniform", "proposed"];

const table = measuredRows(await readTableFile(await findDatasetFile(set.dataset, set.file)), set);
const target = table.number(set.target).values;
const groups = groupsOf(table, set.groups);
const isGrouped = set.groups.length > 0;
const fold = (isGrouped ? groupKFold(outer) : kFold(outer)).assign(table.nRows, groups, createRandom(`${seed} folds`));

interface Tried {
  readonly name: string;
  readonly rmse: number;
  readonly proposed?: boolean;
}
interface FoldResult {
  readonly mae: number;
  readonly rmse: number;
  readonly seconds: number;
  readonly chosen: string;
  readonly tried: readonly Tried[];
}
const results = new Map(WAYS.map((way) => [way, [] as FoldResult[]]));
for (let k = 0; k < outer; k++) {
  const [train, test] = [indices((i) => fold[i] !== k), indices((i) => fold[i] === k)];
  const known = takeTableRows(table, train);
  const encoder = await tableFeaturizer({
    inputs: set.inputs,
    targets: [set.target],
    unknownCategory: "other",
    ...(set.features === undefined ? {} : { features: set.features }),
  }).fit(known, { random: createRandom(`${seed} features ${k}`), threads });
  const [x, unseen] = [encoder.encode(known), encoder.encode(takeTableRows(table, test))];
  for (const way of WAYS) {
    process.stderr.write(`\r${setName}: fold ${k + 1} of ${outer}, ${way}   `);
    results.get(way)?.push(await score(way, x, train, unseen, test, k));
  }
}
process.stderr.write("\n");
await closeWorkers();

async function score(
  laterSettings: (typeof WAYS)[number],
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
  const nSets = x.features.some(({ unit }) => unit === "atomic fraction") ? 2 : 1;
  const trials = LEARNERS.length * (nSets + settings);
  const learner = createAuto({ candidates: LEARNERS, folds: inner, trials, laterSettings });
  const model = await learner.fit(x, y, { random: createRandom(`${seed} learner ${k}`), threads });
  const seconds = (process.cpuUsage().user - begun) / 1e6;
  const { mean: predicted } = await model.predict(unseen, { threads });
  const errors = Array.from(test, (i, r) => (predicted.data[r] as number) - (target[i] as number));
  const { chosen, tried } = model.report as unknown as { readonly chosen: string; readonly tried: Tried[] };
  return {
    mae: mean(errors.map(Math.abs)),
    rmse: Math.sqrt(mean(errors.map((error) => error * error))),
    seconds,
    chosen,
    tried,
  };
}

function indices(isWanted: (i: number) => boolean): Int32Array {
  return Int32Array.from({ length: table.nRows }, (_, i) => i).filter(isWanted);
}

/** Least inner error of a learner. */
function bestOf(tried: readonly Tried[], learner: string): number {
  return Math.min(...tried.filter(({ name }) => name.startsWith(learner)).map(({ rmse }) => rmse));
}

const ways = [...results].map(([way, folds]) => ({
  way,
  mae: mean(folds.map(({ mae }) => mae)),
  rmse: mean(folds.map(({ rmse }) => rmse)),
  innerRmse: mean(folds.map(({ tried }) => Math.min(...tried.map(({ rmse }) => rmse)))),
  innerRmseOfLearner: Object.fromEntries(
    LEARNERS.map((learner) => [learner, mean(folds.map(({ tried }) => bestOf(tried, learner)))]),
  ),
  bestIsProposed: folds.filter(({ tried }) => tried[0]?.proposed === true).length,
  cpuSeconds: folds.reduce((sum, { seconds }) => sum + seconds, 0),
  perFold: folds.map(({ mae, rmse, chosen, tried }) => ({ mae, rmse, innerRmse: tried[0]?.rmse, chosen })),
}));
const result = {
  ...{ suite: "autoProposals", case: setName, metric: `${set.unit}, mean over ${outer} folds` },
  ...{ outer, inner, settings, seed, ways },
  ...provenance({}),
};
report(result, () => {
  for (const { way, mae, rmse, innerRmse, innerRmseOfLearner, cpuSeconds } of ways) {
    const learners = Object.entries(innerRmseOfLearner).map(([name, value]) => `${name} ${value.toPrecision(4)}`);
    console.log(
      `${setName}, ${way}: MAE ${mae.toPrecision(4)}, RMSE ${rmse.toPrecision(4)} ${set.unit}; inner RMSE ${innerRmse.toPrecision(4)} (${learners.join(", ")}); ${cpuSeconds.toFixed(0)} s of CPU`,
    );
  }
});
