import { resolveColumn } from "@materiome/core";
import { wilsonInterval } from "@materiome/core/numerics";
import type { ClassTargetMetrics, OutOfFoldClasses, TrainedClassModel } from "@materiome/forward";
import { percent, withError } from "../terminal/figures.ts";
import { versions } from "../version.ts";
import { comparedColumns } from "./comparedColumns.ts";
import { confusionTable } from "./confusionTable.ts";
import { escapeHtml } from "./escape.ts";
import { figure, type Html, html, keyFigures, page, paragraph, row, section, table, warning } from "./page.ts";
import { COLOURS } from "./plots/colours.ts";
import { labelledRows } from "./plots/labelledRows.ts";
import { r } from "./plots/pixel.ts";
import { plot } from "./plots/plot.ts";
import { domainOf } from "./plots/scale.ts";
import { searchOf, searchParts } from "./searchOf.ts";
import { type TrainedSource, trainingWarnings } from "./trainedSource.ts";
import { differencesOf, idOf } from "./worstRows.ts";

/** What the report and the card of a training on classes speak of. */
export interface TrainedClassSource extends Omit<TrainedSource, "trained"> {
  readonly trained: TrainedClassModel;
}

const WORST_ROWS = 10;
const BINS = 5;

/** The page that `train` writes for classes: scores beside guesses, what is taken for what, whether probabilities hold, the worst rows. */
export function classReport(source: TrainedClassSource): string {
  const { trained, origin, command, table: data } = source;
  const { metrics } = trained;
  const [scores] = metrics.targets as [ClassTargetMetrics]; // one target
  const { materiome, node } = versions();
  const warnings = trainingWarnings(metrics);
  return page({
    title: `Classes: ${scores.name}`,
    subtitle: `${data.nRows} rows of ${origin.path}; scores are of held-out rows`,
    sections: [
      scoresSection(source, scores),
      ...(warnings.length === 0 ? [] : [section("Mind", ...warnings.map((line) => warning(line)))]),
      section(
        "What is taken for what",
        row(
          figure(
            confusionTable(scores.labels, scores.confusion),
            "Held-out rows: measured class down, called class across; the share of each row of the table is shaded.",
          ),
          figure(classTable(scores), "Class by class, against all others."),
        ),
      ),
      probabilitiesSection(scores, trained.outOfFold),
      section(
        "What it is predicted from",
        paragraph(
          "Growth of the held-out Brier score when a column takes the values of random training rows, with standard errors; columns that go along with each other together.",
        ),
        figure(importances(trained), ""),
      ),
      section("Rows to look at", ...worstRows(source)),
    ],
    footer: `materiome ${materiome}, Node ${node}, seed ${metrics.seed}, data sha256 ${origin.sha256}. Made by: ${command}`,
  });
}

function scoresSection({ trained }: TrainedClassSource, scores: ClassTargetMetrics): Html {
  const { splitter } = trained.metrics;
  const { baselines, accuracyCi, sets } = scores;
  const how =
    splitter.kind === "stratifiedGroupKFold"
      ? `${splitter.folds} folds over ${splitter.nGroups} groups (${splitter.groupColumns.join(", ")}), with nearly the same share of each class: a group is never on both sides. Groups: ${splitter.reason}.`
      : `${splitter.folds} random folds with nearly the same share of each class; ${splitter.reason}.`;
  const search = searchOf(trained.report);
  return section(
    "How good it is",
    keyFigures([
      {
        value: percent(scores.accuracy),
        name: `of held-out rows called right (${accuracyCi.map(percent).join(" … ")})`,
      },
      { value: percent(scores.balancedAccuracy), name: "right in the mean over classes" },
      { value: percent(baselines.frequencies.accuracy), name: "right by always calling the most frequent class" },
      {
        value: percent(sets.coverage),
        name: `of ${100 * sets.level} % sets hold the class; ${sets.meanSize.toFixed(2)} classes in the mean`,
      },
    ]),
    paragraph(how),
    table(
      ["", "accuracy", "balanced accuracy", "log loss", "Brier score", "macro F1", "ROC AUC", "calibration error"],
      [
        [
          "model",
          percent(scores.accuracy),
          percent(scores.balancedAccuracy),
          scores.logLoss.toFixed(3),
          scores.brier.toFixed(3),
          scores.f1.toFixed(3),
          scores.rocAuc?.toFixed(3) ?? "–",
          scores.ece.toFixed(3),
        ],
        guess("shares of the classes", baselines.frequencies),
        guess("class of the nearest row", baselines.neighbour),
      ],
    ),
    ...(search === undefined ? [] : searchParts(search, scores.name)),
  );
}

