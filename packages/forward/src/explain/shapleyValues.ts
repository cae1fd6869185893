import type { Matrix } from "@materiome/core";

/**
 * Contributions of players to predictions, in target units: a row of `values` plus `base` is its prediction.
 */
export interface ShapleyValues {
  /** Mean prediction of the background rows: what is predicted while nothing is known. */
  readonly base: number;
  readonly players: readonly string[];
  /** [nSamples, nPlayers]. */
  readonly values: Matrix;
  /** Standard errors of sampled values, [nSamples, nPlayers]; undefined where the values are exact. */
  readonly standardError: Matrix | undefined;
}
