import type { BatchSource, ImageBatch, RunContext } from "@materiome/core";

/** Batches of a source to train on; epoch e draws from `run.random.fork(e)`. */
export interface BatchesAhead {
  batch(epoch: number, i: number): Promise<ImageBatch>;
  /** Begins to make the batch after this one of the same epoch, where other threads compute meanwhile. */
  prepareNext(epoch: number, i: number): void;
}

export function batchesAhead(source: BatchSource, run: RunContext): BatchesAhead {
  const make = (epoch: number, i: number): Promise<ImageBatch> =>
    Promise.resolve(source.batch(i, run.random.fork(epoch)));
  let next: { readonly key: string; readonly batch: Promise<ImageBatch> } | undefined;
  return {
    batch: (epoch, i) => (next?.key === `${epoch}/${i}` ? next.batch : make(epoch, i)),
    prepareNext(epoch, i) {
      if (i + 1 >= source.length || run.threads === 1) return;
      const batch = make(epoch, i + 1);
      batch.catch(() => undefined); // thrown where it is asked for
      next = { key: `${epoch}/${i + 1}`, batch };
    },
  };
}
