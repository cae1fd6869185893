import type { FixedInput, Setting } from "../space/searchSpace.ts";
import type { Spec } from "../spec/spec.ts";

/** Mean of a target and the interval that a new measurement falls into with probability `level` of the call. */
export interface PredictedTarget {
  readonly target: string;
  readonly unit: string;
  readonly mean: number;
  readonly lower: number;
  readonly upper: number;
  /** Probability that a new measurement meets what is asked of this target. */
  readonly probability: number;
}

/** The training row most like a suggestion. */
export interface NearestSample {
  /** 0-based row of `model.training`; `model.training.rowNumber(row)` is its row in the file. */
  readonly row: number;
  /** Mean over all inputs of |difference| / range (numbers) and 0 or 1 (categories): 0 is the same settings. */
  readonly distance: number;
  readonly settings: readonly Setting[];
  /** Measured targets; NaN where there was no measurement. */
  readonly measured: readonly { readonly target: string; readonly unit: string; readonly value: number }[];
}

/** Settings with what the model expects of them. */
export interface Candidate {
  readonly settings: readonly Setting[];
  /** The first target asked for. */
  readonly predicted: PredictedTarget;
  /** Every target asked for. */
  readonly predictions: readonly PredictedTarget[];
  /** Probability that a new measurement meets every spec; over several targets the product of theirs. */
  readonly probability: number;
  readonly inDomain: boolean;
  readonly domainReason: string | undefined;
  readonly nearestSample: NearestSample;
  /** Not computed yet. */
  readonly cost: null;
}

/** How far the predicted mean moves along one knob with the others held at the best point. */
export interface Sensitivity {
  readonly name: string;
  readonly unit: string;
  readonly target: string;
  readonly lowestMean: number;
  readonly highestMean: number;
  /** True where that is less than 1 % of the range of the measured target: turning the knob changes nothing here. */
  readonly isFlat: boolean;
}

/** One limit lifted at the best point, everything else kept, and what that would give. */
export interface Relaxation {
  readonly name: string;
  /** A fixed input freed, a bound of a knob opened to the range of the training rows, or the domain left. */
  readonly kind: "fixed" | "bound" | "domain";
  readonly value: number | string;
  readonly unit: string;
  readonly probability: number;
  readonly mean: number;
  /** False where the model itself does not trust the relaxed point. */
  readonly inDomain: boolean;
}

/** What keeps the spec out of reach. */
export interface Limiting {
  /**
   * `beyondData`: no training row reaches it; `fixed`, `bound`, `domain`: lifting that limit would make it reachable
   * (`fixed` also: a fixed value outside the training rows leaves no setting inside the domain);
   * `conflict`: each target alone is reachable, not together; `uncertainty`: the mean meets it, the spread is too wide;
   * `given`: training rows reach it, but with other given inputs, and no single change gets there; `model`: training
   * rows of this very space reach it, but the model does not expect that to repeat.
   */
  readonly cause: "beyondData" | "fixed" | "bound" | "domain" | "conflict" | "uncertainty" | "given" | "model";
  readonly text: string;
  /** The limit whose lifting helps most, where there is one. */
  readonly name?: string | undefined;
  /** Those that help, most helpful first. */
  readonly relaxations: readonly Relaxation[];
  /** Per target the training row (0-based, see {@link NearestSample}) that comes closest to what is asked. */
  readonly closestMeasured: readonly {
    readonly target: string;
    readonly unit: string;
    readonly value: number;
    readonly row: number;
  }[];
}

/** No setting is likely enough to meet the specs. */
export interface Refusal {
  readonly reason: string;
  /** The most promising point inside bounds and domain; undefined where no point of the space is inside the domain. */
  readonly best: Candidate | undefined;
  readonly limiting: Limiting;
}

export interface InversionDiagnostics {
  readonly nEvaluated: number;
  readonly nInDomain: number;
  /** True if the space was small enough to be searched completely. */
  readonly isExhaustive: boolean;
  /** Highest probability inside the domain; 0 where nothing is inside. */
  readonly bestProbability: number;
  readonly sensitivities: readonly Sensitivity[];
  /** What a person should know before acting on the suggestions. */
  readonly notes: readonly string[];
}

/** Suggestions, or a refusal with no suggestions. */
export interface InversionResult {
  readonly specs: readonly Spec[];
  readonly fixed: readonly FixedInput[];
  readonly level: number;
  readonly minProbability: number;
  /** Most probable first. */
  readonly candidates: readonly Candidate[];
  readonly refused?: Refusal | undefined;
  readonly diagnostics: InversionDiagnostics;
}
