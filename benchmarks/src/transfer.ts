/**
 * Yield strength of high-entropy alloys from few rows, with and without a model of their hardness.
 * From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/transfer.ts
 *
 * Options: --draws N (default 10), --threads N (default 2), --json. Source: hardness in xiong-hea without every alloy whose strength
 * is in the tensile table, so that no alloy is on both sides. Each draw learns from the rows of some alloys and is scored on
 * the rows of all others. A source of the same alloys with shuffled hardness shows what a useless one does.
 */
import { parseArgs } from "node:util";
import {
  closeWorkers,
  createRandom,
  type FeatureMatrix,
  readTableFile,
  shuffle,
  type Table,
  type Targets,
  takeRows,
} from "@materiome/core";
import { tableFeaturizer } from "@materiome/core/features";
import { findDatasetFile } from "@materiome/datasets";
import {
  createKernelRidge,
  createRandomForest,
  createTransfer,
  type ForwardLearner,
  type ForwardModel,
  type TransferReport,
} from "@materiome/forward";
import { mean } from "./averages.ts";
import { report } from "./commandLine.ts";
import { provenance } from "./provenance.ts";

const { values: options } = parseArgs({
  options: {
    json: { type: "boolean", default: false },
    draws: { type: "string", default: "10" },
    threads: { type: "string", default: "2" },
  },
});
const SIZES = [10, 20, 30];
const LEARNERS: Readonly<Record<string, ForwardLearner>> = {
  "extra trees": createRandomForest({ splitter: "random" }),
  "kernel ridge": createKernelRidge(),
};
const threads = Number(options.threads);

interface Rows {
  readonly x: FeatureMatrix;
  readonly y: Targets;
}

/** Rows with a measured target, features of the composition alone, one group per composition. */
async function rowsOf(file: string, target: string): Promise<Rows> {
  const table: Table = await readTableFile(await findDatasetFile("xiong-hea", file));
  const [formula = ""] = table.names;
  const encoder = await tableFeaturizer({ inputs: [formula], features: ["magpie"] }).fit(table, {
    random: createRandom(1),
  });
  const encoded = encoder.encode(table);
  const column = table.number(target);
  const kept = Int32Array.from(column.values.keys()).filter(
    (i) =>
      column.valid[i] !== 0 &&
      encoded.data.subarray(i * encoded.columns, (i + 1) * encoded.columns).every(Number.isFinite),
  );
  const x = takeRows(encoded, kept);
  const codes = new Map<string, number>();
  const groups = Int32Array.from({ length: x.rows }, (_, i) => {
    const key = keyOf(x, i);
    codes.set(key, codes.get(key) ?? codes.size);
    return codes.get(key) as number;
  });
  return {
    x,
    y: targetsOf(
      Float64Array.from(kept, (i) => column.values[i] as number),
      column.unit,
      groups,
    ),
  };
}

const keyOf = (x: FeatureMatrix, i: number): string =>
  Array.from(x.data.subarray(i * x.columns, (i + 1) * x.columns), (value) => value.toPrecision(8)).join();

function targetsOf(data: Float64Array, unit: string, groups: Int32Array): Targets {
  return { kind: "regression", values: { rows: data.length, columns: 1, data }, units: [unit], groups };
}

function part({ x, y }: Rows, kept: readonly number[]): Rows {
  const values = Float64Array.from(kept, (i) => y.values.data[i] as number);
  const groups = Int32Array.from(kept, (i) => y.groups?.[i] as number);
  return { x: takeRows(x, kept), y: targetsOf(values, y.units[0] ?? "", groups) };
}

const hardness = await rowsOf("hardness.csv", "Hardness");
const tensile = await rowsOf("tensile.csv", "YS");
const strong = new Set(Array.from({ length: tensile.x.rows }, (_, i) => keyOf(tensile.x, i)));
const all = Array.from({ length: hardness.x.rows }, (_, i) => i);
const apart = part(
  hardness,
  all.filter((i) => !strong.has(keyOf(hardness.x, i))),
);
const order = shuffle(apart.x.rows, createRandom(5));
const useless = targetsOf(
  Float64Array.from(order, (i) => apart.y.values.data[i] as number),
  "",
  apart.y.groups as Int32Array, // given by rowsOf
);
const sourceOf = (y: Targets): Promise<ForwardModel> =>
  createRandomForest({ splitter: "random" }).fit(apart.x, y, { random: createRandom(2), threads });
