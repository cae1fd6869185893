import { DomainError, type Raster } from "@materiome/core";
import { requireOneChannel, withData } from "./morphologyFilter.ts";
import { pixelTest, type SkeletonPoint, skeletonArms } from "./skeletonArms.ts";

/**
 * Removes the short side branches of a skeleton: from every end the line is followed to the first branching point, and taken
 * away up to it where it is shorter than `minLengthPx`. Lines with two free ends, and closed ones, stay. All branches are
 * judged on the skeleton as given; call again to prune what becomes a short branch by pruning.
 *
 * Length counts 1 for a straight step and √2 for a diagonal one.
 *
 * @param skeleton - lines one pixel wide, from `skeletonize`
 * @returns mask of 0 and 1
 * @throws ShapeError for more than one channel; DomainError for a negative length
 * @example
 * const network = pruneSpurs(skeletonize(mask), 8);
 */
export function pruneSpurs(skeleton: Raster<Uint8Array>, minLengthPx: number): Raster<Uint8Array> {
  requireOneChannel("pruneSpurs", skeleton);
  if (!(minLengthPx >= 0)) throw new DomainError(`pruneSpurs: minLengthPx must be at least 0, got ${minLengthPx}`);
  const { width, height, data } = skeleton;
  const on = pixelTest(data, width, height);
  const out = data.map((value) => (value === 0 ? 0 : 1));
  for (let start = 0; start < data.length; start++) {
    if (data[start] === 0) continue;
    const branch = followBranch(start, width, on, minLengthPx);
    if (branch !== undefined) for (const i of branch) out[i] = 0;
  }
  return withData(skeleton, out);
}

/** The pixels from an end to before the branching point; undefined where `start` is no end or the branch is long. */
function followBranch(
  start: number,
  width: number,
  on: (x: number, y: number) => boolean,
  minLengthPx: number,
): number[] | undefined {
  let x = start % width;
  let y = (start - x) / width;
  if (skeletonArms(x, y, on).length !== 1) return undefined;
  const branch = [start];
  let length = 0;
  let from = { x, y };
  for (;;) {
    const ways = skeletonArms(x, y, on);
    if (ways.length > 2 && branch.length > 1) {
      branch.pop();
      return branch;
    }
    const step = ways.find((way) => !isNear(way, from) || (branch.length === 1 && from.x === x && from.y === y));
    if (step === undefined) return undefined; // the other end
    length += step.x !== x && step.y !== y ? Math.SQRT2 : 1;
    if (length >= minLengthPx) return undefined;
    from = { x, y };
    ({ x, y } = step);
    branch.push(y * width + x);
  }
}

/** Whether a way on leads back: to the pixel one came from or one that touches it by an edge. */
function isNear(way: SkeletonPoint, from: SkeletonPoint): boolean {
  return Math.abs(way.x - from.x) + Math.abs(way.y - from.y) <= 1;
}
