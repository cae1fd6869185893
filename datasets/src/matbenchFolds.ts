import { DomainError } from "@materiome/core";

const MATBENCH_SEED = 18012019;

/**
 * The official folds of a Matbench v0.1 regression task: test rows of each fold, ascending, 0-based in the order of the
 * task's file; the training rows of a fold are all others.
 *
 * Rule: `KFold(n_splits=5, shuffle=True, random_state=18012019)` of scikit-learn over the rows (Dunn et al., npj Comput.
 * Mater. 6, 138 (2020), doi:10.1038/s41524-020-00406-3). That is a Fisher–Yates shuffle by NumPy's `RandomState`: the
 * Mersenne Twister MT19937 (Matsumoto & Nishimura, ACM Trans. Model. Comput. Simul. 8, 3 (1998),
 * doi:10.1145/272991.272995), integers drawn by masked rejection. Classification tasks are stratified and not covered.
 *
 * @param nRows - rows of the task, 5 … 2^32
 * @returns five arrays that together hold each row once; the first `nRows % 5` have one more
 * @throws DomainError for fewer rows than folds
 * @example
 * const [first] = matbenchFolds(312); // matbench_steels: Int32Array [2, 4, 19, 25, 26, …]
 */
export function matbenchFolds(nRows: number): readonly Int32Array[] {
  const nFolds = 5;
  if (!(Number.isInteger(nRows) && nRows >= nFolds)) {
    throw new DomainError(`matbenchFolds: ${nRows} rows for ${nFolds} folds; at least ${nFolds} are needed`);
  }
  const order = Int32Array.from({ length: nRows }, (_, row) => row);
  const next = mersenneTwister(MATBENCH_SEED);
  for (let i = nRows - 1; i > 0; i--) {
    const mask = 0xffffffff >>> Math.clz32(i);
    let j = (next() & mask) >>> 0;
    while (j > i) j = (next() & mask) >>> 0;
    const row = order[i] as number; // i, j < nRows
    order[i] = order[j] as number;
    order[j] = row;
  }
  const folds: Int32Array[] = [];
  for (let k = 0, start = 0; k < nFolds; k++) {
    const size = Math.floor(nRows / nFolds) + (k < nRows % nFolds ? 1 : 0);
    folds.push(order.slice(start, start + size).sort());
    start += size;
  }
  return folds;
}

/** 32-bit outputs of MT19937 seeded by one integer. */
function mersenneTwister(seed: number): () => number {
  const N = 624;
  const state = new Uint32Array(N);
  const at = (i: number): number => state[i % N] as number; // i % N < N
  state[0] = seed;
  for (let i = 1; i < N; i++) state[i] = Math.imul(1812433253, at(i - 1) ^ (at(i - 1) >>> 30)) + i;
  let index = N;
  return () => {
    if (index === N) {
      for (let i = 0; i < N; i++) {
        const y = (at(i) & 0x80000000) | (at(i + 1) & 0x7fffffff);
        state[i] = at(i + 397) ^ (y >>> 1) ^ ((y & 1) === 0 ? 0 : 0x9908b0df);
      }
      index = 0;
    }
    let y = at(index++);
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  };
}
