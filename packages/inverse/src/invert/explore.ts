import { type Progress, type Random, shuffle } from "@materiome/core";
import type { Evaluate, Evaluated } from "../search/evaluator.ts";
import type { SearchOutcome } from "../search/searchCandidates.ts";
import { byProbability } from "../search/selectDiverse.ts";
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
import type { SettingScatter } from "./tolerance/missedSettings.ts";
import { scatterAt } from "./tolerance/scatterAt.ts";
import { underScatter } from "./tolerance/underScatter.ts";

export interface ExploreOptions {
  readonly random: Random;
  readonly level: number;
  /** Most settings that are drawn; a third of them under scatter, where each takes nine predictions. */
  readonly maxEvaluations: number;
  /** How settings are missed: they are then weighed by the mean probability of what they become. @defaultValue they are met exactly */
  readonly scatter?: Readonly<Record<string, SettingScatter>> | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Settings found by the search that are judged under scatter where not all of them are: the most probable, and others. */
const BEST_KNOWN = 100;
const OTHER_KNOWN = 100;
/** Of the settings that would be drawn without scatter. */
const SHARE_UNDER_SCATTER = 1 / 3;

/** The settings that meet the specs, weighed: all of them where the search was complete, else drawn. */
export async function acceptableSettings(
  space: SearchSpace,
  evaluate: Evaluate,
  outcome: SearchOutcome,
  options: ExploreOptions,
): Promise<{ readonly sample: SettingsSample; readonly window: ProcessWindow } | undefined> {
  const { random, level, maxEvaluations, scatter, onProgress } = options;
  const { evaluated, isExhaustive } = outcome;
  const judge =
    scatter === undefined ? evaluate : underScatter(space, evaluate, { scatter, random: random.fork("scatter") });
  const known =
    scatter === undefined
      ? evaluated
      : await judge((isExhaustive ? evaluated : someOf(evaluated, random.fork("known"))).map(({ point }) => point));
  const settings = scatter === undefined ? maxEvaluations : Math.ceil(SHARE_UNDER_SCATTER * maxEvaluations);
  const sample = isExhaustive
    ? enumerateSettings(space, known)
    : await sampleSettings(space, judge, { random, known, maxEvaluations: settings, onProgress });
  if (sample === undefined) return undefined;
  return { sample, window: { ...processWindow(space, sample, level), isUnderScatter: scatter !== undefined } };
}

/** The most probable settings inside the domain, and some of the others. */
function someOf(evaluated: readonly Evaluated[], random: Random): readonly Evaluated[] {
  const ranked = evaluated.filter(({ inDomain }) => inDomain).sort(byProbability);
  const best = ranked.slice(0, BEST_KNOWN);
  const others = [...ranked.slice(BEST_KNOWN), ...evaluated.filter(({ inDomain }) => !inDomain)];
  const order = shuffle(others.length, random).subarray(0, OTHER_KNOWN);
  return [...best, ...Array.from(order, (i) => others[i] as Evaluated)]; // i < others.length
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
  const points = found.map(({ representative }) => representative.point);
  const chosen = await asSet(
    evaluate,
    found.map((route) => route.representative),
    options.scatter,
  );
  const representatives = await withTolerance(space, evaluate, await describeAt(chosen), points, options);
  const routes = found.flatMap((route, i): Route[] => {
    const representative = representatives[i];
    return representative === undefined
      ? []
      : [{ representative, share: route.share, ranges: rangesOf(space, route), gap: route.gap ?? null }];
  });
  return { routes, silhouette };
}

/** Settings of a sample as they are judged when they are met exactly. */
export async function asSet(
  evaluate: Evaluate,
  points: readonly Evaluated[],
  scatter: ExploreOptions["scatter"],
): Promise<readonly Evaluated[]> {
  return scatter === undefined ? points : evaluate(points.map(({ point }) => point));
}
