/**
 * Property prediction on tables whose rows belong together (articles, mixes, materials), with whole groups held out, beside
 * tuned forests and extra trees of scikit-learn on the same folds. From the repository root, with MATERIOME_DATA set:
 *
 *   node --import ./tools/testing/register-typescript.mjs --conditions=@materiome/source benchmarks/src/tables.ts --set concrete
 *
 * Options: --json, --set NAME (tableSets.ts), --model NAME (default auto), --split grouped|random (default grouped),
 * --partitions N (default 1), --folds N (default 5), --threads N (default 2), --seed N (default 1), --trials N (of each search of auto;
 * default as auto has it), --untuned (scikit-learn's own settings on all our features: for many partitions), --keep FOLDER: our
 * predictions of each finished partition are kept there and not made again, --only N: keeps partition N and ends, so that several run side by side,
 * --rivals RESULT.json: what scikit-learn did on the same folds is taken from an earlier result, --no-peer: is left out.
 *
 * Features and learner, with all its choices, see the training rows of a fold alone. scikit-learn gets the better of two
 * sets of features (amounts of the elements with the other columns, and all of ours) and of six settings by inner grouped folds;
 * its intervals are those of split conformal prediction around its forest.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  closeWorkers,
  createRandom,
  type FeatureMatrix,
  type Regressor,
  readTableFile,
  type Table,
  type Targets,
  takeTableRows,
} from "@materiome/core";
import { tableFeaturizer } from "@materiome/core/features";
import { findDatasetFile } from "@materiome/datasets";
import {
  correctedResampledT,
  coverageByRegion,
  groupKFold,
  type HeldOutRows,
  kFold,
  learnerByName,
  MODEL_NAMES,
  scoreHeldOut,
} from "@materiome/forward";
import { mean, median } from "./averages.ts";
import { hasOption, numberOptions, report, textOption } from "./commandLine.ts";
import { keptRun } from "./keptRun.ts";
import { provenance } from "./provenance.ts";
import { pythonPeer } from "./pythonPeer.ts";
import { groupsOf, measuredRows, TABLE_SETS } from "./tableSets.ts";

const LEVEL = 0.9;
const setName = textOption("set") ?? "concrete";
const set = TABLE_SETS[setName];
const modelName = textOption("model") ?? "auto";
const model = MODEL_NAMES.find((name) => name === modelName);
if (set === undefined) throw new Error(`--set ${setName}: expected ${Object.keys(TABLE_SETS).join(", ")}`);
if (model === undefined) throw new Error(`--model ${modelName}: expected ${MODEL_NAMES.join(", ")}`);
const isGrouped = (textOption("split") ?? "grouped") === "grouped";
const options = {
  partitions: 1,
  folds: 5,
  threads: 2,
  seed: 1,
  ...numberOptions(["partitions", "folds", "threads", "seed"]),
};
const { threads } = options;
const { trials, only } = numberOptions(["trials", "only"]);
if (only !== undefined && !(only >= 1 && only <= options.partitions && textOption("keep") !== undefined)) {
  throw new Error(`--only ${only}: expected 1 … ${options.partitions} of --partitions, with --keep FOLDER`);
}
const isTuned = !hasOption("untuned");

const all = await readTableFile(await findDatasetFile(set.dataset, set.file));
const table = measuredRows(all, set);
const target = table.number(set.target).values;
const groups = groupsOf(table, set.groups);
const splitter = isGrouped && new Set(groups).size < table.nRows ? groupKFold(options.folds) : kFold(options.folds);

function targetsOf(rows: Int32Array): Targets {
  const data = Float64Array.from(rows, (i) => target[i] as number); // rows of the table
  return {
    kind: "regression",
    values: { data, rows: rows.length, columns: 1 },
    units: [set?.unit ?? ""],
    groups: isGrouped ? groups.map((_, i) => groups[rows[i] ?? 0] as number).subarray(0, rows.length) : undefined,
  };
}

interface Peer {
  readonly sklearn: string;
  /** Held-out predictions per model. */
  readonly predicted: { readonly [name: string]: readonly number[] };
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** Settings chosen per model and fold. */
  readonly chosen: { readonly [name: string]: readonly string[] };
}