function guess(name: string, scores: ClassTargetMetrics["baselines"]["frequencies"]): string[] {
  const { accuracy, balancedAccuracy, logLoss, brier } = scores;
  return [
    name,
    percent(accuracy),
    percent(balancedAccuracy),
    logLoss === null ? "∞" : logLoss.toFixed(3),
    brier.toFixed(3),
    "–",
    "–",
    "–",
  ];
}

function classTable({ classes, sets }: ClassTargetMetrics): Html {
  const share = (value: number | null): string => (value === null ? "–" : percent(value));
  return table(
    ["class", "rows", "found", "right when called", "ROC AUC", `in its ${100 * sets.level} % set`],
    classes.map(({ label, n, recall, precision, rocAuc, setCoverage }) => [
      label,
      String(n),
      share(recall),
      share(precision),
      rocAuc?.toFixed(3) ?? "–",
      share(setCoverage),
    ]),
  );
}

/** Do probabilities mean what they say: calls in bins of how sure they were. */
function probabilitiesSection(scores: ClassTargetMetrics, held: OutOfFoldClasses): Html {
  const k = held.labels.length;
  const calls = Array.from(held.codes, (code, i) => {
    const own = held.probabilities.data.subarray(i * k, (i + 1) * k);
    const sure = Math.max(...own);
    return { sure, right: own.indexOf(sure) === code ? 1 : 0 };
  }).sort((a, b) => a.sure - b.sure);
  const size = Math.ceil(calls.length / BINS);
  const bins = Array.from({ length: BINS }, (_, b) => calls.slice(b * size, (b + 1) * size)).filter(
    (bin) => bin.length > 0,
  );
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = bins.map((bin) => 100 * mean(bin.map(({ sure }) => sure)));
  const y = bins.map((bin) => 100 * mean(bin.map(({ right }) => right)));
  const ends = bins.map((bin, b) => wilsonInterval((y[b] ?? 0) / 100, bin.length, 0.95));
  const picture = plot({
    description: "how sure calls were against how often they were right",
    x: { label: "probability of the class called (%)", domain: [0, 102] },
    y: { label: "called right (%)", domain: [0, 102] },
    layers: [
      { kind: "line", colour: COLOURS.grey, x: [0, 100], y: [0, 100], dashed: true },
      { kind: "line", colour: COLOURS.blue, x, y },
      {
        kind: "points",
        colour: COLOURS.blue,
        name: "held-out rows, in fifths; 95 % interval",
        x,
        y,
        lower: ends.map(([low]) => 100 * low),
        upper: ends.map(([, high]) => 100 * high),
        radius: 4,
      },
    ],
  });
  const { sets, domain } = scores;
  const outside =
    domain.nOutside === 0
      ? "No held-out row lay outside the domain of the rows learnt from."
      : `${domain.nOutside} held-out rows lay outside the domain of the rows learnt from: ${share(domain.accuracyOutside)} of them called right, inside ${share(domain.accuracyInside)}.`;
  return section(
    "Do the probabilities hold?",
    row(figure(html(picture), "Above the line the model is surer than it says, below it claims too much.")),
    paragraph(
      `Sets of classes that cannot be ruled out, at ${100 * sets.level} %, calibrated class by class on other folds: ${percent(sets.coverage)} hold the measured class (95 % interval ${sets.coverageCi.map(percent).join(" … ")}), ${percent(sets.shareOfOne)} name one class alone, ${percent(sets.shareOfNone)} none. ${outside}`,
    ),
  );
}