const sources = { hardness: await sourceOf(apart.y), shuffled: await sourceOf(useless) };

const alloys = [...new Set(tensile.y.groups)];
const results: {
  learner: string;
  alloys: number;
  alone: number;
  withHardness: number;
  withShuffled: number;
  gain: readonly [mean: number, standardError: number];
  harm: readonly [mean: number, standardError: number];
  sourceWeight: number;
  shared: number;
}[] = [];
for (const size of SIZES) {
  for (const [name, learner] of Object.entries(LEARNERS)) {
    const scores = { alone: [] as number[], hardness: [] as number[], shuffled: [] as number[] };
    const weights: number[] = [];
    let shared = 0;
    for (let draw = 0; draw < Number(options.draws); draw++) {
      process.stderr.write(`\r${size} alloys, ${name}, draw ${draw + 1}      `);
      const random = createRandom(100 + draw).fork(size);
      const chosen = new Set(Array.from(shuffle(alloys.length, random).subarray(0, size), (k) => alloys[k]));
      const isTrain = (i: number): boolean => chosen.has(tensile.y.groups?.[i] as number);
      const rows = Array.from({ length: tensile.x.rows }, (_, i) => i);
      const [train, test] = [
        part(tensile, rows.filter(isTrain)),
        part(
          tensile,
          rows.filter((i) => !isTrain(i)),
        ),
      ];
      const error = async (one: ForwardLearner): Promise<ForwardModel> =>
        one.fit(train.x, train.y, { random, threads });
      const maeOf = (model: ForwardModel): number =>
        mean(
          Array.from(model.predictSync(test.x).mean.data, (value, i) =>
            Math.abs(value - (test.y.values.data[i] as number)),
          ),
        );
      scores.alone.push(maeOf(await error(learner)));
      for (const kind of ["hardness", "shuffled"] as const) {
        const model = await error(createTransfer({ source: sources[kind], learner, sourceRows: apart.x }));
        scores[kind].push(maeOf(model));
        const { sourceWeight, shared: found } = model.report as unknown as TransferReport;
        if (kind === "hardness") weights.push(sourceWeight);
        shared += found?.length ?? 0;
      }
    }
    const paired = (kind: "hardness" | "shuffled"): readonly [number, number] => {
      const differences = scores.alone.map((own, k) => (scores[kind][k] as number) - own);
      const average = mean(differences);
      const square = differences.reduce((sum, d) => sum + (d - average) ** 2, 0) / (differences.length - 1);
      return [average, Math.sqrt(square / differences.length)];
    };
    results.push({
      learner: name,
      alloys: size,
      alone: mean(scores.alone),
      withHardness: mean(scores.hardness),
      withShuffled: mean(scores.shuffled),
      gain: paired("hardness"),
      harm: paired("shuffled"),
      sourceWeight: mean(weights),
      shared,
    });
  }
}
process.stderr.write("\r");
await closeWorkers();
report(
  {
    ...provenance(),
    unit: tensile.y.units[0],
    draws: Number(options.draws),
    sourceRows: apart.x.rows,
    tensileRows: tensile.x.rows,
    tensileAlloys: alloys.length,
    results,
  },
  ({ sourceRows, tensileRows, tensileAlloys, unit }) => {
    console.log(
      `hardness of ${sourceRows} rows; strength of ${tensileRows} rows, ${tensileAlloys} alloys; MAE in ${unit}`,
    );
    console.log(
      "alloys  learner       alone  with hardness (difference ± SE)   with shuffled (difference ± SE)   weight",
    );
    for (const one of results) {
      const cell = (value: number, [d, se]: readonly [number, number]): string =>
        `${value.toFixed(0)} (${d.toFixed(1)} ± ${se.toFixed(1)})`.padEnd(33);
      console.log(
        `${String(one.alloys).padEnd(8)}${one.learner.padEnd(14)}${one.alone.toFixed(0).padEnd(7)}${cell(one.withHardness, one.gain)}${cell(one.withShuffled, one.harm)}${one.sourceWeight.toFixed(2)}`,
      );
    }
  },
);
