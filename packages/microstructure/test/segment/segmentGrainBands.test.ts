import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom, type Raster } from "@materiome/core";
import { segmentGrains } from "@materiome/microstructure/segment";
import { type NoiseLevel, renderMicrograph, voronoiGrains } from "@materiome/microstructure/synthesis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bandSpace } from "../../src/bands/bandSpace.ts";
import { memoryStore } from "../../src/bands/rowStore.ts";
import { segmentGrainBands } from "../../src/segment/segmentGrainBands.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "grain-bands-"));
});
afterAll(() => rm(folder, { recursive: true }));

function micrograph(noise: NoiseLevel, boundary: "dark" | "bright", seed: number): Raster<Float32Array> {
  const truth = voronoiGrains({ width: 150, height: 130, nGrains: 50 }, createRandom(seed));
  const image = renderMicrograph(truth, { noise, boundary }, createRandom(seed + 1));
  // A dark island across a seam, to be absorbed from both sides.
  for (let y = 58; y < 71; y++) for (let x = 80; x < 94; x++) image.data[y * 150 + x] = 0.15;
  return image;
}

describe("segmentGrainBands", () => {
  it.each<[NoiseLevel, "dark" | "bright", number, boolean]>([
    ["low", "dark", 64, true],
    ["low", "bright", 7, false],
    ["medium", "dark", 33, false],
    ["high", "dark", 1, false],
    ["high", "bright", 100, true],
  ])(
    "gives the labels of the whole image (%s noise, %s boundaries, bands of %i rows)",
    (noise, boundary, bandRows, isFile) => {
      const image = micrograph(noise, boundary, bandRows);
      const whole = segmentGrains(image);
      const space = bandSpace(image.width, image.height, { bandRows, folder: isFile ? folder : undefined });
      const source = memoryStore("float32", image.width, image.height, image.data);
      const bands = segmentGrainBands(space, source);
      expect(bands.nGrains).toBe(whole.nGrains);
      expect(bands.nGrains).toBeGreaterThan(30);
      expect(bands.diagnostics).toEqual(whole.diagnostics);
      expect(bands.polarity).toBe(boundary);
      const differing = whole.labels.data.reduce(
        (
          (labels) => (sum, label, i) =>
            sum + (label === labels[i] ? 0 : 1)
        )(bands.labels.read(0, image.height)),
        0,
      );
      expect(differing).toBe(0);
      space.close();
    },
  );
});
