import { DataError, nearestNames } from "@materiome/core";
import type { Disturbance, SearchSpace } from "@materiome/inverse";
import { UsageError } from "../terminal/exitCodes.ts";
import { settingIn } from "./campaignSettings.ts";
import { readScatter } from "./readScatter.ts";

export interface ScatterOptions {
  /** False with `--no-scatter`. */
  readonly scatter?: readonly string[] | false;
  readonly robust?: "mean" | "worst";
}

/**
 * `--scatter COL=VALUE` and `--robust mean|worst` against the settings of a campaign. Standard deviations are in the unit of the setting; where it
 * is turned on a logarithmic scale, in percent of its value.
 *
 * @param before - what is said already, of which `--robust` alone changes what counts
 * @returns undefined where nothing is said, null where nothing is to scatter
 * @throws UsageError for `--robust` where nothing scatters, and for a tolerance, which is no standard deviation
 * @throws DataError for an unknown setting; FormatError, UnitError as {@link readScatter}
 */
export function campaignScatter(
  space: SearchSpace,
  { scatter, robust }: ScatterOptions,
  before?: Disturbance,
): Disturbance | null | undefined {
  if (scatter === undefined && robust === undefined) return undefined;
  if (scatter === false) {
    if (robust === undefined) return null;
    throw new UsageError("--no-scatter and --robust contradict each other; leave one out");
  }
  if (scatter === undefined) {
    if (before !== undefined) return { ...before, counts: robust };
    throw new UsageError(
      `--robust ${robust} says what counts where settings scatter; say how they do, as in --scatter "T=5 K"`,
    );
  }
  const isLog = ({ name }: { readonly name: string }): boolean =>
    space.variables.some((one) => one.name === name && one.kind === "continuous" && one.scale === "log");
  const read = readScatter(scatter, (_, text) => {
    const variable = settingOf(space, text);
    if (!isLog(variable)) return variable;
    if (text.trim().endsWith("%")) return { name: variable.name, unit: "%" };
    throw new DataError(
      `--scatter "${text}": "${variable.name}" is turned on a logarithmic scale, where settings miss by a share of their value; give percent, as in "${variable.name}=5 %"`,
    );
  });
  const deviations = Object.entries(read).map(([name, how]): readonly [string, number] => {
    if ("sd" in how) return [name, isLog({ name }) ? how.sd / 100 : how.sd];
    throw new UsageError(
      `--scatter of "${name}": campaigns take a standard deviation; without ±, ${Number((how.halfWidth / Math.sqrt(3)).toPrecision(2))} for anything within ±${how.halfWidth}`,
    );
  });
  return { deviations: Object.fromEntries(deviations), counts: robust ?? before?.counts ?? "mean" };
}

function settingOf({ variables, fixed }: SearchSpace, text: string): SearchSpace["variables"][number] {
  const found = settingIn(variables, text);
  if (found !== undefined) return found;
  const written = text.slice(0, text.indexOf("=")).trim();
  const names = variables.map(({ name }) => name);
  const [near] = nearestNames(written, names, 1);
  const isGiven = settingIn(fixed, text) !== undefined;
  throw new DataError(
    `--scatter "${text}": "${written}" is ${isGiven ? "given, and no setting that may be turned" : "no setting of this campaign"}; ${near === undefined ? `there are: ${names.join(", ")}` : `did you mean "${near}"?`}`,
  );
}
