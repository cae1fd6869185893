import { DomainError, InfeasibleError, type Random } from "@materiome/core";
import { checkFeasible } from "./checkFeasible.ts";
import type { Point } from "./points.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { createSpaceSampler } from "./spaceSampler.ts";
import { brokenBy, isAllowedPoint } from "./violations.ts";

/** Tries in a row without a point before the search for one ends. */
const MOST_FAILURES = 20_000;
/** Failures that are looked into for the message. */
const EXPLAINED = 1000;

export interface SampleSpaceOptions {
  /** Values at which variables are held, by index. @defaultValue none */
  readonly held?: ReadonlyMap<number, number> | undefined;
}

/**
 * Points uniform inside all bounds, grids, sums and constraints of a space, each checked before it is returned.
 *
 * Uniform means: levels of categories and values of variables on which others hang are equally likely; of amounts of which only
 * some may be present, every selection of the largest number allowed is as likely; given these, all numbers are uniform on their
 * scales within sums, linear, order and ratio constraints; what breaks forbidden combinations or expressions is drawn again.
 * Works in tens of dimensions and in thin slices of them: exactly and independently where rejection keeps 1 % or more, otherwise by
 * coordinate hit-and-run with rounding.
 *
 * @throws DomainError unless n is a whole number of at least 0
 * @throws InfeasibleError if constraints exclude each other ({@link checkFeasible}), or 20 000 tries in a row give no point: what they
 * broke, and how often
 * @example
 * const start = sampleSpace(space, 10, createRandom(1));
 */
export function sampleSpace(space: SearchSpace, n: number, random: Random, options: SampleSpaceOptions = {}): Point[] {
  if (!(Number.isInteger(n) && n >= 0)) throw new DomainError(`sampleSpace: n must be a whole number, got ${n}`);
  const sampler = createSpaceSampler(space, random.fork("pilot"), options.held);
  const points: Point[] = [];
  const broken = new Map<string, number>();
  let nTries = 0;
  for (let nFailures = 0; points.length < n; nTries++) {
    const point = sampler(random);
    if (point !== undefined && isAllowedPoint(space, point)) {
      points.push(point);
      nFailures = 0;
      continue;
    }
    if (++nFailures === EXPLAINED && points.length === 0) checkFeasible(space);
    if (nFailures > MOST_FAILURES) throw nothingFound(points.length, nTries, broken);
    if (nFailures > EXPLAINED) continue;
    const subjects = point === undefined ? ["sums, linear, order and ratio constraints"] : brokenBy(space, point);
    for (const subject of subjects) broken.set(subject, (broken.get(subject) ?? 0) + 1);
  }
  return points;
}

function nothingFound(nFound: number, nTries: number, broken: ReadonlyMap<string, number>): InfeasibleError {
  const total = [...broken.values()].reduce((sum, count) => sum + count, 0);
  const list = [...broken]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 5)
    .map(([subject, count]) => `${subject} (${Math.round((100 * count) / total)} % of the failures)`);
  return new InfeasibleError(
    `sampleSpace: ${nFound === 0 ? "no point" : `only ${nFound} points`} found in ${nTries} tries; broken were ${list.join("; ")}; loosen one of them`,
  );
}
