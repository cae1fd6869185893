import type { Matrix } from "@materiome/core";
import type { Point } from "../space/points.ts";
import type { Setting } from "../space/searchSpace.ts";

/** What has been tried. Rows may lie outside the space (older experiments): they teach, and are never proposed. */
export interface Observations {
  readonly points: readonly Point[];
  /** [n, m]: measured outcomes, one column per name of `outcomes`; NaN where nothing was measured. */
  readonly values: Matrix;
  /** Names of the columns of `values`. */
  readonly outcomes: readonly string[];
  /** [n, m]: variance of each measured value in its unit squared, where it is known. */
  readonly noiseVariance?: Matrix | undefined;
  /** 1 where the experiment was made and gave nothing ("it cracked"): learned as not feasible. Length n. */
  readonly failed?: Uint8Array | undefined;
  /** Points that are being tried now. */
  readonly pending: readonly Point[];
}

/** What the surrogate expects of an outcome at a suggestion. */
export interface ExpectedOutcome {
  readonly name: string;
  readonly unit: string;
  readonly mean: number;
  /** Of the noise-free function. */
  readonly std: number;
  /** Interval of a new measurement at the level of the call. */
  readonly lower: number;
  readonly upper: number;
}

/** What is expected of the mean or the worst case of an objective where settings scatter, whichever counts, and the deviation of that. */
export interface ScatteredOutcome {
  readonly name: string;
  readonly mean: number;
  readonly std: number;
}

/** An experiment to make next, and why. */
export interface Suggestion {
  readonly point: Point;
  readonly settings: readonly Setting[];
  /** Empty before anything is known (a space-filling start). */
  readonly expected: readonly ExpectedOutcome[];
  /** Where settings scatter: of each objective. */
  readonly underScatter?: readonly ScatteredOutcome[] | undefined;
  /** How it was chosen, in the field's term, such as "Sobol start", "log expected improvement". */
  readonly method: string;
  /** Value of the acquisition function; undefined in a space-filling start, and for the best point of a drawn function. */
  readonly acquisition?: number | undefined;
  /**
   * Share of the acquisition that comes from the mean being good (1: pure exploitation) rather than from not knowing (0: pure
   * exploration); undefined where there is no model, and where something else than the mean is to be good: a specification, the worst case.
   */
  readonly exploitShare?: number | undefined;
  /**
   * Probability that the experiment works and the noise-free function meets every outcome constraint; 1 where none was asked, and in a
   * space-filling start, where nothing is known.
   */
  readonly feasibleProbability: number;
  /** Nearest tried point: its row in the observations and its distance ({@link pointDistance}); undefined where there is none. */
  readonly nearest?: { readonly row: number; readonly distance: number } | undefined;
  /** Share of each variable in the surrogate's variation around this point, largest first. */
  readonly variables: readonly { readonly name: string; readonly share: number }[];
}
