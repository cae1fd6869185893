import { readFileSync } from "node:fs";
import { createRandom } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { cnnForward } from "../../../src/nets/cnn/cnnForward.ts";
import { cnnOutputs, cnnShard } from "../../../src/nets/cnn/cnnShard.ts";
import { type CnnSpec, checkSize, initialParameters, lengthsOf } from "../../../src/nets/cnn/cnnSpec.ts";
import { openEngine } from "../../../src/nets/engine.ts";
import { expectClose, expectGradient } from "../kernels/gradients.ts";

const spec: CnnSpec = {
  ...{ height: 6, width: 5, channels: 1, stride: 1, filters: [1], depths: [1], isResidual: false, outputs: 2 },
  pooling: "both",
};

/** A filter that hands the pixel on, unit statistics, and a last layer that gives what it is given. */
function identity(of: CnnSpec): Record<string, Float32Array> {
  const parameters: Record<string, Float32Array> = {};
  for (const [name, length] of Object.entries(lengthsOf(of))) {
    parameters[name] = new Float32Array(length).fill(/scale|variance/.test(name) ? 1 : 0);
    if (/level.*filter/.test(name)) parameters[name]![4] = Math.sqrt(1 + 1e-5);
  }
  parameters["head.filter"]!.set([1, 0, 0, 1]);
  return parameters;
}

describe("cnnForward", () => {
  const x = Float32Array.from({ length: 30 }, (_, i) => (i % 7) - 2);
  const rectified = [...x].map((v) => Math.max(0, v));
  const mean = rectified.reduce((a, b) => a + b, 0) / 30;

  it("gives mean and maximum of what is above 0 where filters hand the image on", async () => {
    const found = await cnnOutputs({ spec, backend: "wasm", parameters: identity(spec), views: "none", x });
    expect(found[0]).toBeCloseTo(mean, 5);
    expect(found[1]).toBeCloseTo(4, 5);
  });

  it("adds to what it is given in residual convolutions", async () => {
    const residual: CnnSpec = { ...spec, depths: [3], isResidual: true };
    const found = await cnnOutputs({
      spec: residual,
      backend: "wasm",
      parameters: identity(residual),
      views: "none",
      x,
    });
    expect(found[0]).toBeCloseTo(4 * mean, 4);
    expect(found[1]).toBeCloseTo(16, 4);
  });

  it("halves the resolution by maxima at every further level, and by the stride at first", async () => {
    const deep: CnnSpec = { ...spec, height: 4, width: 4, filters: [1, 1], depths: [1, 1] };
    const image = Float32Array.from({ length: 16 }, (_, i) => i);
    const found = await cnnOutputs({
      spec: deep,
      backend: "wasm",
      parameters: identity(deep),
      views: "none",
      x: image,
    });
    expect(found[0]).toBeCloseTo((5 + 7 + 13 + 15) / 4, 4);
    const strided: CnnSpec = { ...spec, height: 4, width: 4, stride: 2 };
    const steps = await cnnOutputs({
      spec: strided,
      backend: "wasm",
      parameters: identity(strided),
      views: "none",
      x: image,
    });
    // TensorFlow's "same" puts the odd pixel of padding behind: taps of a 3 × 3 filter begin at the pixel itself, the middle is one on.
    expect(steps[0]).toBeCloseTo((5 + 7 + 13 + 15) / 4, 4);
    expect(() => checkSize("test", { ...deep, width: 1 })).toThrow(/at least 2 px/);
  });

  it("shows the network the mirrored and turned image", async () => {
    const square: CnnSpec = { ...spec, height: 3, width: 3, outputs: 1, pooling: "mean" };
    const parameters: Record<string, Float32Array> = {
      ...identity({ ...square, outputs: 2, pooling: "both" }),
      "head.filter": Float32Array.of(9),
      "head.bias": new Float32Array(1),
    };
    // A filter that looks to the left: the sum of all but the last column.
    parameters["level0.0.filter"] = new Float32Array(9);
    parameters["level0.0.filter"][3] = Math.sqrt(1 + 1e-5);
    const image = Float32Array.of(1, 2, 4, 8, 16, 32, 64, 128, 256);
    const column = [73, 146, 292];
    const row = [7, 56, 448];
    const found = await cnnOutputs({ spec: square, backend: "wasm", parameters, views: "square", x: image });
    const expected = [511 - column[2]!, 511 - column[0]!, 511 - column[2]!, 511 - column[0]!];
    const turned = [511 - row[2]!, 511 - row[2]!, 511 - row[0]!, 511 - row[0]!];
    for (const [view, value] of [...expected, ...turned].entries()) expect(found[view]).toBeCloseTo(value, 2);
  });

  it.each(["mean", "max", "both"] as const)(
    "has the gradient that differences have, by its weights (%s)",
    async (pooling) => {
      const { tf } = await openEngine();
      const small: CnnSpec = {
        ...spec,
        height: 8,
        width: 8,
        stride: 2,
        filters: [2, 3],
        depths: [1, 2],
        isResidual: true,
        pooling,
      };
      const parameters = initialParameters(small, createRandom(2));
      const image = createRandom(3);
      tf.tidy(() => {
        const input = tf.tensor4d(
          Float32Array.from({ length: 192 }, () => image.normal()),
          [3, 8, 8, 1],
        );
        const fixed = Object.fromEntries(
          Object.entries(parameters).map(([name, values]) => [name, tf.tensor1d(values)]),
        );
        for (const name of ["head.filter", "level1.1.scale", "level0.0.filter"]) {
          const of = (value: unknown) =>
            cnnForward(tf, small, { ...fixed, [name]: value } as never, input, { collect: () => undefined });
          expectGradient(tf, of as never, [fixed[name]!], 2 ** -9);
        }
      });
    },
  );
});

