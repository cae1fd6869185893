import type { Table } from "@materiome/core";
import { createEvaluator } from "../search/evaluator.ts";
import type { FixedInput } from "../space/searchSpace.ts";
import type { Limits } from "../spec/limits.ts";
import { describeSpec } from "../spec/spec.ts";
import { outsideText } from "./outsideTraining.ts";
import type { RefuseContext } from "./refuseContext.ts";
import { relaxationsAt } from "./relaxationsAt.ts";
import type { Candidate, Limiting, PredictedTarget, Refusal, Relaxation } from "./result.ts";

/** Says what is out of reach, what the best is, and which limit keeps it there. */
export async function refuse(context: RefuseContext): Promise<Refusal> {
  const { specs, minProbability, best, ranked, describeAt } = context;
  const [candidate] = best === undefined ? [] : await describeAt([best]);
  const asked = specs.map(describeSpec).join(" and ");
  const relaxations = best === undefined ? [] : await relaxationsAt(context, best);
  const stray = best === undefined ? outsideText(context.space, context.model.training) : undefined;
  const limiting = await findLimiting(context, relaxations, stray, candidate);
  const reason =
    candidate === undefined
      ? `none of the ${ranked.length} settings tried lies inside the model's domain, so nothing can be promised for ${asked}${stray === undefined ? "" : `: ${stray.text}`}`
      : `${asked} is out of reach: inside bounds and domain the best setting meets it with probability ${judgedText(candidate, best?.probability ?? 0)}, below the ${percent(minProbability)} asked for; it predicts ${candidate.predictions.map(predictedText).join(", ")}`;
  return { reason, best: candidate, limiting };
}

/**
 * @param stray - fixed values that keep every setting outside the domain
 * @param candidate - the best setting
 */
async function findLimiting(
  context: RefuseContext,
  relaxations: readonly Relaxation[],
  stray: ReturnType<typeof outsideText>,
  candidate: Candidate | undefined,
): Promise<Limiting> {
  const { model, specs, limits, minProbability, best, ranked } = context;
  const closestMeasured = limits.map((limit) => closest(model.training, limit));
  const common = { relaxations, closestMeasured };
  if (stray !== undefined) return { cause: "fixed", ...stray, ...common };
  const beyond = limits.flatMap((limit, k) => {
    const value = closestMeasured[k]?.value ?? Number.NaN;
    return value < limit.low || value > limit.high
      ? [beyondText(model.training, closestMeasured[k], value < limit.low)]
      : [];
  });
  if (beyond.length > 0) {
    return { cause: "beyondData", text: `${beyond.join("; ")}. The model has seen nothing beyond it.`, ...common };
  }
  const useful = relaxations.find((r) => r.probability >= minProbability && r.inDomain);
  if (useful !== undefined) {
    return { cause: useful.kind, name: useful.name, text: relaxationText(useful), ...common };
  }
  const predicted = candidate?.probability;
  if (best !== undefined && predicted !== undefined && predicted >= minProbability) {
    return {
      cause: "optimism",
      text: `as predicted (${percent(predicted)}) it would do, but rows that the model had not seen came out worse than such predictions; with that taken back ${percent(best.probability)} are left. More data there would decide; --criterion predicted (criterion: "predicted") takes the model at its word`,
      ...common,
    };
  }
  if (best !== undefined && limits.length > 1 && (await isConflict(context))) {
    return {
      cause: "conflict",
      text: "each target alone is reachable with these knobs, but not all of them with one setting",
      ...common,
    };
  }
  if (best !== undefined && candidate !== undefined && best.margin >= 0) {
    return {
      cause: "uncertainty",
      text: scatterText(specs, candidate),
      ...common,
    };
  }
  const outside = ranked.find((e) => !e.inDomain);
  if (outside !== undefined && outside.probability >= minProbability) {
    const text =
      "settings that the model would call good enough lie outside its domain, where it has no data to speak from; measure there first";
    return { cause: "domain", text, ...common };
  }
  const some = closestMeasured
    .map((c) => {
      const what = limits.length > 1 ? `${c.target} ` : "";
      return `row ${model.training.rowNumber(c.row)} of the training table measured ${what}${quantity(c.value, c.unit)}`;
    })
    .join(", ");
  const reach = limits.length > 1 ? "training rows reach each target" : "training rows reach it";
  const others = context.space.fixed.filter((input) =>
    closestMeasured.some((c) => !isLikeRow(model.training, input, c.row)),
  );
  if (others.length === 0) {
    const text = `${reach} (${some}), but the model expects less of such settings: it does not count on that measurement to repeat`;
    return { cause: "model", text, ...common };
  }
  const helpful = relaxations[0];
  return {
    cause: "given",
    name: helpful?.name,
    text: `${reach} (${some}), but with other values of ${others.map((input) => `"${input.name}"`).join(", ")}; no single change gets there${helpful === undefined ? "" : `, the most helpful is this: ${relaxationText(helpful)}`}`,
    ...common,
  };
}

