import { DomainError } from "@materiome/core";
import type { SegmentColourGrainsOptions } from "./segmentColourGrains.ts";

/** Options shared by the pipelines that cut by contrast, resolved. */
export function checkContrastOptions(
  caller: string,
  options: SegmentColourGrainsOptions,
): { readonly strictness: number; readonly minAreaPx: number } {
  const strictness = options.strictness ?? 1;
  const minAreaPx = options.minAreaPx ?? 40;
  if (!(strictness > 0 && Number.isFinite(strictness))) {
    throw new DomainError(`${caller}: strictness must be positive, got ${strictness}`);
  }
  if (!(minAreaPx >= 0)) throw new DomainError(`${caller}: minAreaPx must be at least 0, got ${minAreaPx}`);
  return { strictness, minAreaPx };
}