function importances({ importances: entries }: TrainedClassModel): Html {
  const shown = entries.slice(0, 12);
  const known = (error: number): number => (Number.isFinite(error) ? error : 0);
  return html(
    labelledRows({
      description: "growth of the held-out Brier score when inputs are shuffled",
      xLabel: "Brier score grows by",
      domain: domainOf([
        0,
        ...shown.flatMap((e) => [
          e.brierIncrease - known(e.brierStandardError),
          e.brierIncrease + known(e.brierStandardError),
        ]),
      ]),
      mark: 0,
      rows: shown.map(({ columns, brierIncrease, brierStandardError }) => ({
        label: columns.join(", "),
        note: withError(brierIncrease, brierStandardError),
        draw: (x, y) => {
          const [from, to] = [r(x(Math.min(0, brierIncrease))), r(x(Math.max(0, brierIncrease)))];
          const [low, high] = [-1, 1].map((sign) => r(x(brierIncrease + sign * known(brierStandardError))));
          return `<rect x="${from}" y="${y - 7}" width="${r(Math.max(0.8, to - from))}" height="14" fill="${COLOURS.blue}" fill-opacity="0.75"/><path d="M${low} ${y}H${high}M${low} ${y - 4}v8M${high} ${y - 4}v8" stroke="${COLOURS.ink}"/>`;
        },
      })),
    }),
  );
}

function worstRows({ table: data, trained }: TrainedClassSource): Html[] {
  const { outOfFold: held, model } = trained;
  const k = held.labels.length;
  const columns = model.inputs.map(({ name }) => resolveColumn(data, name));
  const differences = differencesOf(comparedColumns(data, columns));
  const of = (i: number, c: number): number => held.probabilities.data[i * k + c] ?? 0;
  const worst = Array.from(held.rows.keys())
    .sort((a, b) => of(a, held.codes[a] ?? 0) - of(b, held.codes[b] ?? 0))
    .slice(0, WORST_ROWS);
  const labelAt = new Map(Array.from(held.rows, (at, i) => [at, held.labels[held.codes[i] ?? 0] ?? ""]));
  const nNear = held.neighbours.length / Math.max(1, held.rows.length);
  const lines = worst.map((i) => {
    const at = held.rows[i] ?? 0;
    const own = held.labels.map((label, c) => ({ label, p: of(i, c) })).sort((a, b) => b.p - a.p);
    const reason = held.domainReasons[i];
    const near = Array.from(held.neighbours.subarray(i * nNear, (i + 1) * nNear)).filter((other) => other >= 0);
    return [
      html(
        `<b>${data.rowNumber(at)}</b>${idOf(data, at)}${reason === undefined ? "" : `<br><span class="doubt">outside: ${escapeHtml(reason)}</span>`}`,
      ),
      labelAt.get(at) ?? "",
      `${own[0]?.label ?? ""} (${percent(own[0]?.p ?? 0)})`,
      percent(of(i, held.codes[i] ?? 0)),
      html(
        near
          .map(
            (other) =>
              `row ${data.rowNumber(other)} is <b>${escapeHtml(labelAt.get(other) ?? "")}</b>: ${escapeHtml(differences(at, other))}`,
          )
          .join("<br>"),
      ),
    ];
  });
  return [
    paragraph(
      `The ${worst.length} rows whose class was called least probable, each beside the nearest rows that the model could learn from while it was held out, with the columns, of formulas the elements, that differ most (this row → neighbour). Neighbours of another class with nearly the same inputs are often slips in the table.`,
    ),
    html(
      `<div class="worst">${table(["row", "measured", "called", "probability of the measured class", "nearest training rows"], lines).html}</div>`,
    ),
  ];
}

function share(value: number | null): string {
  return value === null ? "–" : percent(value);
}
