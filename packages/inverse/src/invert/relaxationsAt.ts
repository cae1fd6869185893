import type { Column } from "@materiome/core";
import { createEvaluator, type Evaluated } from "../search/evaluator.ts";
import { levelsIn } from "../space/columnValues.ts";
import { inferStep } from "../space/inferStep.ts";
import type { FixedInput, SearchSpace } from "../space/searchSpace.ts";
import type { Variable } from "../space/variable.ts";
import { isAllowedPoint } from "../space/violations.ts";
import type { RefuseContext } from "./refuseContext.ts";
import type { Relaxation } from "./result.ts";
import { sweepValues } from "./sensitivities.ts";

/** Least gain in probability that is worth a word. */
const HELPFUL = 0.01;

/**
 * Lifts one limit at a time at a point, everything else kept: each fixed input over the values of the training rows,
 * each knob over the range of the training rows where its bounds are narrower (both inside the domain), and each knob
 * over its bounds outside the domain. Values that break a sum or a constraint of the space are left out. Of each the most probable value is kept, where it raises the
 * probability by more than 0.01; most helpful first.
 */
export async function relaxationsAt(context: RefuseContext, best: Evaluated): Promise<readonly Relaxation[]> {
  const { space } = context;
  const { training } = context.model;
  const found: (Relaxation | undefined)[] = [];
  for (const variable of space.variables) {
    const opened = openedTo(variable, training.column(variable.name));
    if (opened !== undefined) found.push(await lift(context, best, opened, "bound"));
    found.push(await lift(context, best, variable, "domain"));
  }
  for (const input of space.fixed) {
    const freed = input.why === "constant" ? undefined : freedAs(input, training.column(input.name));
    if (freed !== undefined) found.push(await lift(context, best, freed, "fixed"));
  }
  return found
    .filter((relaxation) => relaxation !== undefined)
    .filter((relaxation) => relaxation.probability > best.probability + HELPFUL)
    .sort((a, b) => b.probability - a.probability || a.name.localeCompare(b.name));
}

/** Sweeps one variable, which takes the place of the input of that name, with all others at the best point. */
async function lift(
  context: RefuseContext,
  best: Evaluated,
  variable: Variable,
  kind: Relaxation["kind"],
): Promise<Relaxation | undefined> {
  const { model, space, limits, scales } = context;
  const others = space.variables.flatMap((other, j) => (other.name === variable.name ? [] : [{ other, j }]));
  const swept: SearchSpace = {
    variables: [variable, ...others.map(({ other }) => other)],
    fixed: space.fixed.filter((input) => input.name !== variable.name),
    sums: space.sums,
    constraints: space.constraints,
  };
  const kept = others.map(({ j }) => best.point[j] ?? Number.NaN);
  const points = sweepValues(variable)
    .map((value) => Float64Array.of(value, ...kept))
    .filter((point) => isAllowedPoint(swept, point));
  if (points.length === 0) return undefined;
  const evaluated = await createEvaluator(model, swept, limits, scales, context.context)(points);
  const [result] = evaluated
    .filter((e) => e.inDomain === (kind !== "domain"))
    .sort((a, b) => b.probability - a.probability || b.margin - a.margin);
  if (result === undefined) return undefined;
  const value = result.point[0] ?? Number.NaN;
  return {
    name: variable.name,
    kind,
    value: variable.kind === "category" ? (variable.levels[value] ?? "") : value,
    unit: variable.unit,
    probability: result.probability,
    mean: result.means[0] ?? Number.NaN,
    inDomain: result.inDomain,
  };
}

/** The knob with the range of the training rows added to its bounds; undefined where that adds nothing. */
function openedTo(variable: Variable, column: Column): Variable | undefined {
  if (variable.kind === "category") {
    if (column.kind === "number") return undefined;
    const levels = levelsIn(column);
    return levels.some((level) => !variable.levels.includes(level)) ? { ...variable, levels } : undefined;
  }
  if (variable.kind === "ordinal") return undefined;
  const seen = column.kind === "number" ? rangeOf(column.values) : undefined;
  if (seen === undefined || (seen.min >= variable.min && seen.max <= variable.max)) return undefined;
  return { ...variable, min: Math.min(seen.min, variable.min), max: Math.max(seen.max, variable.max) };
}

function freedAs(input: FixedInput, column: Column): Variable | undefined {
  const { name, role, unit } = input;
  if (column.kind !== "number") {
    return { kind: "category", name, role, unit, columnKind: column.kind, levels: levelsIn(column) };
  }
  const seen = rangeOf(column.values);
  if (seen === undefined || seen.min === seen.max) return undefined;
  const { step, origin } = inferStep(column.values) ?? {};
  return { kind: "continuous", name, role, unit, min: seen.min, max: seen.max, step, origin, scale: "linear" };
}

function rangeOf(values: Float64Array): { readonly min: number; readonly max: number } | undefined {
  const finite = [...values].filter(Number.isFinite);
  if (finite.length === 0) return undefined;
  return { min: finite.reduce((a, b) => Math.min(a, b)), max: finite.reduce((a, b) => Math.max(a, b)) };
}
