import { createRandom, type Table } from "@materiome/core";
import {
  type ClassExplanation,
  classShapleyValues,
  classSubject,
  explainClasses,
  type PropertyClassModel,
} from "@materiome/forward";
import { inFile } from "../input/inFile.ts";
import { classExplainDocument } from "../output/classExplainDocument.ts";
import { elementLines } from "../output/elementLines.ts";
import { endExplaining } from "../output/endExplaining.ts";
import { classExplainReport, NO_USE } from "../report/classExplainReport.ts";
import { counted, threeFigures, withError } from "../terminal/figures.ts";
import type { Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import type { ExplainCommandOptions } from "./explain.ts";
import { refuseLongWork } from "./refuseLongWork.ts";

export interface ExplainClassTableInput {
  readonly model: PropertyClassModel;
  readonly table: Table;
  readonly path: string;
  readonly sha256: string;
  /** Rows to show one by one. */
  readonly chosen: readonly number[] | undefined;
}

const LISTED = 10;

/** `materiome explain` where the model is of classes: the same two files, of classes. */
export async function explainClassTable(
  { model, table, path, sha256, chosen }: ExplainClassTableInput,
  options: ExplainCommandOptions,
  session: Session,
): Promise<void> {
  const { background: nBackground, minutes, scale } = options;
  const run = { threads: session.threads, signal: session.signal };
  const explained = await (async () => {
    if (table.nRows > 0) {
      const subject = classSubject(model, table, { scale });
      const background = subject.training.slice(0, nBackground);
      await refuseLongWork({
        nRows: table.nRows,
        nBackground: background.length,
        minutes,
        explainFew: (n) =>
          classShapleyValues(subject, subject.rows.slice(0, n), background, { ...run, random: createRandom(0) }),
      });
    }
    return explainClasses(model, table, {
      ...run,
      random: createRandom(session.seed),
      target: options.target,
      class: options.class,
      scale,
      nBackground,
      onProgress: session.onProgress,
    });
  })().catch((error: unknown) => {
    throw inFile(path, error);
  });
  const { nOtherClasses, priorShare } = explained;
  const files = {
    explained,
    document: classExplainDocument(explained, table, options.class),
    page: classExplainReport({ explained, table, path, chosen, asked: options.class, seed: session.seed, sha256 }),
    summary: summary(explained, options.class),
    warnings: [
      ...(nOtherClasses > 0
        ? [
            `${counted(nOtherClasses, "row")} of classes that the model does not have, and so misses; left out of the importance`,
          ]
        : []),
      ...(priorShare === 1 ? [NO_USE] : []),
    ],
    nRows: table.nRows,
    sha256,
  };
  await endExplaining(files, options.out, session);
}

function summary(explained: ClassExplanation, asked: string | undefined): string {
  const { target, inputs, meanAbsolute, importance, nBackground, nTraining, standardError, scale } = explained;
  const order = Array.from(inputs.keys()).sort((a, b) => (meanAbsolute[b] ?? 0) - (meanAbsolute[a] ?? 0));
  const shuffled = (name: string): string[] => {
    const group = importance?.groups.find((entry) => entry.inputs.includes(name));
    if (group === undefined) return ["–", "–"];
    const more = group.inputs.length > 1 ? ` (with ${group.inputs.filter((other) => other !== name).join(", ")})` : "";
    return [
      withError(group.logLossIncrease, group.logLossStandardError),
      `${withError(100 * group.accuracyDecrease, 100 * group.accuracyStandardError)}${more}`,
    ];
  };
  const of = asked === undefined ? "the class predicted" : `"${asked}"`;
  return [
    `${target.name}: contributions of columns to the ${scale === "probability" ? "probability" : "log-odds"} of ${of}, ${standardError === undefined ? "exact" : "sampled"}, against ${nBackground} of ${nTraining} training rows`,
    "",
    textTable(
      ["column", "mean |contribution|", "log loss grows when shuffled", "accuracy falls (%)"],
      order.slice(0, LISTED).map((c) => {
        const name = inputs[c]?.name ?? "";
        return [name, threeFigures(meanAbsolute[c] ?? 0), ...shuffled(name)];
      }),
    ),
    ...elementLines(explained.elements, ` of the probability of ${of}`),
  ].join("\n");
}
