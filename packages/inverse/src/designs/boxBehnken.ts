import { DomainError } from "@materiome/core";
import { type Design, designOf } from "./design.ts";

/** Factors that vary together, from the incomplete block designs of Box & Behnken's table 4. */
const TRIPLES: ReadonlyMap<number, readonly (readonly number[])[]> = new Map([
  [
    6,
    [
      [0, 1, 3],
      [1, 2, 4],
      [2, 3, 5],
      [0, 3, 4],
      [1, 4, 5],
      [0, 2, 5],
    ],
  ],
  [
    7,
    [
      [3, 4, 5],
      [0, 5, 6],
      [1, 4, 6],
      [0, 1, 3],
      [2, 3, 6],
      [0, 2, 4],
      [1, 2, 5],
    ],
  ],
]);

/** Centre runs of the original designs. */
const CENTRE: ReadonlyMap<number, number> = new Map([
  [3, 3],
  [4, 3],
  [5, 6],
  [6, 6],
  [7, 6],
]);

/**
 * Box–Behnken design for a quadratic model: three levels, no run with all factors at an end.
 *
 * Two (three from six factors on) factors at a time take all combinations of ±1, the others 0; centre runs last.
 *
 * @param nFactors 3 … 7
 * @param centreRuns @defaultValue 3, 3, 6, 6, 6 for 3 … 7 factors: 15, 27, 46, 54, 62 runs
 * @throws DomainError for other numbers
 * @see Box & Behnken, Technometrics 2, 455 (1960), doi:10.1080/00401706.1960.10489912
 * @example
 * boxBehnken(3).runs.rows; // 15
 */
export function boxBehnken(nFactors: number, centreRuns: number = CENTRE.get(nFactors) ?? 0): Design {
  if (!CENTRE.has(nFactors)) throw new DomainError(`boxBehnken: 3 to 7 factors, got ${nFactors}`);
  if (!(Number.isInteger(centreRuns) && centreRuns >= 0)) {
    throw new DomainError(`boxBehnken: centreRuns must be a whole number of at least 0, got ${centreRuns}`);
  }
  const pairs = Array.from({ length: nFactors }, (_, i) => i).flatMap((i) =>
    Array.from({ length: nFactors - 1 - i }, (_, k) => [i, i + 1 + k]),
  );
  const rows: number[][] = [];
  for (const block of TRIPLES.get(nFactors) ?? pairs) {
    for (let signs = 0; signs < 2 ** block.length; signs++) {
      const row = new Array<number>(nFactors).fill(0);
      block.forEach((j, b) => {
        row[j] = (signs >> b) & 1 ? 1 : -1;
      });
      rows.push(row);
    }
  }
  for (let i = 0; i < centreRuns; i++) rows.push(new Array<number>(nFactors).fill(0));
  return designOf("Box–Behnken design", "signed", rows, nFactors);
}
