import type { TargetMetrics } from "@materiome/forward";
import { figures, withError } from "../terminal/figures.ts";
import { type TrainedSource, withUnit } from "./trainedSource.ts";

/** `card.md`: what a model was trained on, how good it is, where it may be used and where not. */
export function modelCard({ trained, path, table }: TrainedSource): string {
  const { metrics, model, importances } = trained;
  const { splitter } = metrics;
  const lines = [
    `# ${metrics.targets.map((target) => target.name).join(", ")}`,
    "",
    `Predicts ${metrics.targets.map((target) => withUnit(target.name, target.unit)).join(", ")} from`,
    `${model.inputs.map((input) => `${withUnit(input.name, input.unit)} [${input.role}]`).join(", ")}.`,
    "",
    "## Data",
    "",
    `- file \`${path}\`, ${table.nRows} rows, sha256 \`${metrics.dataSha256}\``,
    `- groups: ${splitter.kind === "groupKFold" ? `${splitter.nGroups} by ${splitter.groupColumns.join(", ")}${splitter.derived ? " (derived)" : ""}` : "none"}`,
    ...metrics.dropped.map(({ reason, rows }) => `- left out: ${rows.length} rows, ${reason}`),
    "",
    "## Scores on held-out rows",
    "",
    `${splitter.folds} folds${splitter.kind === "groupKFold" ? " of whole groups" : ""}, ${splitter.repeats} repeat(s), seed ${metrics.seed}.`,
    "",
    "| target | n | MAE | 95 % CI | RMSE | R² | mean guess | median guess | 90 % coverage |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...metrics.targets.map((target) => scoreLine(withUnit(target.name, target.unit), target)),
    ...(metrics.optimistic?.targets ?? []).map((target) =>
      scoreLine(`${target.name}, random folds (optimistic)`, target),
    ),
    "",
    ...metrics.targets.flatMap((target) =>
      target.mae > 0.9 * target.medianBaselineMae
        ? [`**${target.name}: hardly better than always guessing the median. Do not use this model to decide.**`, ""]
        : [],
    ),
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
    "## Use",
    "",
    "For materials like those in the table. Every prediction carries `in_domain` and a reason where it is outside; take",
    "predictions outside as guesses. Intervals speak of a new measurement and were calibrated on held-out rows of this",
    "table; on other materials their coverage is not known.",
    "",
    ...metrics.leakage.warnings.map((warning) => `- ${warning}`),
    "",
    `Made with materiome ${metrics.versions["materiome"]}, Node ${metrics.versions["node"]}.`,
  ];
  return `${lines.join("\n")}\n`;
}

function scoreLine(name: string, scores: TargetMetrics): string {
  const short = (value: number): string => figures(Number(value.toPrecision(3)));
  const cells = [
    name,
    String(scores.n),
    short(scores.mae),
    scores.maeCi.map(short).join(" … "),
    short(scores.rmse),
    scores.r2.toFixed(3),
    short(scores.meanBaselineMae),
    short(scores.medianBaselineMae),
    scores.coverage90 === null ? "–" : `${(100 * scores.coverage90).toFixed(1)} %`,
  ];
  return `| ${cells.join(" | ")} |`;
}
