import type { Table } from "@materiome/core";
import type { ColumnEffect, Explanation } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import { figures, withError } from "../terminal/figures.ts";
import { versions } from "../version.ts";
import { beeswarm, contributionBars, signed, waterfall } from "./contributionPlots.ts";
import { derivedTables } from "./derivedTables.ts";
import { type EffectOf, effectFigure } from "./effectFigure.ts";
import { elementsOfRow, elementsSections } from "./elementsSection.ts";
import { figure, type Html, html, keyFigures, page, paragraph, row, section, table, warning } from "./page.ts";
import { withUnit } from "./trainedSource.ts";

export interface ExplainReportSource {
  readonly explained: Explanation;
  readonly table: Table;
  readonly path: string;
  /** Rows of the table to show one by one; three of them where none are chosen. */
  readonly chosen: readonly number[] | undefined;
  readonly targetIndex: number;
  readonly seed: number;
  readonly sha256: string;
}

const MOST_COLUMNS = 15;
const MOST_STEPS = 12;
const MOST_PAIRS = 8;

/** The page that `explain` writes: what moves predictions, how, and how single predictions come about. */
export function explainReport(source: ExplainReportSource): string {
  const { explained, path, table: data, seed, sha256 } = source;
  const { materiome, node } = versions();
  return page({
    title: `Why the model predicts what it predicts: ${explained.target.name}`,
    subtitle: `${data.nRows} rows of ${path}`,
    sections: [
      contributionsSection(source),
      importanceSection(explained),
      ...elementsSections(explained.elements, {
        moved: "predictions",
        unit: explained.target.unit,
        legend:
          "Blue: accumulated local effect with standard errors; dashed: partial dependence; grey: the same for single rows; ticks: training rows.",
        figure: ({ curves, training }, label) =>
          curves === undefined ? undefined : effectFigure(curves, { target: explained.target, label, training }),
      }),
      ...effectsSection(explained),
      ...interactionsSection(explained),
      rowsSection(source),
    ],
    footer: `materiome ${materiome}, Node ${node}, seed ${seed}, data sha256 ${sha256}`,
  });
}

function contributionsSection({ explained, table: data }: ExplainReportSource): Html {
  const { target, meanAbsolute, base, nBackground, nTraining, standardError, correlated, inputs } = explained;
  const order = byContribution(explained).slice(0, MOST_COLUMNS);
  const [first] = order;
  const unused = inputs.length - Array.from(meanAbsolute).filter((value) => value > 0).length;
  const keys = [
    { value: inUnit(base, target.unit), name: "predicted on average: where contributions start" },
    ...(first === undefined
      ? []
      : [
          {
            value: inputs[first]?.name ?? "",
            name: `moves predictions most, by ${inUnit(meanAbsolute[first] ?? 0, target.unit)} on average`,
          },
        ]),
    { value: String(unused), name: "columns that the model does not use in these rows" },
  ];
  const how = `A contribution is a Shapley value (${standardError === undefined ? "exact" : "sampled"}): how the prediction changes as the column becomes known, averaged over all orders in which columns can become known; unknown columns are those of ${nBackground} of ${nTraining} training rows. The contributions of a row and the mean prediction add up to its prediction. They say what the model does, not what causes what.`;
  return section(
    "What moves predictions",
    keyFigures(keys),
    paragraph(how),
    ...correlated.map((group) =>
      warning(
        `${group.join(", ")} go along with each other in the training rows: how credit is split among them says little.`,
      ),
    ),
    ...(order.length === 0
      ? []
      : [
          row(
            figure(html(contributionBars(explained, order)), "How much a column moves predictions, up or down."),
            figure(
              html(beeswarm(explained, order, (i) => `row ${data.rowNumber(i)}`)),
              "Each point is a row; dark where the column's value is low, bright where it is high, grey where it is no number.",
            ),
          ),
        ]),
    ...derivedTables(explained.parts, "predictions", target.unit),
  );
}

function importanceSection({ importance, noImportance, target }: Explanation): Html {
  const title = "What predictions lose without a column";
  if (importance === undefined) return section(title, paragraph(`Not measured: ${noImportance}.`));
  return section(
    title,
    paragraph(
      `On ${importance.nRows} measured rows that the model was not trained on it errs by ${inUnit(importance.mae, target.unit)} on average (root mean square ${inUnit(importance.rmse, target.unit)}). By how much that grows when columns are shuffled among these rows, with standard errors; columns that go along with each other are shuffled together.`,
    ),
    table(
      ["columns", withUnit("MAE grows by", target.unit), withUnit("RMSE grows by", target.unit)],
      importance.groups
        .slice(0, MOST_COLUMNS)
        .map((group) => [
          group.inputs.join(", "),
          withError(group.maeIncrease, group.maeStandardError),
          withError(group.rmseIncrease, group.rmseStandardError),
        ]),
    ),
  );
}

