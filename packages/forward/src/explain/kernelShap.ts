import { createMatrix, DomainError, type Matrix, type Random, ShapeError } from "@materiome/core";
import { type Coalitions, chooseCoalitions } from "./coalitions.ts";
import { fitCoalitions } from "./fitCoalitions.ts";
import type { ShapleyValues } from "./shapleyValues.ts";
import { type ExplainRun, outputOf, predictRows, type Subject, type WideSubject } from "./subject.ts";

export interface KernelShapOptions extends ExplainRun {
  /** Up to this many inputs all coalitions are asked for, and the values are exact. At most 16. @defaultValue 10 */
  readonly exactUpTo?: number | undefined;
  /** Coalitions asked for with more inputs; at least four times as many as inputs. @defaultValue 1000, or eight times as many as inputs where that is more */
  readonly nCoalitions?: number | undefined;
  /** Draws coalitions; needed where not all are asked for. */
  readonly random?: Random | undefined;
}

/** Predictions asked for together. */
const BLOCK = 16384;

/**
 * Shapley values of any model: how its prediction of a row differs from its mean prediction of the background rows, shared
 * among the inputs. The value of a coalition is the mean prediction where its inputs are those of the row and all others those
 * of a background row.
 *
 * With few inputs over all coalitions, exact. Otherwise by weighted least squares over coalitions: those of the smallest and
 * largest sizes in full as far as they pay, the others drawn, each with its complement; `standardError` is what the drawing
 * leaves (from the residuals of the fit, pair by pair). Contributions add up to the prediction in either case.
 *
 * @param rows - rows of the subject to explain
 * @param background - rows of the subject that unknown inputs are taken from
 * @throws DomainError for options outside their range, or without `random` where coalitions are drawn
 * @throws ShapeError without background rows
 * @see Lundberg & Lee, Adv. Neural Inf. Process. Syst. 30 (2017), arXiv:1705.07874, theorem 2
 * @see Covert & Lee, AISTATS 2021, arXiv:2012.01536: pairs and errors
 * @example
 * const { values, standardError } = await kernelShap(subject, rows, background, { random: createRandom(1) });
 */
export async function kernelShap(
  subject: Subject,
  rows: Int32Array,
  background: Int32Array,
  options: KernelShapOptions = {},
): Promise<ShapleyValues> {
  const { base, values, standardError } = await kernelShapOutputs(subject, rows, background, options);
  // A subject has one output.
  return {
    base: base[0] as number,
    players: subject.inputs.map(({ name }) => name),
    values: values[0] as Matrix,
    standardError: standardError?.[0],
  };
}

/** {@link kernelShap} of each output. */
export interface OutputShap {
  readonly base: Float64Array;
  /** [nSamples, nPlayers] for each output. */
  readonly values: readonly Matrix[];
  readonly standardError: readonly Matrix[] | undefined;
}

/** {@link kernelShap} of all outputs from the same predictions. */
export async function kernelShapOutputs(
  subject: WideSubject,
  rows: Int32Array,
  background: Int32Array,
  options: KernelShapOptions = {},
): Promise<OutputShap> {
  const nPlayers = subject.inputs.length;
  const { exactUpTo = 10, nCoalitions = Math.max(1000, 8 * nPlayers), random, ...run } = options;
  if (background.length === 0) throw new ShapeError("kernelShap: expected at least one background row, got none");
  if (!(Number.isInteger(exactUpTo) && exactUpTo >= 0 && exactUpTo <= 16)) {
    throw new DomainError(`kernelShap: exactUpTo must be a whole number of at most 16, got ${exactUpTo}`);
  }
  const isExact = nPlayers <= Math.max(1, exactUpTo);
  if (!isExact && !(Number.isInteger(nCoalitions) && nCoalitions >= 4 * nPlayers)) {
    throw new DomainError(
      `kernelShap: nCoalitions must be at least ${4 * nPlayers}, four for each of ${nPlayers} inputs, got ${nCoalitions}`,
    );
  }
  if (!isExact && random === undefined) {
    throw new DomainError(
      `kernelShap: ${nPlayers} inputs are more than exactUpTo = ${exactUpTo}, so coalitions are drawn; give random`,
    );
  }
  const coalitions = isExact ? allCoalitions(nPlayers) : chooseCoalitions(nPlayers, nCoalitions, random as Random);
  const m = subject.nOutputs;
  const base = meansOf(await predictRows(subject, background, run), m);
  const predicted = await predictRows(subject, rows, run);
  const empty = (): Matrix[] => Array.from({ length: m }, () => createMatrix(rows.length, nPlayers));
  const values = empty();
  const standardError = isExact ? undefined : empty();
  const fit = isExact ? undefined : fitCoalitions(coalitions, nPlayers);
  for (const [i, row] of rows.entries()) {
    run.signal?.throwIfAborted();
    const game = await askCoalitions(subject, row, background, coalitions.members, run);
    const rowOf = (all: readonly Matrix[], k: number): Float64Array =>
      (all[k] as Matrix).data.subarray(i * nPlayers, (i + 1) * nPlayers); // one matrix an output
    for (let k = 0; k < m; k++) {
      const own = outputOf(game, m, k);
      if (fit === undefined) averageGains(nPlayers, own, rowOf(values, k));
      else
        fit(
          own,
          base[k] as number,
          predicted[i * m + k] as number,
          rowOf(values, k),
          rowOf(standardError as Matrix[], k),
        ); // k < m
    }
    run.onProgress?.({ stage: "Shapley values", done: i + 1, total: rows.length });
  }
  return { base, values, standardError };
}

