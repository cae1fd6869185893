/**
 * Property prediction on the NIMS fatigue steels with whole heats held out, beside scikit-learn under the same folds.
 * From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/tabular.ts
 *
 * Options: --json, --seeds N (default 5), --folds N (default 10), --threads N (default 2). Each seed is another partition
 * of the heats; scikit-learn gets the partition that ours used.
 */
import { parseArgs } from "node:util";
import { closeWorkers, createRandom, readTableFile } from "@materiome/core";
import { findDatasetFile } from "@materiome/datasets";
import { type ModelName, type OutOfFold, type TargetMetrics, trainPropertyModel } from "@materiome/forward";
import { mean } from "./averages.ts";
import { report } from "./commandLine.ts";
import { provenance } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";

const SET = "nims-fatigue-steels";
const TARGET = "Fatigue Strength (10E7 Cycles)";
const MODELS: readonly ModelName[] = ["auto", "forest", "extra-trees", "ridge", "ridge-degree-2"];

interface PeerScores {
  readonly models: Readonly<Record<string, { readonly r2: number; readonly mae: number }>>;
  readonly sklearn: string;
}

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    seeds: { type: "string", default: "5" },
    folds: { type: "string", default: "10" },
    threads: { type: "string", default: "2" },
  },
});
const file = await findDatasetFile(SET, "nims-fatigue.csv");
const table = await readTableFile(file);
const nSeeds = Number(options.seeds);
const ours = new Map<string, { readonly grouped: TargetMetrics[]; readonly random: TargetMetrics[] }>();
const theirs = new Map<string, { r2: number; mae: number }[]>();
let sklearn: string | undefined;
const started = performance.now();
for (let seed = 1; seed <= nSeeds; seed++) {
  let folds: OutOfFold | undefined;
  for (const model of MODELS) {
    process.stderr.write(`\rpartition ${seed} of ${nSeeds}: ${model}            `);
    const trained = await trainPropertyModel(
      table,
      { targets: [TARGET], model, folds: Number(options.folds) },
      { random: createRandom(seed), threads: Number(options.threads) },
    );
    const entry = ours.get(model) ?? { grouped: [], random: [] };
    entry.grouped.push(...trained.metrics.targets);
    entry.random.push(...(trained.metrics.optimistic?.targets ?? []));
    ours.set(model, entry);
    folds = trained.outOfFold[0];
  }
  // The partition depends on the seed alone, so that of the last model is that of all.
  const peer = pythonPeer<PeerScores>("./tabular_peer.py", [
    file,
    TARGET,
    JSON.stringify(Array.from(folds?.fold ?? [])),
  ]);
  sklearn ??= peer?.sklearn;
  for (const [name, score] of Object.entries(peer?.models ?? {})) {
    theirs.set(name, [...(theirs.get(name) ?? []), score]);
  }
}
process.stderr.write("\n");
await closeWorkers();

const summary = [...ours].map(([name, { grouped, random }]) => ({
  name,
  r2: mean(grouped.map((s) => s.r2)),
  r2Lowest: Math.min(...grouped.map((s) => s.r2)),
  mae: mean(grouped.map((s) => s.mae)),
  maeHighest: Math.max(...grouped.map((s) => s.mae)),
  coverage90: mean(grouped.map((s) => s.coverage90 ?? Number.NaN)),
  randomFoldsR2: mean(random.map((s) => s.r2)),
  medianBaselineMae: mean(grouped.map((s) => s.medianBaselineMae)),
}));
const peers = [...theirs].map(([name, scores]) => ({
  name: `scikit-learn ${name}`,
  r2: mean(scores.map((s) => s.r2)),
  mae: mean(scores.map((s) => s.mae)),
}));
const seconds = (performance.now() - started) / 1000;
const result = {
  suite: "tabular",
  case: SET,
  metric: "R² and MAE (MPa) with whole heats held out",
  folds: Number(options.folds),
  partitions: nSeeds,
  ours: summary,
  baseline: peers,
  seconds,
  ...provenance(sklearn === undefined ? {} : { "scikit-learn": sklearn }),
};
report(result, () => {
  console.log(`${SET}: ${result.metric}; ${nSeeds} partitions into ${options.folds} folds`);
  for (const s of summary) {
    console.log(
      `  ${s.name.padEnd(34)} R² ${s.r2.toFixed(3)} (lowest ${s.r2Lowest.toFixed(3)})  MAE ${s.mae.toFixed(2)} (highest ${s.maeHighest.toFixed(2)})  90 % interval ${(100 * s.coverage90).toFixed(1)} %  random folds R² ${s.randomFoldsR2.toFixed(3)}`,
    );
  }
  for (const s of peers)
    console.log(`  ${s.name.padEnd(34)} R² ${s.r2.toFixed(3)}                 MAE ${s.mae.toFixed(2)}`);
  if (peers.length === 0) console.log("  scikit-learn is not on this machine: no comparison");
});