/** Held-out predictions of one partition, by our learner, as JSON has them. */
interface Partition {
  readonly rows: { readonly [K in keyof HeldOutRows]: readonly number[] };
  readonly reports: readonly unknown[];
  readonly seconds: number;
}

async function predictPartition(learner: Regressor, fold: Int32Array, key: string): Promise<Partition> {
  const began = performance.now();
  const empty = (): Float64Array => new Float64Array(table.nRows);
  const rows = {
    ...{ actual: target, predicted: empty(), lower: empty(), upper: empty() },
    ...{ meanBaseline: empty(), medianBaseline: empty() },
  };
  const reports: unknown[] = [];
  for (let k = 0; k < options.folds; k++) {
    process.stderr.write(`\r${setName}, ${key}: fold ${k + 1} of ${options.folds}     `);
    const [train, test] = [indices((i) => fold[i] !== k), indices((i) => fold[i] === k)];
    const random = createRandom(`${options.seed} ${key} ${k}`);
    const known = takeTableRows(table, train);
    const encoder = await tableFeaturizer({
      inputs: set?.inputs.filter((name) => hasValues(known, name)) ?? [],
      targets: [set?.target ?? ""],
      unknownCategory: "other",
      ...(set?.features === undefined ? {} : { features: set.features }),
    }).fit(known, { random: random.fork("features"), threads });
    const fitted = await learner.fit(encoder.encode(known), targetsOf(train), {
      random: random.fork("learner"),
      threads,
    });
    const {
      mean: predicted,
      lower,
      upper,
    } = await fitted.predict(encoder.encode(takeTableRows(table, test)), { threads });
    const values = Array.from(train, (i) => target[i] as number); // rows of the table
    const [centre, middle] = [mean(values), median(values)];
    for (const [r, i] of test.entries()) {
      rows.predicted[i] = predicted.data[r] as number; // one per test row
      rows.lower[i] = lower?.data[r] ?? Number.NaN;
      rows.upper[i] = upper?.data[r] ?? Number.NaN;
      rows.meanBaseline[i] = centre;
      rows.medianBaseline[i] = middle;
    }
    reports.push((fitted as { readonly report?: unknown }).report ?? null);
  }
  const lists = Object.entries(rows).map(([name, values]) => [name, Array.from(values)]);
  return { rows: Object.fromEntries(lists), reports, seconds: (performance.now() - began) / 1000 };
}

/** What each fold chose, by its inner error; all that it tried only of a single partition, or it would be most of the result. */
function chosenOf(report: unknown): unknown {
  if (report === null || typeof report !== "object") return report;
  const { filled: _, ...told } = report as { readonly [key: string]: unknown }; // of each learner, for each column with gaps
  if (options.partitions === 1) return told;
  const { chosen, equalShare, heldOutError } = told;
  return { chosen, equalShare, heldOutError };
}

/** JSON has null for what is not a number. */
function numbersOf({ rows }: Partition): HeldOutRows {
  const arrays = Object.entries(rows).map(([name, values]) => {
    return [name, Float64Array.from(values, (value: number | null) => value ?? Number.NaN)];
  });
  return Object.fromEntries(arrays) as unknown as HeldOutRows;
}

function indices(isTaken: (row: number) => boolean): Int32Array {
  return Int32Array.from({ length: table.nRows }, (_, i) => i).filter(isTaken);
}

function hasValues(rows: Table, name: string): boolean {
  const { valid } = rows.column(name) as { readonly valid?: Uint8Array };
  return valid === undefined || valid.some((v) => v !== 0);
}

interface EarlierResult {
  readonly rivals: readonly { readonly name: string; readonly perFold: readonly number[] }[];
  readonly scored: readonly {
    readonly splitConformal: {
      readonly coverage: number | null;
      readonly intervalScore: number | null;
      readonly meanIntervalWidth: number | null;
    } | null;
  }[];
  readonly rivalSettings: readonly unknown[];
  readonly isRivalTuned: boolean;
  readonly versions: { readonly [name: string]: string };
}

