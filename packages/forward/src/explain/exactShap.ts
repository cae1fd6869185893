import { createMatrix, type Matrix, type RegressionModel } from "@materiome/core";
import type { ForwardModel } from "../learner/regressionModel.ts";
import { addPolynomialShap } from "./addPolynomialShap.ts";
import { addTreeShap } from "./addTreeShap.ts";
import type { MeanParts } from "./meanParts.ts";
import type { ExplainRun } from "./subject.ts";

/** Exact interventional Shapley values, [n, nPlayers]; undefined where the model has no closed form. */
export async function exactShap(
  model: RegressionModel,
  x: Matrix,
  background: Matrix,
  player: Int32Array,
  nPlayers: number,
  run: ExplainRun,
): Promise<Matrix | undefined> {
  const parts: MeanParts | undefined = (model as Partial<ForwardModel>).predictor?.meanParts?.();
  if (parts === undefined) return undefined;
  const values = createMatrix(x.rows, nPlayers);
  for (const part of parts.parts) {
    if (part.kind === "polynomial") addPolynomialShap(part, x, background, player, nPlayers, values.data);
    else await addTreeShap(part, x, background, player, nPlayers, "interventional", run, values.data);
  }
  return values;
}
