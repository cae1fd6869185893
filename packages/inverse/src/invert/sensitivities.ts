import type { TableModel } from "@materiome/core";
import type { Evaluate } from "../search/evaluator.ts";
import { settleActivity } from "../space/activity.ts";
import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { rangeOf, snap, type Variable, valueAt } from "../space/variable.ts";
import type { Limits } from "../spec/limits.ts";
import type { Sensitivity } from "./result.ts";

const SWEEP = 21;
const FLAT_SHARE = 0.01;

/**
 * Sweeps every knob over its bounds (21 places, or every category) with the others held at the point: what the model says of the
 * knob alone, also where sums or constraints of the space would not let it move by itself.
 */
export async function sensitivitiesAt(
  model: TableModel,
  space: SearchSpace,
  limits: readonly Limits[],
  evaluate: Evaluate,
  point: Point,
): Promise<readonly Sensitivity[]> {
  const sweeps = space.variables.map((variable, j) =>
    sweepValues(variable).map((value) => {
      const moved = Float64Array.from(point);
      moved[j] = value;
      settleActivity(space, moved, (other) => valueAt(other, 0.5));
      return moved;
    }),
  );
  const evaluated = await evaluate([point, ...sweeps.flat()]);
  const here = evaluated[0];
  let start = 1;
  return space.variables.flatMap((variable, j) => {
    const size = sweeps[j]?.length ?? 0;
    const along = evaluated.slice(start, start + size);
    start += size;
    return limits.map((limit, k) => {
      const means = [here, ...along].map((e) => e?.means[k] ?? Number.NaN);
      const lowestMean = Math.min(...means);
      const highestMean = Math.max(...means);
      const isFlat = highestMean - lowestMean < FLAT_SHARE * measuredRange(model, limit.target);
      return { name: variable.name, unit: variable.unit, target: limit.target, lowestMean, highestMean, isFlat };
    });
  });
}

/** Values of a knob spread over its bounds, ends included. */
export function sweepValues(variable: Variable): readonly number[] {
  if (variable.kind === "category") return variable.levels.map((_, code) => code);
  const values = Array.from({ length: SWEEP }, (_, i) => snap(variable, valueAt(variable, i / (SWEEP - 1))));
  const { min, max } = rangeOf(variable);
  return [...new Set([snap(variable, min), ...values, snap(variable, max)])];
}

function measuredRange(model: TableModel, target: string): number {
  const values = [...model.training.number(target).values].filter(Number.isFinite);
  return Math.max(...values) - Math.min(...values);
}
