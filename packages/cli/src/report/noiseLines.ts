import type { PropertyMetrics } from "@materiome/forward";
import { displayUnit } from "../terminal/displayUnit.ts";
import { threeFigures } from "../terminal/figures.ts";

/** A sentence for each column of standard deviations by which a model weighs its rows. Those passed over are warnings. */
export function noiseLines({ targets, uncertainties }: Pick<PropertyMetrics, "targets" | "uncertainties">): string[] {
  return uncertainties.flatMap(({ target, columns, isUsed, median }) => {
    if (!isUsed || median === null) return [];
    const unit = displayUnit(targets.find(({ name }) => name === target)?.unit ?? "");
    return [
      `"${columns.join(", ")}" is the known noise of ${target} (median standard deviation ${`${threeFigures(median)} ${unit}`.trim()}): precise rows count more, and what scatters besides is learnt`,
    ];
  });
}
