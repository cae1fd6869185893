import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { openEngine, type TensorFlow } from "../../../src/nets/engine.ts";
import { expectClose, expectGradient, numbers } from "./gradients.ts";

let tf: TensorFlow;

beforeAll(async () => {
  tf = (await openEngine()).tf;
  // The reference: plain loops of TensorFlow.js. Registered beside the wasm backend, which stays the default.
  await import(
    pathToFileURL(
      createRequire(import.meta.resolve("../../../src/nets/engine.ts")).resolve("@tensorflow/tfjs-backend-cpu"),
    ).href
  );
  (tf.findBackend("cpu") as unknown as { firstUse: boolean }).firstUse = false;
});

/** What a kernel of the cpu backend gives for the values of tensors of the present backend. */
function onCpu(kernel: string, inputs: Record<string, Tensor>, attrs: object): Float32Array {
  const values = Object.entries(inputs).map(
    ([name, tensor]) => [name, tensor.dataSync(), tensor.shape, tensor.dtype] as const,
  );
  tf.setBackend("cpu");
  try {
    return tf.tidy(() => {
      const copies = Object.fromEntries(
        values.map(([name, data, shape, dtype]) => [name, tf.tensor(data, shape, dtype)]),
      );
      return Float32Array.from((tf.engine().runKernel(kernel, copies, attrs as never) as Tensor).dataSync());
    });
  } finally {
    tf.setBackend("wasm");
  }
}

function onWasm(kernel: string, inputs: Record<string, Tensor>, attrs: object): Float32Array {
  return tf.tidy(() =>
    Float32Array.from((tf.engine().runKernel(kernel, inputs as never, attrs as never) as Tensor).dataSync()),
  );
}

const tensor = (shape: readonly number[], seed: number): Tensor4D => {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor4d(numbers(size, seed), shape as [number, number, number, number]);
};
const pads = fc.oneof(
  fc.constantFrom("same" as const, "valid" as const),
  fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.nat(2)).map(
    ([a, b, c, d]) =>
      [
        [0, 0],
        [a, b],
        [c, d],
        [0, 0],
      ] as [[number, number], [number, number], [number, number], [number, number]],
  ),
);
const side = fc.integer({ min: 1, max: 9 });
const convolutions = fc
  .record({
    count: fc.integer({ min: 1, max: 2 }),
    height: side,
    width: side,
    inChannels: fc.integer({ min: 1, max: 9 }),
    outChannels: fc.integer({ min: 1, max: 9 }),
    tapsY: fc.integer({ min: 1, max: 3 }),
    tapsX: fc.integer({ min: 1, max: 3 }),
    stride: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 })),
    pad: pads,
  })
  .filter(({ height, width, tapsY, tapsX, pad }) => pad === "same" || (height >= tapsY && width >= tapsX));

const runs = { numRuns: 25, seed: 17, endOnFailure: true };