function effectsSection(explained: Explanation): Html[] {
  if (explained.effects.length === 0) return [];
  return [
    section(
      "How predictions change with a column",
      paragraph(
        "Blue: accumulated local effect with standard errors, which asks the model only near training rows. Dashed: centred partial dependence, which sets the column to each value in all rows. Where the two part, columns go along with each other, and the blue line is the one to trust. Grey: the same for single rows; where they cross, the column acts together with others. Ticks: training rows.",
      ),
      row(...explained.effects.map((effect) => effectFigure(effect, effectOf(effect, explained)))),
    ),
  ];
}

function effectOf({ local }: ColumnEffect, { target, inputs, nTraining }: Explanation): EffectOf {
  const input = inputs.find(({ name }) => name === local.input);
  const training = input?.values?.slice(-nTraining).filter((value) => !Number.isNaN(value)) ?? new Float64Array(0);
  return { target, label: withUnit(local.input, input?.unit ?? ""), training };
}

function interactionsSection({ interactions, target }: Explanation): Html[] {
  if (interactions.length === 0) return [];
  return [
    section(
      "Which columns act together",
      paragraph(
        "What two columns do jointly beyond the sum of what each does alone: root mean square over training rows, and Friedman's H, its share of the joint effect (0: none, 1: all).",
      ),
      table(
        ["columns", withUnit("joint effect beyond the sum", target.unit), "H"],
        interactions
          .slice(0, MOST_PAIRS)
          .map(({ inputs, size, h }) => [inputs.join(" × "), short(size), Number.isNaN(h) ? "–" : h.toFixed(2)]),
      ),
    ),
  ];
}

function rowsSection(source: ExplainReportSource): Html {
  const { explained, table: data, chosen, targetIndex } = source;
  const { predicted, prediction, measured, target, elements } = explained;
  const unit = target.unit === "" ? "" : ` ${displayUnit(target.unit)}`;
  const { lower, upper, mean, domain } = prediction;
  const rows = chosen ?? typicalRows(predicted);
  const blocks = rows.map((i) => {
    const at = i * mean.columns + targetIndex;
    const ends = [lower?.data[at], upper?.data[at]].map((v) => (v === undefined ? "–" : short(v)));
    const actual = measured[i] ?? Number.NaN;
    const told = [
      `Row ${data.rowNumber(i)}: ${inUnit(predicted[i] ?? Number.NaN, target.unit)}, interval ${ends.join(" … ")}`,
      ...(Number.isNaN(actual)
        ? []
        : [`measured ${inUnit(actual, target.unit)} (${signed(actual - (predicted[i] ?? 0))})`]),
      ...elementsOfRow(elements, i, ({ changes }) => changes, unit),
      ...(domain?.inDomain[i] === 0 ? [`outside the domain: ${domain.reason(i)}`] : []),
    ];
    return figure(html(waterfall(explained, i, MOST_STEPS)), told.join("; "));
  });
  const which =
    chosen === undefined
      ? "The highest, the lowest and the middle prediction; choose others with --rows."
      : "The rows chosen.";
  return section("How single predictions come about", paragraph(which), row(...blocks));
}

function typicalRows(predicted: Float64Array): number[] {
  const order = Array.from(predicted.keys()).sort((a, b) => (predicted[b] ?? 0) - (predicted[a] ?? 0));
  const picked = [order[0], order.at(-1), order[Math.floor(order.length / 2)]];
  return [...new Set(picked.filter((i) => i !== undefined))];
}

function byContribution({ inputs, meanAbsolute }: Explanation): number[] {
  return Array.from(inputs.keys())
    .filter((c) => (meanAbsolute[c] ?? 0) > 0)
    .sort((a, b) => (meanAbsolute[b] ?? 0) - (meanAbsolute[a] ?? 0));
}

function inUnit(value: number, unit: string): string {
  return unit === "" ? short(value) : `${short(value)} ${displayUnit(unit)}`;
}

function short(value: number): string {
  return figures(Number(value.toPrecision(4)));
}
