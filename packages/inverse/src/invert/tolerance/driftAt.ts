import type { Evaluate, Evaluated } from "../../search/evaluator.ts";
import type { SearchSpace } from "../../space/searchSpace.ts";
import { settingOf, type Variable } from "../../space/variable.ts";
import { isAllowedPoint } from "../../space/violations.ts";

/** What stops a drift: too small a probability, settings the model does not know, or the bound of the space. */
export type DriftStop = "probability" | "domain" | "bound";

/** How far one number may drift with all others held. */
export interface NumberTolerance {
  readonly kind: "number";
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** Lowest and highest value up to which, from the setting on, every value tried is probable enough. */
  readonly lower: number;
  readonly upper: number;
  readonly lowerStop: DriftStop;
  readonly upperStop: DriftStop;
}

/** Which other levels of a category, or values of an ordinal, would do with all others held. */
export interface CategoryTolerance {
  readonly kind: "category";
  readonly name: string;
  readonly value: number | string;
  readonly others: readonly {
    readonly value: number | string;
    readonly probability: number;
    readonly inDomain: boolean;
  }[];
}

export type SettingTolerance = NumberTolerance | CategoryTolerance;

const SCAN = 16;
const BISECTIONS = 12;
/** Levels of a category that are tried; formulas of a long table would be thousands. */
const MOST_LEVELS = 50;

/**
 * How far each setting may drift, the others held, before the probability of meeting the specs falls under `minProbability` or the
 * model leaves its domain.
 *
 * Each side is scanned at 16 places between setting and bound, on the scale of the variable, for the first that is not good
 * enough, and the crossing found by 12 bisections: to 2⁻¹² of a sixteenth of the way. A gap narrower than the scan may be missed.
 * A drift is not bound to the grid of proposals, nor to sums: one amount drifts alone. Whole numbers stay whole.
 */
export async function driftAt(
  space: SearchSpace,
  evaluate: Evaluate,
  points: readonly Float64Array[],
  minProbability: number,
): Promise<readonly (readonly SettingTolerance[])[]> {
  const sides = points.flatMap((point, p) =>
    space.variables.flatMap((variable, j) =>
      variable.kind === "category" || variable.kind === "ordinal" || Number.isNaN(point[j] ?? Number.NaN)
        ? []
        : [-1, 1].map(
            (sign): Side => ({ p, j, sign, variable, from: point[j] ?? Number.NaN, good: 0, bad: 2, stop: "bound" }),
          ),
    ),
  );
  const moved = (side: Side, t: number): Float64Array => {
    const next = Float64Array.from(points[side.p] ?? []);
    next[side.j] = along(side, t);
    return next;
  };
  const scanned = await evaluate(
    sides.flatMap((side) => Array.from({ length: SCAN }, (_, k) => moved(side, (k + 1) / SCAN))),
  );
  sides.forEach((side, s) => {
    for (let k = 0; k < SCAN; k++) {
      const stop = stopOf(scanned[s * SCAN + k], minProbability);
      if (stop === undefined) {
        side.good = (k + 1) / SCAN;
        continue;
      }
      [side.bad, side.stop] = [(k + 1) / SCAN, stop];
      break;
    }
  });
  for (let b = 0; b < BISECTIONS; b++) {
    const open = sides.filter((side) => side.bad <= 1);
    const results = await evaluate(open.map((side) => moved(side, (side.good + side.bad) / 2)));
    open.forEach((side, i) => {
      const middle = (side.good + side.bad) / 2;
      const stop = stopOf(results[i], minProbability);
      if (stop === undefined) side.good = middle;
      else [side.bad, side.stop] = [middle, stop];
    });
  }
  const levels = await otherLevels(space, evaluate, points);
  return points.map((point, p) =>
    space.variables.flatMap((variable, j): SettingTolerance[] => {
      const value = point[j] ?? Number.NaN;
      if (Number.isNaN(value)) return [];
      if (variable.kind === "category" || variable.kind === "ordinal") {
        const others = levels.filter((other) => other.p === p && other.j === j);
        return [
          {
            kind: "category",
            name: variable.name,
            value: settingOf(variable, value),
            others: others.map(({ level, e }) => ({
              value: settingOf(variable, level),
              probability: e.probability,
              inDomain: e.inDomain,
            })),
          },
        ];
      }
      const [low, high] = sides.filter((side) => side.p === p && side.j === j);
      if (low === undefined || high === undefined) return [];
      const { name, unit } = variable;
      return [
        {
          kind: "number",
          name,
          unit,
          value,
          lower: along(low, low.good),
          upper: along(high, high.good),
          lowerStop: low.stop,
          upperStop: high.stop,
        },
      ];
    }),
  );
}

interface Side {
  readonly p: number;
  readonly j: number;
  readonly sign: number;
  readonly variable: Extract<Variable, { readonly kind: "continuous" | "integer" }>;
  readonly from: number;
  /** Shares of the way to the bound: the farthest known good, the nearest known bad; above 1 where none is. */
  good: number;
  bad: number;
  stop: DriftStop;
}

function along({ variable, from, sign }: Side, t: number): number {
  const to = sign < 0 ? variable.min : variable.max;
  if (t === 0 || from === to) return from;
  if (t >= 1) return to;
  if (variable.kind === "continuous" && variable.scale === "log") return from * (to / from) ** t;
  const value = from + t * (to - from);
  // Towards the setting, so that a value called good was tried.
  return variable.kind === "integer" ? (sign < 0 ? Math.ceil(value) : Math.floor(value)) : value;
}

function stopOf(e: Evaluated | undefined, minProbability: number): DriftStop | undefined {
  if (e === undefined || e.probability < minProbability) return "probability";
  return e.inDomain ? undefined : "domain";
}

async function otherLevels(
  space: SearchSpace,
  evaluate: Evaluate,
  points: readonly Float64Array[],
): Promise<readonly { readonly p: number; readonly j: number; readonly level: number; readonly e: Evaluated }[]> {
  const asked = points.flatMap((point, p) =>
    space.variables.flatMap((variable, j) =>
      levelsOf(variable).flatMap((level) => {
        const moved = Float64Array.from(point);
        moved[j] = level;
        // Another level may bring or take away settings that hang on it, or be forbidden.
        return level === point[j] || !isAllowedPoint(space, moved) ? [] : [{ p, j, level, moved }];
      }),
    ),
  );
  const results = await evaluate(asked.map(({ moved }) => moved));
  return asked.map(({ p, j, level }, i) => ({ p, j, level, e: results[i] as Evaluated })); // one for each
}

function levelsOf(variable: Variable): readonly number[] {
  if (variable.kind === "ordinal") return variable.values;
  return variable.kind === "category" && variable.levels.length <= MOST_LEVELS ? variable.levels.map((_, k) => k) : [];
}
