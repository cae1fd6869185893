import type { FeatureMatrix, Random } from "@materiome/core";
import { improvement } from "../acquisition/expectedImprovement.ts";
import { drawsOfWorst, worstCaseDraws } from "../acquisition/worstCaseImprovement.ts";
import { encodePoints } from "../space/encodePoints.ts";
import type { Point } from "../space/points.ts";
import type { Disturber } from "../surrogate/disturber.ts";
import { moments } from "../surrogate/moments.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import type { FidelityLevel } from "./chooseFidelity.ts";
import type { Choice } from "./chooseNext.ts";
import { exploitShare, variableShares } from "./explain.ts";
import { expectedAt } from "./fitOutcome.ts";
import type { Knowledge } from "./knowledge.ts";
import type { SuggestOptions } from "./options.ts";
import type { Outcomes } from "./outcomes.ts";
import { plainSuggestion } from "./plainSuggestion.ts";
import type { ExpectedOutcome, ScatteredOutcome, Suggestion } from "./suggestion.ts";

/**
 * What is expected of a chosen point, and why it was chosen.
 *
 * @param point - as it was chosen, in the version that counts
 * @param version - as it is asked for
 * @returns also the gain that is expected of it; undefined where nothing is there to improve on
 */
export async function explainChoice(
  options: SuggestOptions,
  knowledge: Knowledge,
  { scored, method, ofFront }: Choice,
  point: Point,
  version: { readonly point: Point; readonly level: FidelityLevel | undefined },
): Promise<{ readonly suggestion: Suggestion; readonly gain: number | undefined }> {
  const { space, fidelity, level = 0.9, method: wanted, disturbance } = options;
  const { outcomes, objective, model, best, front } = knowledge;
  const x = encodePoints(space, [point]);
  const { mean, variance } = moments(model, x);
  const [mu, spread] = [mean[0] as number, variance[0] as number]; // one row
  const feasibleProbability = Math.exp(outcomes.feasible?.value(x)[0] ?? 0);
  const own = best === undefined ? undefined : improvement(mu - best, Math.sqrt(spread));
  const gain = front === undefined ? own : front.gainAt(point);
  const why =
    version.level === undefined ? method : `${method}; ${fidelity?.name} = ${version.level.level} gains most per cost`;
  // Neither a specification nor a worst case is better for a better mean at the settings as asked for.
  const isOther = wanted === "specProbability" || disturbance?.counts === "worst";
  const suggestion: Suggestion = {
    ...plainSuggestion(options, version.point, why),
    expected: await expectedOf(outcomes, encodePoints(space, [version.point]), level),
    underScatter: disturbance && scatteredOf(options, knowledge, x),
    acquisition: scored.value,
    exploitShare: best === undefined || isOther ? undefined : exploitShare(mu, spread, best),
    feasibleProbability,
    variables: variableShares(space, point, objective.model),
    ...front?.explain(point, ofFront),
  };
  return { suggestion, gain: gain === undefined ? undefined : feasibleProbability * gain };
}

function scatteredOf(
  { random }: SuggestOptions,
  { outcomes, meanOf, worstOf }: Knowledge,
  x: FeatureMatrix,
): ScatteredOutcome[] {
  return outcomes.objectives.map(({ name, sign, model }) => {
    const { mean, std } = worstOf === undefined ? meanAt(meanOf(model), x) : worstAt(model, worstOf, x, random);
    return { name, mean: sign * mean, std };
  });
}

function meanAt(model: SurrogateModel, x: FeatureMatrix): { mean: number; std: number } {
  const { mean, variance } = moments(model, x);
  return { mean: mean[0] as number, std: Math.sqrt(variance[0] as number) }; // one row
}

/** By the draws that the acquisition was made from. */
function worstAt(
  model: SurrogateModel,
  disturber: Disturber,
  x: FeatureMatrix,
  random: Random,
): { mean: number; std: number } {
  const { values } = worstCaseDraws(model, disturber, drawsOfWorst(disturber, random.fork("worst")))(x);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1);
  return { mean, std: Math.sqrt(variance) };
}

async function expectedOf(
  { objectives, others }: Outcomes,
  x: FeatureMatrix,
  level: number,
): Promise<ExpectedOutcome[]> {
  const all: ExpectedOutcome[] = [];
  for (const outcome of [...objectives, ...others]) all.push(...(await expectedAt(outcome, x, level)));
  return all;
}
