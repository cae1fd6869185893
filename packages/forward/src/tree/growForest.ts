import { type RunContext, runTasks, type TaskFunction } from "@materiome/core";

/** Trees of one task; fixed, so that sums do not depend on the number of threads. */
const TREES_PER_TASK = 4;
/** Rows × columns × trees below which starting threads costs more than it gains. */
const WORTH_THREADS = 4_000_000;

export interface TreeRange {
  readonly first: number;
  readonly last: number;
}

/** Which trees each task of a forest grows. */
export function treeRanges(nTrees: number): TreeRange[] {
  const ranges: TreeRange[] = [];
  for (let first = 0; first < nTrees; first += TREES_PER_TASK) {
    ranges.push({ first, last: Math.min(nTrees, first + TREES_PER_TASK) });
  }
  return ranges;
}

/** Runs `grow` on each input: here, or in threads where `work` (rows × columns × trees) is worth them. */
export async function growForest<Input, Output>(
  grow: (input: Input) => Output,
  task: TaskFunction,
  inputs: readonly Input[],
  work: number,
  run: RunContext,
): Promise<Output[]> {
  if (work >= WORTH_THREADS && run.threads !== 1) {
    return runTasks<Input, Output>(task, inputs, { ...run, stage: "trees" });
  }
  const outputs: Output[] = [];
  for (const input of inputs) {
    outputs.push(grow(input));
    run.onProgress?.({ stage: "trees", done: outputs.length, total: inputs.length });
    await new Promise<void>((resolve) => setImmediate(resolve)); // lets a signal through
    run.signal?.throwIfAborted();
  }
  return outputs;
}
