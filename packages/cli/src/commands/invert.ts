import { createRandom, DomainError, resolveColumn, rowAt, type TableModel, writeFileAtomic } from "@materiome/core";
import {
  type Candidate,
  type Criterion,
  describeSpec,
  type FootprintOptions,
  type InversionResult,
  invert,
  parseSpec,
  type Refusal,
  type SearchSpace,
  type Setting,
  spaceFromTable,
  writeSpace,
} from "@materiome/inverse";
import { keptSpace } from "../input/keptSpace.ts";
import { loadModel } from "../input/loadModel.ts";
import { readFootprint } from "../input/readFootprint.ts";
import { readScatter } from "../input/readScatter.ts";
import { readSpaceFile } from "../input/readSpaceFile.ts";
import { commandLine } from "../output/commandLine.ts";
import { exploreText, judgedName, judgedProbability } from "../output/exploreText.ts";
import { invertDocument } from "../output/invertDocument.ts";
import { namingSumOptions } from "../output/namingSumOptions.ts";
import { invertReport } from "../report/invertReport.ts";
import { displayUnit } from "../terminal/displayUnit.ts";
import { EXIT, type SetExitCode, UsageError } from "../terminal/exitCodes.ts";
import { figures } from "../terminal/figures.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { materiomeVersion, versions } from "../version.ts";

export interface InvertCommandOptions extends CommonOptions {
  readonly target: readonly string[];
  readonly fix?: readonly string[];
  readonly vary?: readonly string[];
  readonly like?: number;
  readonly keep?: readonly string[];
  readonly bounds?: string;
  readonly writeBounds?: string;
  readonly number: number;
  readonly level: number;
  readonly minProbability: number;
  readonly criterion: Criterion;
  readonly cost?: string;
  readonly scatter?: readonly string[];
  readonly schedule?: string;
  readonly energy?: string;
  readonly windowEvaluations: number;
  readonly candidatesOnly?: boolean;
  readonly report?: string;
}

/** `materiome invert MODEL --target "COL>=900 MPa"`: suggestions, or exit code 5 with the best reachable and the cause. */
export async function runInvertCommand(
  modelPath: string,
  options: InvertCommandOptions,
  session: Session,
  setExitCode: SetExitCode,
): Promise<void> {
  if (options.scatter !== undefined && options.candidatesOnly === true) {
    throw new UsageError("--candidates-only leaves out what --scatter is for; leave out one of them");
  }
  const model = await loadModel(modelPath);
  const specs = options.target.map((text) => parseSpec(text, model.targets));
  const space = keptSpace(await searchSpace(model, options), options.keep, { isGiven: options.bounds !== undefined });
  if (options.writeBounds !== undefined) {
    await writeFileAtomic(options.writeBounds, `${JSON.stringify(writeSpace(space), null, 2)}\n`);
    session.note(`search space written to ${options.writeBounds}`);
  }
  const result = await invert(model, {
    specs,
    space,
    n: options.number,
    level: options.level,
    minProbability: options.minProbability,
    criterion: options.criterion,
    explore: options.candidatesOnly !== true,
    maxWindowEvaluations: options.windowEvaluations,
    cost: options.cost,
    scatter:
      options.scatter === undefined
        ? undefined
        : readScatter(options.scatter, (name) => resolveColumn(model.training, name)),
    footprint: await footprintOf(options),
    random: createRandom(session.seed),
    threads: session.threads,
    signal: session.signal,
    onProgress: session.onProgress,
  });
  session.result({ ...invertDocument(result, model), seed: session.seed, versions: versions() });
  session.output(
    result.refused === undefined ? describeResult(result, model) : describeRefusal(result, result.refused),
  );
  if (options.report !== undefined) {
    const { minProbability, criterion, cost, scatter, fix, vary, like, keep, bounds } = options;
    const command = commandLine(
      ["materiome", "invert", modelPath],
      [
        ["target", options.target],
        ["fix", fix],
        ["vary", vary],
        ["like", like],
        ["keep", keep],
        ["bounds", bounds],
        ["number", options.number],
        ["min-probability", minProbability],
        ["criterion", criterion],
        ["cost", cost],
        ["scatter", scatter],
      ],
    );
    const page = invertReport(result, { model, command, seed: session.seed, version: materiomeVersion() });
    await writeFileAtomic(options.report, page);
    session.note(`report written to ${options.report}`);
  }
  for (const note of result.diagnostics.notes) session.note(`note: ${namingSumOptions(note)}`);
  session.note(`seed ${session.seed}; ${result.diagnostics.nEvaluated} settings predicted`);
  if (result.refused !== undefined) setExitCode(EXIT.infeasible);
}

async function footprintOf({ schedule, energy }: InvertCommandOptions): Promise<FootprintOptions | undefined> {
  if (schedule === undefined && energy === undefined) return undefined;
  if (schedule === undefined || energy === undefined) {
    throw new UsageError(
      "energy and CO2 need both --schedule (which settings are which steps) and --energy (mass, furnace)",
    );
  }
  return readFootprint(schedule, energy);
}

async function searchSpace(model: TableModel, options: InvertCommandOptions): Promise<SearchSpace> {
  if (options.bounds !== undefined) {
    if (options.fix !== undefined || options.vary !== undefined || options.like !== undefined) {
      throw new UsageError(
        "--bounds holds the whole search space; leave out --fix, --vary and --like, or edit the file",
      );
    }
    return readSpaceFile(options.bounds);
  }
  const context = options.like === undefined ? undefined : trainingRow(options.like, model);
  return spaceFromTable(model.training, {
    inputs: model.inputs,
    fix: parseSettings(options.fix ?? [], model),
    vary: (options.vary ?? []).map((name) => resolveColumn(model.training, name).name),
    context,
  });
}

