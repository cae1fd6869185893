import type {
  CoveragePoint,
  InputImportance,
  OutOfFold,
  TargetDiagnostics,
  TargetLearningCurve,
  TargetMetrics,
} from "@materiome/forward";
import { figures, withError } from "../terminal/figures.ts";
import { type Html, html } from "./page.ts";
import { pointsByDomain } from "./parityPlot.ts";
import { COLOURS } from "./plots/colours.ts";
import { labelledRows } from "./plots/labelledRows.ts";
import { r } from "./plots/pixel.ts";
import { plot } from "./plots/plot.ts";
import { domainOf } from "./plots/scale.ts";
import { withUnit } from "./trainedSource.ts";

const NOMINAL = 0.9;
const MOST_COLUMNS = 12;

/** How often errors of which size occur. */
export function residualHistogram(held: OutOfFold, { name, unit }: TargetMetrics): Html {
  const residuals = residualsOf(held);
  const n = Math.max(4, Math.min(24, Math.ceil(Math.sqrt(residuals.length))));
  return html(
    plot({
      description: `residuals of ${name}`,
      x: { label: withUnit("measured − predicted", unit) },
      y: { label: "rows" },
      layers: [{ kind: "bars", colour: COLOURS.green, ...histogram(residuals, n) }],
    }),
  );
}

/** Errors against the prediction: a bend or a funnel is what the model does not know. */
export function residualsAgainstPrediction(
  held: OutOfFold,
  { name, unit }: TargetMetrics,
  titleOf: (row: number) => string,
): Html {
  const residuals = residualsOf(held);
  const ends = domainOf(held.predicted);
  return html(
    plot({
      description: `residuals of ${name} against the prediction`,
      x: { label: withUnit("predicted while held out", unit), domain: ends },
      y: { label: withUnit("measured − predicted", unit) },
      layers: [
        { kind: "line", colour: COLOURS.grey, x: ends, y: [0, 0], dashed: true },
        ...pointsByDomain(held, (i) => [held.predicted[i], residuals[i]], { titleOf }),
      ],
    }),
  );
}

/** Stated against observed coverage of central intervals, with the band that chance leaves. */
export function calibrationPlot(points: readonly CoveragePoint[], name: string): Html {
  const of = (key: keyof CoveragePoint): number[] => points.map((point) => 100 * point[key]);
  return html(
    plot({
      description: `stated against observed coverage of the intervals of ${name}`,
      x: { label: "stated (%)", domain: [0, 100] },
      y: { label: "of held-out rows inside (%)", domain: [0, 100] },
      layers: [
        { kind: "band", colour: COLOURS.grey, name: "chance, 95 %", x: of("stated"), low: of("low"), high: of("high") },
        { kind: "line", colour: COLOURS.grey, x: [0, 100], y: [0, 100], dashed: true },
        { kind: "line", colour: COLOURS.blue, x: of("stated"), y: of("observed") },
        { kind: "points", colour: COLOURS.blue, name: "observed", x: of("stated"), y: of("observed") },
      ],
    }),
  );
}

/** Coverage of the 90 % intervals part by part, with 95 % intervals of the coverage. */
export function coverageRows({ regions, target }: TargetDiagnostics): Html {
  const low = Math.min(0.6, ...regions.map(({ coverageCi }) => coverageCi[0]));
  return html(
    labelledRows({
      description: `coverage of the 90 % intervals of ${target} by region`,
      xLabel: "rows inside their 90 % interval (%)",
      domain: [100 * Math.max(0, low - 0.04), 102],
      mark: 100 * NOMINAL,
      rows: regions.map(({ region, n, coverage, coverageCi }) => ({
        label: region,
        note: `${(100 * coverage).toFixed(0)} % of ${n}`,
        draw: (x, y) => {
          const colour = coverageCi[1] < NOMINAL ? COLOURS.red : COLOURS.blue;
          const [from, to] = [r(x(100 * coverageCi[0])), r(x(100 * coverageCi[1]))];
          return `<line x1="${from}" y1="${y}" x2="${to}" y2="${y}" stroke="${colour}" stroke-width="2"/><circle cx="${r(x(100 * coverage))}" cy="${y}" r="4" fill="${colour}"/>`;
        },
      })),
    }),
  );
}

/** By how much the held-out error grows without each input, with standard errors. */
export function importanceBars(entries: readonly InputImportance[], { name, unit }: TargetMetrics): Html {
  const shown = entries.slice(0, MOST_COLUMNS);
  const known = (error: number): number => (Number.isFinite(error) ? error : 0);
  const ends = shown.flatMap(({ maeIncrease, maeStandardError }) => [
    maeIncrease - known(maeStandardError),
    maeIncrease + known(maeStandardError),
  ]);
  return html(
    labelledRows({
      description: `growth of the held-out error of ${name} when inputs are shuffled`,
      xLabel: withUnit("MAE grows by", unit),
      domain: domainOf([0, ...ends]),
      mark: 0,
      rows: shown.map(({ columns, maeIncrease, maeStandardError }) => ({
        label: columns.join(", "),
        note: withError(maeIncrease, maeStandardError),
        draw: (x, y) => {
          const [from, to] = [Math.min(0, maeIncrease), Math.max(0, maeIncrease)].map((value) => r(x(value)));
          const [low, high] = [-1, 1].map((sign) => r(x(maeIncrease + sign * known(maeStandardError))));
          return `<rect x="${from}" y="${y - 7}" width="${r(Math.max(0.8, (to ?? 0) - (from ?? 0)))}" height="14" fill="${COLOURS.blue}" fill-opacity="0.75"/><path d="M${low} ${y}H${high}M${low} ${y - 4}v8M${high} ${y - 4}v8" stroke="${COLOURS.ink}"/>`;
        },
      })),
    }),
  );
}

/** Error on the same held-out rows against the number of rows learnt from. */
export function learningCurvePlot(curve: TargetLearningCurve, { name, unit, medianBaselineMae }: TargetMetrics): Html {
  const x = curve.points.map(({ nTrain }) => nTrain);
  const y = curve.points.map(({ mae }) => mae);
  const ends = domainOf(x, "log");
  return html(
    plot({
      description: `held-out error of ${name} against the number of training rows`,
      x: { label: "rows learnt from", kind: "log", domain: ends },
      y: { label: withUnit("MAE on held-out rows", unit) },
      layers: [
        {
          kind: "line",
          colour: COLOURS.grey,
          name: `median guess ${figures(Number(medianBaselineMae.toPrecision(3)))}`,
          x: ends,
          y: [medianBaselineMae, medianBaselineMae],
          dashed: true,
        },
        { kind: "line", colour: COLOURS.blue, x, y },
        {
          kind: "points",
          colour: COLOURS.blue,
          name: "model, 95 % interval",
          x,
          y,
          lower: curve.points.map(({ maeCi }) => maeCi[0]),
          upper: curve.points.map(({ maeCi }) => maeCi[1]),
          radius: 4,
        },
      ],
    }),
  );
}

function residualsOf(held: OutOfFold): number[] {
  return Array.from(held.actual, (value, i) => value - (held.predicted[i] ?? Number.NaN));
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
