import type { Json } from "@materiome/core";

/** What a learner that chooses says it chose, and why; undefined for one that does not. */
export function chosenText(report: Json | undefined): string | undefined {
  const { chosen, reason } = (report ?? {}) as { readonly chosen?: unknown; readonly reason?: unknown };
  if (typeof chosen !== "string") return undefined;
  return typeof reason === "string" ? `${chosen}; ${reason}` : chosen;
}
