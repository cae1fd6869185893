import type { PropertyMetrics, TargetDiagnostics, TargetMetrics } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import { percent, threeFigures, withError } from "../terminal/figures.ts";
import { cardHead, cardTail, cell, schemaRows } from "./cardParts.ts";
import { foundLaws } from "./lawLines.ts";
import { noiseLines } from "./noiseLines.ts";
import { searchOf, seenTexts } from "./searchOf.ts";
import { type TrainedSource, withUnit } from "./trainedSource.ts";

const NOMINAL = 0.9;

/** `card.md`: what a model was trained on, how good it is, where it may be used and where not, and how to make it again. */
export function modelCard(source: TrainedSource): string {
  const { trained, table } = source;
  const { metrics, model, importances } = trained;
  const names = metrics.targets.map((target) => withUnit(target.name, target.unit)).join(", ");
  const lines = [
    `# ${metrics.targets.map((target) => target.name).join(", ")}`,
    "",
    `Predicts ${names} from ${model.inputs.map((input) => input.name).join(", ")}.`,
    "",
    ...chosenLines(source),
    ...cardHead(source, metrics.dropped),
    ...schemaRows(table, model),
    "",
    ...noiseLines(metrics).flatMap((line) => [`${line}.`, ""]),
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
    ...cardTail(source, {
      what: `Estimates of ${names}`,
      domain: metrics.diagnostics.flatMap(domainLines),
      failures: failureLines(source),
      metrics,
    }),
  ];
  return `${lines.join("\n")}\n`;
}

function chosenLines({ trained, learner }: TrainedSource): string[] {
  return trained.reports.flatMap((report, t) => {
    const search = searchOf(report);
    if (search === undefined) return [];
    const target = trained.metrics.targets[t]?.name ?? "";
    const seen = seenTexts(search).map((text) => ` ${text}.`);
    return [`Learner of ${target}: ${search.chosen} (${learner}).${seen.join("")}`, ""];
  });
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
        : `; over folds ${tested.interval.map(signed).join(" … ")} (corrected resampled t-test, p = ${threeFigures(tested.p)})`;
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
    `- ${target}: of ${inside.n + outside.n} held-out rows ${outside.n} lay outside; MAE inside ${threeFigures(inside.mae)}, outside ${threeFigures(outside.mae)}; 90 % intervals held ${percent(inside.coverage)} inside, ${percent(outside.coverage)} outside.`,
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
        `- ${target}, ${label} (${rows.length} rows): MAE ${threeFigures(mae)}, mean of predicted − measured ${signed(bias)}`,
    ),
  );
  const lines = [
    ...metrics.leakage.warnings.map((text) => `- ${text}`),
    ...regions,
    ...(groups.length === 0 ? [] : ["", "Groups predicted worst while held out:", "", ...groups]),
  ];
  return lines;
}

function scoreLine(name: string, scores: TargetMetrics): string {
  const cells = [
    name,
    String(scores.n),
    threeFigures(scores.mae),
    interval(scores.maeCi),
    threeFigures(scores.rmse),
    scores.r2.toFixed(3),
    threeFigures(scores.meanBaselineMae),
    threeFigures(scores.medianBaselineMae),
    scores.neighbourBaselineMae === null ? "–" : threeFigures(scores.neighbourBaselineMae),
    scores.coverage90 === null ? "–" : percent(scores.coverage90),
    scores.meanIntervalWidth === null ? "–" : threeFigures(scores.meanIntervalWidth),
  ];
  return `| ${cells.map(cell).join(" | ")} |`;
}

function interval([low, high]: readonly [number, number]): string {
  return `${threeFigures(low)} … ${threeFigures(high)}`;
}

function signed(value: number): string {
  return value < 0 ? `−${threeFigures(-value)}` : `+${threeFigures(value)}`;
}