describe("kernels of the wasm backend against the plain loops of TensorFlow.js", () => {
  it("convolution and its gradients, for random shapes, strides and paddings", () => {
    fc.assert(
      fc.property(convolutions, ({ count, height, width, inChannels, outChannels, tapsY, tapsX, stride, pad }) => {
        tf.tidy(() => {
          const x = tensor([count, height, width, inChannels], 1);
          const filter = tensor([tapsY, tapsX, inChannels, outChannels], 2);
          const attrs = { strides: stride, pad, dataFormat: "NHWC", dilations: [1, 1] };
          const out = tf.conv2d(x, filter, stride, pad as "same");
          fc.pre(out.size > 0);
          const dy = tensor(out.shape, 3);
          expectClose(onWasm("Conv2D", { x, filter }, attrs), onCpu("Conv2D", { x, filter }, attrs));
          const byFilter = { ...attrs, filterShape: filter.shape };
          expectClose(
            onWasm("Conv2DBackpropFilter", { x, dy }, byFilter),
            onCpu("Conv2DBackpropFilter", { x, dy }, byFilter),
          );
          const byInput = { ...attrs, inputShape: x.shape };
          expectClose(
            onWasm("Conv2DBackpropInput", { dy, filter }, byInput),
            onCpu("Conv2DBackpropInput", { dy, filter }, byInput),
          );
        });
      }),
      runs,
    );
  });

  it("convolution of 3 × 3 taps that goes by tiles, and its gradients", () => {
    const channels = fc.constantFrom(8, 12, 16);
    fc.assert(
      fc.property(side, side, channels, channels, pads, (height, width, inChannels, outChannels, pad) => {
        fc.pre(pad === "same" || (height >= 3 && width >= 3));
        tf.tidy(() => {
          const x = tensor([2, height, width, inChannels], 1);
          const filter = tensor([3, 3, inChannels, outChannels], 2);
          const attrs = { strides: [1, 1], pad, dataFormat: "NHWC", dilations: [1, 1] };
          const out = tf.conv2d(x, filter, 1, pad as "same");
          const dy = tensor(out.shape, 3);
          expectClose(out.dataSync(), onCpu("Conv2D", { x, filter }, attrs));
          const byFilter = { ...attrs, filterShape: filter.shape };
          const name = "Conv2DBackpropFilter";
          expectClose(onWasm(name, { x, dy }, byFilter), onCpu(name, { x, dy }, byFilter));
          const byInput = { ...attrs, inputShape: x.shape };
          const inputName = "Conv2DBackpropInput";
          expectClose(onWasm(inputName, { dy, filter }, byInput), onCpu(inputName, { dy, filter }, byInput));
        });
      }),
      { ...runs, numRuns: 12 },
    );
  });

  it("dilated convolution, and its gradients against differences", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 8 }),
        fc.integer({ min: 5, max: 8 }),
        fc.constantFrom(1, 3),
        fc.constantFrom(1, 8, 10),
        fc.constantFrom("same" as const, "valid" as const),
        (height, width, inChannels, outChannels, pad) => {
          tf.tidy(() => {
            const x = tensor([2, height, width, inChannels], 1);
            const filter = tensor([3, 2, inChannels, outChannels], 2);
            const attrs = { strides: 1, pad, dataFormat: "NHWC", dilations: [2, 2] };
            expectClose(onWasm("Conv2D", { x, filter }, attrs), onCpu("Conv2D", { x, filter }, attrs));
            expectGradient(tf, (a, b) => tf.conv2d(a as Tensor4D, b as Tensor4D, 1, pad, "NHWC", 2), [x, filter]);
          });
        },
      ),
      { ...runs, numRuns: 8 },
    );
  });

  it("large images in several bands, against the backend's own kernel and differences", () => {
    for (const [outputs, stride] of [
      [8, 1],
      [2, 1],
      [2, 2],
    ] as const) {
      tf.tidy(() => {
        const x = tensor([1, 61, 301, 16], 1);
        const filter = tensor([3, 3, 16, outputs], 2);
        const expected = tf.fused.conv2d({ x, filter, strides: stride, pad: "same" });
        expectClose(tf.conv2d(x, filter, stride, "same").dataSync(), expected.dataSync());
        expectGradient(tf, (a, b) => tf.conv2d(a as Tensor4D, b as Tensor4D, stride, "same"), [x, filter]);
      });
    }
  });

  it("transposed convolution has gradients", () => {
    tf.tidy(() => {
      const x = tensor([1, 4, 3, 5], 1);
      const filter = tensor([3, 3, 2, 5], 2);
      expectGradient(tf, (a, b) => tf.conv2dTranspose(a as Tensor4D, b as Tensor4D, [1, 8, 6, 2], 2, "same"), [
        x,
        filter,
      ]);
    });
  });

  it("depthwise convolution's gradients, with several outputs per channel", () => {
    fc.assert(
      fc.property(
        convolutions,
        fc.integer({ min: 1, max: 3 }),
        ({ count, height, width, inChannels, tapsY, tapsX, stride, pad }, multiplier) => {
          tf.tidy(() => {
            const x = tensor([count, height, width, inChannels], 1);
            const filter = tensor([tapsY, tapsX, inChannels, multiplier], 2);
            const pads = pad as "same";
            const { outShape } = tf.backend_util.computeConv2DInfo(
              x.shape,
              filter.shape,
              stride,
              1,
              pads,
              undefined,
              true,
            );
            const dy = tensor(outShape, 3);
            const attrs = { strides: stride, pad, dilations: [1, 1] };
            const name = "DepthwiseConv2dNativeBackprop";
            const byInput = { ...attrs, inputShape: x.shape };
            expectClose(
              onWasm(`${name}Input`, { dy, filter }, byInput),
              onCpu(`${name}Input`, { dy, filter }, byInput),
            );
            const byFilter = { ...attrs, filterShape: filter.shape };
            expectClose(onWasm(`${name}Filter`, { x, dy }, byFilter), onCpu(`${name}Filter`, { x, dy }, byFilter));
          });
        },
      ),
      runs,
    );
  });

  it("dilated depthwise convolution's gradients against differences (the plain loops leave out the dilation)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 7 }), fc.integer({ min: 1, max: 5 }), (width, channels) => {
        tf.tidy(() => {
          const inputs = [tensor([2, 6, width, channels], 1), tensor([3, 2, channels, 1], 2)];
          expectGradient(tf, (a, b) => tf.depthwiseConv2d(a as Tensor4D, b as Tensor4D, 1, "same", "NHWC", 2), inputs);
        });
      }),
      { ...runs, numRuns: 6 },
    );
  });

  it("pooling's gradients", () => {
    fc.assert(
      fc.property(
        side,
        side,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom("same" as const, "valid" as const),
        (height, width, channels, size, stride, pad) => {
          fc.pre(height >= size && width >= size);
          tf.tidy(() => {
            const input = tensor([2, height, width, channels], 1);
            const output = tf.maxPool(input, size, stride, pad);
            const dy = tensor(output.shape, 3);
            const attrs = { filterSize: size, strides: stride, pad };
            expectClose(
              onWasm("MaxPoolGrad", { dy, input, output }, attrs),
              onCpu("MaxPoolGrad", { dy, input, output }, attrs),
            );
            // With padding the plain loops divide by the whole window, where pooling itself divides by what lies inside.
            if (pad === "valid")
              expectClose(onWasm("AvgPoolGrad", { dy, input }, attrs), onCpu("AvgPoolGrad", { dy, input }, attrs));
            expectGradient(tf, (a) => tf.avgPool(a as Tensor4D, size, stride, pad), [input]);
          });
        },
      ),
      runs,
    );
  });

  it("a tie goes to the first of the largest values", () => {
    const gradient = tf.tidy(() =>
      tf
        .grad((x) => tf.maxPool(x as Tensor4D, 2, 2, "valid"))(tf.ones([1, 2, 2, 1]))
        .dataSync(),
    );
    expect([...gradient]).toEqual([1, 0, 0, 0]);
  });

  it("resizing's gradients, by both conventions", () => {
    const sizes = fc.integer({ min: 1, max: 7 });
    fc.assert(
      fc.property(
        sizes,
        sizes,
        sizes,
        sizes,
        fc.integer({ min: 1, max: 5 }),
        fc.boolean(),
        (height, width, toHeight, toWidth, channels, alignCorners) => {
          tf.tidy(() => {
            const images = tensor([2, height, width, channels], 1);
            const first = tensor([1, height, width, channels], 1);
            const dy = tensor([1, toHeight, toWidth, channels], 3);
            const attrs = { alignCorners, halfPixelCenters: false, size: [toHeight, toWidth] };
            for (const name of ["ResizeBilinearGrad", "ResizeNearestNeighborGrad"]) {
              // The plain loops take one image only, and never end where corners of one pixel are aligned.
              if (alignCorners && (height === 1 || width === 1)) continue;
              expectClose(onWasm(name, { images: first, dy }, attrs), onCpu(name, { images: first, dy }, attrs));
            }
            // The plain loops leave out halfPixelCenters in gradients.
            const size = [toHeight, toWidth] as [number, number];
            expectGradient(tf, (a) => tf.image.resizeBilinear(a as Tensor4D, size, false, true), [images]);
            expectGradient(tf, (a) => tf.image.resizeNearestNeighbor(a as Tensor4D, size, false, true), [images]);
          });
        },
      ),
      runs,
    );
  });

  it("rows that are picked several times get the sum of their gradients", () => {
    const gradient = tf.tidy(() =>
      tf
        .grad((x) => tf.gather(x, tf.tensor1d([2, 0, 2], "int32")))(
          tf.zeros([4, 5]),
          tf.tensor2d(numbers(15, 1), [3, 5]),
        )
        .dataSync(),
    );
    const dy = numbers(15, 1);
    const expected = Array.from({ length: 20 }, (_, i) =>
      i < 5 ? dy[5 + i]! : i >= 10 && i < 15 ? Math.fround(dy[i - 10]! + dy[i]!) : 0,
    );
    expect([...gradient]).toEqual(expected);
  });

  it("refuses channels first", () => {
    expect(() => tf.conv2d(tensor([1, 2, 4, 4], 1), tensor([1, 1, 2, 1], 2), 1, "same", "NCHW")).toThrow(
      /channels last/,
    );
  });
});
