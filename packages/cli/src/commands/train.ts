import { createRandom, DataError, resolveColumn, schemaOf, type Table, writeFileAtomic } from "@materiome/core";
import type { FeatureStep } from "@materiome/core/features";
import {
  type ClassModelName,
  HEED_CRITERION,
  MODEL_NAMES,
  type ModelName,
  type TargetMetrics,
  type TrainedPropertyModel,
  trainPropertyModel,
} from "@materiome/forward";
import { dataOrigin } from "../input/dataOrigin.ts";
import { checkFeatureNames } from "../input/featureNames.ts";
import { inFile } from "../input/inFile.ts";
import { readPipeline } from "../input/readPipeline.ts";
import { readTableArgument, type TableOptions } from "../input/readTableArgument.ts";
import { commandLine } from "../output/commandLine.ts";
import { endTraining } from "../output/endTraining.ts";
import { prepareFolder } from "../output/prepareFolder.ts";
import { searchBudgetOf } from "../output/searchBudgetOf.ts";
import { writeTraining } from "../output/writeTraining.ts";
import { foundLaws } from "../report/lawLines.ts";
import { modelCard } from "../report/modelCard.ts";
import { noiseLines } from "../report/noiseLines.ts";
import { searchLines, searchOf } from "../report/searchOf.ts";
import { trainReport } from "../report/trainReport.ts";
import { displayUnit } from "../terminal/displayUnit.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import { counted, threeFigures, withError } from "../terminal/figures.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { versions } from "../version.ts";
import { trainClasses } from "./trainClasses.ts";

export interface TrainCommandOptions extends CommonOptions, TableOptions {
  readonly target: readonly string[];
  readonly features?: readonly string[];
  readonly steps?: string;
  readonly model: ModelName | ClassModelName;
  readonly rival?: readonly ModelName[];
  readonly group?: readonly string[];
  readonly folds?: number;
  readonly useProperties?: boolean;
  readonly out: string;
  readonly writeSchema?: string;
  readonly dataLicence?: string;
  /** Trials of each search of `auto`. */
  readonly trials?: number;
  readonly criterion?: "squared" | "absolute";
  /** Minutes for the whole training. */
  readonly budget?: number;
  /** Fewest rows or groups of a class. */
  readonly leastClass?: number;
  /** False: `--no-learning-curve`. */
  readonly learningCurve?: boolean;
}

/** `materiome train TABLE --target COL`: model.json, metrics.json, card.md and report.html in one folder. */
export async function runTrainCommand(
  tablePath: string,
  options: TrainCommandOptions,
  session: Session,
): Promise<void> {
  const features = checkFeatureNames(options.features);
  const { table, sha256 } = await readTableArgument(tablePath, options, session);
  const steps = await readStepsOnly(options.steps);
  await prepareFolder(options.out);
  if (options.writeSchema !== undefined) {
    await writeFileAtomic(options.writeSchema, `${JSON.stringify(schemaOf(table), null, 2)}\n`);
    session.note(`roles and units written to ${options.writeSchema}`);
  }
  const origin = dataOrigin(tablePath, sha256, options.dataLicence);
  if (isOfClasses(table, options.target)) {
    const commandOf = (trials: number | undefined): string => reproduce(tablePath, options, trials, session);
    await trainClasses({ table, origin, steps, commandOf }, options, session);
    return;
  }
  const trained = await trainPropertyModel(
    table,
    {
      targets: options.target,
      groups: options.group,
      folds: options.folds,
      model: modelName(options),
      rivals: options.rival,
      features,
      steps,
      useProperties: options.useProperties,
      learningCurve: options.learningCurve ?? true,
      trials: options.trials,
      criterion: options.criterion,
      budget: searchBudgetOf(options.budget, session),
      seed: session.seed,
      dataSha256: sha256,
      versions: versions(),
    },
    {
      random: createRandom(session.seed),
      threads: session.threads,
      signal: session.signal,
      onProgress: session.onProgress,
    },
  ).catch((error: unknown) => {
    throw inFile(tablePath, error);
  });
  const { metrics } = trained;
  const command = reproduce(tablePath, options, metrics.search?.trials, session);
  const source = { table, origin, trained, learner: options.model, command };
  const { dataset, licence } = origin;
  const document = {
    ...metrics,
    data: { file: tablePath, dataset: dataset?.name ?? null, licence: licence ?? null },
    learner: options.model,
    chosen: trained.reports,
    rivals: trained.rivals,
    command,
  };
  const files = { document, card: modelCard(source), report: trainReport(source), model: trained.model };
  await writeTraining(options.out, files);

  session.result(document);
  session.output(summary(trained));
  endTraining(metrics, options.out, session);
}

/** Whether the target is a column of text; of several targets none may be. */
function isOfClasses(table: Table, targets: readonly string[]): boolean {
  const classes = targets
    .map((text) => resolveColumn(table, text))
    .filter(({ kind }) => kind === "category" || kind === "text");
  const [first] = classes;
  if (first !== undefined && targets.length > 1) {
    throw new UsageError(
      `"${first.name}" is a column of classes, which are predicted one at a time; name one --target`,
    );
  }
  return first !== undefined;
}

