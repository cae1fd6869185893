import type { ClassTargetMetrics } from "@materiome/forward";
import { percent, withError } from "../terminal/figures.ts";
import { cardHead, cardTail, schemaRows } from "./cardParts.ts";
import type { TrainedClassSource } from "./classReport.ts";
import { searchOf } from "./searchOf.ts";
import { shortSets } from "./shortSets.ts";

/** `card.md` of a model of classes: what it was trained on, how good it is, where it may be used and where not. */
export function classCard(source: TrainedClassSource): string {
  const { trained, table } = source;
  const { metrics, model, importances } = trained;
  const [scores] = metrics.targets as [ClassTargetMetrics]; // one target
  const { splitter } = metrics;
  const chosen = searchOf(trained.report)?.chosen;
  const groups =
    splitter.kind === "stratifiedGroupKFold"
      ? ` of whole groups: ${splitter.nGroups} by ${splitter.groupColumns.join(", ")}${splitter.derived ? " (derived)" : ""}. Rows of one group are never on both sides, so the scores are for new groups`
      : "";
  const lines = [
    `# ${scores.name}`,
    "",
    `Says which of ${scores.labels.map((label) => `"${label}"`).join(", ")} the ${scores.name} is, from ${model.inputs.map((input) => input.name).join(", ")}.`,
    "",
    ...(chosen === undefined ? [] : [`Learner: ${chosen}.`, ""]),
    ...cardHead(source, metrics.dropped),
    ...schemaRows(table, model),
    "",
    "## Splits",
    "",
    `${splitter.folds} folds${groups}, each with nearly the same share of each class. Why: ${splitter.reason}.`,
    "",
    "## Scores on held-out rows",
    "",
    "| | accuracy | balanced accuracy | log loss | Brier score |",
    "| --- | --- | --- | --- | --- |",
    scoreLine(`model (${scores.n} rows)`, scores),
    scoreLine("shares of the classes", scores.baselines.frequencies),
    scoreLine("class of the nearest row", scores.baselines.neighbour),
    "",
    `Accuracy ${scores.accuracyCi.map(percent).join(" … ")} (95 % interval); above always calling the most frequent class by ${percent(scores.againstMostFrequent.difference)} (${scores.againstMostFrequent.bootstrapInterval.map(percent).join(" … ")}).`,
    "",
    "| class | rows | found | right when called | in its set |",
    "| --- | --- | --- | --- | --- |",
    ...scores.classes.map(
      ({ label, n, recall, precision, setCoverage }) =>
        `| ${label.replaceAll("|", "\\|")} | ${n} | ${share(recall)} | ${share(precision)} | ${share(setCoverage)} |`,
    ),
    "",
    `Sets at ${100 * scores.sets.level} % hold the measured class in ${percent(scores.sets.coverage)} of the rows (${scores.sets.coverageCi.map(percent).join(" … ")}), with ${scores.sets.meanSize.toFixed(2)} classes in the mean; ${percent(scores.sets.shareOfNone)} of the sets hold none.`,
    "",
    "## What it uses",
    "",
    ...importances
      .filter(({ brierIncrease }) => brierIncrease > 0)
      .slice(0, 10)
      .map(
        (e) =>
          `- ${e.columns.join(", ")}: the Brier score grows by ${withError(e.brierIncrease, e.brierStandardError)} when shuffled`,
      ),
    "",
    ...cardTail(source, {
      what: `The probable ${scores.name}`,
      domain: [
        scores.domain.nOutside === 0
          ? "- No held-out row lay outside."
          : `- Of ${scores.n} held-out rows ${scores.domain.nOutside} lay outside; called right inside ${share(scores.domain.accuracyInside)}, outside ${share(scores.domain.accuracyOutside)}.`,
      ],
      failures: [
        ...metrics.leakage.warnings.map((text) => `- ${text}`),
        ...shortSets(scores),
        ...scores.classes
          .filter(({ recall }) => recall !== null && recall < 0.5)
          .map(
            ({ label, n, recall }) => `- class "${label}": only ${share(recall)} of its ${n} held-out rows are found`,
          ),
      ],
      metrics,
    }),
  ];
  return `${lines.join("\n")}\n`;
}

function scoreLine(name: string, scores: ClassTargetMetrics["baselines"]["frequencies"]): string {
  const { accuracy, balancedAccuracy, logLoss, brier } = scores;
  return `| ${name} | ${percent(accuracy)} | ${percent(balancedAccuracy)} | ${logLoss === null ? "∞" : logLoss.toFixed(3)} | ${brier.toFixed(3)} |`;
}

function share(value: number | null): string {
  return value === null ? "–" : percent(value);
}
