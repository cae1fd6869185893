import type { Table } from "@materiome/core";
import type { ClassColumnEffect, ClassExplanation } from "@materiome/forward";
import { counted, figures, percent, threeFigures, withError } from "../terminal/figures.ts";
import { versions } from "../version.ts";
import { classEffectFigure, type DrawnClass } from "./classEffectFigure.ts";
import { beeswarm, type Contributions, contributionBars, waterfall } from "./contributionPlots.ts";
import { derivedTables } from "./derivedTables.ts";
import type { EffectOf } from "./effectFigure.ts";
import { elementsOfRow, elementsSections } from "./elementsSection.ts";
import { escapeHtml } from "./escape.ts";
import { figure, type Html, html, keyFigures, page, paragraph, row, section, table, warning } from "./page.ts";
import { COLOURS } from "./plots/colours.ts";
import { labelledRows } from "./plots/labelledRows.ts";
import { r } from "./plots/pixel.ts";
import { withUnit } from "./trainedSource.ts";

export interface ClassExplainReportSource {
  readonly explained: ClassExplanation;
  readonly table: Table;
  readonly path: string;
  /** Rows of the table to show one by one; a few of them where none are chosen. */
  readonly chosen: readonly number[] | undefined;
  /** Class that is explained in every row. */
  readonly asked: string | undefined;
  readonly seed: number;
  readonly sha256: string;
}

/** Said of a model whose own probabilities count for nothing. */
export const NO_USE =
  "this model gives every row the shares of the classes among the training rows, because on held-out rows its own probabilities did no better; no column matters to what it predicts";

const MOST_COLUMNS = 15;
const MOST_STEPS = 12;
const MOST_PAIRS = 8;
/** Classes with a picture of their own. */
const MOST_SWARMS = 4;
const CLASS_COLOURS = [COLOURS.blue, COLOURS.orange, COLOURS.green, COLOURS.red, COLOURS.purple, COLOURS.sky];

/** The page that `explain` writes of a model of classes: what moves probabilities, how, and how single calls come about. */
export function classExplainReport(source: ClassExplainReportSource): string {
  const { explained, path, table: data, asked, seed, sha256 } = source;
  const { materiome, node } = versions();
  const shown = shownClasses(explained, asked);
  return page({
    title: `Why the model calls what it calls: ${explained.target.name}${asked === undefined ? "" : `, class ${asked}`}`,
    subtitle: `${data.nRows} rows of ${path}`,
    sections: [
      contributionsSection(source, shown),
      importanceSection(explained),
      ...elementParts(explained, shown, asked),
      ...effectsSection(explained, shown, asked),
      ...interactionsSection(explained),
      rowsSection(source),
    ],
    footer: `materiome ${materiome}, Node ${node}, seed ${seed}, data sha256 ${sha256}`,
  });
}

/** Classes that have a colour, those most often explained first; the others are in the JSON. */
function shownClasses(
  { classes, explained, classMeanAbsolute }: ClassExplanation,
  asked: string | undefined,
): number[] {
  const weight = classes.map((label, c) => {
    const moved = (classMeanAbsolute[c] ?? new Float64Array(0)).reduce((sum, v) => sum + v, 0);
    return (label === asked ? Number.POSITIVE_INFINITY : explained.filter((code) => code === c).length) + moved / 1e6;
  });
  return Array.from(classes.keys())
    .sort((a, b) => (weight[b] ?? 0) - (weight[a] ?? 0))
    .slice(0, CLASS_COLOURS.length);
}

function colourOf(shown: readonly number[], c: number): string {
  return CLASS_COLOURS[shown.indexOf(c)] ?? COLOURS.grey;
}

/** Contributions to one class. */
function contributionsTo(explained: ClassExplanation, c: number): Contributions {
  const { inputs, values, base, scores, classMeanAbsolute, classes, scale } = explained;
  const { rows, columns, data } = scores;
  return {
    inputs,
    values: values[c] ?? { rows, columns: inputs.length, data: new Float64Array(rows * inputs.length) },
    base: base[c] ?? Number.NaN,
    predicted: Float64Array.from({ length: rows }, (_, i) => data[i * columns + c] ?? Number.NaN),
    meanAbsolute: classMeanAbsolute[c] ?? new Float64Array(inputs.length),
    target: { name: `${scale} of ${classes[c]}`, unit: "" },
  };
}

