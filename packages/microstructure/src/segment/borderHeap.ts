export interface HeapEntry {
  readonly border: number;
  readonly version: number;
}

/**
 * Binary heap of borders, the weakest (largest weakness) first. Equal ones leave by the rule: the first border first, or as the heap
 * has them, which the order of the calls alone decides.
 */
export class BorderHeap {
  readonly #hasOrder: boolean;
  #weakness = new Float64Array(1024);
  #border = new Uint32Array(1024);
  #version = new Uint32Array(1024);
  #length = 0;

  constructor(ties: "first border" | "as pushed") {
    this.#hasOrder = ties === "first border";
  }

  push(weakness: number, border: number, version: number): void {
    if (this.#length === this.#border.length) this.#enlarge();
    let i = this.#length++;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!this.#isBefore(weakness, border, this.#weakness[up]!, this.#border[up]!)) break; // below length
      this.#move(up, i);
      i = up;
    }
    this.#set(i, weakness, border, version);
  }

  pop(): HeapEntry | undefined {
    if (this.#length === 0) return undefined;
    const top: HeapEntry = { border: this.#border[0]!, version: this.#version[0]! }; // length > 0
    const last = --this.#length;
    const weakness = this.#weakness[last]!; // below length before, as below
    const border = this.#border[last]!;
    const version = this.#version[last]!;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= last) break;
      if (child + 1 < last) {
        const right = child + 1;
        if (
          this.#isBefore(this.#weakness[right]!, this.#border[right]!, this.#weakness[child]!, this.#border[child]!)
        ) {
          child = right;
        }
      }
      if (!this.#isBefore(this.#weakness[child]!, this.#border[child]!, weakness, border)) break;
      this.#move(child, i);
      i = child;
    }
    this.#set(i, weakness, border, version);
    return top;
  }

  #isBefore(weakness: number, border: number, otherWeakness: number, otherBorder: number): boolean {
    return weakness > otherWeakness || (this.#hasOrder && weakness === otherWeakness && border < otherBorder);
  }

  #move(from: number, to: number): void {
    this.#set(to, this.#weakness[from]!, this.#border[from]!, this.#version[from]!); // both below length
  }

  #set(i: number, weakness: number, border: number, version: number): void {
    this.#weakness[i] = weakness;
    this.#border[i] = border;
    this.#version[i] = version;
  }

  #enlarge(): void {
    const capacity = 2 * this.#border.length;
    const weakness = new Float64Array(capacity);
    const border = new Uint32Array(capacity);
    const version = new Uint32Array(capacity);
    weakness.set(this.#weakness);
    border.set(this.#border);
    version.set(this.#version);
    this.#weakness = weakness;
    this.#border = border;
    this.#version = version;
  }
}