describe("network for whole images, beside PyTorch", () => {
  const golden = JSON.parse(readFileSync(new URL("../../fixtures/nets/torch_cnn.json", import.meta.url), "utf8"));
  const size = {
    height: 12,
    width: 10,
    channels: 2,
    outputs: 3,
    filters: [4, 8],
    depths: [2, 2],
    pooling: "both",
  } as const;
  /** As `values` of torch_cnn.py. */
  const values = (n: number, seed: number, scale: number, offset = 0) =>
    Float32Array.from({ length: n }, (_, i) => offset + scale * Math.sin(0.7 * i * (1 + (seed % 5)) + seed));
  const scales: Record<string, [number, number]> = {
    filter: [0.5, 0],
    scale: [0.3, 1],
    shift: [0.2, 0],
    mean: [0.2, 0],
    variance: [0.4, 1],
  };
  const x = values(4 * 12 * 10 * 2, 3, 1.5);

  it.each([0, 1, 2, 3])("gives its outputs, loss and gradients (case %i)", async (k) => {
    const { stride, isResidual, outputs, loss, gradients } = golden.cases[k];
    const of: CnnSpec = { ...size, stride, isResidual };
    const parameters = Object.fromEntries(
      Object.entries(lengthsOf(of)).map(([name, length], i) => {
        if (name.startsWith("head")) return [name, values(length, i + 1, name === "head.filter" ? 0.4 : 0.1)];
        const [scale, offset] = scales[name.slice(name.lastIndexOf(".") + 1)]!;
        return [name, values(length, i + 1, scale, offset)];
      }),
    );
    const common = { spec: of, backend: "wasm" as const, parameters, x };
    expectClose(await cnnOutputs({ ...common, views: "none" }), outputs, golden.tolerance);
    const y = Float32Array.from({ length: 12 }, (_, i) => (i % 3 === Math.floor(i / 3) % 3 ? 1 : 0));
    const settings = { kind: "classes", labelWeights: [1, 1, 1], totals: [4, 4, 4] } as const;
    const found = await cnnShard({ ...common, loss: settings, y, weights: new Float32Array(12).fill(1) });
    expect(Math.abs(found.loss - loss)).toBeLessThan(golden.tolerance * loss);
    // Sums of many products of both signs in single precision.
    for (const [name, values] of Object.entries(gradients))
      expectClose(found.gradients[name]!, values as number[], 2e-4);
  });
});