function contributionsSection({ explained, table: data, asked }: ClassExplainReportSource, shown: number[]): Html {
  const { meanAbsolute, nBackground, nTraining, standardError, correlated, inputs, scale, classes, priorShare } =
    explained;
  const order = byContribution(explained).slice(0, MOST_COLUMNS);
  const [first] = order;
  const unused = inputs.length - Array.from(meanAbsolute).filter((value) => value > 0).length;
  const of = asked === undefined ? "the class called" : `class ${asked}`;
  const keys = [
    ...(first === undefined
      ? []
      : [
          {
            value: inputs[first]?.name ?? "",
            name: `moves the ${scale} of ${of} most, by ${short(meanAbsolute[first] ?? 0)} on average`,
          },
        ]),
    { value: String(unused), name: "columns that the model does not use in these rows" },
  ];
  const what =
    scale === "probability"
      ? "The contributions of a row to a class and the mean probability of the class add up to the probability predicted; over the classes they sum to 0."
      : `They are of log-odds, the scale on which this learner adds up: the natural logarithm of the probability of the class over the geometric mean of those of the other classes (of two classes the log-odds), before probabilities are mixed with the shares of the classes, which make up ${percent(priorShare)} of what is predicted. +1 makes the odds 2.7 times as large. With the mean log-odds they add up to those of the row; over the classes they sum to 0.`;
  const how = `A contribution is a Shapley value (${standardError === undefined ? "exact" : "sampled"}): how what is predicted of a class changes as the column becomes known, averaged over all orders in which columns can become known; unknown columns are those of ${nBackground} of ${nTraining} training rows. ${what} They say what the model does, not what causes what.`;
  const swarms = asked === undefined ? shown.slice(0, MOST_SWARMS) : shown.slice(0, 1);
  const others = classes.length - swarms.length;
  return section(
    "What moves calls",
    keyFigures(keys),
    ...(priorShare === 1 ? [warning(`${NO_USE[0]?.toUpperCase()}${NO_USE.slice(1)}.`)] : []),
    paragraph(how),
    ...correlated.map((group) =>
      warning(
        `${group.join(", ")} go along with each other in the training rows: how credit is split among them says little.`,
      ),
    ),
    ...(order.length === 0 ? [] : [row(bars(), ...swarms.map(swarm))]),
    ...derivedTables(explained.parts, `the ${scale} of ${of}`, ""),
    ...(others > 0 && asked === undefined && classes.length > MOST_SWARMS
      ? [
          paragraph(
            `${others === 1 ? "The other class is" : `The ${others} other classes are`} in explain.json; --class shows one of them.`,
          ),
        ]
      : []),
  );

  function bars(): Html {
    const [only] = shown;
    return asked === undefined || only === undefined
      ? figure(html(stackedBars(explained, order, shown)), legend(explained, shown))
      : figure(
          html(contributionBars(contributionsTo(explained, only), order)),
          "How much a column moves it, up or down.",
        );
  }

  function swarm(c: number): Html {
    const own = contributionsTo(explained, c);
    return figure(
      html(beeswarm(own, order, (i) => `row ${data.rowNumber(i)}`)),
      `Contributions to ${classes[c]}; each point is a row, dark where the column's value is low, bright where it is high, grey where it is no number.`,
    );
  }
}

/** Mean absolute contribution of columns, class by class. */
function stackedBars(explained: ClassExplanation, columns: readonly number[], shown: readonly number[]): string {
  const { classMeanAbsolute, inputs, target, scale, classes } = explained;
  const of = (c: number, f: number): number => classMeanAbsolute[c]?.[f] ?? 0;
  const sum = (f: number): number => classes.reduce((total, _, c) => total + of(c, f), 0);
  const order = [...shown, ...classes.keys()].filter((c, at, all) => all.indexOf(c) === at);
  return labelledRows({
    description: `mean absolute contribution of each column to the classes of ${target.name}`,
    xLabel: `mean |contribution| to ${scale}, summed over the classes`,
    domain: [0, Math.max(...columns.map(sum), 0) * 1.02 || 1],
    rows: columns
      .toSorted((a, b) => sum(b) - sum(a))
      .map((f) => ({
        label: inputs[f]?.name ?? "",
        note: threeFigures(sum(f)),
        draw: (x, y) => {
          let from = 0;
          return order
            .map((c) => {
              const [left, right] = [x(from), x(from + of(c, f))];
              from += of(c, f);
              return `<rect x="${r(left)}" y="${r(y - 7)}" width="${r(Math.max(0, right - left))}" height="14" fill="${colourOf(shown, c)}" fill-opacity="0.85"><title>${escapeHtml(`${classes[c]}: ${short(of(c, f))}`)}</title></rect>`;
            })
            .join("");
        },
      })),
  });
}

