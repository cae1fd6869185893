import type { FixedInput, Setting } from "../space/searchSpace.ts";
import type { Spec } from "../spec/spec.ts";
import type { SettingCost } from "./cost/createCost.ts";
import type { Footprint } from "./cost/footprint.ts";
import type { Optimism } from "./optimism/optimismOf.ts";
import type { ProcessWindow } from "./posterior/processWindow.ts";
import type { SettingTolerance } from "./tolerance/driftAt.ts";
import type { ScatterOutcome } from "./tolerance/scatterAt.ts";

/** Which probability a setting is judged by: as the model predicts it, or after its optimism was taken back. */
export type Criterion = "corrected" | "predicted";

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
  /**
   * Probability that a new measurement meets every spec, as the model predicts it. Over several targets by the correlation of their
   * held-out errors (Gaussian copula) where the model keeps them, else the product: `diagnostics.correlation`.
   */
  readonly probability: number;
  /**
   * The same after the mean was moved to what held-out rows of such a prediction came out at, and without what an interval gains by being
   * put where chance heaped up residuals ({@link Optimism}); null where the model keeps no such rows. Settings are searched and
   * refused by it unless the call asks for another {@link Criterion}.
   */
  readonly correctedProbability: number | null;
  readonly inDomain: boolean;
  readonly domainReason: string | undefined;
  readonly nearestSample: NearestSample;
  /** Null where no cost was asked for. */
  readonly cost: SettingCost | null;
  /** Energy and CO₂; null where no schedule and assumptions were given. */
  readonly footprint: Footprint | null;
}

/** How much a candidate bears. */
export interface Tolerance {
  /** Of each setting alone, the others held. */
  readonly drift: readonly SettingTolerance[];
  /** Of all that scatter together; null where no scatter was given. */
  readonly scatter: ScatterOutcome | null;
}

/** A way to meet the specs that differs from the others: a region of settings, with one that stands for it. */
export interface Route {
  readonly representative: Candidate & Tolerance;
  /** Share of the volume of all settings that are probable enough; those of all routes add up to 1. */
  readonly share: number;
  /** Range of each number, and the levels of each category, within the route (the whole of what was drawn). */
  readonly ranges: readonly RouteRange[];
  /**
   * Least distance to a setting of another route, every knob scaled to its bounds: small where one can go from one to the other with all
   * between being good too. Null where there is one route.
   */
  readonly gap: number | null;
}

export type RouteRange =
  | {
      readonly name: string;
      readonly unit: string;
      readonly kind: "number";
      readonly lower: number;
      readonly upper: number;
    }
  | { readonly name: string; readonly unit: string; readonly kind: "category"; readonly levels: readonly string[] };

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
  /** By the criterion of the call. */
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
   * `optimism`: what is predicted would do, but is expected to be too good by too much;
   * `given`: training rows reach it, but with other given inputs, and no single change gets there; `model`: training
   * rows of this very space reach it, but the model does not expect that to repeat.
   */
  readonly cause:
    | "beyondData"
    | "fixed"
    | "bound"
    | "domain"
    | "conflict"
    | "uncertainty"
    | "optimism"
    | "given"
    | "model";
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
  /** Highest probability inside the domain, by the criterion; 0 where nothing is inside. */
  readonly bestProbability: number;
  readonly sensitivities: readonly Sensitivity[];
  /** How much too good the best prediction is expected to be; null with the reason in `notes` where that cannot be told. */
  readonly optimism: Optimism | null;
  /** Of the errors of the targets, row by row; null for one target, or where they are taken as independent. */
  readonly correlation: readonly (readonly number[])[] | null;
  /** Mean silhouette width of the routes: above 0.5 they are well apart; 0 where there is one. */
  readonly routeSilhouette: number;
  /** What a person should know before acting on the suggestions. */
  readonly notes: readonly string[];
}

/** Suggestions, or a refusal with no suggestions. */
export interface InversionResult {
  readonly specs: readonly Spec[];
  readonly fixed: readonly FixedInput[];
  readonly level: number;
  readonly minProbability: number;
  /** What `minProbability` was compared with, and window, routes and drift are of. */
  readonly criterion: Criterion;
  /** Most probable first; with a cost, cheapest first. */
  readonly candidates: readonly (Candidate & Tolerance)[];
  /** Different ways to meet the specs, largest first; empty where refused or not asked for. */
  readonly routes: readonly Route[];
  /** Where the settings lie if the specs are met; null where refused or not asked for. */
  readonly window: ProcessWindow | null;
  readonly refused?: Refusal | undefined;
  readonly diagnostics: InversionDiagnostics;
}