/** A result of the same folds. */
async function earlierResult(path: string | undefined): Promise<EarlierResult | undefined> {
  if (path === undefined) return undefined;
  const found = JSON.parse(await readFile(path, "utf8"));
  const here = { case: setName, split: isGrouped ? "grouped" : "random", nRows: table.nRows };
  for (const [name, value] of Object.entries({
    ...here,
    ...{ folds: options.folds, partitions: options.partitions, seed: options.seed },
  })) {
    if (found[name] !== value) throw new Error(`--rivals ${path}: ${name} is ${found[name]} there, ${value} here`);
  }
  return found as EarlierResult;
}

/** Of all rows: for the peer, and to know whether some lack inputs. */
async function encodeAll(): Promise<FeatureMatrix> {
  const encoder = await tableFeaturizer({
    inputs: set?.inputs ?? [],
    targets: [set?.target ?? ""],
    unknownCategory: "other",
    ...(set?.features === undefined ? {} : { features: set.features }),
  }).fit(table, { random: createRandom(1), threads });
  return encoder.encode(table);
}

/** Amounts and all features, as the peer gets them. */
async function writePeerInput(x: FeatureMatrix, folds: readonly Int32Array[], folder: string): Promise<string> {
  const isPlain = x.features.map(({ name, unit, source }) => {
    const isComputed = source.length > 0 && !source.includes(name) && !name.includes(" = ");
    return unit.endsWith("fraction") || !isComputed;
  });
  const path = join(folder, "tables.json");
  const x0 = Array.from(x.data, (value) => (Number.isNaN(value) ? null : value));
  await writeFile(
    path,
    JSON.stringify({
      ...{ x: x0, rows: x.rows, columns: x.columns, plain: isPlain.flatMap((is, f) => (is ? [f] : [])) },
      ...{ y: Array.from(target), groups: Array.from(groups), folds: folds.map((fold) => Array.from(fold)) },
      ...{ level: LEVEL, seed: options.seed, isGrouped, isTuned },
    }),
  );
  return path;
}

const started = performance.now();
const folds = Array.from({ length: options.partitions }, (_, p) =>
  splitter.assign(table.nRows, groups, createRandom(`${options.seed} partition ${p + 1}`)),
);
const x = await encodeAll();
const hasGaps = x.data.some(Number.isNaN);
// Scored by the absolute error, so chosen by it.
const learner = learnerByName(model, LEVEL, { hasGaps, trials, criterion: "absolute" });
const made: Partition[] = [];
for (const [p, fold] of folds.entries()) {
  if (only !== undefined && only !== p + 1) continue;
  const key = `partition ${p + 1}`;
  const name = [setName, model, isGrouped ? "grouped" : "random", options.folds, trials ?? "all", options.seed, key];
  made.push(await keptRun(textOption("keep"), name.join(" "), () => predictPartition(learner, fold, key)));
}
if (only !== undefined) {
  await closeWorkers();
  process.exit();
}
const partitions = made.map((partition) => ({ ...partition, rows: numbersOf(partition) }));
process.stderr.write("\n");
await closeWorkers();
const secondsOurs = made.reduce((sum, { seconds }) => sum + seconds, 0);
const folder = await mkdtemp(join(tmpdir(), "materiome-tables-"));
const input = await writePeerInput(x, folds, folder);
const earlier = await earlierResult(textOption("rivals"));
const peers =
  earlier !== undefined || hasOption("no-peer") ? [] : (pythonPeer<readonly Peer[]>("./tables_peer.py", [input]) ?? []);
await rm(folder, { recursive: true });

const maeOf = (predicted: ArrayLike<number>, kept: Int32Array): number =>
  mean(Array.from(kept, (i) => Math.abs((predicted[i] as number) - (target[i] as number)))); // rows of the table
const foldRows = (p: number, k: number): Int32Array => indices((i) => folds[p]?.[i] === k);
const overFolds = (predicted: (p: number) => ArrayLike<number>): number[] =>
  folds.flatMap((_, p) => Array.from({ length: options.folds }, (_, k) => maeOf(predicted(p), foldRows(p, k))));
const ours = overFolds((p) => partitions[p]?.rows.predicted ?? []);
const rivals =
  earlier?.rivals ??
  Object.keys(peers[0]?.predicted ?? {}).map((name) => ({
    name: `scikit-learn ${name}`,
    perFold: overFolds((p) => peers[p]?.predicted[name] ?? []),
  }));
