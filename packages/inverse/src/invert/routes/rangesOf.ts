import type { SearchSpace } from "../../space/searchSpace.ts";
import { isNumeric, settingOf } from "../../space/variable.ts";
import type { RouteRange } from "../result.ts";
import type { FoundRoute } from "./findRoutes.ts";

/** What the members of a route have: the range of each number, the levels of each category. */
export function rangesOf(space: SearchSpace, { members }: FoundRoute): readonly RouteRange[] {
  return space.variables.map((variable, j): RouteRange => {
    const { name, unit } = variable;
    const values = members.map((e) => e.point[j] ?? Number.NaN).filter((value) => !Number.isNaN(value));
    if (!isNumeric(variable) || values.length === 0) {
      const levels = [...new Set(values)].sort((a, b) => a - b).map((level) => String(settingOf(variable, level)));
      return { kind: "category", name, unit, levels };
    }
    return { kind: "number", name, unit, lower: Math.min(...values), upper: Math.max(...values) };
  });
}
