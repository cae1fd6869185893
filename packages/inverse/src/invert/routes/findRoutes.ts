import { createMatrix, type Random } from "@materiome/core";
import type { Evaluated } from "../../search/evaluator.ts";
import { pointDistance } from "../../space/points.ts";
import type { SearchSpace } from "../../space/searchSpace.ts";
import type { SettingsSample } from "../posterior/settingsSample.ts";
import { kMedoids, type Medoids } from "./kMedoids.ts";

/** A region of settings that are probable enough, before it is described. */
export interface FoundRoute {
  readonly representative: Evaluated;
  /** Share of the volume of all settings that are probable enough. */
  readonly share: number;
  readonly members: readonly Evaluated[];
  /** Share of the route's volume that each member stands for. */
  readonly weights: Float64Array;
  /** Least distance of a member to a member of another route; undefined where there is one route. */
  readonly gap?: number | undefined;
}

export interface FoundRoutes {
  readonly routes: readonly FoundRoute[];
  /** Mean silhouette width of the clustering; 0 for one route. */
  readonly silhouette: number;
}

const MOST_POINTS = 240;
const MOST_ROUTES = 6;
/** From here on Kaufman & Rousseeuw (1990, table 4 of chapter 2) call a clustering reasonable. */
const REASONABLE = 0.5;
/** A representative is at least this share as probable as the best of its route. */
const REACH = 0.9;

/**
 * Different ways to meet the specs: the settings of the sample with at least `minProbability`, clustered.
 *
 * A sample in proportion to P is turned into one of the acceptable volume by weights 1/P, thinned to 240 points by systematic
 * resampling, and clustered by k-medoids for k = 1 … 6 over the distance of scaled settings. The k with the largest mean silhouette
 * is taken if that is at least 0.5; else all of it is one route. A long ridge (hot and short … mild and long) is so cut into parts
 * that are different in practice, though one can go from one to the other: `gap` tells. Each route is represented by its most
 * central setting among those at least 0.9 times as probable as its best.
 *
 * @returns no routes where no setting of the sample is probable enough; largest first
 */
export function findRoutes(
  space: SearchSpace,
  sample: SettingsSample,
  options: { readonly minProbability: number; readonly random: Random },
): FoundRoutes {
  const { minProbability, random } = options;
  const kept = sample.points.flatMap((e, i) =>
    e.probability >= minProbability ? [{ e, volume: (sample.weights[i] ?? 0) / e.probability }] : [],
  );
  if (kept.length === 0) return { routes: [], silhouette: 0 };
  const { points, weights } = thin(kept, random);
  const n = points.length;
  const distances = createMatrix(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, at) => {
      const [a, b] = [points[Math.floor(at / n)], points[at % n]];
      return a === undefined || b === undefined ? 0 : pointDistance(space, a.point, b.point);
    }),
  );
  let best: Medoids = kMedoids(distances, weights, 1);
  for (let k = 2; k <= Math.min(MOST_ROUTES, n - 1); k++) {
    const tried = kMedoids(distances, weights, k);
    if (tried.silhouette >= REASONABLE && tried.silhouette > best.silhouette + 1e-9) best = tried;
  }
  const at = (i: number, j: number): number => distances.data[i * n + j] ?? 0;
  const routes = best.medoids.map((_, c): FoundRoute => {
    const own = Array.from(points.keys()).filter((i) => best.assigned[i] === c);
    const others = Array.from(points.keys()).filter((i) => best.assigned[i] !== c);
    const share = own.reduce((sum, i) => sum + (weights[i] ?? 0), 0);
    const most = Math.max(...own.map((i) => points[i]?.probability ?? 0));
    const eccentricity = (i: number): number => own.reduce((sum, j) => sum + (weights[j] ?? 0) * at(i, j), 0);
    const central = own
      .filter((i) => (points[i]?.probability ?? 0) >= REACH * most)
      .map((i) => ({ i, far: eccentricity(i) }))
      .reduce((a, b) => (b.far < a.far ? b : a));
    const gap = others.length === 0 ? undefined : Math.min(...own.flatMap((i) => others.map((j) => at(i, j))));
    return {
      representative: points[central.i] as Evaluated, // an index of points
      share,
      members: own.map((i) => points[i] as Evaluated),
      weights: Float64Array.from(own, (i) => (weights[i] ?? 0) / share),
      gap,
    };
  });
  return { routes: routes.sort((a, b) => b.share - a.share), silhouette: best.silhouette };
}

/** Systematic resampling: each point as often as its share of the volume says, up to one; copies become weights. */
function thin(
  kept: readonly { readonly e: Evaluated; readonly volume: number }[],
  random: Random,
): { readonly points: readonly Evaluated[]; readonly weights: Float64Array } {
  const total = kept.reduce((sum, { volume }) => sum + volume, 0);
  if (kept.length <= MOST_POINTS) {
    return { points: kept.map(({ e }) => e), weights: Float64Array.from(kept, ({ volume }) => volume / total) };
  }
  const counts = new Float64Array(kept.length);
  const offset = random.next();
  let i = 0;
  let sum = kept[0]?.volume ?? 0;
  for (let k = 0; k < MOST_POINTS; k++) {
    const target = ((k + offset) / MOST_POINTS) * total;
    while (sum < target && i + 1 < kept.length) sum += kept[++i]?.volume ?? 0;
    counts[i] = (counts[i] ?? 0) + 1;
  }
  const chosen = Array.from(counts.keys()).filter((k) => (counts[k] ?? 0) > 0);
  return {
    points: chosen.map((k) => (kept[k] as (typeof kept)[number]).e), // an index of kept
    weights: Float64Array.from(chosen, (k) => (counts[k] ?? 0) / MOST_POINTS),
  };
}
