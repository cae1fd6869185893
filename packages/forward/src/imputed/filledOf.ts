import type { Json } from "@materiome/core";

/** A feature with gaps: what stands in them, and in how many rows. */
export type FilledFeature = { readonly feature: string; readonly value: number; readonly missing: number };

interface Report {
  readonly filled?: readonly FilledFeature[];
  readonly learner?: Json;
}

/** What a learner that takes no gaps saw in their place, from its report, however deep it stands; empty where nothing was filled. */
export function filledOf(report: Json | undefined): readonly FilledFeature[] {
  const { filled, learner } = (report ?? {}) as Report;
  return filled ?? (learner === undefined || learner === null ? [] : filledOf(learner));
}
