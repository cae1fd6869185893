import { createMatrix, type Random } from "@materiome/core";
import { normalDraws } from "../acquisition/normalDraws.ts";
import { columnsOf, encodedActivity } from "../space/encodedActivity.ts";
import { mixturesOf } from "../space/mixtures.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import { isLog, type NumericVariable, rangeOf } from "../space/variable.ts";
import { weighOut, weighOutGradient } from "../space/weighOut.ts";
import type { Disturber } from "../surrogate/disturber.ts";
import { disturbedVariables } from "./disturbance.ts";
import type { Disturbance } from "./options.ts";

/** A numeric variable among the features. */
interface Column {
  readonly at: number;
  readonly variable: NumericVariable;
  /** Of its position between the bounds; 0 where it is met exactly. */
  readonly width: number;
  /** Column of the normal draws; −1 where it is met exactly. */
  readonly draw: number;
  isActive(row: Float64Array): boolean;
}

/**
 * What settings become when they are missed by normal errors (scrambled Sobol points, fixed for the whole call): a number by its deviation, on a
 * log scale by a factor (1 + deviation)^z; between the steps of its grid too, and beyond its bounds, as a furnace does. What is inactive is not
 * missed. Where an amount of a mixture is missed, all its amounts are as {@link weighOut} has it, so that they still add up.
 *
 * @throws DataError, DomainError as {@link disturbedVariables}
 */
export function disturberOf(space: SearchSpace, disturbance: Disturbance, random: Random): Disturber {
  const { samples: k = 16 } = disturbance;
  const disturbed = disturbedVariables(space, disturbance);
  const z = normalDraws(k, disturbed.length, random);
  const columnOf = (j: number): Column => {
    const variable = space.variables[j] as NumericVariable; // amounts and what is disturbed are numbers
    const draw = disturbed.findIndex((one) => one.variable === variable);
    const width = widthOf(variable, disturbed[draw]?.deviation ?? 0);
    return { at: columnsOf(space, j)[0] ?? -1, variable, width, draw, isActive: encodedActivity(space, j) };
  };
  const mixtures = mixturesOf(space)
    .map(({ variables, given }) => ({ given, columns: variables.map(columnOf) }))
    .filter(({ columns }) => columns.some(({ draw }) => draw >= 0));
  const inMixture = new Set(mixtures.flatMap(({ columns }) => columns.map(({ variable }) => variable.name)));
  const alone = space.variables.flatMap((variable, j) => {
    const isAlone = disturbed.some((one) => one.variable === variable) && !inMixture.has(variable.name);
    return isAlone ? [columnOf(j)] : [];
  });
  const shiftOf = ({ draw, width }: Column, c: number): number =>
    draw < 0 ? 0 : width * (z.data[c * disturbed.length + draw] as number);

  /** The amounts of a mixture in a row of features, and as they are weighed out in copy c. */
  const weighed = ({ given, columns }: (typeof mixtures)[number], row: Float64Array, c: number) => {
    const present = columns.filter(({ isActive }) => isActive(row));
    const amounts = present.map((column) => amountAt(column.variable, row[column.at] as number));
    const moved = present.map((column) => amountAt(column.variable, (row[column.at] as number) + shiftOf(column, c)));
    const errors = moved.map((value, q) => value - (amounts[q] as number));
    // An error is a share of the amount on a log scale, else the same for any amount.
    const slopes = present.map(({ variable }, q) =>
      isLog(variable) ? (moved[q] as number) / (amounts[q] as number) : 1,
    );
    return { present, amounts, slopes, out: weighOut(amounts, errors, given) };
  };
  return {
    copies: k,
    at(x) {
      const d = x.columns;
      const out = createMatrix(x.rows * k, d);
      for (let i = 0; i < x.rows; i++) {
        const row = x.data.subarray(i * d, (i + 1) * d);
        for (let c = 0; c < k; c++) {
          const copy = out.data.subarray((i * k + c) * d, (i * k + c + 1) * d);
          copy.set(row);
          for (const column of alone)
            if (column.isActive(row)) copy[column.at] = (row[column.at] as number) + shiftOf(column, c);
          for (const mixture of mixtures) {
            const { present, out: mixed } = weighed(mixture, row, c);
            present.forEach(({ variable, at }, q) => {
              copy[at] = placeOf(variable, mixed.amounts[q] as number);
            });
          }
        }
      }
      return out;
    },
    pull(x, gradient) {
      const d = x.columns;
      const out = createMatrix(gradient.rows, d, gradient.data.slice());
      for (let r = 0; r < gradient.rows && mixtures.length > 0; r++) {
        const i = Math.floor(r / k);
        const row = x.data.subarray(i * d, (i + 1) * d);
        const own = out.data.subarray(r * d, (r + 1) * d);
        for (const mixture of mixtures) {
          const { present, amounts, slopes, out: mixed } = weighed(mixture, row, r % k);
          const byAmount = present.map(
            ({ variable, at }, q) => (own[at] as number) / slopeAt(variable, mixed.amounts[q] as number),
          );
          const pulled = weighOutGradient(mixed, slopes, byAmount);
          present.forEach(({ variable, at }, q) => {
            own[at] = (pulled[q] as number) * slopeAt(variable, amounts[q] as number);
          });
        }
      }
      return out;
    },
  };
}

/** Deviation of the position between the bounds. */
function widthOf(variable: NumericVariable, deviation: number): number {
  const { min, max } = rangeOf(variable);
  return isLog(variable) ? Math.log1p(deviation) / Math.log(max / min) : deviation / (max - min);
}

/** The amount at a position between the bounds, or beyond them. */
function amountAt(variable: NumericVariable, position: number): number {
  const { min, max } = rangeOf(variable);
  if (isLog(variable)) return min * (max / min) ** position;
  const amount = min + position * (max - min);
  return Math.abs(amount) <= ROUNDING * (max - min) ? 0 : amount;
}

function placeOf(variable: NumericVariable, amount: number): number {
  const { min, max } = rangeOf(variable);
  return isLog(variable) ? Math.log(amount / min) / Math.log(max / min) : (amount - min) / (max - min);
}

/** Derivative of the amount by its position. */
function slopeAt(variable: NumericVariable, amount: number): number {
  const { min, max } = rangeOf(variable);
  return isLog(variable) ? amount * Math.log(max / min) : max - min;
}

/** An amount of 0 comes back from its position as this share of the range. */
const ROUNDING = 1e-12;
