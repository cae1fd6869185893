import { FormatError } from "@materiome/core";
import type { Fidelity } from "./fidelity.ts";

/**
 * Reads versions and costs as people write them, the version that counts first: `Method=experiment:10,simulation:1`.
 *
 * @throws FormatError for text that is none, or one version only
 * @example
 * parseFidelity("Method=experiment:10,simulation:1"); // { name: "Method", costs: { experiment: 10, simulation: 1 } }
 */
export function parseFidelity(text: string): Fidelity {
  const [, name, list] = /^\s*([^=]*?[^=\s])\s*=\s*(\S.*)$/.exec(text) ?? [];
  const parts = (list ?? "").split(",").map((part) => /^\s*(.*?\S)\s*:\s*(\S+)\s*$/.exec(part));
  const costs = parts.map((part): readonly [string, number] => [part?.[1] ?? "", Number(part?.[2] ?? Number.NaN)]);
  if (
    name === undefined ||
    costs.length < 2 ||
    !costs.every(([level, cost]) => level !== "" && Number.isFinite(cost))
  ) {
    throw new FormatError(
      `"${text}": write NAME=VERSION:COST,VERSION:COST with the version that counts first, as in "Method=experiment:10,simulation:1"`,
    );
  }
  return { name, costs: Object.fromEntries(costs) };
}
