import { type AccumulatedLocalEffects, type LocalEffect, localEffects } from "./accumulatedLocalEffects.ts";
import { dependences } from "./partialDependence.ts";
import type { ExplainRun, WideSubject } from "./subject.ts";

/** One input's effect on the probability of each class over some rows. */
export interface ClassColumnEffect {
  readonly input: string;
  readonly local: Pick<AccumulatedLocalEffects, "grid" | "counts"> & { readonly classes: readonly LocalEffect[] };
  readonly partial: { readonly grid: Float64Array; readonly means: readonly Float64Array[] };
}

/** @param likely - of probabilities, an output for each class */
export async function classColumnEffect(
  likely: WideSubject,
  input: string,
  options: ExplainRun & { readonly rows: Int32Array },
): Promise<ClassColumnEffect> {
  const { grid, counts, outputs } = await localEffects(likely, input, options);
  const partial = await dependences(likely, input, options);
  const means = partial.outputs.map(({ mean }) => mean);
  return { input, local: { grid, counts, classes: outputs }, partial: { grid: partial.grid, means } };
}
