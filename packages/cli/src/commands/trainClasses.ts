import { createRandom, type Table } from "@materiome/core";
import type { FeatureStep } from "@materiome/core/features";
import {
  CLASS_MODEL_NAMES,
  type ClassModelName,
  type ClassTargetMetrics,
  type TrainedClassModel,
  trainClassModel,
} from "@materiome/forward";
import { inFile } from "../input/inFile.ts";
import { endTraining } from "../output/endTraining.ts";
import { searchBudgetOf } from "../output/searchBudgetOf.ts";
import { writeTraining } from "../output/writeTraining.ts";
import { classCard } from "../report/classCard.ts";
import { classReport } from "../report/classReport.ts";
import { searchLines, searchOf } from "../report/searchOf.ts";
import type { DataOrigin } from "../report/trainedSource.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import { counted, percent } from "../terminal/figures.ts";
import type { Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { versions } from "../version.ts";
import type { TrainCommandOptions } from "./train.ts";

export interface TrainClassesInput {
  readonly table: Table;
  readonly origin: DataOrigin;
  readonly steps: readonly FeatureStep[] | undefined;
  /** Command line that makes the same model with so many trials. */
  readonly commandOf: (trials: number | undefined) => string;
}

/** `materiome train` where the target is a column of text: the same four files, of classes. */
export async function trainClasses(
  input: TrainClassesInput,
  options: TrainCommandOptions,
  session: Session,
): Promise<void> {
  const { table, origin, steps, commandOf } = input;
  const [target] = options.target as readonly [string]; // one, as train has seen
  refuseForClasses(options, target);
  const trained = await trainClassModel(
    table,
    {
      target,
      groups: options.group,
      folds: options.folds,
      model: classModelName(options.model, target),
      features: options.features,
      steps,
      useProperties: options.useProperties,
      leastClass: options.leastClass,
      trials: options.trials,
      budget: searchBudgetOf(options.budget, session),
      seed: session.seed,
      dataSha256: origin.sha256,
      versions: versions(),
    },
    {
      random: createRandom(session.seed),
      threads: session.threads,
      signal: session.signal,
      onProgress: session.onProgress,
    },
  ).catch((error: unknown) => {
    throw inFile(origin.path, error);
  });
  const command = commandOf(trained.metrics.search?.trials);
  const source = { table, origin, trained, learner: options.model, command };
  const { dataset, licence } = origin;
  const document = {
    ...trained.metrics,
    importances: trained.importances,
    data: { file: origin.path, dataset: dataset?.name ?? null, licence: licence ?? null },
    learner: options.model,
    chosen: [trained.report],
    command,
  };
  const files = { document, card: classCard(source), report: classReport(source), model: trained.model };
  await writeTraining(options.out, files);

  session.result(document);
  session.output(summary(trained));
  endTraining(trained.metrics, options.out, session);
}

/** @throws UsageError for options that only a target of numbers takes */
function refuseForClasses(options: TrainCommandOptions, target: string): void {
  const { rival, criterion, model, trials, budget } = options;
  for (const [name, value] of Object.entries({ rival, criterion })) {
    if (value === undefined) continue;
    throw new UsageError(`--${name} is for columns of numbers, and "${target}" is a column of classes; leave it out`);
  }
  if (model !== "auto" && (trials ?? budget) !== undefined) {
    throw new UsageError(`--trials and --budget are of the search of --model auto; ${model} searches nothing`);
  }
}

function classModelName(name: string, target: string): ClassModelName {
  const found = CLASS_MODEL_NAMES.find((one) => one === name);
  if (found === undefined) {
    throw new UsageError(
      `--model ${name} predicts numbers, and "${target}" is a column of classes; use ${CLASS_MODEL_NAMES.join(", ")}`,
    );
  }
  return found;
}

function summary({ metrics, model, report }: TrainedClassModel): string {
  const [scores] = metrics.targets as [ClassTargetMetrics]; // one target
  const { baselines, sets, splitter } = { ...scores, splitter: metrics.splitter };
  const search = searchOf(report);
  const line = (name: string, one: typeof baselines.frequencies): string[] => [
    name,
    percent(one.accuracy),
    percent(one.balancedAccuracy),
    one.logLoss === null ? "∞" : one.logLoss.toFixed(3),
    one.brier.toFixed(3),
  ];
  return [
    `${counted(metrics.nFeatures, "feature")} from ${model.inputs.map(({ name }) => name).join(", ")}`,
    `scores: ${splitter.folds} folds of like shares of ${scores.labels.length} classes, ${splitter.kind === "stratifiedGroupKFold" ? `whole groups held out; ${splitter.reason}` : splitter.reason}`,
    "",
    textTable(
      [scores.name, "accuracy", "balanced", "log loss", "Brier"],
      [
        line(`model, ${scores.n} rows`, scores),
        line("most frequent class", baselines.frequencies),
        line("nearest row", baselines.neighbour),
      ],
    ),
    "",
    textTable(
      ["class", "rows", "found", "right when called"],
      scores.classes.map(({ label, n, recall, precision }) => [
        label,
        String(n),
        recall === null ? "–" : percent(recall),
        precision === null ? "–" : percent(precision),
      ]),
    ),
    "",
    `sets at ${100 * sets.level} %: ${percent(sets.coverage)} hold the class, ${sets.meanSize.toFixed(2)} classes in the mean`,
    ...(search === undefined ? [] : ["", ...searchLines(search, scores.name)]),
  ].join("\n");
}
