/**
 * Whether nets among the candidates of `auto` make it better or worse: the same folds, seed and other candidates, without and with
 * ensembles of nets. From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/autoNets.ts --set xiong-hardness
 *
 * Options: --set NAME (tableSets.ts, default xiong-hardness), --outer N (folds, whole groups, default 3), --inner N (folds of auto, default 3), --threads N (default
 * 1), --seed N (default 1), --only K (one of the outer folds, counted from 1; default all), --json. The other candidates are extra trees, boosting and a Gaussian process on ranks with their own settings.
 */
import { closeWorkers } from "@materiome/core";
import { type AutoCandidate, createAuto } from "@materiome/forward";
import { mean } from "./averages.ts";
import { numberOptions, report, textOption } from "./commandLine.ts";
import { provenance } from "./provenance.ts";
import { type FoldScore, tableFolds, tableSet } from "./tableFolds.ts";

const setName = textOption("set") ?? "xiong-hardness";
const set = tableSet(setName);
const { outer, inner, threads, seed, only } = {
  ...{ outer: 3, inner: 3, threads: 1, seed: 1, only: 0 },
  ...numberOptions(["outer", "inner", "threads", "seed", "only"]),
};
const OTHERS: readonly AutoCandidate[] = ["extra-trees", "boosting", "ranked-gaussian-process"];
const VARIANTS: Readonly<Record<string, readonly AutoCandidate[]>> = {
  without: OTHERS,
  with: [...OTHERS, "mlp", "element-attention"],
};

interface Chosen {
  readonly chosen: string;
  readonly tried: readonly { readonly name: string; readonly mae: number }[];
  readonly notTried: readonly unknown[];
}
const results = new Map(Object.keys(VARIANTS).map((name) => [name, [] as FoldScore[]]));
for await (const fold of tableFolds(set, { folds: outer, seed, threads, only })) {
  for (const [name, candidates] of Object.entries(VARIANTS)) {
    process.stderr.write(`\r${setName}: ${name} nets   `);
    results.get(name)?.push(await fold.score(createAuto({ candidates, folds: inner, draws: 0 })));
  }
}
process.stderr.write("\n");
await closeWorkers();

const variants = [...results].map(([name, folds]) => ({
  name,
  mae: mean(folds.map(({ mae }) => mae)),
  cpuSeconds: folds.reduce((sum, { seconds }) => sum + seconds, 0),
  perFold: folds.map(({ mae }) => mae),
  reports: folds.map(({ report: of }) => {
    const { chosen, tried, notTried } = of as Chosen;
    return { chosen, tried, notTried };
  }),
}));
const result = {
  ...{
    suite: "autoNets",
    case: setName,
    metric: `MAE (${set.unit}), ${only > 0 ? `fold ${only} of ${outer}` : `mean over ${outer} folds`}`,
    outer,
    inner,
    seed,
  },
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