function legend({ classes }: ClassExplanation, shown: readonly number[]): Html {
  const entry = (colour: string, text: string): string =>
    `<span style="white-space:nowrap"><span style="color:${colour}">■</span> ${escapeHtml(text)}</span>`;
  const entries = shown.map((c) => entry(colourOf(shown, c), classes[c] ?? ""));
  const rest = classes.length > shown.length ? [entry(COLOURS.grey, "other classes")] : [];
  return html(`How much a column moves each class, up or down: ${[...entries, ...rest].join(" ")}`);
}

function importanceSection({ importance, noImportance, nOtherClasses }: ClassExplanation): Html {
  const title = "What calls lose without a column";
  const other =
    nOtherClasses === 0
      ? ""
      : ` Left out: ${counted(nOtherClasses, "row")} of classes that the model does not have, and so misses.`;
  if (importance === undefined) return section(title, paragraph(`Not measured: ${noImportance}.`));
  return section(
    title,
    paragraph(
      `On ${importance.nRows} measured rows that the model was not trained on it calls ${percent(importance.accuracy)} right, with a log loss of ${importance.logLoss.toFixed(3)}. By how much that grows or falls when columns are shuffled among these rows, with standard errors; columns that go along with each other are shuffled together.${other}`,
    ),
    table(
      ["columns", "log loss grows by", "accuracy falls by (%)"],
      importance.groups
        .slice(0, MOST_COLUMNS)
        .map((group) => [
          group.inputs.join(", "),
          withError(group.logLossIncrease, group.logLossStandardError),
          withError(100 * group.accuracyDecrease, 100 * group.accuracyStandardError),
        ]),
    ),
  );
}

function effectsSection(explained: ClassExplanation, shown: readonly number[], asked: string | undefined): Html[] {
  if (explained.effects.length === 0) return [];
  const drawn = drawnClasses(explained, shown, asked);
  const only = drawn.length === 1 ? ` of ${explained.classes[drawn[0]?.code ?? 0]}` : "";
  return [
    section(
      `How probabilities${only} change with a column`,
      paragraph(
        "Solid: accumulated local effect with standard errors, which asks the model only near training rows. Dashed: centred partial dependence, which sets the column to each value in all rows. Where the two part, columns go along with each other, and the solid line is the one to trust. Ticks: training rows.",
      ),
      ...(drawn.length === 1 ? [] : [paragraph(legendOf(explained, shown))]),
      row(...explained.effects.map((effect) => classEffectFigure(effect, effectOf(effect, explained), drawn))),
    ),
  ];
}

/** Of two classes the curve of one is that of the other upside down. */
function drawnClasses(
  { classes }: ClassExplanation,
  shown: readonly number[],
  asked: string | undefined,
): readonly DrawnClass[] {
  const codes = asked === undefined && classes.length > 2 ? shown : shown.slice(0, 1);
  return codes.map((code) => ({ code, colour: colourOf(shown, code) }));
}

function legendOf(explained: ClassExplanation, shown: readonly number[]): Html {
  const { html: markup } = legend(explained, shown);
  return html(markup.slice(markup.indexOf("<span")));
}

/** A column beside its effect. */
function effectOf({ input: name }: ClassColumnEffect, { target, inputs, nTraining }: ClassExplanation): EffectOf {
  const input = inputs.find((one) => one.name === name);
  const training = input?.values?.slice(-nTraining).filter((value) => !Number.isNaN(value)) ?? new Float64Array(0);
  return { target, label: withUnit(name, input?.unit ?? ""), training };
}

