import type { Objective } from "./objective.ts";

/** What an outcome is multiplied with so that more is better. */
export function signOf({ direction }: Pick<Objective, "direction">): 1 | -1 {
  return direction === "maximize" ? 1 : -1;
}
