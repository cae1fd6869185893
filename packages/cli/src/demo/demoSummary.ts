import type { Criterion } from "@materiome/inverse";
import { judgedProbability } from "../output/exploreText.ts";
import { versions } from "../version.ts";
import { DEMO } from "./plan.ts";
import type { DemoResult } from "./runDemo.ts";

/** `summary.json` of the demo: what was made, measured, learned, suggested and achieved. */
export interface DemoSummary {
  readonly nSamples: number;
  readonly grainSize: {
    /** Mean of |digitized − true| / true over the samples. */
    readonly meanAbsoluteErrorPct: number;
    readonly meanErrorPct: number;
    readonly grainCountErrorPct: number;
    readonly boundaryF1: number;
    readonly fewestGrains: number;
  };
  readonly activationEnergy: {
    readonly trueKJPerMol: number;
    readonly fittedKJPerMol: number;
    readonly standardErrorKJPerMol: number;
    readonly errorPct: number;
  };
  readonly processToGrainSize: ModelFigures;
  readonly grainSizeToStrength: ModelFigures;
  readonly wanted: {
    readonly strengthMPa: number;
    readonly toleranceMPa: number;
    readonly startingGrainSizeUm: number;
  };
  readonly suggestions: readonly {
    readonly temperatureC: number;
    readonly timeMin: number;
    readonly predictedMPa: number;
    readonly lowerMPa: number;
    readonly upperMPa: number;
    readonly probability: number;
    /** Corrected for the optimism of taking the best, as rows predicted end to end without having been seen tell it. */
    readonly correctedProbability: number | null;
    readonly achievedMPa: readonly number[];
    readonly meanAchievedMPa: number;
    readonly shareMet: number;
  }[];
  readonly meanAchievedMPa: number;
  readonly shareMet: number;
  /** What was expected of it: the mean of the probabilities by which the suggestions were chosen. */
  readonly expectedShare: number;
  /** Which these are: corrected for optimism, or as the model predicts. */
  readonly expectedBy: Criterion;
  readonly seconds: number;
  readonly seed: number;
  readonly versions: ReturnType<typeof versions>;
}

interface ModelFigures {
  readonly unit: string;
  readonly mae: number;
  readonly r2: number;
  readonly meanBaselineMae: number;
  readonly coverage90: number | null;
}

export function demoSummary(result: DemoResult, seed: number, seconds: number): DemoSummary {
  const { samples, growthLaw, checked } = result;
  const { criterion } = result.inversion;
  const errors = samples.map((s) => 100 * (s.grainSizeUm / s.trueGrainSizeUm - 1));
  const counts = samples.map((s) => 100 * Math.abs(s.nGrains / s.trueNGrains - 1));
  const { activationEnergyJPerMol: trueQ } = DEMO.kinetics;
  return {
    nSamples: samples.length,
    grainSize: {
      meanAbsoluteErrorPct: mean(errors.map(Math.abs)),
      meanErrorPct: mean(errors),
      grainCountErrorPct: mean(counts),
      boundaryF1: mean(samples.map((s) => s.boundaryF1)),
      fewestGrains: Math.min(...samples.map((s) => s.trueNGrains)),
    },
    activationEnergy: {
      trueKJPerMol: trueQ / 1000,
      fittedKJPerMol: growthLaw.activationEnergyJPerMol / 1000,
      standardErrorKJPerMol: growthLaw.standardErrorJPerMol / 1000,
      errorPct: 100 * (growthLaw.activationEnergyJPerMol / trueQ - 1),
    },
    processToGrainSize: modelFigures(result.structureModel),
    grainSizeToStrength: modelFigures(result.strengthModel),
    wanted: { ...DEMO.wanted, startingGrainSizeUm: result.startsUm[result.materialInHand] ?? Number.NaN },
    suggestions: checked.map((c) => ({
      temperatureC: c.temperatureC,
      timeMin: c.timeMin,
      predictedMPa: c.candidate.predicted.mean,
      lowerMPa: c.candidate.predicted.lower,
      upperMPa: c.candidate.predicted.upper,
      probability: c.candidate.probability,
      correctedProbability: c.candidate.correctedProbability,
      achievedMPa: c.strengthsMPa,
      meanAchievedMPa: c.meanStrengthMPa,
      shareMet: c.shareMet,
    })),
    meanAchievedMPa: mean(checked.flatMap((c) => c.strengthsMPa)),
    shareMet: mean(checked.map((c) => c.shareMet)),
    expectedShare: mean(checked.map(({ candidate }) => judgedProbability(candidate, criterion))),
    expectedBy: criterion,
    seconds,
    seed,
    versions: versions(),
  };
}

function modelFigures({ metrics }: DemoResult["structureModel"]): ModelFigures {
  const [target] = metrics.targets;
  if (target === undefined) throw new RangeError("the demo trains one target a model");
  const { unit, mae, r2, meanBaselineMae, coverage90 } = target;
  return { unit, mae, r2, meanBaselineMae, coverage90 };
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length;
}
