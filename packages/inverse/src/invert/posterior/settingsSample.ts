import type { Evaluated } from "../../search/evaluator.ts";
import type { Convergence } from "./convergence.ts";

/** Settings drawn in proportion to the probability that they meet the specs, inside bounds, constraints and domain. */
export interface SettingsSample {
  /** Distinct settings. */
  readonly points: readonly Evaluated[];
  /** One for each point; they add up to 1. */
  readonly weights: Float64Array;
  /** `enumeration`: every setting there is, weighed exactly; `markovChain`: drawn. */
  readonly method: "enumeration" | "markovChain";
  /** Draws kept; the number of settings where they were enumerated. */
  readonly nDraws: number;
  readonly nEvaluated: number;
  /** Share of proposed steps taken; undefined without chains. */
  readonly acceptance?: number | undefined;
  /** One for each variable of the space, then one for the probability itself; empty without chains. */
  readonly convergence: readonly Convergence[];
}