function elementParts(explained: ClassExplanation, shown: readonly number[], asked: string | undefined): Html[] {
  const { elements, target } = explained;
  const drawn = drawnClasses(explained, shown, asked);
  const [only] = drawn;
  const of = drawn.length === 1 ? ` of the probability of ${explained.classes[only?.code ?? 0]}` : "";
  return elementsSections(elements, {
    moved: `probabilities of ${asked ?? "the class called"}`,
    unit: "",
    legend: `Curves${of}, solid: accumulated local effect with standard errors; dashed: partial dependence; ticks: training rows.`,
    colours: drawn.length === 1 ? undefined : legendOf(explained, shown),
    figure: ({ curves, training }, label) =>
      curves === undefined ? undefined : classEffectFigure(curves, { target, label, training }, drawn),
  });
}

function interactionsSection({ interactions }: ClassExplanation): Html[] {
  if (interactions.length === 0) return [];
  return [
    section(
      "Which columns act together",
      paragraph(
        "What two columns do to probabilities jointly beyond the sum of what each does alone: root mean square over training rows (of half the sum of the squares over the classes), and Friedman's H, its share of the joint effect (0: none, 1: all).",
      ),
      table(
        ["columns", "joint effect beyond the sum", "H"],
        interactions
          .slice(0, MOST_PAIRS)
          .map(({ inputs, size, h }) => [inputs.join(" × "), short(size), Number.isNaN(h) ? "–" : h.toFixed(2)]),
      ),
    ),
  ];
}

function rowsSection({ explained, table: data, chosen }: ClassExplainReportSource): Html {
  const { prediction, predicted, measured, classes, scale, scores, elements } = explained;
  const { domain } = prediction;
  const blocks = (chosen ?? typicalRows(explained)).map((i) => {
    const c = explained.explained[i] ?? 0;
    const own = classes
      .map((label, code) => ({ label, p: probabilityOf(explained, i, code) }))
      .sort((a, b) => b.p - a.p)
      .slice(0, 3)
      .map(({ label, p }) => `${label} ${percent(p)}`);
    const actual = measured[i];
    const told = [
      `Row ${data.rowNumber(i)}: ${own.join(", ")}`,
      ...(actual === undefined
        ? []
        : [`measured ${actual}${actual === classes[predicted[i] ?? -1] ? "" : " (missed)"}`]),
      `explained: ${scale} of ${classes[c]}, ${short(scores.data[i * classes.length + c] ?? Number.NaN)}`,
      ...elementsOfRow(elements, i, ({ changes }) => changes[c], "", `, to the probability of ${classes[c]},`),
      ...(domain?.inDomain[i] === 0 ? [`outside the domain: ${domain.reason(i)}`] : []),
    ];
    return figure(html(waterfall(contributionsTo(explained, c), i, MOST_STEPS)), told.join("; "));
  });
  const which =
    chosen === undefined
      ? "The surest call, the least sure one and, where classes are measured, the one furthest off; choose others with --rows."
      : "The rows chosen.";
  return section("How single calls come about", paragraph(which), row(...blocks));
}

function probabilityOf({ prediction, classes }: ClassExplanation, i: number, c: number): number {
  return prediction.probabilities.data[i * classes.length + c] ?? Number.NaN;
}

function typicalRows(explained: ClassExplanation): number[] {
  const { predicted, measured, classes } = explained;
  const sure = (i: number): number => probabilityOf(explained, i, predicted[i] ?? 0);
  const order = Array.from(predicted.keys()).sort((a, b) => sure(b) - sure(a));
  const right = (i: number): number => probabilityOf(explained, i, classes.indexOf(measured[i] ?? ""));
  const off = order.filter((i) => classes.includes(measured[i] ?? "")).sort((a, b) => right(a) - right(b));
  return [...new Set([order[0], order.at(-1), off[0]].filter((i) => i !== undefined))];
}

function byContribution({ inputs, meanAbsolute }: ClassExplanation): number[] {
  return Array.from(inputs.keys())
    .filter((c) => (meanAbsolute[c] ?? 0) > 0)
    .sort((a, b) => (meanAbsolute[b] ?? 0) - (meanAbsolute[a] ?? 0));
}

function short(value: number): string {
  return figures(Number(value.toPrecision(4)));
}
