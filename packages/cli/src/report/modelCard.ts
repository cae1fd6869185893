import { type Column, columnTexts, isPresent, resolveColumn } from "@materiome/core";
import type { PropertyMetrics, TargetDiagnostics, TargetMetrics } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import { figures, withError } from "../terminal/figures.ts";
import { chosenText } from "./chosenText.ts";
import { foundLaws } from "./lawLines.ts";
import { type DataOrigin, type TrainedSource, withUnit } from "./trainedSource.ts";

const MOST_LABELS = 8;
const NOMINAL = 0.9;

/** `card.md`: what a model was trained on, how good it is, where it may be used and where not, and how to make it again. */
export function modelCard(source: TrainedSource): string {
  const { trained, table, origin, learner, command } = source;
  const { metrics, model, importances } = trained;
  const names = metrics.targets.map((target) => withUnit(target.name, target.unit)).join(", ");
  const lines = [
    `# ${metrics.targets.map((target) => target.name).join(", ")}`,
    "",
    `Predicts ${names} from ${model.inputs.map((input) => input.name).join(", ")}.`,
    "",
    ...chosenLines(source),
    "## Data",
    "",
    ...dataLines(origin, table.nRows),
    ...metrics.dropped.map(({ reason, rows }) => `- left out: ${rows.length} rows, ${reason}`),
    "",
    "| column | role | unit | values in the training rows | missing |",
    "| --- | --- | --- | --- | --- |",
    ...schemaRows(source),
    "",
    "## Splits",
    "",
    splitText(metrics),
    "",
    "## Scores on held-out rows",
    "",
    "| target | n | MAE | 95 % CI | RMSE | R² | mean guess | median guess | nearest row | 90 % coverage | mean width |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...metrics.targets.map((target) => scoreLine(withUnit(target.name, target.unit), target)),
    ...trained.rivals.map((rival) => scoreLine(`${rival.target} by ${rival.model}, same folds`, rival.metrics)),
    ...(metrics.optimistic?.targets ?? []).map((target) =>
      scoreLine(`${target.name}, random folds (optimistic)`, target),
    ),
    "",
    "Guesses are of the training rows of each fold: their mean, their median, the value of the nearest of them.",
    "",
    ...metrics.diagnostics.flatMap((found, t) =>
      pairedLines(found, metrics.targets[t]?.unit ?? "", metrics.splitter.kind === "groupKFold" ? "groups" : "rows"),
    ),
    "",
    ...foundLaws(trained).flatMap(({ equation, notes }) => [
      `**${equation}**`,
      "",
      ...notes.map((note) => `- ${note}`),
      "",
    ]),
    "## What it uses",
    "",
    ...importances
      .filter((entry) => entry.maeIncrease > 0)
      .slice(0, 10)
      .map(
        (entry) =>
          `- ${entry.columns.join(", ")}: MAE of ${entry.target} grows by ${withError(entry.maeIncrease, entry.maeStandardError)} when shuffled`,
      ),
    "",
    "## Intended use",
    "",
    `Estimates of ${names} for materials like those in the table, made and tested as they were, to choose what to try or to test next. Not a certificate: no design value, no release of a heat. The predictions carry the scatter of the measurements they were learnt from.`,
    "",
    "## Applicability domain",
    "",
    "A row is outside where a quantity leaves the range above, where a label or an element was in no training row, where an input is missing that no training row lacked, or where no training row is near (farther than 99 % of the training rows are from the nearest of another group). `in_domain` and `domain_reason` of every prediction say so; take predictions outside as guesses.",
    "",
    ...metrics.diagnostics.flatMap(domainLines),
    "",
    "## Known failures",
    "",
    ...failureLines(source),
    "",
    "## How it was made",
    "",
    "```sh",
    command,
    "```",
    "",
    `Seed ${metrics.seed}; materiome ${metrics.versions["materiome"]}, Node ${metrics.versions["node"]}; learner \`${learner}\`. The same file, seed and versions make the same model, on any number of threads.`,
  ];
  return `${lines.join("\n")}\n`;
}

function dataLines({ path, sha256, dataset, licence }: DataOrigin, nRows: number): string[] {
  return [
    `- file \`${path}\`, ${nRows} rows, sha256 \`${sha256}\``,
    ...(dataset === undefined ? [] : [`- dataset ${dataset.name}: ${dataset.title}. ${dataset.citation}`]),
    `- licence of the data: ${licence ?? "not stated (give it with `--data-licence`)"}`,
  ];
}

function chosenLines({ trained, learner }: TrainedSource): string[] {
  return trained.reports.flatMap((report, t) => {
    const text = chosenText(report);
    const target = trained.metrics.targets[t]?.name ?? "";
    return text === undefined ? [] : [`Learner of ${target}: ${text} (${learner}).`, ""];
  });
}

/** Inputs, then targets, as the training rows have them. */
function schemaRows({ table, trained }: TrainedSource): string[] {
  const { model } = trained;
  const names = [...model.inputs, ...model.targets].map(({ name }) => name);
  return names.map((name) => {
    const column = resolveColumn(table, name);
    const nMissing = Array.from({ length: table.nRows }, (_, i) => i).filter((i) => !isPresent(column, i)).length;
    const role = model.targets.some((target) => target.name === name) ? "**target**" : column.role;
    const unit = column.kind === "number" ? displayUnit(column.unit) : "";
    return `| ${cell(name)} | ${role} | ${unit === "" ? "–" : unit} | ${cell(valuesText(column))} | ${nMissing === 0 ? "–" : nMissing} |`;
  });
}

