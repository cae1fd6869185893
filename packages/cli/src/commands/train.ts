import { join } from "node:path";
import { createRandom, DataError, schemaOf, writeFileAtomic } from "@materiome/core";
import type { FeatureStep } from "@materiome/core/features";
import { type ModelName, type TargetMetrics, type TrainedPropertyModel, trainPropertyModel } from "@materiome/forward";
import { dataOrigin } from "../input/dataOrigin.ts";
import { checkFeatureNames } from "../input/featureNames.ts";
import { inFile } from "../input/inFile.ts";
import { readPipeline } from "../input/readPipeline.ts";
import { readTableArgument, type TableOptions } from "../input/readTableArgument.ts";
import { commandLine } from "../output/commandLine.ts";
import { prepareFolder } from "../output/prepareFolder.ts";
import { foundLaws } from "../report/lawLines.ts";
import { modelCard } from "../report/modelCard.ts";
import { trainReport } from "../report/trainReport.ts";
import { displayUnit } from "../terminal/displayUnit.ts";
import { figures, withError } from "../terminal/figures.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { versions } from "../version.ts";

export interface TrainCommandOptions extends CommonOptions, TableOptions {
  readonly target: readonly string[];
  readonly features?: readonly string[];
  readonly steps?: string;
  readonly model: ModelName;
  readonly rival?: readonly ModelName[];
  readonly group?: readonly string[];
  readonly folds?: number;
  readonly useProperties?: boolean;
  readonly out: string;
  readonly writeSchema?: string;
  readonly dataLicence?: string;
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
  const trained = await trainPropertyModel(
    table,
    {
      targets: options.target,
      groups: options.group,
      folds: options.folds,
      model: options.model,
      rivals: options.rival,
      features,
      steps,
      useProperties: options.useProperties,
      learningCurve: options.learningCurve ?? true,
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
  const origin = dataOrigin(tablePath, sha256, options.dataLicence);
  const source = { table, origin, trained, learner: options.model, command: reproduce(tablePath, options, session) };
  const { dataset, licence } = origin;
  const document = {
    ...metrics,
    data: { file: tablePath, dataset: dataset?.name ?? null, licence: licence ?? null },
    learner: options.model,
    chosen: trained.reports,
    rivals: trained.rivals,
    command: source.command,
  };
  await writeFileAtomic(join(options.out, "metrics.json"), `${JSON.stringify(document, null, 2)}\n`);
  await writeFileAtomic(join(options.out, "card.md"), modelCard(source));
  await writeFileAtomic(join(options.out, "report.html"), trainReport(source));
  // The model last: where it stands, the rest is complete.
  await writeFileAtomic(join(options.out, "model.json"), JSON.stringify(trained.model));

  session.result(document);
  session.output(summary(trained));
  for (const warning of metrics.leakage.warnings) session.warn(warning);
  for (const { reason, rows } of metrics.dropped) session.warn(`${rows.length} rows left out: ${reason}`);
  session.say(`\nwritten to ${options.out}: model.json, metrics.json, card.md, report.html (seed ${session.seed})`);
}

/** The command that makes the same model from the same file. */
function reproduce(tablePath: string, options: TrainCommandOptions, session: Session): string {
  return commandLine(
    ["materiome", "train", tablePath],
    [
      ["target", options.target],
      ["model", options.model],
      ["rival", options.rival],
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
  const lines = [
    `${metrics.nFeatures} features from ${inputs}`,
    `scores: ${splitter.folds} folds, ${splitter.kind === "groupKFold" ? `whole groups held out; ${splitter.reason}` : splitter.reason}`,
    "",
    textTable(
      ["target", "n", "MAE (95 % CI)", "RMSE", "R²", "mean / median guess", "in 90 % interval"],
      [
        ...metrics.targets.map((target) => scoreRow(target.name, target)),
        ...rivals.map((rival) => scoreRow(`  ${rival.target} by ${rival.model}, same folds`, rival.metrics)),
        ...(optimistic?.targets ?? []).map((target) => scoreRow("  random folds (optimistic)", target)),
      ],
    ),
  ];
  for (const { equation, notes } of foundLaws(trained)) lines.push("", equation, ...notes.map((note) => `  ${note}`));
  const top = importances.filter((entry) => entry.maeIncrease > 0).slice(0, 5);
  if (top.length > 0) {
    const named = top.map(
      (entry) => `${entry.columns.join(" with ")} (${withError(entry.maeIncrease, entry.maeStandardError)})`,
    );
    lines.push("", `what it uses most (growth of MAE when shuffled): ${named.join(", ")}`);
  }
  return lines.join("\n");
}

function scoreRow(name: string, target: TargetMetrics): string[] {
  const unit = target.unit === "" ? "" : ` ${displayUnit(target.unit)}`;
  const short = (value: number): string => figures(Number(value.toPrecision(3)));
  return [
    name,
    String(target.n),
    `${short(target.mae)}${unit} (${target.maeCi.map(short).join(" … ")})`,
    short(target.rmse),
    target.r2.toFixed(3),
    `${short(target.meanBaselineMae)} / ${short(target.medianBaselineMae)}`,
    target.coverage90 === null ? "–" : `${(100 * target.coverage90).toFixed(1)} %`,
  ];
}
