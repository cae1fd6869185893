import type { Matrix } from "@materiome/core";
import type { ClassSubject } from "./classSubject.ts";
import { type KernelShapOptions, kernelShapOutputs, meansOf } from "./kernelShap.ts";
import { predictRows } from "./subject.ts";

/** Contributions of players to classes, on the scale of the subject: a row of `values` plus `base` is what is predicted of the class. */
export interface ClassShapleyValues {
  /** Mean over the background rows for each class. */
  readonly base: Float64Array;
  readonly players: readonly string[];
  /** [nSamples, nPlayers] for each class; over the classes they sum to 0. */
  readonly values: readonly Matrix[];
  /** Of sampled values, likewise; undefined where the values are exact. */
  readonly standardError: readonly Matrix[] | undefined;
}

/**
 * Shapley values of all classes by input: exact in closed form for forests and extra trees in probability, for boosting and logistic regression in
 * log-odds, where each feature comes from one column; otherwise by `kernelShap`, which is exact up to ten inputs.
 *
 * @param rows - rows of the subject to explain
 * @param background - rows of the subject that unknown inputs are taken from, usually a hundred training rows
 * @throws as `kernelShap`
 * @example
 * const { base, values } = await classShapleyValues(subject, subject.rows, background, { random: createRandom(1) });
 */
export async function classShapleyValues(
  subject: ClassSubject,
  rows: Int32Array,
  background: Int32Array,
  options: KernelShapOptions = {},
): Promise<ClassShapleyValues> {
  const { exactUpTo: _, nCoalitions: __, random: ___, ...run } = options;
  const players = subject.inputs.map(({ name }) => name);
  const values = background.length === 0 ? undefined : await subject.exact(rows, background, run);
  if (values === undefined) return { players, ...(await kernelShapOutputs(subject, rows, background, options)) };
  const base = meansOf(await predictRows(subject, background, run), subject.nOutputs);
  return { base, players, values, standardError: undefined };
}
