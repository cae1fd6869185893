import { convertUnit, DataError, isMateriomeError, nearestNames } from "@materiome/core";
import { holdsNumbers, parseFixed, type SearchSpace, type Values } from "@materiome/inverse";
import { UsageError } from "../terminal/exitCodes.ts";

/**
 * `COL=VALUE [unit]` against the settings of a campaign, in their units.
 *
 * @param option - names the option in messages
 * @throws DataError for an unknown setting (nearest names offered) or a value that is no number where one is needed
 * @throws UnitError for a unit that cannot be converted
 */
export function campaignSettings(space: SearchSpace, texts: readonly string[], option: string): Values {
  const inputs = [...space.variables, ...space.fixed];
  const values: Record<string, number | string> = {};
  for (const text of texts) {
    if (!text.includes("=")) throw new UsageError(`${option} "${text}": write COL=VALUE, for example "T=850 degC"`);
    const input = settingIn(inputs, text);
    if (input === undefined) {
      const written = text.slice(0, text.indexOf("=")).trim();
      const names = inputs.map(({ name }) => name);
      const near = nearestNames(written, names);
      throw new DataError(
        `${option} "${text}": "${written}" is no setting of this campaign; ${near.length > 0 ? `did you mean "${near[0]}"?` : `there are: ${names.join(", ")}`}`,
      );
    }
    const rest = text.slice(
      text.indexOf("=", text.toLowerCase().indexOf(input.name.toLowerCase()) + input.name.length) + 1,
    );
    values[input.name] = holdsNumbers(input) ? numberIn(text, input.unit, option) : rest.trim();
  }
  return values;
}

/** The setting that `COL=VALUE` or `COL (UNIT)=VALUE` names, in that case before another ("t" is not "T"), the longest name first. */
export function settingIn<T extends { readonly name: string }>(inputs: readonly T[], text: string): T | undefined {
  const written = text.trimStart();
  const named = (fold: (name: string) => string): T | undefined =>
    inputs
      .filter(({ name }) => fold(written).startsWith(fold(name)))
      .sort((a, b) => b.name.length - a.name.length)
      .find(({ name }) => /^\s*(?:[([][^=]*[)\]])?\s*=/.test(written.slice(name.length)));
  return named((name) => name) ?? named((name) => name.toLowerCase());
}

function numberIn(text: string, unit: string, option: string): number {
  const { value, unit: own, columnKind } = parseFixed(text);
  if (columnKind !== "number" || typeof value !== "number") {
    throw new DataError(
      `${option} "${text}": expected a number${unit === "" ? "" : `, in ${unit} if no unit is given`}`,
    );
  }
  if (own === "" || unit === "" || own === unit) return value;
  try {
    return Number(convertUnit(value, own, unit).toPrecision(12));
  } catch (error) {
    if (isMateriomeError(error)) throw new DataError(`${option} "${text}": ${error.message}`, { cause: error });
    throw error;
  }
}

/** The space with these settings given. */
export function withFixed(space: SearchSpace, fixed: Values): SearchSpace {
  const moved = space.variables.filter(({ name }) => fixed[name] !== undefined);
  return {
    ...space,
    variables: space.variables.filter((variable) => !moved.includes(variable)),
    fixed: [
      ...space.fixed.map((input) => ({ ...input, value: fixed[input.name] ?? input.value })),
      ...moved.map((variable) => ({
        name: variable.name,
        role: variable.role,
        unit: variable.unit,
        columnKind: variable.kind === "category" ? variable.columnKind : numberOrText(variable),
        value: fixed[variable.name] ?? "",
        why: "fixed" as const,
      })),
    ],
  };
}

function numberOrText(variable: SearchSpace["variables"][number]): "number" | "category" {
  return holdsNumbers(variable) ? "number" : "category";
}
