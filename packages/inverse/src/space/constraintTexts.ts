import { compileSpace } from "./compiledSpace.ts";
import { shortNumber, withUnit } from "./numberText.ts";
import type { SearchSpace } from "./searchSpace.ts";
import { forbiddenText } from "./violations.ts";

/**
 * The sums and constraints of a space, a line each, as a person reads them.
 *
 * @throws DataError, FormatError or UnitError for constraints that make no sense
 * @example
 * constraintTexts(space); // ["A + B + C = 100 %", "Temper + 50 < Austenitize"]
 */
export function constraintTexts(space: SearchSpace): string[] {
  const { rows, presences, expressions, forbidden } = compileSpace(space);
  return [
    ...rows.map(({ text }) => text),
    ...presences.map(({ constraint: { label, names, min = 0, max = names.length, least } }) => {
      const count =
        min === 0
          ? `at most ${max}`
          : min === max
            ? `exactly ${max}`
            : max === names.length
              ? `at least ${min}`
              : `${min} to ${max}`;
      const floor = least === undefined ? "" : `, each at least ${shortNumber(least)}`;
      return `${label === undefined ? "" : `${label}: `}${count} of ${names.join(", ")}${floor}`;
    }),
    ...expressions.map(({ constraint: { label, text, min, max }, expression: { unit } }) => {
      const low = min === undefined ? "" : `${withUnit(min, unit)} <= `;
      const high = max === undefined ? "" : ` <= ${withUnit(max, unit)}`;
      return `${label === undefined ? "" : `${label}: `}${low}${text}${high}`;
    }),
    ...forbidden.map((combination) => `never ${forbiddenText(combination)}`),
  ];
}
