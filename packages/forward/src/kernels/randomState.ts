/** Next 32 random bits of a xoshiro128** 1.1 state of four words (doi:10.1145/3460772), as an unsigned number. */
export function nextBits(state: Int32Array): number {
  const b = state[1];
  const c = state[2] ^ state[0];
  const d = state[3] ^ b;
  const t = Math.imul(b, 5);
  const result = Math.imul((t << 7) | (t >>> 25), 9);
  state[1] = b ^ c;
  state[0] ^= d;
  state[2] = c ^ (b << 9);
  state[3] = (d << 11) | (d >>> 21);
  return result >>> 0;
}

/** Uniform integer in 0 … n − 1 by multiplication (bias below n / 2^32). */
export function nextIndex(state: Int32Array, n: number): number {
  return Math.floor((nextBits(state) * n) / 4294967296);
}

/** Uniform in [0, 1) with 32 bits. */
export function nextFraction(state: Int32Array): number {
  return nextBits(state) / 4294967296;
}
