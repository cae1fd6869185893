import { type Random, type RunContext, runTasks, shuffle } from "@materiome/core";
import type { TrainingRows } from "../learner/checkTraining.ts";
import { type InnerFolds, rowsOf, rowsOutside } from "../learner/heldOutByFolds.ts";
import { scaleToMeanOne } from "../tree/bag.ts";
import { shareCodes, shareNumbers } from "../tree/codeMatrix.ts";
import type { NetKind } from "./trainable.ts";
import {
  type NetTargets,
  startTraining,
  type TrainedNet,
  type TrainingSettings,
  type TrainNetInput,
} from "./trainingLoop.ts";

/** Rows × multiplications of a row × epochs below which starting threads costs more than it gains. */
const WORTH_THREADS = 100_000_000;
/** Fewer rows say nothing about when to stop. */
const LEAST_STOP_ROWS = 30;

/** One net of a plan: the rows it must not see. */
export interface PlannedNet {
  readonly heldOut: Int32Array;
  readonly train: Int32Array;
  readonly stop: Int32Array;
  readonly key: string;
}

/**
 * Plans a net that does not see fold k (undefined: that sees all), and stops by a share of the other groups.
 */
export function planNet(
  rows: TrainingRows,
  folds: InnerFolds,
  k: number | undefined,
  share: number,
  random: Random,
): PlannedNet {
  const heldOut = k === undefined ? new Int32Array(0) : rowsOf(folds, k);
  const seen = rowsOutside(folds, k === undefined ? [] : [k]);
  const groups = [...new Set(seen.map((i) => rows.groups[i] as number))]; // rows of the set
  const wanted = share * seen.length;
  const chosen = new Set<number>();
  const sizes = new Map<number, number>();
  for (const i of seen) sizes.set(rows.groups[i] as number, (sizes.get(rows.groups[i] as number) ?? 0) + 1);
  let nStop = 0;
  for (const at of shuffle(groups.length, random.fork("stop"))) {
    if (nStop >= wanted) break;
    const group = groups[at] as number; // at < groups
    chosen.add(group);
    nStop += sizes.get(group) ?? 0;
  }
  const isEnough = nStop >= LEAST_STOP_ROWS && nStop <= 0.5 * seen.length;
  const isStop = (i: number): boolean => isEnough && chosen.has(rows.groups[i] as number);
  return { heldOut, train: seen.filter((i) => !isStop(i)), stop: seen.filter(isStop), key: random.key };
}

/** Trains the nets of a plan, in threads where that is worth it; the same for any number of threads. */
export async function trainNets<S extends TrainingSettings, F>(
  rows: TrainingRows,
  weights: Float64Array | undefined,
  targets: NetTargets,
  settings: S,
  plan: readonly PlannedNet[],
  run: RunContext,
  kind: NetKind<S, F>,
): Promise<TrainedNet<F>[]> {
  const { x } = rows;
  const common = {
    x: shareNumbers(x.data),
    nFeatures: x.columns,
    targets:
      targets.kind === "classes"
        ? { ...targets, codes: shareCodes(targets.codes) }
        : { ...targets, values: shareNumbers(targets.values) },
    weights: weights === undefined ? undefined : shareNumbers(scaleToMeanOne(weights)),
    settings,
  };
  const inputs: TrainNetInput<S>[] = plan.map(({ train, stop, key }) => ({ ...common, train, stop, key }));
  const work = x.rows * kind.work(settings, x.columns) * settings.epochs * plan.length;
  if (work >= WORTH_THREADS && run.threads !== 1 && plan.length > 1) {
    return runTasks<TrainNetInput<S>, TrainedNet<F>>(kind.task, inputs, { ...run, stage: "nets" });
  }
  const trained: TrainedNet<F>[] = [];
  for (const input of inputs) {
    const training = startTraining(input, kind.build);
    while (training.epoch()) {
      await new Promise<void>((resolve) => setImmediate(resolve)); // lets a signal through
      run.signal?.throwIfAborted();
    }
    trained.push(training.result());
    run.onProgress?.({ stage: "nets", done: trained.length, total: plan.length });
    run.signal?.throwIfAborted();
  }
  return trained;
}
