import { DomainError } from "@materiome/core";
import { type Design, designOf } from "./design.ts";

/** Primes q = 3 mod 4 with q + 1 runs (a cyclic design), and q = 1 mod 4 with 2 (q + 1) runs. */
const CYCLIC: ReadonlyMap<number, number> = new Map([8, 12, 20, 24, 32, 44, 48].map((runs) => [runs, runs - 1]));
const DOUBLED: ReadonlyMap<number, number> = new Map([
  [28, 13],
  [36, 17],
]);

/**
 * Plackett–Burman screening design: two levels, main effects orthogonal, each aliased in part with interactions of the others.
 *
 * 8, 12, 20, 24, 32, 44 and 48 runs: cyclic shifts of Plackett & Burman's first row (+ at 0 and the squares modulo runs − 1) and a
 * last run of all −. 16: the regular fraction. 28 and 36: Paley's second construction. 40: the 20-run design doubled.
 *
 * @param nFactors 1 … 47
 * @param runs a multiple of 4, 8 … 48. @defaultValue the smallest above the number of factors
 * @throws DomainError for other numbers
 * @see Plackett & Burman, Biometrika 33, 305 (1946), doi:10.1093/biomet/33.4.305; Paley, J. Math. Phys. 12, 311 (1933),
 * doi:10.1002/sapm1933121311
 * @example
 * plackettBurman(11).runs.data.slice(0, 11); // + + − + + + − − − + −
 */
export function plackettBurman(
  nFactors: number,
  runs: number = Math.max(8, 4 * Math.ceil((nFactors + 1) / 4)),
): Design {
  if (!(Number.isInteger(nFactors) && nFactors >= 1 && nFactors <= 47)) {
    throw new DomainError(`plackettBurman: 1 to 47 factors, got ${nFactors}`);
  }
  if (!(runs % 4 === 0 && runs >= 8 && runs <= 48 && runs > nFactors)) {
    throw new DomainError(
      `plackettBurman: runs must be a multiple of 4 from 8 to 48 and more than the ${nFactors} factors, got ${runs}`,
    );
  }
  return designOf(
    "Plackett–Burman design",
    "signed",
    signs(runs).map((row) => row.slice(0, nFactors)),
    nFactors,
  );
}

/** [runs, runs − 1] columns of ±1, orthogonal and balanced. */
function signs(runs: number): number[][] {
  const q = CYCLIC.get(runs);
  if (q !== undefined) {
    const first = Array.from({ length: q }, (_, i) => (character(i, q) >= 0 ? 1 : -1));
    const shifted = Array.from({ length: q }, (_, shift) => first.map((_, j) => first[(j - shift + q) % q] as number));
    return [...shifted, first.map(() => -1)];
  }
  const half = DOUBLED.get(runs);
  return withoutConstant(half === undefined ? doubled(runs / 2) : conference(half));
}

/** Sylvester's doubling of the matrix of half the size with its constant column. */
function doubled(size: number): number[][] {
  const h =
    size === 2
      ? [
          [1, 1],
          [1, -1],
        ]
      : CYCLIC.has(size)
        ? signs(size).map((row) => [1, ...row])
        : doubled(size / 2);
  return [...h.map((row) => [...row, ...row]), ...h.map((row) => [...row, ...row.map((x) => -x)])];
}

/** Paley II: a symmetric conference matrix C of order q + 1 with blocks [[1, 1], [1, −1]] · C and [[1, −1], [−1, −1]] on its diagonal. */
function conference(q: number): number[][] {
  const n = q + 1;
  const c = (i: number, j: number): number => (i === j ? 0 : i === 0 || j === 0 ? 1 : character(i - j, q));
  return Array.from({ length: 2 * n }, (_, row) => {
    const [i, a] = [Math.floor(row / 2), row % 2];
    return Array.from({ length: 2 * n }, (_, column) => {
      const [j, b] = [Math.floor(column / 2), column % 2];
      if (i === j) return a === 0 && b === 0 ? 1 : -1;
      return c(i, j) * (a === 1 && b === 1 ? -1 : 1);
    });
  });
}

/** Rows turned so that the first column is 1, which is then left out. */
function withoutConstant(h: readonly (readonly number[])[]): number[][] {
  return h.map(([first = 1, ...rest]) => rest.map((x) => x * first));
}

/** Legendre symbol: 0 at 0, 1 at squares modulo q, else −1. */
function character(value: number, q: number): number {
  const residue = ((value % q) + q) % q;
  if (residue === 0) return 0;
  for (let x = 1; x < q; x++) if ((x * x) % q === residue) return 1;
  return -1;
}
