import { convertUnit, isMateriomeError, UnitError } from "@materiome/core";
import { type Objective, parseFixed } from "@materiome/inverse";
import { UsageError } from "../terminal/exitCodes.ts";
import { settingIn } from "./campaignSettings.ts";

/**
 * `--reference OBJECTIVE=VALUE [unit]` of every objective, in their units and order: the worst outcome that still counts.
 *
 * @returns undefined where nothing is said
 * @throws UsageError for one objective, or for a text or a list that does not name each objective with a number
 * @throws UnitError for a unit that cannot be converted
 */
export function referencePoint(
  objectives: readonly Objective[],
  texts: readonly string[] | undefined,
): readonly number[] | undefined {
  if (texts === undefined) return undefined;
  if (objectives.length === 1) throw new UsageError("--reference is of several objectives; this campaign has one");
  const values = new Map(
    texts.map((text): readonly [string, number] => {
      const objective = settingIn(objectives, text);
      if (objective === undefined) throw new UsageError(`--reference "${text}": ${listed(objectives)}`);
      const { value, unit, columnKind } = parseFixed(text.slice(text.indexOf(objective.name)));
      if (columnKind !== "number" || typeof value !== "number") {
        throw new UsageError(`--reference "${text}": expected a number, as in "${objective.name}=200"`);
      }
      return [objective.name, inUnit(value, unit, objective.unit, text)];
    }),
  );
  return objectives.map(({ name }) => {
    const value = values.get(name);
    if (value === undefined) throw new UsageError(`--reference says nothing of "${name}"; ${listed(objectives)}`);
    return value;
  });
}

function listed(objectives: readonly Objective[]): string {
  return `name each objective with its worst value that still counts: ${objectives.map(({ name }) => `"${name}=…"`).join(" ")}`;
}

function inUnit(value: number, from: string, to: string, text: string): number {
  if (from === "" || to === "" || from === to) return value;
  try {
    return Number(convertUnit(value, from, to).toPrecision(12));
  } catch (cause) {
    if (isMateriomeError(cause)) throw new UnitError(`--reference "${text}": ${cause.message}`, { cause });
    throw cause;
  }
}
