import type { Point } from "../space/points.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { isLog, type Variable } from "../space/variable.ts";

/** Share of a variable's range (of its logarithm on a log scale) that no one sets more finely. */
const RESOLUTION = 1e-4;

/**
 * The point with numbers that a person can write: where a variable has no step, the multiple of a power of ten that is nearest, no more than
 * half of 10⁻⁴ of its range away, or the whole of it beside a bound (on a log scale: of its value times the logarithm of max / min). Of a sum
 * the largest such amount takes what the others lost, so that it still adds up. Where that is not allowed, numbers are rounded one by one as
 * far as they may be; the rest stays as it is.
 *
 * @param isAllowed - of whole points: bounds, sums, constraints and what else must hold
 */
export function roundPoint(space: SearchSpace, point: Point, isAllowed: (point: Point) => boolean): Point {
  const rounded = Float64Array.from(point, (value, j) => roundedValue(space.variables[j], value));
  for (const { columns, total } of space.sums) {
    const members = space.variables.flatMap(({ name }, j) => (columns.includes(name) ? [j] : []));
    const free = members.filter((j) => rounded[j] !== point[j]);
    if (free.length === 0) continue;
    const largest = free.reduce((a, b) => ((point[b] ?? 0) > (point[a] ?? 0) ? b : a));
    const others = members.reduce((sum, j) => sum + (j === largest ? 0 : (rounded[j] ?? 0)), 0);
    rounded[largest] = Number((total - fixedPart(space, columns) - others).toPrecision(12));
  }
  if (isAllowed(rounded)) return rounded;
  const next = Float64Array.from(point);
  for (const j of point.keys()) {
    const before = next[j] ?? Number.NaN;
    next[j] = roundedValue(space.variables[j], before);
    if (!isAllowed(next)) next[j] = before;
  }
  return next;
}

/** What inputs that are given contribute to a sum. */
function fixedPart({ fixed }: SearchSpace, columns: readonly string[]): number {
  return fixed.reduce(
    (sum, { name, value }) => sum + (columns.includes(name) && typeof value === "number" ? value : 0),
    0,
  );
}

function roundedValue(variable: Variable | undefined, value: number): number {
  if (variable?.kind !== "continuous" || variable.step !== undefined || !Number.isFinite(value)) return value;
  const { min, max } = variable;
  const finest = RESOLUTION * (isLog(variable) ? value * Math.log(max / min) : max - min);
  if (!(finest > 0)) return value;
  const exponent = exponentWithin(finest);
  const unit = 10 ** Math.abs(exponent);
  // Written as a quotient where the unit is below 1: 3 / 10 is 0.3, 3 · 0.1 is not.
  const of = (k: number): number => (exponent < 0 ? k / unit : k * unit);
  const k = exponent < 0 ? value * unit : value / unit;
  const nearest = of(Math.round(k));
  return nearest < min ? of(Math.ceil(k)) : nearest > max ? of(Math.floor(k)) : nearest;
}

/** The largest k with 10ᵏ ≤ amount: a logarithm alone rounds 99.99999999999999 up to that of 100. */
function exponentWithin(amount: number): number {
  const exponent = Math.floor(Math.log10(amount));
  return 10 ** exponent > amount ? exponent - 1 : exponent;
}