/** Index of the training row that stood in this row of the file, the header being row 1. */
function trainingRow(fileRow: number, model: TableModel): number {
  const row = rowAt(model.training, fileRow);
  if (row !== undefined) return row;
  const { nRows, source } = model.training;
  const [first, last] = [model.training.rowNumber(0), model.training.rowNumber(nRows - 1)];
  throw new DomainError(
    `--like ${fileRow}: no training row stood in that row of ${source ?? "the table"} (rows ${first} … ${last}, the header being row 1; rows without a target were left out)`,
  );
}

/** `COL=VALUE` pairs; a column name may itself hold "=". */
function parseSettings(texts: readonly string[], model: TableModel): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const text of texts) {
    const split = model.inputs
      .map((input) => input.name)
      .sort((a, b) => b.length - a.length)
      .find((name) => text.toLowerCase().startsWith(`${name.toLowerCase()}=`));
    const equals = split?.length ?? text.indexOf("=");
    if (equals <= 0) throw new UsageError(`--fix "${text}": write COL=VALUE, for example --fix "C=0.4 wt%"`);
    settings[resolveColumn(model.training, text.slice(0, equals)).name] = text.slice(equals + 1).trim();
  }
  return settings;
}

function describeResult(result: InversionResult, model: TableModel): string {
  const knobs = variedNames(result);
  const isCorrected = result.candidates.some((c) => c.correctedProbability !== null);
  const hasCost = result.candidates.some((c) => c.cost !== null);
  const hasEnergy = result.candidates.some((c) => c.footprint !== null);
  const cost = result.candidates[0]?.cost?.unit ?? "";
  const header = [
    "#",
    ...knobs.map((knob) => (knob.unit === "" ? knob.name : `${knob.name} (${displayUnit(knob.unit)})`)),
    ...result.specs.map((spec) => `${spec.target}, ${percent(result.level)} interval`),
    "P(met)",
    ...(isCorrected ? ["corrected"] : []),
    ...(hasCost ? [cost === "" ? "cost" : `cost (${displayUnit(cost)})`] : []),
    ...(hasEnergy ? ["energy (MJ)", "CO2 (kg)"] : []),
    "nearest row",
  ];
  const rows = result.candidates.map((candidate, i) => [
    String(i + 1),
    ...knobs.map((knob) => settingText(candidate, knob.name)),
    ...candidate.predictions.map(
      (p) =>
        `${figures(p.mean)} (${figures(p.lower)} … ${figures(p.upper)})${p.unit === "" ? "" : ` ${displayUnit(p.unit)}`}`,
    ),
    candidate.probability.toFixed(2),
    ...(isCorrected ? [candidate.correctedProbability?.toFixed(2) ?? "–"] : []),
    ...(hasCost ? [figures(candidate.cost?.value ?? Number.NaN)] : []),
    ...(hasEnergy
      ? [candidate.footprint?.energyMJ, candidate.footprint?.emissionsKg].map((v) => figures(v ?? Number.NaN))
      : []),
    `${model.training.rowNumber(candidate.nearestSample.row)} at ${candidate.nearestSample.distance.toFixed(3)}`,
  ]);
  return [
    `wanted: ${result.specs.map(describeSpec).join(" and ")}`,
    fixedText(result),
    "",
    textTable(header, rows),
    ...exploreText(result),
    "",
    result.criterion === "corrected"
      ? "These are experiments to run, not results. Their corrected probability is what counts: predictions picked for being good are optimistic."
      : "These are experiments to run, not results: the best of many predictions is optimistic.",
  ]
    .filter((line, i) => line !== "" || i > 1)
    .join("\n");
}

function fixedText(result: InversionResult): string {
  if (result.fixed.length === 0) return "";
  const values = result.fixed.map((f) => `${f.name} = ${f.value}${f.unit === "" ? "" : ` ${displayUnit(f.unit)}`}`);
  return `given:  ${values.join(", ")}`;
}

function describeRefusal(result: InversionResult, refusal: Refusal): string {
  const lines = [
    `wanted: ${result.specs.map(describeSpec).join(" and ")}`,
    fixedText(result),
    `refused: ${refusal.reason}`,
    `cause:   ${refusal.limiting.text}`,
  ];
  if (refusal.best !== undefined) {
    const { predictions, settings } = refusal.best;
    const probability = judgedProbability(refusal.best, result.criterion);
    const values = predictions.map((p) =>
      `${p.target} ${figures(p.mean)} (${figures(p.lower)} … ${figures(p.upper)}) ${displayUnit(p.unit)}`.trimEnd(),
    );
    lines.push(
      `best believed reachable: ${values.join(", ")} with ${judgedName(result.criterion)} ${probability.toFixed(3)}, at`,
      ...variedNames(result, settings).map((knob) =>
        `  ${knob.name} = ${figures(knob.value)} ${displayUnit(knob.unit)}`.trimEnd(),
      ),
    );
  }
  return lines.filter((line) => line !== "").join("\n");
}

/** Settings that differ between suggestions or were open to the search: all that is not fixed. */
function variedNames(result: InversionResult, from?: readonly Setting[]): readonly Setting[] {
  const fixed = new Set(result.fixed.map((f) => f.name));
  return (from ?? result.candidates[0]?.settings ?? []).filter((setting) => !fixed.has(setting.name));
}

function settingText(candidate: Candidate, name: string): string {
  const value = candidate.settings.find((setting) => setting.name === name)?.value;
  return value === undefined ? "" : figures(value);
}

function percent(level: number): string {
  return `${Number((100 * level).toFixed(1))} %`;
}
