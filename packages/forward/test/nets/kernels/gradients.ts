import type { Tensor } from "@tensorflow/tfjs-core";
import { expect } from "vitest";
import type { TensorFlow } from "../../../src/nets/engine.ts";

/** Repeatable numbers between -1 and 1 that are all different, so that maxima have no ties and differences no kinks. */
export function numbers(n: number, seed: number): Float32Array {
  const values = Float32Array.from({ length: n }, (_, i) => (((i * 7919 + seed * 104729) % 2003) / 1001.5 - 1) * 0.9);
  return values;
}

/**
 * Compares the gradient of Σ weights · f(inputs) by each input with the symmetric difference along a direction.
 * f must be at most bilinear in what is varied or smooth around it; float32 limits the step.
 */
export function expectGradient(
  tf: TensorFlow,
  f: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  step = 2 ** -6,
): Float32Array[] {
  return tf.tidy(() => {
    const out = f(...inputs);
    const weights = tf.tensor(numbers(out.size, 5), out.shape);
    const loss = (...values: Tensor[]) => tf.sum(tf.mul(f(...values), weights)) as never;
    const gradients = tf.grads(loss)([...inputs]);
    inputs.forEach((input, k) => {
      const direction = tf.tensor(numbers(input.size, 11 + k), input.shape);
      const at = (sign: number): number => {
        const moved = inputs.map((other, j) => (j === k ? tf.add(other, tf.mul(direction, sign * step)) : other));
        // Summed in 64 bit: the sum of many products is what the difference is taken of.
        const values = Float64Array.from(f(...moved).dataSync());
        const w = weights.dataSync();
        return values.reduce((sum, value, i) => sum + value * w[i]!, 0);
      };
      const difference = (at(1) - at(-1)) / (2 * step);
      const g = Float64Array.from(gradients[k]!.dataSync());
      const d = direction.dataSync();
      const derivative = g.reduce((sum, value, i) => sum + value * d[i]!, 0);
      const scale = Math.sqrt(g.reduce((sum, value) => sum + value * value, 0)) + 1;
      expect(Math.abs(derivative - difference) / scale).toBeLessThan(2e-3);
    });
    return gradients.map((gradient) => Float32Array.from(gradient.dataSync()));
  });
}

export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 2e-5): void {
  expect(actual.length).toBe(expected.length);
  let scale = 1e-3;
  for (let i = 0; i < expected.length; i++) scale = Math.max(scale, Math.abs(expected[i]!));
  let worst = 0;
  for (let i = 0; i < expected.length; i++) worst = Math.max(worst, Math.abs(actual[i]! - expected[i]!));
  expect(worst / scale).toBeLessThan(tolerance);
}
