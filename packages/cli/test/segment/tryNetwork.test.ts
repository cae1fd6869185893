import { createRaster, type Raster } from "@materiome/core";
import type { OnnxSegmenter, SegmenterDescription } from "@materiome/forward/nets";
import { expect, it } from "vitest";
import { tryNetwork } from "../../src/segment/tryNetwork.ts";

it("has a part to compare with where no more than one of the coarsest pixels is taken at once", async () => {
  const description: SegmenterDescription = {
    format: "materiome/segmenter-description",
    version: 1,
    input: { name: "x", layout: "NCHW", channels: 1 },
    output: { name: "y", layout: "NCHW", values: "probabilities" },
    tiling: { multiple: 64, halo: 0, largest: [64, 64] },
    targets: [{ name: "class", kind: "classes", labels: ["a"] }],
  };
  const asked: string[] = [];
  const segmenter = {
    description,
    segmentTile: async (tile: Raster<Float32Array>) => {
      asked.push(`${tile.width} × ${tile.height}`);
      return createRaster(tile.data.slice(), tile.width, tile.height);
    },
  } as unknown as OnnxSegmenter;
  const tried = await tryNetwork(segmenter, new Uint8Array(0), 1);
  expect(asked).toEqual(["192 × 192", "64 × 64"]);
  expect(tried).toEqual({ tilePx: 192, inputRange: [0, 1], borderPx: 0, isAll: false });
});
