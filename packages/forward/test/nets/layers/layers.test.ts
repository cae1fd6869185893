import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { openEngine, type TensorFlow } from "../../../src/nets/engine.ts";
import { convolveRectify } from "../../../src/nets/layers/convolveRectify.ts";
import { joinSkip } from "../../../src/nets/layers/joinSkip.ts";
import { type ChannelStatistics, normaliseRectify } from "../../../src/nets/layers/normalise.ts";
import { wrapBorder } from "../../../src/nets/layers/wrapBorder.ts";
import { expectClose, expectGradient, numbers } from "../kernels/gradients.ts";

let tf: TensorFlow;

beforeAll(async () => {
  tf = (await openEngine()).tf;
});

const tensor = (shape: readonly number[], seed: number): Tensor4D => {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(numbers(size, seed), [...shape] as never) as Tensor4D;
};

describe("normaliseRectify", () => {
  it("is the rectified, scaled deviate of each channel, with the gradient of the same in operations", () => {
    for (const channels of [1, 4, 7]) {
      tf.tidy(() => {
        const x = tensor([2, 3, 4, channels], 1);
        const scale = tf.add(tensor([channels], 2), 1.2) as Tensor1D;
        const shift = tensor([channels], 3) as unknown as Tensor1D;
        const inOperations = (a: Tensor, b: Tensor, c: Tensor): Tensor => {
          const { mean, variance } = tf.moments(a, [0, 1, 2]);
          return tf.relu(tf.add(tf.mul(tf.mul(tf.sub(a, mean), tf.rsqrt(tf.add(variance, 1e-5))), b), c));
        };
        let found: ChannelStatistics | undefined;
        const y = normaliseRectify(tf, x, scale, shift, (statistics) => {
          found = statistics;
        });
        expectClose(y.dataSync(), inOperations(x, scale, shift).dataSync());
        const { mean, variance } = tf.moments(x, [0, 1, 2]);
        expectClose(found!.mean, mean.dataSync());
        expectClose(found!.variance, variance.dataSync(), 1e-4);
        const dy = tensor(x.shape, 5);
        const ours = tf.grads((a, b, c) => normaliseRectify(tf, a as Tensor4D, b as Tensor1D, c as Tensor1D));
        const theirs = tf.grads(inOperations as never);
        const expected = theirs([x, scale, shift], dy);
        ours([x, scale, shift], dy).forEach((gradient, i) => {
          expectClose(gradient.dataSync(), expected[i]!.dataSync(), 1e-4);
        });
      });
    }
  });

  it("a constant channel becomes its shift", () => {
    const y = tf.tidy(() =>
      normaliseRectify(tf, tf.fill([1, 2, 2, 1], 7), tf.tensor1d([3]), tf.tensor1d([0.5])).dataSync(),
    );
    expect([...y]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });
});

describe("convolveRectify", () => {
  it("is convolution, bias and rectifier bit for bit, by tiles and without", () => {
    for (const [inputs, outputs] of [
      [8, 12],
      [16, 8],
      [3, 5],
      [1, 8],
    ] as const) {
      for (const [height, width] of [
        [7, 9],
        [8, 6],
        [1, 1],
      ] as const) {
        tf.tidy(() => {
          const x = tensor([2, height, width, inputs], 1);
          const filter = tensor([3, 3, inputs, outputs], 2);
          const bias = tensor([outputs], 3) as unknown as Tensor1D;
          const expected = tf.relu(tf.add(tf.conv2d(x, filter, 1, "same"), bias)).dataSync();
          const found = convolveRectify(tf, x, filter, bias).dataSync();
          expect(found).toEqual(expected);
          if (height > 1) expect(found.some((v) => v > 0) && found.some((v) => v === 0)).toBe(true);
        });
      }
    }
  });
});

describe("joinSkip", () => {
  it("joins channels and doubles pixels, and gives gradients back", () => {
    for (const [a, b] of [
      [1, 1],
      [4, 8],
      [3, 6],
    ] as const) {
      tf.tidy(() => {
        const skip = tensor([2, 4, 6, a], 1);
        const low = tensor([2, 2, 3, b], 2);
        const joined = joinSkip(tf, skip, low);
        const expected = tf.concat([skip, tf.image.resizeNearestNeighbor(low, [4, 6])], 3);
        expect([...joined.dataSync()]).toEqual([...expected.dataSync()]);
        expectGradient(tf, (x, y) => joinSkip(tf, x as Tensor4D, y as Tensor4D), [skip, low]);
      });
    }
  });
});

describe("wrapBorder", () => {
  it("puts what lies at the opposite side around each image, with its gradient", () => {
    for (const shape of [
      [2, 3, 4, 3],
      [1, 1, 2, 1],
    ] as const) {
      tf.tidy(() => {
        const [n, h, w, c] = shape;
        const x = tensor(shape, 1);
        const values = x.dataSync();
        const found = wrapBorder(tf, x);
        expect(found.shape).toEqual([n, h + 2, w + 2, c]);
        const place = (i: number): number => {
          const [channel, column, row, image] = [
            i % c,
            Math.floor(i / c) % (w + 2),
            Math.floor(i / (c * (w + 2))) % (h + 2),
            Math.floor(i / (c * (w + 2) * (h + 2))),
          ];
          return ((image * h + ((row - 1 + h) % h)) * w + ((column - 1 + w) % w)) * c + channel;
        };
        for (const [i, value] of found.dataSync().entries()) expect(value).toBe(values[place(i)]);
        const dy = tensor(found.shape, 2);
        const expected = new Float32Array(values.length);
        for (const [i, value] of dy.dataSync().entries()) expected[place(i)]! += value;
        expectClose(
          tf
            .grad((a) => wrapBorder(tf, a as Tensor4D))(x, dy)
            .dataSync(),
          expected,
        );
      });
    }
  });
});