const scored = partitions.map(({ rows }, p) => {
  const random = createRandom(`${options.seed} score ${p}`);
  const own = { level: LEVEL, groups, random };
  const { byWidth, all: whole } = coverageByRegion(rows, { groups, random });
  const peer = peers[p];
  const conformal =
    peer === undefined
      ? null
      : scoreHeldOut(
          {
            ...rows,
            predicted: Float64Array.from(peer.predicted["forest"] ?? []),
            lower: Float64Array.from(peer.lower),
            upper: Float64Array.from(peer.upper),
          },
          own,
        );
  const { coverage, intervalScore, meanIntervalWidth, r2, rmse } = scoreHeldOut(rows, own);
  return {
    ...{ r2, rmse, coverage, coverageCi: whole.coverageCi, intervalScore, meanIntervalWidth },
    coverageByWidth: byWidth.map((part) => part.coverage),
    splitConformal:
      earlier?.scored[p]?.splitConformal ??
      (conformal && {
        coverage: conformal.coverage,
        intervalScore: conformal.intervalScore,
        meanIntervalWidth: conformal.meanIntervalWidth,
      }),
  };
});
const best = rivals.toSorted((a, b) => mean(a.perFold) - mean(b.perFold))[0];
const difference =
  best === undefined || ours.length < 2
    ? null
    : correctedResampledT(
        ours.map((mae, k) => mae - (best.perFold[k] as number)), // one per fold
        1 / (options.folds - 1),
      );
const percent = (value: number): number => (100 * value) / mean(best?.perFold ?? []);
const result = {
  suite: "tables",
  case: setName,
  metric: `MAE (${set.unit}), mean over the folds`,
  model,
  trials,
  isRivalTuned: earlier?.isRivalTuned ?? isTuned,
  split: isGrouped ? "grouped" : "random",
  nRows: table.nRows,
  nGroups: new Set(groups).size,
  folds: options.folds,
  partitions: options.partitions,
  mae: mean(ours),
  meanBaselineMae: mean(overFolds((p) => partitions[p]?.rows.meanBaseline ?? [])),
  medianBaselineMae: mean(overFolds((p) => partitions[p]?.rows.medianBaseline ?? [])),
  rivals: rivals.map(({ name, perFold }) => ({ name, mae: mean(perFold), perFold })),
  difference: difference && {
    from: best?.name,
    percent: percent(difference.difference),
    interval: difference.interval.map(percent),
  },
  perFold: ours,
  scored,
  rivalSettings: earlier?.rivalSettings ?? peers.map(({ chosen }) => chosen),
  reports: partitions.map(({ reports }) => reports.map(chosenOf)),
  secondsOurs,
  seconds: (performance.now() - started) / 1000,
  seed: options.seed,
  ...provenance(
    earlier !== undefined
      ? { "scikit-learn": earlier.versions["scikit-learn"] as string }
      : peers[0] === undefined
        ? {}
        : { "scikit-learn": peers[0].sklearn },
  ),
};
report(result, () => {
  console.log(
    `${setName}: ${result.metric}; ${result.nRows} rows, ${result.nGroups} groups, ${result.split} folds, ${result.partitions} partitions`,
  );
  const entries = [{ name: result.model, mae: result.mae }, ...result.rivals];
  for (const entry of entries) console.log(`  ${entry.name.padEnd(34)} ${entry.mae.toPrecision(4)}`);
  console.log(
    `  always the mean ${result.meanBaselineMae.toPrecision(4)}, the median ${result.medianBaselineMae.toPrecision(4)}`,
  );
  if (result.difference !== null) {
    const { from, percent: share, interval } = result.difference;
    console.log(`  ${share.toFixed(1)} % (${interval.map((v) => v.toFixed(1)).join(" … ")}) against ${from}`);
  }
  for (const s of result.scored) {
    console.log(
      `  90 % intervals hold ${pct(s.coverage)} (${s.coverageCi.map(pct).join(" … ")}), by width ${s.coverageByWidth.map(pct).join(", ")}; interval score ${s.intervalScore?.toPrecision(4)}; split conformal ${pct(s.splitConformal?.coverage ?? null)}, ${s.splitConformal?.intervalScore?.toPrecision(4)}`,
    );
  }
});

function pct(value: number | null): string {
  return value === null ? "–" : `${(100 * value).toFixed(1)} %`;
}