function isLikeRow(training: Table, input: FixedInput, row: number): boolean {
  const column = training.column(input.name);
  if (column.kind === "number") return column.values[row] === input.value;
  const text = column.kind === "category" ? column.labels[column.codes[row] ?? -1] : column.texts[row];
  return text === input.value;
}

/** True if every target alone can be met, each at its own best point among those already predicted. */
async function isConflict(context: RefuseContext): Promise<boolean> {
  const { model, space, limits, scales, minProbability, ranked } = context;
  const points = ranked.filter((e) => e.inDomain).map((e) => e.point);
  for (const [k, limit] of limits.entries()) {
    const alone = await createEvaluator(model, space, [limit], [scales[k] ?? 1], context.context)(points);
    if (!alone.some((e) => e.probability >= minProbability)) return false;
  }
  return true;
}

function closest(training: Table, limit: Limits): Limiting["closestMeasured"][number] {
  const column = training.number(limit.target);
  let row = -1;
  let gap = Number.POSITIVE_INFINITY;
  column.values.forEach((value, i) => {
    const outside = Math.max(limit.low - value, value - limit.high);
    if (column.valid[i] === 1 && outside < gap) [row, gap] = [i, outside];
  });
  return { target: limit.target, unit: column.unit, value: column.values[row] ?? Number.NaN, row };
}

function beyondText(
  training: Table,
  measured: Limiting["closestMeasured"][number] | undefined,
  isHighest: boolean,
): string {
  if (measured === undefined) return "";
  const { target, value, unit, row } = measured;
  return `the ${isHighest ? "highest" : "lowest"} ${target} ever measured in the training rows is ${quantity(value, unit)} (row ${training.rowNumber(row)} of the training table)`;
}

/** Which mean meets which wish, and how far measurements scatter around it. */
function scatterText(specs: RefuseContext["specs"], { predictions }: Candidate): string {
  const parts = specs.map((spec, k) => {
    const { target, unit, mean, lower, upper, probability } = predictions[k] as PredictedTarget; // one per spec
    return `the mean ${target}, ${quantity(mean, unit)}, meets "${describeSpec(spec)}", but measurements scatter around it from ${number(lower)} to ${quantity(upper, unit)}, and ${percent(probability)} of them meet it`;
  });
  return `at the best setting ${parts.join("; ")}; more data there would decide`;
}

function relaxationText(r: Relaxation): string {
  const to = typeof r.value === "number" ? quantity(r.value, r.unit) : r.value;
  const act = {
    fixed: `"${r.name}" is fixed; at ${to}`,
    bound: `"${r.name}" stands at its bound; at ${to}`,
    domain: `leaving the domain along "${r.name}" to ${to}`,
  };
  return `${act[r.kind]} the probability would be ${percent(r.probability)}${r.inDomain ? "" : ", outside the model's domain"}`;
}

/** The probability that was compared, and beside it what the model itself says where that is another. */
function judgedText(candidate: Candidate, judged: number): string {
  const [corrected, raw] = [percent(judged), percent(candidate.probability)];
  return corrected === raw ? raw : `${corrected} (${raw} as predicted, before its optimism was taken back)`;
}

function predictedText(predicted: Candidate["predicted"]): string {
  const { target, unit, mean, lower, upper } = predicted;
  return `${target} ${quantity(mean, unit)} (${number(lower)} to ${number(upper)})`;
}

function quantity(value: number, unit: string): string {
  return unit === "" ? number(value) : `${number(value)} ${unit}`;
}

function percent(p: number): string {
  return p > 0 && p < 0.001 ? "below 0.1 %" : `${Number((100 * p).toPrecision(3))} %`;
}

function number(value: number): string {
  return String(Number(value.toPrecision(4)));
}
