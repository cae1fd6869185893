import { geodesic, linesLeaving, linkPixels } from "../kernels/index.ts";
import type { Crack } from "./measureCracks.ts";
import { smoothLine } from "./midLine.ts";

/** Pixels of the skeleton of one crack, in raster order, with their distance to the outside. */
export interface CrackPixels {
  readonly x: Uint32Array;
  readonly y: Uint32Array;
  readonly radius: Float32Array;
}

/** Smoothing that evens out a digital line, px. */
const STAIRCASE = 2;
/** Mean of true over chain-code length of straight lines, steps counted 1 and √2: π/8 · (1 + √2). */
const CHAIN_TO_LENGTH: number = (Math.PI / 8) * (1 + Math.SQRT2);

/** Measures a crack by its skeleton, twigs of which are cut; undefined where no pixel is left. */
export function traceCrack(skeleton: CrackPixels, areaPx: number): Crack | undefined {
  const { x, y, radius } = withoutTwigs(skeleton);
  const n = x.length;
  if (n === 0) return undefined;
  const neighbours = linksOf(x, y);
  const queue = new Int32Array(n);
  const distance = new Float32Array(n);
  const previous = new Int32Array(n);
  const first = geodesic(n, neighbours, 0, queue, distance, previous);
  const last = geodesic(n, neighbours, first, queue, distance, previous);
  const path: number[] = [];
  for (let i = last; i >= 0; i = previous[i]!) path.push(i); // in the list, as all of the path
  const tips = radius[last]! + radius[first]! - 1;
  const smoothX = smoothLine(
    Float64Array.from(path, (i) => x[i]!),
    STAIRCASE,
  );
  const smoothY = smoothLine(
    Float64Array.from(path, (i) => y[i]!),
    STAIRCASE,
  );
  let smooth = 0;
  for (let k = 1; k < path.length; k++) {
    smooth += Math.hypot(smoothX[k]! - smoothX[k - 1]!, smoothY[k]! - smoothY[k - 1]!); // k < length
  }
  const lengthPx = smooth + Math.max(0, tips);
  const widthsPx = Float64Array.from(path, (i) => 2 * radius[i]! - 1);
  const mean = widthsPx.reduce((sum, w) => sum + w, 0) / widthsPx.length;
  const variance = widthsPx.reduce((sum, w) => sum + (w - mean) ** 2, 0) / Math.max(1, widthsPx.length - 1);
  const startX = x[last]!;
  const startY = y[last]!;
  const endX = x[first]!;
  const endY = y[first]!;
  const chord = Math.hypot(endX - startX, endY - startY);
  let angle = (Math.atan2(-(endY - startY), endX - startX) * 180) / Math.PI; // y points down
  if (angle <= -90) angle += 180;
  if (angle > 90) angle -= 180;
  const { steps, nBranchings } = network(n, neighbours);
  return {
    areaPx,
    lengthPx,
    totalLengthPx: lengthPx + CHAIN_TO_LENGTH * Math.max(0, steps - distance[last]!),
    straightness: Math.min(1, (chord + Math.max(0, tips)) / lengthPx),
    orientationDeg: angle + 0, // no negative zero
    nBranchings,
    meanWidthPx: mean,
    stdWidthPx: Math.sqrt(variance),
    maxWidthPx: widthsPx.reduce((most, w) => Math.max(most, w), 0),
    widthsPx,
    startX,
    startY,
    endX,
    endY,
  };
}

function linksOf(x: Uint32Array, y: Uint32Array): Int32Array {
  const neighbours = new Int32Array(8 * x.length);
  linkPixels(x.length, x, y, neighbours);
  return neighbours;
}

/** Length of all steps of a skeleton, and its branchings: clusters of pixels from which three and more lines leave. */
function network(n: number, neighbours: Int32Array): { readonly steps: number; readonly nBranchings: number } {
  let steps = 0;
  const all = new Uint8Array(n).fill(1);
  const isNode = new Uint8Array(n);
  for (let i = 0; i < n; i++) {
    const isEast = neighbours[8 * i]! >= 0; // eight for each, as below
    const isSouthEast = neighbours[8 * i + 1]! >= 0;
    const isSouth = neighbours[8 * i + 2]! >= 0;
    const isSouthWest = neighbours[8 * i + 3]! >= 0;
    const isWest = neighbours[8 * i + 4]! >= 0;
    if (isEast) steps += 1;
    if (isSouth) steps += 1;
    // A diagonal step counts where no straight pair joins the two already.
    if (isSouthEast && !isEast && !isSouth) steps += Math.SQRT2;
    if (isSouthWest && !isWest && !isSouth) steps += Math.SQRT2;
    if (linesLeaving(neighbours, all, i) >= 3) isNode[i] = 1;
  }
  let nBranchings = 0;
  for (let i = 0; i < n; i++) {
    if (isNode[i] === 0) continue;
    nBranchings++;
    isNode[i] = 0;
    for (const cluster = [i]; cluster.length > 0; ) {
      const at = cluster.pop()!; // not empty
      for (const j of neighbours.subarray(8 * at, 8 * at + 8)) {
        if (j < 0 || isNode[j] === 0) continue;
        isNode[j] = 0;
        cluster.push(j);
      }
    }
  }
  return { steps, nBranchings };
}

/** Cuts lines that run from a tip to a branching over no more than the half-width there: thinning grows them from rough edges. */
function withoutTwigs({ x, y, radius }: CrackPixels): CrackPixels {
  const n = x.length;
  const neighbours = linksOf(x, y);
  const isOn = new Uint8Array(n).fill(1);
  const tips: number[] = [];
  let longest = 0;
  for (let i = 0; i < n; i++) {
    if (linesLeaving(neighbours, isOn, i) === 1) tips.push(i);
    longest = Math.max(longest, radius[i]! + 1); // i < n
  }
  for (const tip of tips) {
    const twig = [tip];
    let node = -1;
    for (let at = tip; twig.length <= longest; ) {
      const onward = neighbours
        .subarray(8 * at, 8 * at + 8)
        .filter((j) => j >= 0 && isOn[j] === 1 && !twig.includes(j));
      node = onward.find((j) => linesLeaving(neighbours, isOn, j) >= 3) ?? -1;
      const next = onward[0];
      if (node >= 0 || next === undefined) break;
      twig.push(next);
      at = next;
    }
    if (node >= 0 && twig.length <= radius[node]! + 1) for (const i of twig) isOn[i] = 0; // a node is in the list
  }
  const isKept = (_: number, i: number): boolean => isOn[i] === 1;
  return { x: x.filter(isKept), y: y.filter(isKept), radius: radius.filter(isKept) };
}
