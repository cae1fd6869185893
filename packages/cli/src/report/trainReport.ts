import type { GroupErrors, OutOfFold, TargetDiagnostics, TargetLearningCurve, TargetMetrics } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import { figures, percent, threeFigures } from "../terminal/figures.ts";
import { versions } from "../version.ts";
import { escapeHtml } from "./escape.ts";
import { foundLaws } from "./lawLines.ts";
import { noiseLines } from "./noiseLines.ts";
import { figure, type Html, html, keyFigures, page, paragraph, row, section, table, warning } from "./page.ts";
import { parityPlot } from "./parityPlot.ts";
import { searchOf, searchParts } from "./searchOf.ts";
import {
  calibrationPlot,
  coverageRows,
  importanceBars,
  learningCurvePlot,
  residualHistogram,
  residualsAgainstPrediction,
} from "./targetPlots.ts";
import { type TrainedSource, trainingWarnings, withUnit } from "./trainedSource.ts";
import { worstRows } from "./worstRows.ts";

const HEADER = [
  "target",
  "n",
  "MAE (95 % CI)",
  "RMSE",
  "R²",
  "mean guess",
  "median guess",
  "nearest row",
  "90 % coverage",
  "mean width",
] as const;

/** The page that `train` writes: scores beside their baselines, parity with intervals, residuals, what the model uses. */
export function trainReport(source: TrainedSource): string {
  const { trained, origin, command, table: data } = source;
  const { metrics } = trained;
  const sections: Html[] = [scoresSection(source)];
  if (metrics.leakage.warnings.length > 0 || metrics.dropped.length > 0) sections.push(warningsSection(source));
  for (const [t, target] of metrics.targets.entries()) {
    const held = trained.outOfFold[t];
    if (held !== undefined) sections.push(...targetSections(source, target, held, t));
  }
  const { materiome, node } = versions();
  return page({
    title: `Property model: ${metrics.targets.map((target) => target.name).join(", ")}`,
    subtitle: `${data.nRows} rows of ${origin.path}; scores are of held-out rows`,
    sections,
    footer: `materiome ${materiome}, Node ${node}, seed ${metrics.seed}, data sha256 ${metrics.dataSha256 ?? "unknown"}. Made by: ${command}`,
  });
}

function scoresSection({ trained }: TrainedSource): Html {
  const { metrics } = trained;
  const { splitter } = metrics;
  const [first] = metrics.targets;
  const keys =
    first === undefined
      ? []
      : [
          { value: `${threeFigures(first.mae)} ${displayUnit(first.unit)}`, name: "mean absolute error" },
          { value: first.r2.toFixed(3), name: "R² on held-out rows" },
          {
            value: `${threeFigures(first.meanBaselineMae)} ${displayUnit(first.unit)}`,
            name: "error of always guessing the mean",
          },
          { value: percent(first.coverage90), name: "of held-out rows inside their 90 % interval" },
        ];
  const rows = [
    ...metrics.targets.map((target) => scoreCells(target.name, target)),
    ...trained.rivals.map((rival) => scoreCells(`${rival.target} by ${rival.model}, same folds`, rival.metrics)),
    ...(metrics.optimistic?.targets ?? []).map((target) =>
      scoreCells(`${target.name}, random folds (optimistic)`, target),
    ),
  ];
  const how =
    splitter.kind === "groupKFold"
      ? `${splitter.folds} folds over ${splitter.nGroups} groups (${splitter.groupColumns.join(", ")}): a group is never on both sides, so these are errors for new groups. Groups: ${splitter.reason}.`
      : `${splitter.folds} random folds; ${splitter.reason}.`;
  return section(
    "How good it is",
    keyFigures(keys),
    paragraph(how),
    ...noiseLines(metrics).map((line) => paragraph(`${line}.`)),
    html(`<div class="nowrap">${table(HEADER, rows).html}</div>`),
    ...foundLaws(trained).flatMap(({ equation, notes }) => [
      paragraph(html(`<b>${escapeHtml(equation)}</b>`)),
      paragraph(notes.join(" ")),
    ]),
    ...searches(trained),
  );
}

/** What learners that choose have tried, and why they chose. */
function searches({ reports, metrics }: TrainedSource["trained"]): Html[] {
  return reports.flatMap((report, t) => {
    const { name = "", unit = "" } = metrics.targets[t] ?? {};
    const search = searchOf(report, unit);
    return search === undefined ? [] : searchParts(search, name);
  });
}

