import { DomainError, type LabelMap } from "@materiome/core";

/** How coarse and fine grains are arranged in a field. */
export interface GrainArrangement {
  /** Range of the mean G of strips across and down the field, each an eighth of it, numbers. */
  readonly acrossRangeG: number;
  readonly downRangeG: number;
  /** Between-strip share of the variance of G over the area, in the direction where it is larger. */
  readonly stripShare: number;
  /** Mean G changes by three or more numbers, once on the way through the field (or to the middle and back). */
  readonly isCrossSection: boolean;
  /** … more than twice. */
  readonly isBanded: boolean;
  /** Share of the border of coarse grains that is with fine ones, and of the fine area in grains that touch a coarse one. */
  readonly coarseBorderWithFine: number;
  readonly fineTouchingCoarse: number;
  /** Coarse grains each in a thin ring of fine ones: shares of at least 0.9 and 0.5. */
  readonly isNecklace: boolean;
}

const STRIPS = 8;

/**
 * Topology of coarse and fine grains, from the mean G of strips and from who touches whom.
 *
 * @param labels - grains 1 … n
 * @param numbers - G of every label
 * @param dividingG - below it a grain is coarse
 * @throws DomainError for a label without G
 * @see ASTM E1181-02, definitions of the topological conditions (cross-section, necklace, banding: three or more numbers of difference)
 */
export function grainArrangement(
  labels: LabelMap,
  numbers: ReadonlyMap<number, number>,
  dividingG: number,
): GrainArrangement {
  const { width, height, data } = labels;
  const across = strips(labels, numbers, true);
  const down = strips(labels, numbers, false);
  const profile = across.share >= down.share ? across : down;
  const isOrdered = range(profile.means) >= 3 && profile.share >= 0.5;
  const changes = sideChanges(profile.means);
  const isCoarse = (label: number): boolean => (numbers.get(label) ?? 0) < dividingG;
  let [withFine, withCoarse] = [0, 0];
  const touching = new Set<number>();
  const meet = (a: number, b: number): void => {
    if (a === b) return;
    if (isCoarse(a) && isCoarse(b)) withCoarse++;
    else if (isCoarse(a) !== isCoarse(b)) {
      withFine++;
      touching.add(isCoarse(a) ? b : a);
    }
  };
  let [fineArea, touchingArea] = [0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (x + 1 < width) meet(data[i]!, data[i + 1]!); // inside the map, as below
      if (y + 1 < height) meet(data[i]!, data[i + width]!);
    }
  }
  for (const label of data) {
    if (isCoarse(label)) continue;
    fineArea++;
    if (touching.has(label)) touchingArea++;
  }
  const coarseBorderWithFine = withFine + withCoarse === 0 ? 0 : withFine / (withFine + withCoarse);
  const fineTouchingCoarse = fineArea === 0 ? 0 : touchingArea / fineArea;
  return {
    acrossRangeG: range(across.means),
    downRangeG: range(down.means),
    stripShare: profile.share,
    isCrossSection: isOrdered && changes <= 2,
    isBanded: isOrdered && changes > 2,
    coarseBorderWithFine,
    fineTouchingCoarse,
    isNecklace: coarseBorderWithFine >= 0.9 && fineTouchingCoarse >= 0.5,
  };
}

interface Strips {
  readonly means: readonly number[];
  readonly share: number;
}

function strips({ data, width, height }: LabelMap, numbers: ReadonlyMap<number, number>, isAcross: boolean): Strips {
  const n = Math.min(STRIPS, isAcross ? width : height);
  const sums = new Float64Array(n);
  const counts = new Float64Array(n);
  let squares = 0;
  for (const [i, label] of data.entries()) {
    const G = numbers.get(label);
    if (G === undefined) throw new DomainError(`grainArrangement: label ${label} has no grain size number`);
    const x = i % width;
    const strip = isAcross ? Math.floor((x * n) / width) : Math.floor((((i - x) / width) * n) / height);
    sums[strip]! += G; // strips are 0 … n − 1
    counts[strip]! += 1;
    squares += G * G;
  }
  const means = Array.from(sums, (sum, k) => sum / counts[k]!); // every strip has a row or column of pixels
  const mean = sums.reduce((a, b) => a + b, 0) / data.length;
  const variance = squares / data.length - mean * mean;
  const between = means.reduce((sum, m, k) => sum + counts[k]! * (m - mean) ** 2, 0) / data.length;
  return { means, share: variance > 1e-12 ? between / variance : 0 };
}

function range(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values);
}

/** How often the strips change between the coarse and the fine half of their range. */
function sideChanges(means: readonly number[]): number {
  const middle = (Math.max(...means) + Math.min(...means)) / 2;
  const sides = means.map((mean) => mean > middle);
  return sides.filter((side, k) => k > 0 && side !== sides[k - 1]).length;
}
