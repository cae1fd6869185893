import { type Column, columnTexts, isPresent, resolveColumn, type Table } from "@materiome/core";
import { displayUnit } from "../terminal/displayUnit.ts";
import { threeFigures } from "../terminal/figures.ts";
import type { DataOrigin, TrainedSource } from "./trainedSource.ts";

const MOST_LABELS = 8;

interface CardModel {
  readonly inputs: readonly { readonly name: string }[];
  readonly targets: readonly { readonly name: string }[];
}

type CardSource = Omit<TrainedSource, "trained">;

/** Where the data are from, up to the head of the table of columns. */
export function cardHead(
  { origin, table }: CardSource,
  dropped: readonly { readonly reason: string; readonly rows: readonly number[] }[],
): string[] {
  return [
    "## Data",
    "",
    ...dataLines(origin, table.nRows),
    ...dropped.map(({ reason, rows }) => `- left out: ${rows.length} rows, ${reason}`),
    "",
    "| column | role | unit | values in the training rows | missing |",
    "| --- | --- | --- | --- | --- |",
  ];
}

export interface CardTail {
  /** What is predicted, as the head of a sentence. */
  readonly what: string;
  readonly domain: readonly string[];
  readonly failures: readonly string[];
  readonly metrics: { readonly seed: number | string; readonly versions: { readonly [name: string]: string } };
}

/** What the model is for, where it may be used, where it fails, and how to make it again. */
export function cardTail({ learner, command }: CardSource, { what, domain, failures, metrics }: CardTail): string[] {
  return [
    "## Intended use",
    "",
    `${what} for materials like those in the table, made and tested as they were, to choose what to try or to test next. Not a certificate: no design value, no release of a heat. The predictions carry the scatter of the measurements they were learnt from.`,
    "",
    "## Applicability domain",
    "",
    "A row is outside where a quantity leaves the range above, where a label or an element was in no training row, where an input is missing that no training row lacked, or where no training row is near (farther than 99 % of the training rows are from the nearest of another group). `in_domain` and `domain_reason` of every prediction say so; take predictions outside as guesses.",
    "",
    ...domain,
    "",
    "## Known failures",
    "",
    ...(failures.length === 0
      ? ["None found on the held-out rows; what the table does not hold was not tested."]
      : failures),
    "",
    "## How it was made",
    "",
    "```sh",
    command,
    "```",
    "",
    `Seed ${metrics.seed}; materiome ${metrics.versions["materiome"]}, Node ${metrics.versions["node"]}; learner \`${learner}\`. The same file, seed and versions make the same model, on any number of threads.`,
  ];
}

function dataLines({ path, sha256, dataset, licence }: DataOrigin, nRows: number): string[] {
  return [
    `- file \`${path}\`, ${nRows} rows, sha256 \`${sha256}\``,
    ...(dataset === undefined ? [] : [`- dataset ${dataset.name}: ${dataset.title}. ${dataset.citation}`]),
    `- licence of the data: ${licence ?? "not stated (give it with `--data-licence`)"}`,
  ];
}

/** Inputs, then targets, as the training rows have them. */
export function schemaRows(table: Table, model: CardModel): string[] {
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
    return `${threeFigures(values[0] ?? Number.NaN)} … ${threeFigures(values.at(-1) ?? Number.NaN)}`;
  }
  const texts = [...new Set(columnTexts(column).filter((text) => text !== undefined))];
  if (column.kind !== "category") return `${texts.length} different`;
  const shown = texts.slice(0, MOST_LABELS).join(", ");
  return texts.length > MOST_LABELS ? `${shown}, and ${texts.length - MOST_LABELS} more` : shown;
}

/** Text in a cell of a Markdown table. */
export function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
