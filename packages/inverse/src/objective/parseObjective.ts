import { DataError, parseHeader } from "@materiome/core";
import type { Objective } from "./objective.ts";

/**
 * Reads an objective as people write it: `maximize Hardness (HV)`, `minimise Grain size (um)`, `max HV`. The unit is that of
 * the name's header.
 *
 * @throws DataError without a direction or a name
 * @example
 * parseObjective("maximize Yield strength (MPa)"); // { name: "Yield strength", unit: "MPa", direction: "maximize" }
 */
export function parseObjective(text: string): Objective {
  const match = /^\s*(max|min)(?:imi[sz]e)?\s*:?\s+(\S.*)$/is.exec(text);
  const header = match?.[2];
  if (match === null || header === undefined) {
    const name = text.trim() === "" ? "NAME" : text.trim();
    throw new DataError(
      `objective "${text}": say in which direction it is better, "maximize ${name}" or "minimize ${name}"`,
    );
  }
  const { name, unit } = parseHeader(header);
  return { name, unit, direction: match[1]?.toLowerCase() === "max" ? "maximize" : "minimize" };
}
