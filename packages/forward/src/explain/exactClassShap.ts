import { createMatrix, type Matrix } from "@materiome/core";
import { addPolynomialShap } from "./addPolynomialShap.ts";
import { addTreeShap } from "./addTreeShap.ts";
import { type ClassScores, logOdds } from "./classScores.ts";
import type { ExplainRun } from "./subject.ts";

/**
 * Exact interventional Shapley values of classes, [n, nPlayers] each: of probabilities, times `factor`, or of log-odds as
 * `ClassScale` has them.
 */
export async function exactClassShap(
  scores: ClassScores,
  nClasses: number,
  x: Matrix,
  background: Matrix,
  player: Int32Array,
  nPlayers: number,
  factor: number,
  run: ExplainRun,
): Promise<readonly Matrix[]> {
  const { kind, present } = scores;
  const values = Array.from({ length: nClasses }, () => createMatrix(x.rows, nPlayers));
  const parts = scores.parts();
  // Probabilities sum to 1, so the contributions to the last class are what is left of the others.
  const nAsked = kind === "probability" ? present.length - 1 : present.length;
  for (let k = 0; k < nAsked; k++) {
    const { data } = values[present[k] as number] as Matrix; // a class
    for (const part of parts[k]?.parts ?? []) {
      const scaled = { ...part, scale: part.scale * factor };
      if (scaled.kind === "polynomial") addPolynomialShap(scaled, x, background, player, nPlayers, data);
      else await addTreeShap(scaled, x, background, player, nPlayers, "interventional", run, data);
    }
  }
  const size = x.rows * nPlayers;
  const own = new Float64Array(nClasses);
  const at = (c: number): Float64Array => (values[c] as Matrix).data; // c < nClasses
  const last = at(present.at(-1) as number); // two classes at least
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < nClasses; c++) own[c] = at(c)[i] as number; // i < size
    if (kind === "probability") last[i] = -own.reduce((sum, v) => sum + v, 0);
    else for (const [c, value] of logOdds(own, nClasses).entries()) at(c)[i] = value;
  }
  return values;
}
