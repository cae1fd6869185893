import type { Point } from "../space/points.ts";
import { atVersion } from "./atVersion.ts";
import { type FidelityLevels, fidelityLevels } from "./chooseFidelity.ts";
import type { SuggestOptions } from "./options.ts";
import { pointKey } from "./pointKey.ts";
import { holdSettings, isInRegion, type Region } from "./region.ts";
import type { Box } from "./trustRegion.ts";

/** What may still be proposed, while a batch is chosen. */
export interface OpenPoints {
  /** Where points are looked for now. */
  readonly region: Region;
  /**
   * Points of the pool that could be proposed when the batch began, undefined where there is no pool. With versions of the experiment: their places,
   * in the version that counts whether the pool holds that one or not.
   */
  readonly pool: readonly Point[] | undefined;
  /** Whether exactly this point can be asked for: of the pool where there is one, and neither tried, pending nor chosen before. */
  isMeasurable(point: Point): boolean;
  /** Whether it lies in the region, is not taken, and can be measured (in some version). */
  isOpen(point: Point): boolean;
  /** Looks in this box from now on. */
  narrow(box: Box): void;
  /**
   * Takes a point, in the version in which it is asked for. After the first of a batch all others share with it what is asked to be shared.
   */
  take(point: Point, asked: Point): void;
}

/** What may be proposed before the first point of a batch is chosen. */
export function openPoints(options: SuggestOptions): OpenPoints {
  const { space, observations, fixed = [], fidelity, allowReplicates = false, sharedInBatch = [] } = options;
  const { points, pending } = observations;
  const taken = new Set((allowReplicates ? pending : [...points, ...pending]).map(pointKey));
  let region: Region = { space, held: holdSettings(space, fixed) };
  let isFirst = true;
  const levels = fidelity === undefined ? undefined : fidelityLevels(space, fidelity);
  const counting = levels && region.held.get(levels.index);
  const listed = options.pool && new Set(options.pool.map(pointKey));
  const isTaken = (point: Point): boolean => taken.has(pointKey(point));
  const isMeasurable = (point: Point): boolean => !isTaken(point) && listed?.has(pointKey(point)) !== false;
  const isOpen = (point: Point): boolean =>
    !isTaken(point) &&
    isInRegion(region, point) &&
    (listed === undefined || versionsAt(point, levels).some(isMeasurable));
  const places =
    counting === undefined ? options.pool : options.pool && placesOf(options.pool, levels?.index ?? -1, counting);
  return {
    get region() {
      return region;
    },
    pool: places?.filter(isOpen),
    isMeasurable,
    isOpen,
    narrow(box) {
      region = { ...region, box };
    },
    take(point, asked) {
      taken.add(pointKey(asked));
      if (!isFirst) return;
      isFirst = false;
      const shared = space.variables.flatMap(({ name }, j): [number, number][] =>
        sharedInBatch.includes(name) && !Number.isNaN(point[j] as number) ? [[j, point[j] as number]] : [],
      );
      region = { ...region, held: new Map([...region.held, ...shared]) };
    },
  };
}

/** A point in all its versions. */
function versionsAt(point: Point, fidelity: FidelityLevels | undefined): readonly Point[] {
  if (fidelity === undefined) return [point];
  return fidelity.levels.map(({ value }) => atVersion(point, fidelity.index, value));
}

/** Each place once, in the version that counts. */
function placesOf(pool: readonly Point[], index: number, counting: number): readonly Point[] {
  return [...new Map(pool.map((point) => atVersion(point, index, counting)).map((at) => [pointKey(at), at])).values()];
}