function scoreCells(name: string, target: TargetMetrics): string[] {
  return [
    withUnit(name, target.unit),
    String(target.n),
    `${threeFigures(target.mae)} (${target.maeCi.map(threeFigures).join(" … ")})`,
    threeFigures(target.rmse),
    target.r2.toFixed(3),
    threeFigures(target.meanBaselineMae),
    threeFigures(target.medianBaselineMae),
    target.neighbourBaselineMae === null ? "–" : threeFigures(target.neighbourBaselineMae),
    percent(target.coverage90),
    target.meanIntervalWidth === null ? "–" : threeFigures(target.meanIntervalWidth),
  ];
}

function targetSections(source: TrainedSource, target: TargetMetrics, held: OutOfFold, t: number): Html[] {
  const { trained } = source;
  const titleOf = (r: number): string => `row ${source.table.rowNumber(r)}`;
  const used = trained.importances.filter((entry) => entry.target === target.name);
  const found = trained.metrics.diagnostics[t];
  const nOutside = held.inDomain.reduce((sum, flag) => sum + (flag === 1 ? 0 : 1), 0);
  return [
    section(
      target.name,
      row(
        figure(
          parityPlot(held, target.unit, titleOf),
          `Held-out rows with their 90 % intervals; the dashed line is a perfect prediction.${nOutside === 0 ? "" : ` Crosses: the ${nOutside} rows that lie outside the domain of the rows learnt from.`}`,
        ),
        figure(
          residualsAgainstPrediction(held, target, titleOf),
          "What is left over against the prediction: a bend or a funnel is what the model does not know.",
        ),
        figure(residualHistogram(held, target), "How often which error occurs, on held-out rows."),
        ...(found?.learningCurve == null
          ? []
          : [
              figure(learningCurvePlot(found.learningCurve, target), learningCaption(found.learningCurve, target.unit)),
            ]),
      ),
    ),
    ...(found === undefined || (found.calibration === null && found.regions.length === 0)
      ? []
      : [intervalsSection(target, found)]),
    section(
      `What ${target.name} is predicted from`,
      paragraph(
        "Growth of the held-out error when a column takes the values of random training rows, with standard errors; columns that go along with each other together.",
      ),
      figure(importanceBars(used, target), used.length > 12 ? `The first 12 of ${used.length}.` : ""),
    ),
    section(
      `Rows to look at`,
      ...worstRows(source, held, target.unit),
      ...groupsTable(found?.worstGroups ?? [], target.unit),
    ),
  ];
}

function learningCaption({ points, lastStep, lastStepCi, nTest, nFolds }: TargetLearningCurve, unit: string): string {
  const last = points.at(-1);
  const step = `${signed(lastStep)} ${displayUnit(unit)} (95 % interval ${lastStepCi.map(signed).join(" … ")})`.trim();
  const says =
    lastStepCi[1] < 0
      ? "more rows still help"
      : lastStepCi[0] > 0
        ? "more rows of this kind do not help"
        : "whether more rows would help is not clear";
  return `The same ${nTest} held-out rows (${nFolds} folds) predicted from fewer rows. From half to all ${figures(Math.round(last?.nTrain ?? 0))} rows the error changes by ${step}: ${says}.`;
}

function intervalsSection(target: TargetMetrics, found: TargetDiagnostics): Html {
  const { calibration, regions } = found;
  return section(
    `Do the intervals of ${target.name} hold?`,
    row(
      ...(calibration === null
        ? []
        : [
            figure(
              calibrationPlot(calibration, target.name),
              "Share of held-out rows inside central intervals of each level. Above the line intervals are too wide, below too narrow; in the band the difference is chance.",
            ),
          ]),
      ...(regions.length === 0
        ? []
        : [
            figure(
              coverageRows(found),
              "Coverage of the 90 % intervals part by part, with 95 % intervals. Red: below 90 % by more than chance.",
            ),
          ]),
    ),
  );
}

function groupsTable(groups: readonly GroupErrors[], unit: string): Html[] {
  if (groups.length === 0) return [];
  return [
    paragraph(
      "The groups predicted worst while held out; a bias that is most of the error is an offset of the whole group.",
    ),
    table(
      ["group", "rows", withUnit("MAE", unit), "mean of predicted − measured", "in 90 % interval"],
      groups.map(({ label, rows, mae, bias, coverage }) => [
        label,
        String(rows.length),
        threeFigures(mae),
        signed(bias),
        percent(coverage),
      ]),
    ),
  ];
}

function warningsSection({ trained }: TrainedSource): Html {
  return section("Mind", ...trainingWarnings(trained.metrics).map((line) => warning(line)));
}

function signed(value: number): string {
  return value < 0 ? `−${threeFigures(-value)}` : `+${threeFigures(value)}`;
}
