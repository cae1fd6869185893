import type { FeatureMatrix } from "@materiome/core";
import type { ProgramParameter } from "./program.ts";
import { isConstantFeature, type Scaling } from "./scaling.ts";

/** A hyper-parameter as a person reads it: distances in the unit of their feature. */
type DescribedParameter = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly isFixed: boolean;
};

/**
 * What was learned, in units, and which features are the same in all training rows. A length-scale of such features alone is left out,
 * unless it was given: no distance among the training rows depends on it, so that it stands where its prior has its mode.
 *
 * @param theta - values as they are learned
 * @param x - training rows
 */
export function describeParameters(
  parameters: readonly ProgramParameter[],
  theta: ArrayLike<number>,
  x: FeatureMatrix,
  scaling: Scaling,
): { readonly hyperparameters: DescribedParameter[]; readonly constantFeatures: string[] } {
  const isConstant = x.features.map((_, f) => isConstantFeature(x, f, scaling));
  return {
    hyperparameters: parameters.flatMap(({ name, unit, isFixed, isLinear, column, distancesOf }, k) => {
      if (!isFixed && distancesOf?.every((f) => isConstant[f]) === true) return [];
      const learned = theta[k] as number; // one each
      const value = isLinear === true ? learned : Math.exp(learned);
      const own = column === undefined ? undefined : x.features[column];
      if (column === undefined || own === undefined) return [{ name, value, unit, isFixed }];
      return [{ name, value: value * (scaling.scale[column] as number), unit: own.unit, isFixed }]; // one of them, as its scale is
    }),
    constantFeatures: x.features.flatMap(({ name }, f) => (isConstant[f] === true ? [name] : [])),
  };
}
