import type { Random } from "@materiome/core";
import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { nudge, positionOf, valueAt } from "../space/variable.ts";

/** Distribution indices of crossover and mutation (Deb et al. 2002, section V): larger stays nearer to the parents. */
const CROSSOVER_INDEX = 15;
const MUTATION_INDEX = 20;

/**
 * Two children by simulated binary crossover of the parents' positions between the bounds, each variable with probability ½, then
 * polynomial mutation of one variable on average. Categories are swapped, or drawn anew. Amounts that add up are left to the
 * other moves: where both parents share a sum's amounts, they are taken whole from one.
 *
 * @see Deb & Agrawal, Complex Syst. 9, 115 (1995); Deb & Goyal, Comput. Sci. Inform. 26, 30 (1996)
 */
export function crossPoints(space: SearchSpace, a: Point, b: Point, random: Random): readonly [Point, Point] {
  const children = [Float64Array.from(a), Float64Array.from(b)] as const;
  const summed = new Set(space.sums.flatMap((sum) => sum.columns));
  const swapSums = random.next() < 0.5;
  const rate = 1 / space.variables.length;
  space.variables.forEach((variable, j) => {
    const [x, y] = [a[j] as number, b[j] as number]; // one value a variable
    if (Number.isNaN(x) || Number.isNaN(y)) return; // inactive in one parent: a child keeps what its own parent has
    const isSummed = summed.has(variable.name);
    if (isSummed || variable.kind === "category") {
      if (isSummed ? swapSums : random.next() < 0.5) [children[0][j], children[1][j]] = [y, x];
      if (variable.kind === "category" && !isSummed) {
        for (const child of children) if (random.next() < rate) child[j] = valueAt(variable, random.next());
      }
      return;
    }
    const [p, q] = [positionOf(variable, x), positionOf(variable, y)];
    if (random.next() < 0.5 && p !== q) {
      const half = ((q - p) * (spread(random.next()) - 1)) / 2;
      children[0][j] = nudge(variable, x, -half);
      children[1][j] = nudge(variable, y, half);
    }
    for (const child of children) {
      if (random.next() < rate) child[j] = nudge(variable, child[j] as number, perturbation(random.next()));
    }
  });
  return children;
}

/** β of simulated binary crossover: how much farther apart the children are than the parents. */
function spread(u: number): number {
  const power = 1 / (CROSSOVER_INDEX + 1);
  return u <= 0.5 ? (2 * u) ** power : (1 / (2 * (1 - u))) ** power;
}

function perturbation(u: number): number {
  const power = 1 / (MUTATION_INDEX + 1);
  return u < 0.5 ? (2 * u) ** power - 1 : 1 - (2 * (1 - u)) ** power;
}
