/** A merge of two neighbouring pieces; the stamps tell whether they have changed since. */
export interface Merge {
  readonly rank: number;
  readonly left: number;
  readonly right: number;
  readonly leftStamp: number;
  readonly rightStamp: number;
}

/** Binary heap, lowest rank first. */
export class MergeQueue {
  readonly #heap: Merge[] = [];

  push(merge: Merge): void {
    const heap = this.#heap;
    let i = heap.length;
    heap.push(merge);
    while (i > 0) {
      const parent = (i - 1) >> 1;
      const above = heap[parent] as Merge; // parent < i
      if (above.rank <= merge.rank) break;
      heap[i] = above;
      i = parent;
    }
    heap[i] = merge;
  }

  pop(): Merge | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as Merge).rank < (heap[child] as Merge).rank) child++;
      const below = heap[child] as Merge; // child < length
      if (below.rank >= last.rank) break;
      heap[i] = below;
      i = child;
    }
    heap[i] = last;
    return top;
  }
}
