import { type Matrix, type Random, shuffle } from "@materiome/core";
import { correlatedInputs } from "./correlatedInputs.ts";
import type { SubjectInput } from "./subject.ts";

/** Training rows that curves are averaged over at most. */
const EFFECT_ROWS = 500;
/** Of interactions, whose cost grows with the square. */
const INTERACTION_ROWS = 40;

/** What a closer look is taken at, of numbers and of classes alike. */
export interface CloserLook {
  /** Names of the inputs that get curves: those of largest contribution that differ among `effectRows`. */
  readonly curved: readonly string[];
  readonly effectRows: Int32Array;
  /** Names of the inputs whose pairs are looked at; fewer than two make no pair. */
  readonly acting: readonly string[];
  readonly interactionRows: Int32Array;
  /** Names of inputs that go along with each other. */
  readonly correlated: readonly (readonly string[])[];
}

export interface CloserLookOptions {
  readonly random: Random;
  readonly nCurves: number;
  readonly nInteracting: number;
  readonly correlation: number;
}

/** @param meanAbsolute - mean absolute contribution of each input */
export function closerLook(
  inputs: readonly SubjectInput[],
  training: Int32Array,
  meanAbsolute: Float64Array,
  { random, nCurves, nInteracting, correlation }: CloserLookOptions,
): CloserLook {
  const order = Array.from(inputs.keys()).sort((a, b) => (meanAbsolute[b] as number) - (meanAbsolute[a] as number));
  const used = order.filter((c) => (meanAbsolute[c] as number) > 0);
  const names = (columns: readonly number[]): string[] => columns.map((c) => (inputs[c] as SubjectInput).name);
  const effectRows = drawTraining(training, EFFECT_ROWS, random.fork("effects"));
  return {
    curved: names(used.filter((c) => hasDifferent(inputs[c], effectRows)).slice(0, nCurves)),
    effectRows,
    acting: names(used.slice(0, nInteracting)),
    interactionRows: drawTraining(training, INTERACTION_ROWS, random.fork("interactions")),
    correlated: correlatedInputs(inputs, training, correlation)
      .filter((group) => group.length > 1)
      .map(names),
  };
}

/** Some of the training rows, drawn at random; all where there are fewer. */
export function drawTraining(training: Int32Array, n: number, random: Random): Int32Array {
  return shuffle(training.length, random)
    .slice(0, n)
    .map((i) => training[i] as number); // i < length
}

/** Mean over the rows of the absolute contribution of each input. */
export function meanAbsoluteOf({ rows, columns, data }: Matrix): Float64Array {
  const means = new Float64Array(columns);
  for (const [at, value] of data.entries()) {
    means[at % columns] = (means[at % columns] as number) + Math.abs(value) / rows; // % columns
  }
  return means;
}

function hasDifferent(input: SubjectInput | undefined, rows: Int32Array): boolean {
  const { values } = input ?? {};
  if (values === undefined) return false;
  return new Set(Array.from(rows, (i) => values[i] as number).filter((v) => !Number.isNaN(v))).size > 1;
}
