/** Borders 0 … n − 1 by cost, the cheapest first, of equal ones the first border. Each is in the queue once; its cost can change. */
export class BorderQueue {
  /** Binary heap of borders. */
  readonly #heap: Uint32Array;
  /** Of a border: its place in the heap, −1 where it is not in it. */
  readonly #place: Int32Array;
  readonly #cost: Float64Array;
  #length = 0;

  constructor(nBorders: number) {
    this.#heap = new Uint32Array(nBorders);
    this.#place = new Int32Array(nBorders).fill(-1);
    this.#cost = new Float64Array(nBorders);
  }

  /** Puts a border in the queue, or changes its cost. */
  set(border: number, cost: number): void {
    let place = this.#place[border]!; // border < n, places < length ≤ n, as below
    if (place < 0) place = this.#length++;
    this.#cost[border] = cost;
    this.#down(this.#up(place, border), border);
  }

  /** Takes a border out; nothing happens where it is not in the queue. */
  delete(border: number): void {
    const place = this.#place[border]!;
    if (place < 0) return;
    this.#place[border] = -1;
    const last = this.#heap[--this.#length]!;
    if (last !== border) this.#down(this.#up(place, last), last);
  }

  /** Takes the cheapest border out; −1 from an empty queue. */
  pop(): number {
    if (this.#length === 0) return -1;
    const border = this.#heap[0]!;
    this.delete(border);
    return border;
  }

  /** Moves a gap at `place` up to where `border` may stand. */
  #up(place: number, border: number): number {
    let at = place;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const other = this.#heap[up]!;
      if (!this.#isBefore(border, other)) break;
      this.#put(other, at);
      at = up;
    }
    return at;
  }

  /** Moves a gap at `place` down to where `border` may stand, and puts it there. */
  #down(place: number, border: number): void {
    let at = place;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#length) break;
      if (child + 1 < this.#length && this.#isBefore(this.#heap[child + 1]!, this.#heap[child]!)) child++;
      const other = this.#heap[child]!;
      if (!this.#isBefore(other, border)) break;
      this.#put(other, at);
      at = child;
    }
    this.#put(border, at);
  }

  #put(border: number, place: number): void {
    this.#heap[place] = border;
    this.#place[border] = place;
  }

  #isBefore(a: number, b: number): boolean {
    const costA = this.#cost[a]!;
    const costB = this.#cost[b]!;
    return costA < costB || (costA === costB && a < b);
  }
}
