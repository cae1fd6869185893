export interface HeapEntry {
  readonly border: number;
  readonly version: number;
}

/** Binary heap of borders, the weakest (largest weakness) first, of equal ones the first border. */
export class BorderHeap {
  #weakness = new Float64Array(1024);
  #border = new Uint32Array(1024);
  #version = new Uint32Array(1024);
  #length = 0;

  push(weakness: number, border: number, version: number): void {
    if (this.#length === this.#border.length) this.#enlarge();
    let i = this.#length++;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!this.#isBefore(weakness, border, up)) break;
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
      if (child + 1 < last && this.#isBefore(this.#weakness[child + 1]!, this.#border[child + 1]!, child)) child++;
      if (this.#isBefore(weakness, border, child)) break;
      this.#move(child, i);
      i = child;
    }
    this.#set(i, weakness, border, version);
    return top;
  }

  #isBefore(weakness: number, border: number, other: number): boolean {
    const theirs = this.#weakness[other]!; // other < length
    return weakness > theirs || (weakness === theirs && border < this.#border[other]!);
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
