import {
  createMatrix,
  DomainError,
  deriveGroups,
  type Matrix,
  type Random,
  type RunContext,
  resolveColumn,
  selectColumns,
  type Table,
  takeTableRows,
} from "@materiome/core";
import { fitPropertyModel } from "../property/fitPropertyModel.ts";
import { measuredRows } from "../property/trainingTable.ts";
import {
  type TrainedPropertyModel,
  type TrainPropertyModelOptions,
  trainPropertyModel,
} from "../property/trainPropertyModel.ts";
import { groupKFold, kFold } from "../validation/splitter.ts";
import { type Chain, type ChainOptions, createChain } from "./createChain.ts";

export interface TrainChainOptions extends Pick<ChainOptions, "nNodes"> {
  /** From the inputs to the structure. */
  readonly first: LinkOptions;
  /** From the structure to the property. */
  readonly second: LinkOptions;
  /** Group columns, of both links. @defaultValue those of role group, else rows of one composition */
  readonly groups?: readonly string[] | undefined;
  /**
   * Folds of the predictions end to end, at least 2: both links are fitted once more for each. Fewer where there are fewer rows or groups.
   * @defaultValue 5
   */
  readonly folds?: number | undefined;
}

/** How one link is trained; its own `folds` score it by itself. */
export type LinkOptions = Omit<TrainPropertyModelOptions, "groups" | "budget">;

export interface TrainedChain {
  /** With `heldOut`, so that what is chosen by it can be corrected for optimism. */
  readonly chain: Chain;
  readonly first: TrainedPropertyModel;
  readonly second: TrainedPropertyModel;
}

/**
 * Trains process → structure → property on one table, and predicts each row end to end by links that saw neither the row nor its
 * group: the folds are the same for both, as a second link that has seen the row's property would know the answer.
 *
 * Each link is scored by itself (`first.metrics`, `second.metrics`); the predictions end to end are the chain's `heldOut`.
 *
 * @throws DataError as `trainPropertyModel`, or where a row is not predicted because its inputs are missing
 * @throws IncompatibleError if no target of the first link is an input of the second
 * @throws DomainError for fewer than 2 folds
 * @example
 * const { chain } = await trainChain(
 *   table,
 *   { first: { targets: ["Grain size"], inputs: ["Temperature", "Time"] }, second: { targets: ["Strength"], inputs: ["Grain size"] } },
 *   { random: createRandom(1) },
 * );
 */
export async function trainChain(table: Table, options: TrainChainOptions, run: RunContext): Promise<TrainedChain> {
  const { folds = 5, groups, nNodes } = options;
  if (!(Number.isInteger(folds) && folds >= 2)) {
    throw new DomainError(`trainChain: folds must be a whole number of at least 2, got ${folds}`);
  }
  const links = { first: { ...options.first, groups }, second: { ...options.second, groups } };
  const train = (link: TrainPropertyModelOptions): Promise<TrainedPropertyModel> =>
    trainPropertyModel(table, link, { ...run, random: run.random.fork(link.targets.join("|")) });
  const first = await train(links.first);
  const second = await train(links.second);
  const rows = measuredOf(table, links.first.targets);
  const heldOut = await heldOutEndToEnd(table, rows, { ...links, folds, nNodes }, run);
  const names = new Set([...first.model.training.names, ...second.model.training.names]);
  const kept = takeTableRows(table, rows);
  const training = selectColumns(
    kept,
    kept.names.filter((name) => names.has(name)),
  );
  return { chain: createChain(first.model, second.model, { nNodes, training, heldOut }), first, second };
}

/** Rows where one of the targets was measured. */
function measuredOf(table: Table, targets: readonly string[]): Int32Array {
  return measuredRows(
    table,
    targets.map((text) => ({ name: resolveColumn(table, text).name })),
  ).rows;
}

interface SharedFolds {
  readonly first: TrainPropertyModelOptions;
  readonly second: TrainPropertyModelOptions;
  readonly folds: number;
  readonly nNodes: number | undefined;
}

/**
 * Means of the second link's targets at some rows, each by a chain fitted without the row's fold.
 *
 * @returns [rows, targets]
 */
async function heldOutEndToEnd(
  table: Table,
  rows: Int32Array,
  { first, second, folds, nNodes }: SharedFolds,
  run: RunContext,
): Promise<Matrix> {
  const nTargets = second.targets.length;
  const known = measuredOf(table, [...first.targets, ...second.targets]);
  const random = run.random.fork("end to end");
  const fold = foldsOf(takeTableRows(table, known), first.groups, folds, random.fork("split"));
  const places = new Map(Array.from(rows, (row, i) => [row, i]));
  const heldOut = createMatrix(rows.length, nTargets);
  heldOut.data.fill(Number.NaN);
  const nFolds = 1 + Math.max(...fold);
  for (let k = 0; k < nFolds; k++) {
    run.signal?.throwIfAborted();
    run.onProgress?.({ stage: "end to end", done: k, total: nFolds });
    const test = known.filter((row, i) => fold[i] === k && places.has(row));
    if (test.length === 0) continue;
    const rest = takeTableRows(
      table,
      known.filter((_, i) => fold[i] !== k),
    );
    const own = { ...run, onProgress: undefined, random: random.fork("fold").fork(k) };
    const [from, to] = [await fitPropertyModel(rest, first, own), await fitPropertyModel(rest, second, own)];
    const { mean } = await createChain(from, to, { nNodes }).predict(takeTableRows(table, test), own);
    for (const [i, row] of test.entries()) {
      const place = places.get(row) as number; // of those that have one
      heldOut.data.set(mean.data.subarray(i * nTargets, (i + 1) * nTargets), place * nTargets);
    }
  }
  return heldOut;
}

/** The fold of each row; whole groups together. */
function foldsOf(rows: Table, groups: readonly string[] | undefined, folds: number, random: Random): Int32Array {
  const grouping = deriveGroups(rows, { columns: groups });
  const isGrouped = grouping.kind !== "none";
  const nFolds = Math.min(folds, isGrouped ? grouping.nGroups : rows.nRows);
  const splitter = isGrouped ? groupKFold(nFolds) : kFold(nFolds);
  return splitter.assign(rows.nRows, isGrouped ? grouping.codes : undefined, random);
}