/** Mean over the rows of each output. */
export function meansOf(predicted: Float64Array, nOutputs: number): Float64Array {
  const means = new Float64Array(nOutputs);
  const n = predicted.length / nOutputs;
  for (const [at, value] of predicted.entries()) {
    means[at % nOutputs] = (means[at % nOutputs] as number) + value; // % nOutputs
  }
  return means.map((sum) => sum / n);
}

function allCoalitions(nPlayers: number): Pick<Coalitions, "members"> & Coalitions {
  const count = 2 ** nPlayers;
  const members = createMatrix(count, nPlayers);
  for (let s = 0; s < count; s++) {
    for (let p = 0; p < nPlayers; p++) members.data[s * nPlayers + p] = (s >> p) & 1;
  }
  return { members, weights: new Float64Array(count).fill(1), firstDrawn: count };
}

/** Mean prediction of each coalition, [nCoalitions, nOutputs]. */
async function askCoalitions(
  subject: WideSubject,
  row: number,
  background: Int32Array,
  members: Matrix,
  run: ExplainRun,
): Promise<Float64Array> {
  const m = background.length;
  const { nOutputs } = subject;
  const { rows: count, columns: nPlayers } = members;
  const game = new Float64Array(count * nOutputs);
  const perBlock = Math.max(1, Math.floor(BLOCK / m));
  for (let first = 0; first < count; first += perBlock) {
    const n = Math.min(perBlock, count - first);
    const sources = Array.from({ length: nPlayers }, (_, p) => {
      const source = new Int32Array(n * m);
      for (let s = 0; s < n; s++) {
        if (members.data[(first + s) * nPlayers + p] === 1) source.fill(row, s * m, (s + 1) * m);
        else source.set(background, s * m);
      }
      return source;
    });
    const predicted = await subject.mix(sources, { ...run, onProgress: undefined });
    for (let s = 0; s < n; s++) {
      for (let k = 0; k < nOutputs; k++) {
        let sum = 0;
        for (let j = 0; j < m; j++) sum += predicted[(s * m + j) * nOutputs + k] as number; // n × m predictions
        game[(first + s) * nOutputs + k] = sum / m;
      }
    }
  }
  return game;
}

/** Shapley values by their definition, coalitions as bits. */
function averageGains(nPlayers: number, game: Float64Array, out: Float64Array): void {
  // s! (n − s − 1)! / n! for s = 0 … n − 1.
  const weights = new Float64Array(nPlayers);
  let weight = 1 / nPlayers;
  for (let s = 0; s < nPlayers; s++) {
    weights[s] = weight;
    weight *= (s + 1) / (nPlayers - s - 1);
  }
  for (let s = 0; s < game.length; s++) {
    let size = 0;
    for (let p = 0; p < nPlayers; p++) size += (s >> p) & 1;
    for (let p = 0; p < nPlayers; p++) {
      if ((s >> p) & 1) continue;
      const gain = (game[s | (1 << p)] as number) - (game[s] as number); // below 2^n
      out[p] = (out[p] as number) + (weights[size] as number) * gain;
    }
  }
}
