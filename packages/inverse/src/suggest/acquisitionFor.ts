import { DomainError, type FeatureMatrix, type Matrix, type Random, takeRows } from "@materiome/core";
import type { Acquisition, DifferentiableAcquisition } from "../acquisition/acquisition.ts";
import { onLogScale, sumOfLogs } from "../acquisition/combine.ts";
import { logExpectedImprovement } from "../acquisition/expectedImprovement.ts";
import { logJointImprovement } from "../acquisition/jointImprovement.ts";
import { logKnowledgeGradient } from "../acquisition/knowledgeGradient.ts";
import { lipschitzOf, localPenalty } from "../acquisition/localPenalty.ts";
import { maxValueEntropy, sampleMaxima } from "../acquisition/maxValueEntropy.ts";
import { upperConfidenceBound } from "../acquisition/upperConfidenceBound.ts";
import { logWorstCaseImprovement } from "../acquisition/worstCaseImprovement.ts";
import { shortNumber } from "../space/numberText.ts";
import type { Disturber } from "../surrogate/disturber.ts";
import type { SurrogateModel } from "../surrogate/surrogate.ts";
import { describeDisturbance } from "./disturbance.ts";
import type { FittedOutcome } from "./fitOutcome.ts";
import type { SuggestOptions } from "./options.ts";
import type { Outcomes } from "./outcomes.ts";

/** Tried points of largest mean whose values are drawn in noisy expected improvement, or where the best may be. */
const INCUMBENTS = 6;
const KNOWLEDGE_POINTS = 12;
const MAXIMA = 16;

/** What is known when the next point of a batch is chosen. */
export interface Situation {
  readonly outcomes: Outcomes;
  readonly objective: FittedOutcome;
  /** Of the objective; of its mean under disturbance, where that counts. */
  readonly model: SurrogateModel;
  /** Largest posterior mean among the tried points that are probably feasible; undefined where none is. */
  readonly best: number | undefined;
  /** Rows of `objective.x`, those of largest mean first. */
  readonly order: readonly number[];
  /** Features of pending points and of those chosen before. */
  readonly waiting: FeatureMatrix;
  /** Features of points that cover the region, for draws of functions. */
  readonly cover: Matrix;
  /** The acquisition for several objectives, which knows what is waiting. */
  readonly ofFront?: Acquisition | undefined;
  /** What settings become, where the worst case counts. */
  readonly worstOf?: Disturber | undefined;
  readonly random: Random;
}

/**
 * The acquisition function of the next point: the method's own, times the probability that the experiment works and meets all
 * constraints. Where no tried point meets them yet, that probability alone.
 */
export function acquisitionFor(options: SuggestOptions, situation: Situation): Acquisition {
  const { outcomes, best, waiting } = situation;
  const { space, disturbance } = options;
  const { feasible } = outcomes;
  const spreads = (terms: readonly Acquisition[]): Acquisition =>
    waiting.rows === 0 ? sumOfLogs(terms) : sumOfLogs([...terms, penaltyOf(situation)]);
  const scattered = disturbance === undefined ? "" : ` (${describeDisturbance(space, disturbance)})`;
  if (feasible !== undefined && options.method === "specProbability") {
    const whole = spreads([feasible]);
    return { ...whole, name: `${whole.name}${scattered}` };
  }
  if (feasible !== undefined && best === undefined) {
    return { ...spreads([feasible]), name: `log probability of feasibility${scattered}` };
  }
  const own =
    situation.ofFront === undefined
      ? ownOf(options, situation, best ?? Number.NEGATIVE_INFINITY)
      : { acquisition: situation.ofFront, knowsWaiting: true };
  const terms = feasible === undefined ? [] : [feasible];
  if (own.knowsWaiting || waiting.rows === 0) {
    const whole = terms.length === 0 ? own.acquisition : sumOfLogs([logOf(own.acquisition, situation), ...terms]);
    return { ...whole, name: `${whole.name}${scattered}` };
  }
  return {
    ...spreads([logOf(own.acquisition, situation), ...terms]),
    name: `${own.acquisition.name}${scattered}, locally penalised`,
  };
}

interface Own {
  readonly acquisition: Acquisition;
  /** Whether it takes account of pending points itself. */
  readonly knowsWaiting: boolean;
}

function ownOf(options: SuggestOptions, situation: Situation, best: number): Own {
  const { method = "auto", batchMethod = "joint" } = options;
  const { model, objective, order, waiting, cover, random, worstOf } = situation;
  const alone = (acquisition: Acquisition): Own => ({ acquisition, knowsWaiting: false });
  if (worstOf !== undefined) {
    const tried = takeRows(objective.x, order.slice(0, INCUMBENTS));
    return alone(logWorstCaseImprovement(model, { disturber: worstOf, tried, random: random.fork("worst") }));
  }
  switch (method) {
    case "noisyExpectedImprovement":
    case "auto":
    case "logExpectedImprovement":
    case "expectedImprovement": {
      const isNoisy = method === "noisyExpectedImprovement";
      const isJoint = batchMethod === "joint" && waiting.rows > 0;
      if (!isNoisy && !isJoint) return alone(logExpectedImprovement(model, best));
      const incumbents = isNoisy ? takeRows(objective.x, order.slice(0, INCUMBENTS)) : undefined;
      const pending = isJoint ? waiting : undefined;
      const joint = logJointImprovement(model, {
        random: random.fork("joint"),
        incumbents,
        pending,
        best: isNoisy ? undefined : best,
      });
      // The mean over disturbances has no gradient of covariances: see averagedModel.
      const acquisition = options.disturbance === undefined ? joint : { ...joint, gradient: undefined };
      return { acquisition, knowsWaiting: isJoint };
    }
    case "upperConfidenceBound": {
      const { deviations = 2 } = options;
      const bound = upperConfidenceBound(model, deviations ** 2);
      return alone({ ...bound, name: `${bound.name} (mean + ${shortNumber(deviations)} deviations)` });
    }
    case "knowledgeGradient": {
      const candidates = takeRows(objective.x, order.slice(0, KNOWLEDGE_POINTS));
      const noiseVariance = (objective.noiseStd ?? 0) ** 2;
      return alone(logKnowledgeGradient(model, { candidates, noiseVariance }));
    }
    case "maxValueEntropy":
      return alone(maxValueEntropy(model, sampleMaxima(model, cover, MAXIMA, best, random.fork("maxima"))));
    default:
      throw new DomainError(`suggest: unknown method "${String(method)}"`);
  }
}

function logOf(acquisition: Acquisition, { objective, best = 0 }: Situation): Acquisition {
  if (acquisition.isLog) return acquisition;
  if (acquisition.name === "max-value entropy search")
    return onLogScale(acquisition as DifferentiableAcquisition, 0, 1e-3);
  return onLogScale(acquisition as DifferentiableAcquisition, best, spreadOf(objective.y));
}

function penaltyOf({ model, waiting, best, objective, cover }: Situation): DifferentiableAcquisition {
  const largest = best ?? objective.y.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return localPenalty(model, waiting, largest, lipschitzOf(model, cover));
}

/** Standard deviation; 1 for equal values. */
function spreadOf(values: Float64Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) || 1;
}
