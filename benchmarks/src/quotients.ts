/**
 * Whether quotients of amounts, chosen inside the fit, help trees: the same folds and seeds, with more and more of them. From the repository root,
 * with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/quotients.ts --set concrete
 *
 * Options: --set NAME (tableSets.ts, default concrete), --partitions N (default 2), --folds N (whole groups, default 5), --no-units (as if headers had
 * one unit for all inputs, whatever they are), --threads N (default 1), --seed N (default 1), --json.
 */
import { closeWorkers, type Feature, type FeatureMatrix, type Learner, type Targets } from "@materiome/core";
import { createGradientBoosting, createQuotients, createRandomForest, type ForwardModel } from "@materiome/forward";
import { mean } from "./averages.ts";
import { hasOption, numberOptions, report, textOption } from "./commandLine.ts";
import { provenance } from "./provenance.ts";
import { tableFolds, tableSet } from "./tableFolds.ts";

type Model = Learner<FeatureMatrix, Targets, ForwardModel>;

const setName = textOption("set") ?? "concrete";
const set = tableSet(setName);
const { partitions, folds, threads, seed } = {
  ...{ partitions: 2, folds: 5, threads: 1, seed: 1 },
  ...numberOptions(["partitions", "folds", "threads", "seed"]),
};
const isUnitless = hasOption("no-units");

const TREES = { "extra trees": createRandomForest({ nTrees: 100, splitter: "random" }) };
const BOOSTING = {
  boosting: createGradientBoosting({
    ...{ learningRate: 0.06, maxLeaves: 12, minSamplesLeaf: 3, l2: 1, rowShare: 0.7, maxFeatures: 0.35 },
    ...{ folds: 3, nRounds: 600, patience: 25 }, // as auto starts from
  }),
};
const WAYS: readonly { readonly nQuotients: number; readonly addsSums: boolean }[] = [
  ...[0, 1, 3, 6, 12, 20].map((nQuotients) => ({ nQuotients, addsSums: false })),
  ...[6, 12].map((nQuotients) => ({ nQuotients, addsSums: true })),
];

/** A learner that takes every input for an amount of one unit. */
function inOneUnit(learner: Model): Model {
  const same = (x: FeatureMatrix): FeatureMatrix => ({
    ...x,
    features: x.features.map((feature): Feature => ({ ...feature, unit: "g" })),
  });
  return {
    ...learner,
    async fit(x, y, run) {
      const model = await learner.fit(same(x), y, run);
      return { ...model, predict: (rows, more) => model.predict(same(rows), more) };
    },
  };
}

const rows = new Map<string, { readonly maes: number[]; readonly firsts: (string | null)[] }>();
for (let p = 0; p < partitions; p++) {
  for await (const fold of tableFolds(set, { folds, seed: seed + p, threads })) {
    for (const [name, learner] of Object.entries({ ...TREES, ...BOOSTING })) {
      for (const { nQuotients, addsSums } of WAYS) {
        const label = `${name}, ${nQuotients} quotients${addsSums ? " and sums of two" : ""}`;
        process.stderr.write(`\r${setName}, partition ${p + 1}: ${label}          `);
        const helped: Model = nQuotients === 0 ? learner : createQuotients(learner, { nQuotients, addsSums });
        const score = await fold.score(isUnitless ? inOneUnit(helped) : helped, name);
        const { maes, firsts } = rows.get(label) ?? { maes: [], firsts: [] };
        const chosen = (score.report as { readonly quotients?: readonly string[] } | undefined)?.quotients;
        rows.set(label, { maes: [...maes, score.mae], firsts: [...firsts, chosen?.[0] ?? null] });
      }
    }
  }
}
process.stderr.write("\n");
await closeWorkers();

const ways = [...rows].map(([label, { maes, firsts }]) => ({ label, mae: mean(maes), perFold: maes, firsts }));
const result = {
  ...{ suite: "quotients", case: setName, metric: `MAE (${set.unit}), mean over ${partitions * folds} folds` },
  ...{ partitions, folds, isUnitless, seed, ways },
  ...provenance({}),
};
report(result, () => {
  for (const { label, mae, firsts } of ways) {
    console.log(`${label}: ${mae.toPrecision(4)} ${set.unit}${firsts[0] === null ? "" : `; first ${firsts[0]}`}`);
  }
});
