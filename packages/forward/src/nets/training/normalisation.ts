import { type BatchSource, DataError, type ImageBatch, type RunContext } from "@materiome/core";

/** Mean and deviation of each channel of the training images. */
export interface Normalisation {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** (x - mean) / deviation per channel, a new array. */
export function standardise(x: Float32Array, { mean, deviation }: Normalisation): Float32Array {
  const channels = mean.length;
  return x.map((value, i) => (value - mean[i % channels]!) / deviation[i % channels]!); // one per channel
}

/**
 * One pass over the batches of the first epoch: mean and deviation of each channel, and labelled pixels (or images) of each output.
 *
 * @param also - is shown each batch
 * @throws DataError for images that hold numbers that are not finite
 */
export async function surveyImages(
  who: string,
  source: BatchSource,
  outputs: number,
  run: RunContext,
  also?: (batch: ImageBatch) => void,
): Promise<{ readonly normalisation: Normalisation; readonly labelled: Float64Array }> {
  const channels = source.imageShape[2];
  const sum = new Float64Array(channels);
  const squares = new Float64Array(channels);
  const labelled = new Float64Array(outputs);
  let count = 0;
  for (let i = 0; i < source.length; i++) {
    run.signal?.throwIfAborted();
    const batch = await source.batch(i, run.random.fork(0));
    const { x, y, weights } = batch;
    count += x.length / channels;
    for (let j = 0; j < x.length; j++) {
      const value = x[j]!; // j < length
      sum[j % channels]! += value;
      squares[j % channels]! += value * value;
    }
    for (let p = 0; p < weights.length; p++) {
      if (!(weights[p]! > 0)) continue; // p < length
      for (let c = 0; c < outputs; c++) labelled[c]! += y[p * outputs + c]!;
    }
    also?.(batch);
  }
  const mean = Array.from(sum, (total) => total / count);
  const deviation = mean.map((m, c) => Math.sqrt(Math.max(0, squares[c]! / count - m * m))); // one per channel
  if (!deviation.every(Number.isFinite)) {
    throw new DataError(`${who}: training images hold numbers that are not finite`);
  }
  return { normalisation: { mean, deviation: deviation.map((d) => (d > 1e-6 ? d : 1)) }, labelled };
}
