import { DataError, type Raster, ShapeError } from "@materiome/core";

/** How well a component of fields is told. */
export interface ComponentScores {
  /** ‖found − true‖ / ‖true‖ over the pixels of a map, mean over the maps. */
  readonly relativeL2: number;
  /** 1 − Σ (found − true)² / Σ (true − mean)² over all pixels of all maps. */
  readonly r2: number;
  /** Of the mean over a map, which is the effective property under a unit load: root mean square error over the maps, in the unit of the component. */
  readonly meanRmse: number;
  /** The same error as a share of the root mean square of the true means; says nothing of a component whose means are near 0. */
  readonly meanRelative: number;
}

type Field = Raster<Float32Array> | Raster<Float64Array>;

/**
 * Scores of fields, channel by channel.
 *
 * @param truth - fields of one number of channels
 * @param found - as many of the same sizes
 * @throws ShapeError where sizes differ; DataError without fields
 * @example
 * const [fluxX] = scoreFields(solved, predicted);
 * console.log(`relative error ${fluxX.relativeL2}, R² ${fluxX.r2}`);
 */
export function scoreFields(truth: readonly Field[], found: readonly Field[]): ComponentScores[] {
  const who = "scoreFields";
  const channels = truth[0]?.channels ?? 0;
  if (channels === 0) throw new DataError(`${who}: there are no fields to score`);
  if (found.length !== truth.length) {
    throw new ShapeError(`${who}: ${truth.length} true and ${found.length} found fields; expected as many`);
  }
  for (const [i, a] of truth.entries()) {
    const b = found[i]!; // as many
    if (a.channels === channels && a.width === b.width && a.height === b.height && b.channels === channels) continue;
    throw new ShapeError(
      `${who}: field ${i} is ${b.width} × ${b.height} with ${b.channels} channels, the true one ${a.width} × ${a.height} with ${a.channels}; the first has ${channels}`,
    );
  }
  return Array.from({ length: channels }, (_, c) => scoreChannel(truth, found, c, channels));
}

function scoreChannel(truth: readonly Field[], found: readonly Field[], c: number, channels: number): ComponentScores {
  const pixels = truth.reduce((sum, { data }) => sum + data.length / channels, 0);
  const mean = truth.reduce((sum, field) => sum + meanOf(field, c) * (field.data.length / channels), 0) / pixels;
  let relative = 0;
  let error = 0;
  let spread = 0;
  let meanError = 0;
  let meanSquare = 0;
  for (const [i, field] of truth.entries()) {
    const other = found[i]!; // as many, of the same size
    let difference = 0;
    let square = 0;
    for (let p = c; p < field.data.length; p += channels) {
      const value = field.data[p]!; // p < length
      difference += (other.data[p]! - value) ** 2;
      square += value * value;
      spread += (value - mean) ** 2;
    }
    relative += Math.sqrt(difference / square) / truth.length;
    error += difference;
    const trueMean = meanOf(field, c);
    meanError += (meanOf(other, c) - trueMean) ** 2;
    meanSquare += trueMean ** 2;
  }
  return {
    relativeL2: relative,
    r2: 1 - error / spread,
    meanRmse: Math.sqrt(meanError / truth.length),
    meanRelative: Math.sqrt(meanError / meanSquare),
  };
}

function meanOf({ data, channels }: Field, c: number): number {
  let sum = 0;
  for (let p = c; p < data.length; p += channels) sum += data[p]!; // p < length
  return (sum * channels) / data.length;
}
