import type { Point } from "../space/points.ts";
import type { SuggestOptions } from "./options.ts";
import { pointKey } from "./pointKey.ts";
import { holdSettings, isInRegion, type Region } from "./region.ts";
import type { Box } from "./trustRegion.ts";

/** What may still be proposed, while a batch is chosen. */
export interface OpenPoints {
  /** Where points are looked for now. */
  readonly region: Region;
  /** Points of the pool that could be proposed when the batch began; undefined where there is no pool. */
  readonly pool: readonly Point[] | undefined;
  /** Whether exactly this point was tried, is pending or was chosen before. */
  isTaken(point: Point): boolean;
  /** Whether it lies in the region and is not taken. */
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
  const { space, observations, fixed = [], allowReplicates = false, sharedInBatch = [] } = options;
  const { points, pending } = observations;
  const taken = new Set((allowReplicates ? pending : [...points, ...pending]).map(pointKey));
  let region: Region = { space, held: holdSettings(space, fixed) };
  let isFirst = true;
  const isTaken = (point: Point): boolean => taken.has(pointKey(point));
  const isOpen = (point: Point): boolean => !isTaken(point) && isInRegion(region, point);
  return {
    get region() {
      return region;
    },
    pool: options.pool?.filter(isOpen),
    isTaken,
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
