import {
  createMatrix,
  type FeatureMatrix,
  IncompatibleError,
  type Matrix,
  type RunContext,
  ShapeError,
} from "@materiome/core";
import { checkInputs } from "../learner/checkTraining.ts";
import type { ForwardModel } from "../learner/regressionModel.ts";
import { checkFeatures } from "../learner/storedModel.ts";
import { meanOf } from "../validation/scores.ts";
import { addTreeShap, type TreeShapMethod } from "./addTreeShap.ts";
import { type Player, playersOf } from "./players.ts";
import type { ShapleyValues } from "./shapleyValues.ts";

export interface TreeShapOptions extends Omit<Partial<RunContext>, "random"> {
  /** @defaultValue "interventional" */
  readonly method?: TreeShapMethod | undefined;
  /** @defaultValue each feature on its own */
  readonly players?: readonly Player[] | undefined;
}

/**
 * Exact Shapley values of a model made of trees (forests, extra trees, averages of them).
 *
 * `interventional`: an unknown player takes its values from a background row, whatever the known ones are; mean over all
 * background rows. It says what the model uses: a player the trees never ask for gets exactly 0. Where players are correlated the
 * model is asked about rows that no material has; make correlated features one player. Time grows with the number of
 * background rows; a hundred drawn at random are usual.
 *
 * `path-dependent`: an unknown player sends the row both ways, in the shares in which the background rows take them. It follows
 * the correlations that the trees have seen, gives credit to players that merely go along with those used, and takes
 * O(leaves × depth) for a row. The background must be the training rows (each counts once, also where a tree has drawn it several times).
 *
 * Missing values take the side that training gave them, in the row and in the background.
 *
 * @param x - rows to explain, [nSamples, nFeatures]
 * @param background - [nBackground, nFeatures]
 * @throws IncompatibleError if the model is not made of trees alone
 * @throws ShapeError without background rows, or for other features than the model's
 * @throws DataError (path-dependent) if no background row reaches some node
 * @see Lundberg et al., Nat. Mach. Intell. 2, 56 (2020), doi:10.1038/s42256-019-0138-9
 * @see Owen, Manag. Sci. 18, P64 (1972), doi:10.1287/mnsc.18.5.64: Shapley values as an integral, here by quadrature
 * @see Janzing, Minorics & Blöbaum, AISTATS 2020, arXiv:1910.13413: why interventional
 * @example
 * const { base, values } = await treeShap(model, x, takeRows(training, rows));
 */
export async function treeShap(
  model: ForwardModel,
  x: FeatureMatrix,
  background: Matrix,
  options: TreeShapOptions = {},
): Promise<ShapleyValues> {
  const { method = "interventional", players, ...run } = options;
  const { names, ofFeature } = playersOf("treeShap", model.features, players);
  const parts = model.predictor.meanParts?.();
  const trees = parts?.parts.filter((part) => part.kind === "trees") ?? [];
  if (parts === undefined || trees.length < parts.parts.length) {
    throw new IncompatibleError(
      `treeShap: the model (${model.predictor.kind}) is not made of trees alone; use shapleyValues, which takes any model`,
    );
  }
  checkRows("treeShap", model, x, background);
  const values = createMatrix(x.rows, names.length);
  for (const part of trees) {
    await addTreeShap(part, x, background, ofFeature, names.length, method, run, values.data);
  }
  return { base: meanOf(model.predictor.estimate(background).mean), players: names, values, standardError: undefined };
}

/** @throws ShapeError or DomainError, as `predict` of the model does; ShapeError without background rows */
export function checkRows(caller: string, model: ForwardModel, x: Matrix, background: Matrix): void {
  const { features, predictor } = model;
  if (background.rows === 0) throw new ShapeError(`${caller}: expected at least one background row, got none`);
  for (const rows of [x, background]) {
    checkFeatures(features, rows);
    checkInputs(caller, { ...rows, features }, predictor.allowsMissing);
  }
}
