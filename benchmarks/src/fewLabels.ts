/**
 * What helps a U-Net that has few labels: each kind of augmentation left out or, off by default, added, pretraining without labels (restoring,
 * telling patches apart) and on drawn micrographs, and the mean over views. From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/fewLabels.ts
 *
 * Options: --json, --set precipitates|boundaries (default both), --variant NAME (default all), --seeds N (default 2), --epochs N, --keep FOLDER
 * (results of single trainings; those that are there are not trained again), --files FOLDER (trains nothing, writes the images and label images that are
 * learned from, choose and are scored, for the command line).
 *
 * One labelled superalloy image, or four labelled crops of grain boundaries in grey; nets and trainings are small, so that all of it takes
 * minutes: differences are to be looked at, not heights. Other labelled images choose the epoch and the threshold; what is scored is neither, and no official
 * test image is read.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeLabelTiff, writeMicrographPng } from "@materiome/microstructure";
import { mean } from "./averages.ts";
import { hasOption, numberOptions, runAsCommand, textOption } from "./commandLine.ts";
import {
  FEW_LABELS_SETS,
  type FewLabelsScore,
  type Fields,
  readFields,
  trainFewLabels,
  VARIANTS,
  type VariantName,
} from "./fewLabelsTraining.ts";
import { keptRun } from "./keptRun.ts";
import { type Provenance, provenance, provenanceLine } from "./provenance.ts";

/** One variant of one set over the seeds. */
export interface FewLabelsRow {
  readonly set: string;
  readonly variant: VariantName;
  readonly seeds: readonly number[];
  /** Micro IoU, or boundary F1 at 2 px, of the images that were neither learned from nor chosen by; one per seed. */
  readonly scores: readonly number[];
  readonly mean: number;
  /** Mean over the seeds of the score less that of the same seed as it is; null for what nothing is left out of. */
  readonly difference: number | null;
  /** Of each class; of boundaries none. */
  readonly byClass: readonly { readonly name: string; readonly iou: number | null }[];
  readonly cpuSeconds: number;
}

export type FewLabelsBenchmark = Provenance & {
  readonly suite: "accuracy";
  readonly case: "few labels";
  readonly rows: readonly FewLabelsRow[];
  readonly cpuSeconds: number;
};

async function benchmarkFewLabels(): Promise<FewLabelsBenchmark> {
  const data = process.env["MATERIOME_DATA"];
  if (data === undefined) throw new Error("set MATERIOME_DATA to the folder that holds the datasets");
  const { seeds = 2, epochs } = numberOptions(["seeds", "epochs"]);
  const chosen = FEW_LABELS_SETS.filter((set) => set === (textOption("set") ?? set));
  const keep = textOption("keep");
  const files = textOption("files");
  if (files !== undefined) for (const set of chosen) await writeFields(join(files, set), await readFields(data, set));
  const found: FewLabelsScore[] = [];
  const fieldsOf = new Map<string, Fields>();
  for (let seed = 1; seed <= (files === undefined ? seeds : 0); seed++) {
    for (const set of chosen) {
      for (const variant of VARIANTS[set]) {
        if (variant !== (textOption("variant") ?? variant) && variant !== "as it is") continue;
        const scores = await keptRun(keep, `${set}-${variant.replaceAll(" ", "-")}-${seed}`, async () => {
          if (!fieldsOf.has(set)) fieldsOf.set(set, await readFields(data, set));
          return trainFewLabels(fieldsOf.get(set) as Fields, variant, { seed, epochs }); // just read
        });
        found.push(...scores);
        for (const { variant: name, score } of scores) process.stderr.write(`${set}, ${name}, ${seed}: ${score}\n`);
      }
    }
  }
  const rows = rowsOf(found);
  return {
    ...{ suite: "accuracy", case: "few labels", rows },
    cpuSeconds: rows.reduce((sum, row) => sum + row.cpuSeconds, 0),
    ...provenance(),
  };
}

/** `train-…`, `validation-…` and `scored-…`, each with its label image. */
async function writeFields(folder: string, fields: Fields): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const role of ["train", "validation", "scored"] as const) {
    for (const { name, image, labels } of fields[role]) {
      await writeMicrographPng(join(folder, `${role}-${name}.png`), image);
      await writeLabelTiff(join(folder, `${role}-${name}.labels.tif`), labels);
    }
  }
}

function rowsOf(found: readonly FewLabelsScore[]): FewLabelsRow[] {
  const names = [...new Set(found.map(({ set, variant }) => `${set}/${variant}`))];
  return names.map((name) => {
    const mine = found.filter(({ set, variant }) => `${set}/${variant}` === name);
    const { set, variant, byClass } = mine[0] as FewLabelsScore; // the name comes from one
    const differences = mine.flatMap(({ seed, score }) => {
      const base = found.find((one) => one.set === set && one.variant === "as it is" && one.seed === seed);
      return base === undefined ? [] : [score - base.score];
    });
    return {
      ...{ set, variant },
      seeds: mine.map(({ seed }) => seed),
      scores: mine.map(({ score }) => score),
      mean: mean(mine.map(({ score }) => score)),
      difference: variant === "as it is" ? null : mean(differences),
      byClass: byClass.map(({ name: label }, k) => {
        const ious = mine.flatMap((one) => one.byClass[k]?.iou ?? []);
        return { name: label, iou: ious.length === 0 ? null : mean(ious) };
      }),
      cpuSeconds: mine.reduce((sum, one) => sum + one.cpuSeconds, 0),
    };
  });
}

function print(result: FewLabelsBenchmark): void {
  for (const { set, variant, scores, mean: average, difference } of result.rows) {
    const change = difference === null ? "" : `, ${difference < 0 ? "−" : "+"}${Math.abs(difference).toFixed(3)}`;
    console.log(`${set}: ${variant}: ${average.toFixed(3)} (${scores.map((s) => s.toFixed(3)).join(", ")})${change}`);
  }
  console.log(`${result.cpuSeconds.toFixed(0)} s of CPU; ${provenanceLine(result)}`);
}

if (!hasOption("list")) await runAsCommand(import.meta.url, benchmarkFewLabels, print);
