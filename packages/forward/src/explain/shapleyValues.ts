import type { Matrix } from "@materiome/core";
import { type KernelShapOptions, kernelShap } from "./kernelShap.ts";
import { predictRows, type Subject } from "./subject.ts";

/** Contributions of players to predictions, in target units: a row of `values` plus `base` is its prediction. */
export interface ShapleyValues {
  /** Mean prediction of the background rows: what is predicted while nothing is known. */
  readonly base: number;
  readonly players: readonly string[];
  /** [nSamples, nPlayers]. */
  readonly values: Matrix;
  /** Standard errors of sampled values, [nSamples, nPlayers]; undefined where the values are exact. */
  readonly standardError: Matrix | undefined;
}

/**
 * Shapley values by input: exact in closed form for forests, extra trees, boosting on the scale of the target, linear models and averages
 * of them, of tables too where each feature comes from one column; otherwise by {@link kernelShap}. Both ask the same question: unknown inputs are those of a
 * background row, whatever the known ones are.
 *
 * @param rows - rows of the subject to explain
 * @param background - rows of the subject that unknown inputs are taken from, usually a hundred training rows
 * @throws as `kernelShap`
 * @example
 * const { base, values } = await shapleyValues(subject, subject.rows, background, { random: createRandom(1) });
 */
export async function shapleyValues(
  subject: Subject,
  rows: Int32Array,
  background: Int32Array,
  options: KernelShapOptions = {},
): Promise<ShapleyValues> {
  const { exactUpTo: _, nCoalitions: __, random: ___, ...run } = options;
  const values = background.length === 0 ? undefined : await subject.exact(rows, background, run);
  if (values === undefined) return kernelShap(subject, rows, background, options);
  const reference = await predictRows(subject, background, run);
  const base = reference.reduce((sum, v) => sum + v, 0) / reference.length;
  return { base, players: subject.inputs.map(({ name }) => name), values, standardError: undefined };
}
