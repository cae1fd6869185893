import { createSpace } from "./createSpace.ts";
import { alignSteps } from "./findSums.ts";
import { type Kept, parseKeep } from "./parseKeep.ts";
import { requireLimits } from "./requireLimits.ts";
import type { SearchSpace, SumConstraint } from "./searchSpace.ts";

export interface KeepTogetherOptions {
  /** Variables whose steps stay as they are; the others of a sum get one common step, so that what one gains another can give. @defaultValue none */
  readonly keptSteps?: ReadonlySet<string> | undefined;
}

/**
 * The space with what the texts ({@link parseKeep}) keep in addition. A sum that is kept already, of the same amounts to the same total, is taken once.
 *
 * @throws FormatError, DataError, DomainError, UnitError for texts that make no sense, or none in this space
 * @example
 * keepTogether(space, ["Cr + Ni + Fe = 100 wt%", "at most 2 of Cr, Ni, Mn"]);
 */
export function keepTogether(
  space: SearchSpace,
  texts: readonly string[],
  options: KeepTogetherOptions = {},
): SearchSpace {
  const { keptSteps = new Set() } = options;
  const kept = texts.map((text) => parseKeep(text, space));
  const named = kept.flatMap((one: Kept) => ("sum" in one ? [one.sum] : []));
  const sums = named.filter((sum, i) => !named.slice(i + 1).some((later) => isSameSum(sum, later)));
  const together = createSpace({
    ...space,
    variables: alignSteps(space.variables, sums, keptSteps),
    sums: [...space.sums.filter((known) => !sums.some((sum) => isSameSum(known, sum))), ...sums],
    constraints: [
      ...(space.constraints ?? []),
      ...kept.flatMap((one) => ("constraint" in one ? [one.constraint] : [])),
    ],
  });
  requireLimits(together);
  return together;
}

/** Sums of a table are known as nearly as its rows meet them. */
function isSameSum(a: SumConstraint, b: SumConstraint): boolean {
  const isSameColumns = a.columns.length === b.columns.length && a.columns.every((name) => b.columns.includes(name));
  return isSameColumns && Math.abs(a.total - b.total) <= Math.max(a.tolerance, b.tolerance);
}