function valuesText(column: Column): string {
  if (column.kind === "number") {
    const values = column.values.filter((value, i) => column.valid[i] !== 0 && Number.isFinite(value)).sort();
    if (values.length === 0) return "none";
    return `${short(values[0] ?? Number.NaN)} … ${short(values.at(-1) ?? Number.NaN)}`;
  }
  const texts = [...new Set(columnTexts(column).filter((text) => text !== undefined))];
  if (column.kind !== "category") return `${texts.length} different`;
  const shown = texts.slice(0, MOST_LABELS).join(", ");
  return texts.length > MOST_LABELS ? `${shown}, and ${texts.length - MOST_LABELS} more` : shown;
}

function splitText({ splitter }: PropertyMetrics): string {
  const { kind, folds, repeats, nGroups, groupColumns, derived, reason } = splitter;
  const times = repeats === 1 ? "" : `, ${repeats} times`;
  if (kind === "kFold") return `${folds} random folds${times}, because: ${reason}.`;
  return `${folds} folds${times} of whole groups: ${nGroups} by ${groupColumns.join(", ")}${derived ? " (derived)" : ""}. Rows of one group are never on both sides, so the scores are for new groups. Why: ${reason}. The same under random folds stands beside as optimistic.`;
}

function pairedLines(
  { target, againstMedian, againstNeighbour }: TargetDiagnostics,
  unit: string,
  held: string,
): string[] {
  const line = (name: string, pair: typeof againstMedian): string => {
    const tested = pair.resampled;
    const overFolds =
      tested === null
        ? ""
        : `; over folds ${tested.interval.map(signed).join(" … ")} (corrected resampled t-test, p = ${short(tested.p)})`;
    return `- ${target}: error less that of ${name}: ${signed(pair.difference)}${unit === "" ? "" : ` ${displayUnit(unit)}`}, 95 % interval ${pair.bootstrapInterval.map(signed).join(" … ")} over held-out ${held}${overFolds}`;
  };
  return [
    line("the median", againstMedian),
    ...(againstNeighbour === null ? [] : [line("the nearest training row", againstNeighbour)]),
  ];
}

function domainLines({ target, regions }: TargetDiagnostics): string[] {
  const of = (region: string): TargetDiagnostics["regions"][number] | undefined =>
    regions.find((one) => one.region === region);
  const [inside, outside] = [of("inside the domain"), of("outside the domain")];
  if (inside === undefined) return [];
  if (outside === undefined) return [`- ${target}: no held-out row lay outside.`];
  return [
    `- ${target}: of ${inside.n + outside.n} held-out rows ${outside.n} lay outside; MAE inside ${short(inside.mae)}, outside ${short(outside.mae)}; 90 % intervals held ${percent(inside.coverage)} inside, ${percent(outside.coverage)} outside.`,
  ];
}

function failureLines({ trained }: TrainedSource): string[] {
  const { metrics } = trained;
  const regions = metrics.diagnostics.flatMap(({ target, regions: own }) =>
    own
      .filter(({ coverageCi }) => coverageCi[1] < NOMINAL)
      .map(
        ({ region, n, coverage, coverageCi }) =>
          `- ${target}, ${region}: 90 % intervals hold only ${percent(coverage)} of ${n} rows (95 % interval of that ${percent(coverageCi[0])} … ${percent(coverageCi[1])})`,
      ),
  );
  const groups = metrics.diagnostics.flatMap(({ target, worstGroups }) =>
    worstGroups.map(
      ({ label, rows, mae, bias }) =>
        `- ${target}, ${label} (${rows.length} rows): MAE ${short(mae)}, mean of predicted − measured ${signed(bias)}`,
    ),
  );
  const lines = [
    ...metrics.leakage.warnings.map((text) => `- ${text}`),
    ...regions,
    ...(groups.length === 0 ? [] : ["", "Groups predicted worst while held out:", "", ...groups]),
  ];
  return lines.length === 0 ? ["None found on the held-out rows; what the table does not hold was not tested."] : lines;
}

function scoreLine(name: string, scores: TargetMetrics): string {
  const cells = [
    name,
    String(scores.n),
    short(scores.mae),
    interval(scores.maeCi),
    short(scores.rmse),
    scores.r2.toFixed(3),
    short(scores.meanBaselineMae),
    short(scores.medianBaselineMae),
    scores.neighbourBaselineMae === null ? "–" : short(scores.neighbourBaselineMae),
    scores.coverage90 === null ? "–" : percent(scores.coverage90),
    scores.meanIntervalWidth === null ? "–" : short(scores.meanIntervalWidth),
  ];
  return `| ${cells.map(cell).join(" | ")} |`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function interval([low, high]: readonly [number, number]): string {
  return `${short(low)} … ${short(high)}`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function signed(value: number): string {
  return value < 0 ? `−${short(-value)}` : `+${short(value)}`;
}

function short(value: number): string {
  return figures(Number(value.toPrecision(3)));
}
