import { DomainError } from "../errors/errors.ts";

/**
 * A seeded stream of random numbers.
 *
 * Streams are passed in, never ambient. `fork(label)` derives an independent stream from this stream's key and the
 * label alone (not from how many numbers were drawn), so parallel parts give the same result in any order and for any
 * number of threads. `key` rebuilds the stream, from its start, in another thread.
 */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  next(): number;
  /** Uniform integer in 0 … n − 1, without modulo bias; n in 1 … 2^53 − 1. */
  int(n: number): number;
  /** Standard normal deviate. */
  normal(): number;
  fork(label: string | number): Random;
  readonly key: string;
}

/**
 * Random stream for a seed, or for the `key` of another stream.
 *
 * Generator: xoshiro128** 1.1 (Blackman & Vigna, ACM Trans. Math. Softw. 47, 36 (2021), doi:10.1145/3460772), its 128
 * bits of state filled from a 128-bit hash of the key. Normals: Marsaglia's polar method (SIAM Rev. 6, 260 (1964),
 * doi:10.1137/1006063).
 *
 * @param seed - a non-negative safe integer, or a `key`
 * @throws DomainError for a negative or fractional seed
 * @example
 * const random = createRandom(7);
 * const tree3 = random.fork("tree").fork(3); // the same for every thread count
 */
export function createRandom(seed: number | string): Random {
  if (typeof seed === "number" && !(Number.isSafeInteger(seed) && seed >= 0)) {
    throw new DomainError(`createRandom: seed must be a non-negative integer, got ${seed}`);
  }
  return new Xoshiro128(String(seed));
}

class Xoshiro128 implements Random {
  readonly key: string;
  #a: number;
  #b: number;
  #c: number;
  #d: number;
  #spare: number | undefined;

  constructor(key: string) {
    this.key = key;
    const [a, b, c, d] = hash128(key);
    this.#a = a;
    this.#b = b;
    this.#c = c;
    this.#d = (a | b | c | d) === 0 ? 1 : d;
  }

  #bits(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9);
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = rotateLeft(this.#d, 11);
    return result >>> 0;
  }

  next(): number {
    const high = this.#bits() >>> 5;
    const low = this.#bits() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  int(n: number): number {
    if (!(Number.isSafeInteger(n) && n >= 1)) {
      throw new DomainError(`Random.int: n must be an integer of at least 1, got ${n}`);
    }
    if (n <= 4294967296) {
      const limit = 4294967296 - (4294967296 % n);
      for (;;) {
        const bits = this.#bits();
        if (bits < limit) return bits % n;
      }
    }
    const limit = 9007199254740992 - (9007199254740992 % n);
    for (;;) {
      const bits = (this.#bits() >>> 11) * 4294967296 + this.#bits();
      if (bits < limit) return bits % n;
    }
  }

  normal(): number {
    if (this.#spare !== undefined) {
      const value = this.#spare;
      this.#spare = undefined;
      return value;
    }
    for (;;) {
      const u = 2 * this.next() - 1;
      const v = 2 * this.next() - 1;
      const s = u * u + v * v;
      if (s > 0 && s < 1) {
        const scale = Math.sqrt((-2 * Math.log(s)) / s);
        this.#spare = v * scale;
        return u * scale;
      }
    }
  }

  fork(label: string | number): Random {
    const text = String(label);
    return new Xoshiro128(`${this.key}/${text.length}:${text}`);
  }
}

function rotateLeft(x: number, k: number): number {
  return (x << k) | (x >>> (32 - k));
}

/** 128-bit hash of a string: MurmurHash3 x86_128 mixing over UTF-16 code units (A. Appleby, public domain algorithm). */
function hash128(text: string): [number, number, number, number] {
  let h1 = 0x9747b28c;
  let h2 = 0x3c6ef372;
  let h3 = 0xa54ff53a;
  let h4 = 0x510e527f;
  for (let i = 0; i < text.length; i++) {
    const k = text.charCodeAt(i);
    h1 = h2 ^ Math.imul(h1 ^ k, 597399067);
    h2 = h3 ^ Math.imul(h2 ^ k, 2869860233);
    h3 = h4 ^ Math.imul(h3 ^ k, 951274213);
    h4 = h1 ^ Math.imul(h4 ^ k, 2716044179);
  }
  h1 = Math.imul(h3 ^ (h1 >>> 18), 597399067);
  h2 = Math.imul(h4 ^ (h2 >>> 22), 2869860233);
  h3 = Math.imul(h1 ^ (h3 >>> 17), 951274213);
  h4 = Math.imul(h2 ^ (h4 >>> 19), 2716044179);
  return [(h1 ^ h2 ^ h3 ^ h4) | 0, (h2 ^ h1) | 0, (h3 ^ h1) | 0, (h4 ^ h1) | 0];
}