function modelName({ model, trials, budget, criterion, leastClass }: TrainCommandOptions): ModelName {
  const found = MODEL_NAMES.find((one) => one === model);
  if (found === undefined)
    throw new UsageError(`--model ${model} predicts classes, and the target is a column of numbers`);
  if (found !== "auto" && (trials ?? budget) !== undefined) {
    throw new UsageError(`--trials and --budget are of the search of --model auto; ${found} searches nothing`);
  }
  if (found !== "auto" && criterion !== undefined && !HEED_CRITERION.has(found)) {
    throw new UsageError(
      `--criterion is of the search of --model auto and of nets (${[...HEED_CRITERION].join(", ")}); ${found} heeds none`,
    );
  }
  if (leastClass !== undefined)
    throw new UsageError("--least-class is for columns of classes; the target holds numbers");
  return found;
}

/** The command that makes the same model from the same file. */
function reproduce(
  tablePath: string,
  options: TrainCommandOptions,
  trials: number | undefined,
  session: Session,
): string {
  return commandLine(
    ["materiome", "train", tablePath],
    [
      ["target", options.target],
      ["model", options.model],
      ["rival", options.rival],
      ["trials", trials],
      ["criterion", options.criterion],
      ["least-class", options.leastClass],
      ["features", options.features],
      ["steps", options.steps],
      ["schema", options.schema],
      ["sheet", options.sheet],
      ["group", options.group],
      ["folds", options.folds],
      ["use-properties", options.useProperties],
      ["data-licence", options.dataLicence],
      ["no-learning-curve", options.learningCurve === false],
      ["out", options.out],
      ["seed", session.seed],
    ],
  );
}

/** Steps of `--steps`; a model takes no expressions or encodings yet. */
async function readStepsOnly(path: string | undefined): Promise<readonly FeatureStep[] | undefined> {
  if (path === undefined) return undefined;
  const { steps, expressions, encodings } = await readPipeline(path);
  if (Object.keys(expressions).length + Object.keys(encodings).length > 0) {
    throw new DataError('train takes only "steps" of this file, no expressions or encodings', {
      location: { file: path },
    });
  }
  return steps;
}

function summary(trained: TrainedPropertyModel): string {
  const { metrics, importances, model, rivals } = trained;
  const { splitter, optimistic } = metrics;
  const inputs = model.inputs.map((input) => input.name).join(", ");
  const isOne = metrics.targets.length === 1;
  const lines = [
    `${counted(metrics.nFeatures, "feature")} from ${inputs}`,
    `scores: ${splitter.folds} folds, ${splitter.kind === "groupKFold" ? `whole groups held out; ${splitter.reason}` : splitter.reason}`,
    ...noiseLines(metrics),
    "",
    textTable(
      ["target", "n", "MAE (95 % CI)", "RMSE", "R²", "mean / median guess", "in 90 % interval"],
      [
        ...metrics.targets.map((target) => scoreRow(target.name, target)),
        ...rivals.map((rival) => scoreRow(`  ${rival.target} by ${rival.model}, same folds`, rival.metrics)),
        ...(optimistic?.targets ?? []).map((target) =>
          scoreRow(`  ${isOne ? "" : `${target.name}, `}random folds (optimistic)`, target),
        ),
      ],
    ),
  ];
  for (const [t, report] of trained.reports.entries()) {
    const { name = "", unit = "" } = metrics.targets[t] ?? {};
    const search = searchOf(report, unit);
    if (search !== undefined) lines.push("", ...searchLines(search, name));
  }
  for (const { equation, notes } of foundLaws(trained)) lines.push("", equation, ...notes.map((note) => `  ${note}`));
  const used = metrics.targets.flatMap(({ name }) => {
    const top = importances.filter(({ target, maeIncrease }) => target === name && maeIncrease > 0).slice(0, 5);
    if (top.length === 0) return [];
    const named = top.map(
      (entry) => `${entry.columns.join(" with ")} (${withError(entry.maeIncrease, entry.maeStandardError)})`,
    );
    return [`what it uses most${isOne ? "" : ` for ${name}`} (growth of MAE when shuffled): ${named.join(", ")}`];
  });
  if (used.length > 0) lines.push("", ...used);
  return lines.join("\n");
}

function scoreRow(name: string, target: TargetMetrics): string[] {
  const unit = target.unit === "" ? "" : ` ${displayUnit(target.unit)}`;
  return [
    name,
    String(target.n),
    `${threeFigures(target.mae)}${unit} (${target.maeCi.map(threeFigures).join(" … ")})`,
    threeFigures(target.rmse),
    target.r2.toFixed(3),
    `${threeFigures(target.meanBaselineMae)} / ${threeFigures(target.medianBaselineMae)}`,
    target.coverage90 === null ? "–" : `${(100 * target.coverage90).toFixed(1)} %`,
  ];
}
