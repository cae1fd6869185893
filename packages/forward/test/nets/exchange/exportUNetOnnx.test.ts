import { createRaster, DomainError, type Raster } from "@materiome/core";
import { InferenceSession, Tensor } from "onnxruntime-web";
import { describe, expect, it } from "vitest";
import { exportUNetOnnx, readOnnxSegmenter, type UNetSegmenter } from "../../../src/nets/index.ts";
import { readMetadata } from "../../onnx/readMetadata.ts";
import { largestDifference, mixed, noise, randomUNet } from "./randomUNet.ts";

const TOLERANCE = 1e-4;

/** What onnxruntime itself makes of an image, channels last again. */
async function runFile(model: Uint8Array, { data, width, height, channels }: Raster<Float32Array>) {
  const session = await InferenceSession.create(model, { executionProviders: ["wasm"] });
  const planes = Float32Array.from(data, (_, i) => {
    const p = i % (width * height);
    return data[p * channels + (i - p) / (width * height)]!;
  });
  const { probabilities } = await session.run({ image: new Tensor("float32", planes, [1, channels, height, width]) });
  await session.release();
  const [, k, h, w] = probabilities!.dims as [number, number, number, number];
  const values = probabilities!.data as Float32Array;
  const found = Float32Array.from(values, (_, i) => values[(i % k) * h * w + Math.floor(i / k)]!);
  return createRaster(found, w, h, { channels: k });
}

async function differenceOf(net: UNetSegmenter, tile: Raster<Float32Array>): Promise<number> {
  const { model } = exportUNetOnnx(net);
  const found = await runFile(model, tile);
  const ours = await net.segmentTile(tile);
  expect([found.width, found.height, found.channels]).toEqual([ours.width, ours.height, ours.channels]);
  return largestDifference(found.data, ours.data);
}

describe("exportUNetOnnx", () => {
  it.each([
    [16, 16],
    [13, 9],
    [3, 21],
    [1, 1],
    [2, 1],
  ])("gives in onnxruntime what segmentTile gives, %i × %i px", async (width, height) => {
    expect(await differenceOf(randomUNet(), noise(width, height))).toBeLessThan(TOLERANCE);
  });

  it("for several channels and targets, one level and many", async () => {
    expect(await differenceOf(randomUNet({ channels: 3, targets: mixed }), noise(11, 14, 3))).toBeLessThan(TOLERANCE);
    expect(await differenceOf(randomUNet({ filters: [5] }), noise(7, 5))).toBeLessThan(TOLERANCE);
    const deep = randomUNet({ filters: [2, 3, 4, 4, 5] });
    expect(await differenceOf(deep, noise(37, 18))).toBeLessThan(TOLERANCE);
  });

  it("describes itself, in a file beside it and inside", async () => {
    const net = randomUNet({ channels: 2, targets: mixed });
    const { model, description } = exportUNetOnnx(net, {
      pixelSizeUm: 0.25,
      version: "1.2.3",
      metadata: { seed: "7" },
    });
    expect(description).toMatchObject({
      input: { name: "image", layout: "NCHW", channels: 2 },
      output: { name: "probabilities", values: "probabilities" },
      tiling: { multiple: 4, halo: net.halo },
      targets: mixed,
      pixelSizeUm: 0.25,
      network: {
        kind: "U-Net",
        filters: [4, 8, 8],
        normalisation: { mean: [30_000.0009, 30_001.0009], isInside: true },
      },
    });
    const { description: inside, seed } = readMetadata(model);
    expect(JSON.parse(inside!)).toEqual(JSON.parse(JSON.stringify(description)));
    expect(seed).toBe("7");
  });

  it("comes back through its description", async () => {
    const net = randomUNet({ targets: mixed });
    const { model, description } = exportUNetOnnx(net);
    const again = await readOnnxSegmenter(model, JSON.parse(JSON.stringify(description)));
    const tile = noise(22, 15);
    const [found, ours] = [await again.segmentTile(tile), await net.segmentTile(tile)];
    expect(largestDifference(found.data, ours.data)).toBeLessThan(TOLERANCE);
    expect([again.classes, again.halo, found.pixelSizeUm]).toEqual([net.classes, net.halo, 0.5]);
    await again.close();
  });

  it("refuses a pixel size that is none and metadata that are its own", () => {
    const net = randomUNet();
    expect(() => exportUNetOnnx(net, { pixelSizeUm: 0 })).toThrow(DomainError);
    expect(() => exportUNetOnnx(net, { metadata: { description: "x" } })).toThrow(/"description" is written already/);
  });
});
