import { createMatrix, DomainError, type Matrix } from "@materiome/core";

/**
 * Runs that fold a two-level design over: all signs turned (or those of some factors), which makes main effects free of two-factor
 * interactions (of those factors). To be made after the first ones, as a second block.
 *
 * @param runs [n, k] in −1 … 1 @param factors indices whose sign is turned. @defaultValue all
 * @returns [n, k], the new runs only
 * @throws DomainError for an index that is no factor
 * @see Montgomery, Design and Analysis of Experiments (2017), section 8.6.3
 * @example
 * foldOver(plackettBurman(7, 8).runs).rows; // 8
 */
export function foldOver(runs: Matrix, factors?: readonly number[]): Matrix {
  const { rows, columns, data } = runs;
  const wrong = factors?.find((j) => !(Number.isInteger(j) && j >= 0 && j < columns));
  if (wrong !== undefined)
    throw new DomainError(`foldOver: there is no factor ${wrong}; factors are 0 … ${columns - 1}`);
  const turned = new Set(factors ?? Array.from({ length: columns }, (_, j) => j));
  return createMatrix(
    rows,
    columns,
    data.map((x, i) => (turned.has(i % columns) && x !== 0 ? -x : x)),
  );
}
