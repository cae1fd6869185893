import { createRandom, DataError, type Table } from "@materiome/core";
import { type Explanation, explainTable, shapleyValues, tableSubject } from "@materiome/forward";
import { inFile } from "../input/inFile.ts";
import { isClassModel, loadAnyModel } from "../input/loadModel.ts";
import { matchTable } from "../input/matchTable.ts";
import { readTableArgument, type TableOptions } from "../input/readTableArgument.ts";
import { elementLines } from "../output/elementLines.ts";
import { endExplaining } from "../output/endExplaining.ts";
import { explainDocument } from "../output/explainDocument.ts";
import { prepareFolder } from "../output/prepareFolder.ts";
import { explainReport } from "../report/explainReport.ts";
import { displayUnit } from "../terminal/displayUnit.ts";
import { UsageError } from "../terminal/exitCodes.ts";
import { figures, threeFigures, withError } from "../terminal/figures.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { explainClassTable } from "./explainClassTable.ts";
import { refuseLongWork } from "./refuseLongWork.ts";

export interface ExplainCommandOptions extends CommonOptions, TableOptions {
  readonly out: string;
  readonly target?: string;
  readonly class?: string;
  readonly scale?: "probability" | "log-odds";
  readonly rows?: readonly string[];
  readonly background: number;
  readonly minutes: number;
  readonly balance?: string;
}

const LISTED = 10;

/** `materiome explain MODEL TABLE`: explain.json and report.html in one folder. */
export async function runExplainCommand(
  modelPath: string,
  tablePath: string,
  options: ExplainCommandOptions,
  session: Session,
): Promise<void> {
  const model = await loadAnyModel(modelPath);
  if (!isClassModel(model)) refuseOfClasses(options);
  const { table: given, sha256 } = await readTableArgument(tablePath, options, session);
  const { table } = matchTable(model.inputs, given, options.balance, session);
  const chosen = chosenRows(table, options.rows, tablePath);
  await prepareFolder(options.out);
  if (isClassModel(model))
    return explainClassTable({ model, table, path: tablePath, sha256, chosen }, options, session);
  const run = { threads: session.threads, signal: session.signal };
  const random = createRandom(session.seed);
  const explained = await (async () => {
    if (table.nRows > 0) {
      const subject = tableSubject(model, table, { target: options.target });
      const background = subject.training.slice(0, options.background);
      await refuseLongWork({
        nRows: table.nRows,
        nBackground: background.length,
        minutes: options.minutes,
        explainFew: (n) =>
          shapleyValues(subject, subject.rows.slice(0, n), background, { ...run, random: createRandom(0) }),
      });
    }
    return explainTable(model, table, {
      ...run,
      random,
      target: options.target,
      nBackground: options.background,
      onProgress: session.onProgress,
    });
  })().catch((error: unknown) => {
    throw inFile(tablePath, error);
  });
  const targetIndex = model.targets.findIndex(({ name }) => name === explained.target.name);
  const files = {
    explained,
    document: explainDocument(explained, table, targetIndex),
    page: explainReport({ explained, table, path: tablePath, chosen, targetIndex, seed: session.seed, sha256 }),
    summary: summary(explained),
    warnings: [],
    nRows: table.nRows,
    sha256,
  };
  await endExplaining(files, options.out, session);
}

/** @throws UsageError for options that only a model of classes takes */
function refuseOfClasses({ class: asked, scale }: ExplainCommandOptions): void {
  for (const [name, value] of Object.entries({ class: asked, scale })) {
    if (value !== undefined) throw new UsageError(`--${name} is for models of classes; leave it out`);
  }
}

/** Indices of rows named by their number in the file. */
function chosenRows(table: Table, numbers: readonly string[] | undefined, file: string): number[] | undefined {
  return numbers?.map((text) => {
    const number = Number(text);
    if (!Number.isInteger(number)) throw new UsageError(`--rows takes numbers of rows in the file, got "${text}"`);
    for (let i = 0; i < table.nRows; i++) if (table.rowNumber(i) === number) return i;
    const last = table.nRows === 0 ? "none" : `${table.rowNumber(0)} … ${table.rowNumber(table.nRows - 1)}`;
    throw new DataError(`--rows ${number}: the table has no such row (rows are ${last})`, { location: { file } });
  });
}

function summary(explained: Explanation): string {
  const { target, inputs, meanAbsolute, base, importance, nBackground, nTraining } = explained;
  const unit = target.unit === "" ? "" : ` ${displayUnit(target.unit)}`;
  const order = Array.from(inputs.keys()).sort((a, b) => (meanAbsolute[b] ?? 0) - (meanAbsolute[a] ?? 0));
  const shuffled = (name: string): string => {
    const group = importance?.groups.find((entry) => entry.inputs.includes(name));
    if (group === undefined) return "–";
    const more = group.inputs.length > 1 ? ` (with ${group.inputs.filter((other) => other !== name).join(", ")})` : "";
    return `${withError(group.maeIncrease, group.maeStandardError)}${more}`;
  };
  return [
    `${target.name}: ${figures(base)}${unit} on average of ${nBackground} of ${nTraining} training rows; contributions of columns, ${explained.standardError === undefined ? "exact" : "sampled"}`,
    "",
    textTable(
      ["column", `mean |contribution|${unit}`, `MAE grows when shuffled${unit}`],
      order.slice(0, LISTED).map((c) => {
        const name = inputs[c]?.name ?? "";
        return [name, threeFigures(meanAbsolute[c] ?? 0), shuffled(name)];
      }),
    ),
    ...elementLines(explained.elements, unit),
  ].join("\n");
}
