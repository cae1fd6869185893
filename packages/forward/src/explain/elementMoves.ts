import type { Random } from "@materiome/core";
import { medianOf } from "../validation/scores.ts";
import { drawTraining } from "./closerLook.ts";
import type { ElementSubject } from "./elementSubject.ts";
import type { PooledTable } from "./pooledTable.ts";
import { type ExplainRun, outputOf, type SubjectInput } from "./subject.ts";

/** An element and what of it stands in the rows, of effects on numbers and on classes alike. */
export interface ElementAmounts {
  readonly element: string;
  /** Amount in each explained row, atomic percent. */
  readonly amounts: Float64Array;
  /** Amounts in the training rows, atomic percent. */
  readonly training: Float64Array;
  /** Median amount of the training rows, atomic percent: what `changes` are against. */
  readonly reference: number;
}

/** An element with the changes of each output, as {@link ElementEffect} has them of one. */
export interface ElementMoves extends ElementAmounts {
  readonly outputs: readonly Float64Array[];
}

/** What each element of a column does to each output, in the order of the subject. */
export async function elementMoves(one: ElementSubject, pooled: PooledTable, run: ExplainRun): Promise<ElementMoves[]> {
  const moves: ElementMoves[] = [];
  for (const [e, input] of one.subject.inputs.entries()) moves.push(await movesOf(one, e, input, pooled, run));
  return moves;
}

async function movesOf(
  { subject, rows }: ElementSubject,
  e: number,
  { name, values }: SubjectInput,
  pooled: PooledTable,
  run: ExplainRun,
): Promise<ElementMoves> {
  const of = (asked: Int32Array): Float64Array => Float64Array.from(asked, (i) => values?.[i] as number); // a row
  const training = of(pooled.training).filter((amount) => !Number.isNaN(amount));
  const reference = medianOf(training);
  const m = subject.nOutputs;
  const outputs = Array.from({ length: m }, () => new Float64Array(pooled.rows.length).fill(Number.NaN));
  for (const changes of outputs) for (const row of rows) changes[row] = 0; // rows of the table come first
  const moved = rows.filter((i) => values?.[i] !== reference); // most rows have none of most elements
  if (moved.length > 0) {
    const own = await subject.set(moved, [{ input: e, values: of(moved) }], run);
    const other = await subject.set(moved, [{ input: e, values: new Float64Array(moved.length).fill(reference) }], run);
    const difference = own.map((value, at) => value - (other[at] as number)); // one each
    for (const [c, changes] of outputs.entries()) {
      for (const [k, change] of outputOf(difference, m, c).entries()) changes[moved[k] as number] = change; // one each
    }
  }
  return { element: name, amounts: of(pooled.rows), training, reference, outputs };
}

/** Mean of the absolute changes over the rows that have any; NaN where none has. */
export function meanAbsoluteChange(changes: Float64Array): number {
  const known = changes.filter((change) => !Number.isNaN(change));
  return known.reduce((sum, change) => sum + Math.abs(change), 0) / known.length;
}

export interface ElementCurves {
  readonly random: Random;
  /** Elements with curves at most. */
  readonly nCurves: number;
  /** Training rows that curves are averaged over at most. */
  readonly nRows: number;
}

/** The effects, falling by `meanAbsolute`, the first that move anything and vary among the training rows with their curves. */
export async function withCurves<E extends { readonly element: string; readonly meanAbsolute: number }, C>(
  { input, subject, training }: ElementSubject,
  effects: readonly E[],
  { random, nCurves, nRows }: ElementCurves,
  curve: (element: string, rows: Int32Array) => Promise<C>,
): Promise<(E & { readonly curves: C | undefined })[]> {
  const rows = drawTraining(training, nRows, random.fork(input));
  const found: (E & { readonly curves: C | undefined })[] = [];
  let drawn = 0;
  for (const effect of effects.toSorted((a, b) => (b.meanAbsolute || 0) - (a.meanAbsolute || 0))) {
    const own = subject.inputs.find(({ name }) => name === effect.element)?.values ?? [];
    const isCurved = drawn < nCurves && effect.meanAbsolute > 0 && new Set(Array.from(rows, (i) => own[i])).size > 1;
    if (isCurved) drawn++;
    found.push({ ...effect, curves: isCurved ? await curve(effect.element, rows) : undefined });
  }
  return found;
}
