import { createRandom, DomainError, IncompatibleError, type Raster } from "@materiome/core";
import { InferenceSession, Tensor } from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import {
  createImageClassifier,
  createImageRegressor,
  exportImageNetworkOnnx,
  type ImageClassifier,
} from "../../../src/nets/index.ts";
import { readMetadata } from "../../onnx/readMetadata.ts";
import { imagesOf, squares, stripes } from "../cnn/stripes.ts";
import { largestDifference } from "./randomUNet.ts";

const TOLERANCE = 1e-4;
const run = () => ({ random: createRandom(5), threads: 1 });
const quick = { filters: [4, 6], epochs: 1, learningRate: 0.01 } as const;

/** What onnxruntime itself makes of images. */
async function runFile(model: Uint8Array, images: readonly Raster<Float32Array>[], output: string) {
  const session = await InferenceSession.create(model, { executionProviders: ["wasm"] });
  const { width, height, channels } = images[0]!;
  const size = width * height;
  const planes = images.flatMap(({ data }) =>
    Array.from(data, (_, i) => data[(i % size) * channels + Math.floor(i / size)]!),
  );
  const dims = [images.length, channels, height, width];
  const found = await session.run({ image: new Tensor("float32", Float32Array.from(planes), dims) });
  await session.release();
  return found[output]!;
}

async function differenceOf(network: ImageClassifier, images: readonly Raster<Float32Array>[]): Promise<number> {
  const found = await runFile(exportImageNetworkOnnx(network).model, images, "probabilities");
  const { probabilities } = await network.predict(images);
  expect(found.dims).toEqual([probabilities.rows, probabilities.columns]);
  return largestDifference(found.data as Float32Array, Float32Array.from(probabilities.data));
}

describe("exportImageNetworkOnnx", () => {
  it.each([
    [{ views: "none", stride: 2, pooling: "both" }, { side: 16 }],
    [{ views: "flips", stride: 2, pooling: "max" }, { side: 15 }],
    [
      { views: "square", stride: 1, pooling: "mean", isResidual: true, depths: [2, 2] },
      { side: 13, channels: 3 },
    ],
  ] as const)("gives in onnxruntime the probabilities of predict: %j on %j", async (options, pictures) => {
    const learner = createImageClassifier({ ...quick, ...options });
    const network = await learner.fit(stripes(1, 2, pictures), stripes(2, 1, pictures), run());
    const images = (await imagesOf(stripes(3, 1, { ...pictures, batch: 5 }))).map(({ image }) => image);
    expect(await differenceOf(network, images)).toBeLessThan(TOLERANCE);
  });

  it("gives values in the units of their targets, and describes itself in a file beside it and inside", async () => {
    const learner = createImageRegressor({ ...quick, views: "flips" });
    const network = await learner.fit(squares(1, 2), squares(2, 1), run());
    const images = (await imagesOf(squares(3, 1, { batch: 4 }))).map(({ image }) => image);
    const { model, description } = exportImageNetworkOnnx(network, { version: "1.2.3", metadata: { seed: "7" } });
    const { mean } = await network.predict(images);
    const found = (await runFile(model, images, "values")).data as Float32Array;
    expect(largestDifference(found, Float32Array.from(mean.data)) / 10).toBeLessThan(TOLERANCE); // edges deviate by some 10 µm
    expect(description).toMatchObject({
      input: { channels: 1, height: 16, width: 16 },
      output: { name: "values" },
      targets: [{ labels: ["edge"] }, { labels: ["brightness"] }],
      network: { views: "flips" },
    });
    const metadata = readMetadata(model);
    expect(JSON.parse(metadata["description"] ?? "")).toEqual(description);
    expect(metadata["seed"]).toBe("7");
    expect(() => exportImageNetworkOnnx(network, { metadata: { description: "" } })).toThrow(DomainError);
    const strange = { ...network, toJSON: () => ({ type: "other", version: 1, params: null, state: null }) };
    expect(() => exportImageNetworkOnnx(strange)).toThrow(IncompatibleError);
  });
});
