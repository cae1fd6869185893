import type { Progress, Random } from "@materiome/core";
import type { Evaluate } from "../search/evaluator.ts";
import type { SearchOutcome } from "../search/searchCandidates.ts";
import type { SearchSpace } from "../space/searchSpace.ts";
import type { DescribeAt } from "./candidatesAt.ts";
import { enumerateSettings } from "./posterior/enumerateSettings.ts";
import { type ProcessWindow, processWindow } from "./posterior/processWindow.ts";
import { sampleSettings } from "./posterior/sampleSettings.ts";
import type { SettingsSample } from "./posterior/settingsSample.ts";
import type { Candidate, Route, Tolerance } from "./result.ts";
import { findRoutes } from "./routes/findRoutes.ts";
import { rangesOf } from "./routes/rangesOf.ts";
import { driftAt } from "./tolerance/driftAt.ts";
import { type SettingScatter, scatterAt } from "./tolerance/scatterAt.ts";

export interface ExploreOptions {
  readonly random: Random;
  readonly level: number;
  readonly maxEvaluations: number;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** The settings that meet the specs, weighed: all of them where the search was complete, else drawn. */
export async function acceptableSettings(
  space: SearchSpace,
  evaluate: Evaluate,
  outcome: SearchOutcome,
  options: ExploreOptions,
): Promise<{ readonly sample: SettingsSample; readonly window: ProcessWindow } | undefined> {
  const { random, level, maxEvaluations, onProgress } = options;
  const sample = outcome.isExhaustive
    ? enumerateSettings(space, outcome.evaluated)
    : await sampleSettings(space, evaluate, { random, known: outcome.evaluated, maxEvaluations, onProgress });
  return sample === undefined ? undefined : { sample, window: processWindow(space, sample, level) };
}

/** Drift and scatter at each point, beside its candidate. */
export async function withTolerance(
  space: SearchSpace,
  evaluate: Evaluate,
  candidates: readonly Candidate[],
  points: readonly Float64Array[],
  options: {
    readonly minProbability: number;
    readonly random: Random;
    readonly scatter?: Readonly<Record<string, SettingScatter>> | undefined;
  },
): Promise<readonly (Candidate & Tolerance)[]> {
  const { minProbability, random, scatter } = options;
  const drifts = await driftAt(space, evaluate, points, minProbability);
  const scattered = scatter === undefined ? undefined : await scatterAt(space, evaluate, points, { scatter, random });
  return candidates.map((candidate, i) => ({ ...candidate, drift: drifts[i] ?? [], scatter: scattered?.[i] ?? null }));
}

/** The routes through a sample, each with its representative described. */
export async function describeRoutes(
  space: SearchSpace,
  evaluate: Evaluate,
  sample: SettingsSample,
  describeAt: DescribeAt,
  options: Parameters<typeof withTolerance>[4],
): Promise<{ readonly routes: readonly Route[]; readonly silhouette: number }> {
  const { routes: found, silhouette } = findRoutes(space, sample, options);
  const chosen = found.map((route) => route.representative);
  const points = chosen.map((e) => e.point);
  const representatives = await withTolerance(space, evaluate, await describeAt(chosen), points, options);
  const routes = found.flatMap((route, i): Route[] => {
    const representative = representatives[i];
    return representative === undefined
      ? []
      : [{ representative, share: route.share, ranges: rangesOf(space, route), gap: route.gap ?? null }];
  });
  return { routes, silhouette };
}
