import type { OutOfFold, TargetMetrics } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import { figures, withError } from "../terminal/figures.ts";
import { versions } from "../version.ts";
import { figure, type Html, html, keyFigures, page, paragraph, row, section, table, warning } from "./page.ts";
import { parityPlot } from "./parityPlot.ts";
import { COLOURS } from "./plots/colours.ts";
import { plot } from "./plots/plot.ts";
import { type TrainedSource, withUnit } from "./trainedSource.ts";

const WORST_ROWS = 10;

/** The page that `train` writes: scores beside their baselines, parity with intervals, residuals, what the model uses. */
export function trainReport(source: TrainedSource): string {
  const { trained, path, table: data } = source;
  const { metrics } = trained;
  const sections: Html[] = [scoresSection(source)];
  for (const [t, target] of metrics.targets.entries()) {
    const held = trained.outOfFold[t];
    if (held !== undefined) sections.push(targetSection(source, target, held));
  }
  if (metrics.leakage.warnings.length > 0 || metrics.dropped.length > 0) sections.push(warningsSection(source));
  const { materiome, node } = versions();
  return page({
    title: `Property model: ${metrics.targets.map((target) => target.name).join(", ")}`,
    subtitle: `${data.nRows} rows of ${path}; scores are of held-out rows`,
    sections,
    footer: `materiome ${materiome}, Node ${node}, seed ${metrics.seed}, data sha256 ${metrics.dataSha256 ?? "unknown"}`,
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
          { value: `${short(first.mae)} ${displayUnit(first.unit)}`, name: "mean absolute error" },
          { value: first.r2.toFixed(3), name: "R² on held-out rows" },
          {
            value: `${short(first.meanBaselineMae)} ${displayUnit(first.unit)}`,
            name: "error of always guessing the mean",
          },
          { value: percent(first.coverage90), name: "of held-out rows inside their 90 % interval" },
        ];
  const rows = [
    ...metrics.targets.map((target) => scoreCells(target.name, target)),
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
    table(
      ["target", "n", "MAE (95 % CI)", "RMSE", "R²", "mean guess", "median guess", "90 % coverage", "mean width"],
      rows,
    ),
  );
}

function scoreCells(name: string, target: TargetMetrics): string[] {
  return [
    withUnit(name, target.unit),
    String(target.n),
    `${short(target.mae)} (${target.maeCi.map(short).join(" … ")})`,
    short(target.rmse),
    target.r2.toFixed(3),
    short(target.meanBaselineMae),
    short(target.medianBaselineMae),
    percent(target.coverage90),
    target.meanIntervalWidth === null ? "–" : short(target.meanIntervalWidth),
  ];
}

function targetSection(source: TrainedSource, target: TargetMetrics, held: OutOfFold): Html {
  const { trained } = source;
  const parity = parityPlot(held, target.unit, (r) => `row ${source.table.rowNumber(r)}`);
  const residuals = Array.from(held.actual, (value, i) => value - (held.predicted[i] ?? Number.NaN));
  const bars = histogram(residuals, 24);
  const residualPlot = plot({
    description: `residuals of ${target.name}`,
    x: { label: withUnit("measured − predicted", target.unit) },
    y: { label: "rows" },
    layers: [{ kind: "bars", colour: COLOURS.green, ...bars }],
  });
  const used = trained.importances.filter((entry) => entry.target === target.name).slice(0, 12);
  return section(
    target.name,
    row(
      figure(parity, "Held-out rows with their 90 % intervals; the dashed line is a perfect prediction."),
      figure(html(residualPlot), "What is left over, on held-out rows."),
    ),
    paragraph(
      "What the model uses: growth of the held-out error when a column takes the values of random training rows, with standard errors; columns that go along with each other together.",
    ),
    table(
      ["input", withUnit("MAE grows by", target.unit)],
      used.map((entry) => [entry.columns.join(", "), withError(entry.maeIncrease, entry.maeStandardError)]),
    ),
    paragraph(
      `The ${WORST_ROWS} rows it predicts worst. Look at them first: a slip in the table or a metal of its own kind.`,
    ),
    table(
      ["row", withUnit("measured", target.unit), "predicted", "90 % interval"],
      worstRows(held).map((i) => [
        String(source.table.rowNumber(held.rows[i] ?? 0)),
        figures(held.actual[i] ?? Number.NaN),
        short(held.predicted[i] ?? Number.NaN),
        `${short(held.lower[i] ?? Number.NaN)} … ${short(held.upper[i] ?? Number.NaN)}`,
      ]),
    ),
  );
}

function warningsSection({ trained }: TrainedSource): Html {
  const { leakage, dropped } = trained.metrics;
  const lines = [...leakage.warnings, ...dropped.map(({ reason, rows }) => `${rows.length} rows left out: ${reason}`)];
  return section("Mind", ...lines.map((line) => warning(line)));
}

function worstRows(held: OutOfFold): number[] {
  const error = (i: number): number => Math.abs((held.actual[i] ?? 0) - (held.predicted[i] ?? 0));
  return Array.from(held.rows.keys())
    .sort((a, b) => error(b) - error(a))
    .slice(0, WORST_ROWS);
}

function histogram(values: readonly number[], n: number): { readonly edges: number[]; readonly heights: number[] } {
  const low = Math.min(...values);
  const width = (Math.max(...values) - low) / n || 1;
  const heights = new Array<number>(n).fill(0);
  for (const value of values) {
    const bin = Math.min(n - 1, Math.floor((value - low) / width));
    heights[bin] = (heights[bin] ?? 0) + 1;
  }
  return { edges: Array.from({ length: n + 1 }, (_, i) => low + i * width), heights };
}

function percent(share: number | null): string {
  return share === null ? "–" : `${(100 * share).toFixed(1)} %`;
}

function short(value: number): string {
  return figures(Number(value.toPrecision(3)));
}
