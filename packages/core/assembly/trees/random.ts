import { random } from "./memory";

/** Next 32 bits of a xoshiro128** 1.1 state of four words (doi:10.1145/3460772). */
function nextBits(): u32 {
  const b = load<u32>(random, 4);
  const c = load<u32>(random, 8) ^ load<u32>(random);
  const d = load<u32>(random, 12) ^ b;
  store<u32>(random, b ^ c, 4);
  store<u32>(random, load<u32>(random) ^ d);
  store<u32>(random, c ^ (b << 9), 8);
  store<u32>(random, rotl<u32>(d, 11), 12);
  return rotl<u32>(b * 5, 7) * 9;
}

/** Uniform integer in 0 … n − 1 by multiplication (bias below n / 2³²). */
export function nextIndex(n: i32): i32 {
  return (((nextBits() as u64) * (n as u64)) >>> 32) as i32;
}

/** Uniform in [0, 1) with 32 bits. */
export function nextFraction(): f64 {
  return (nextBits() as f64) / 4294967296.0;
}
