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
import { closeWorkers } from "@materiome/core";
import { type AutoOptions, createAuto } from "@materiome/forward";
import { mean } from "./averages.ts";
import { numberOptions, report, textOption } from "./commandLine.ts";
import { provenance } from "./provenance.ts";
import { type FoldScore, tableFolds, tableSet } from "./tableFolds.ts";

const setName = textOption("set") ?? "nims";
const set = tableSet(setName);
const { outer, inner, settings, threads, seed } = {
  ...{ outer: 3, inner: 3, settings: 16, threads: 1, seed: 1 },
  ...numberOptions(["outer", "inner", "settings", "threads", "seed"]),
};
const LEARNERS = ["extra-trees", "boosting"] as const;
const WAYS: readonly NonNullable<AutoOptions["laterSettings"]>[] = ["grid", "uniform", "proposed"];

interface Tried {
  readonly name: string;
  readonly rmse: number;
  readonly proposed?: boolean;
}
type FoldResult = FoldScore & { readonly chosen: string; readonly tried: readonly Tried[] };
const results = new Map(WAYS.map((way) => [way, [] as FoldResult[]]));
for await (const fold of tableFolds(set, { folds: outer, seed, threads })) {
  const nSets = fold.x.features.some(({ unit }) => unit === "atomic fraction") ? 2 : 1;
  const trials = LEARNERS.length * (nSets + settings);
  for (const way of WAYS) {
    process.stderr.write(`\r${setName}: ${way}   `);
    const score = await fold.score(createAuto({ candidates: LEARNERS, folds: inner, trials, laterSettings: way }));
    const { chosen, tried } = score.report as { readonly chosen: string; readonly tried: readonly Tried[] };
    results.get(way)?.push({ ...score, chosen, tried });
  }
}
process.stderr.write("\n");
await closeWorkers();

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
