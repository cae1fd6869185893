/**
 * Counts of numbers by their leading bits: quantiles to within 1/8192 of the value whatever the order and number of the values,
 * in a fixed memory.
 */
export class FloatHistogram {
  readonly #counts = new Float64Array(2 ** (32 - DROPPED));
  readonly #float = new Float32Array(1);
  readonly #bits = new Uint32Array(this.#float.buffer);
  #lowest: number = 2 ** (32 - DROPPED);
  #highest = -1;
  count = 0;

  /** A finite number. */
  add(value: number): void {
    this.#float[0] = value;
    const bits = this.#bits[0]!; // one element
    // Ordered as the numbers are: negative ones reversed, below the positive ones.
    const order = bits >= SIGN ? 0xffffffff - bits : bits + SIGN;
    const k = Math.floor(order / 2 ** DROPPED);
    this.#counts[k]! += 1; // 32 − DROPPED bits
    if (k < this.#lowest) this.#lowest = k;
    if (k > this.#highest) this.#highest = k;
    this.count++;
  }

  /** Each value met, from low to high, with its count: the middle of the numbers that share its leading bits. */
  *entries(): Generator<{ readonly value: number; readonly count: number }> {
    for (let k = this.#lowest; k <= this.#highest; k++) {
      const count = this.#counts[k]!; // k < length
      if (count === 0) continue;
      const order = k * 2 ** DROPPED + 2 ** (DROPPED - 1);
      this.#bits[0] = order >= SIGN ? order - SIGN : 0xffffffff - order;
      yield { value: this.#float[0]!, count }; // one element
    }
  }

  /** The value with `rank` others below it in sorted order; undefined where there are not so many. */
  ranked(rank: number): number | undefined {
    let below = 0;
    for (const { value, count } of this.entries()) {
      below += count;
      if (below > rank) return value;
    }
    return undefined;
  }

  median(): number | undefined {
    return this.ranked(Math.floor(this.count / 2));
  }
}

const DROPPED = 12;
const SIGN = 2 ** 31;
